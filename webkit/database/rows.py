"""Rows: what makes objects of what a driver gives, written once for each type as Python source."""

import enum
import inspect
import itertools
import linecache
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from webkit.codec import decoder_of
from webkit.models import bare, members


__all__ = ("Nested", "Shown", "converted", "maker_of")

_numbers = itertools.count()


class Shown(NamedTuple):
    """A field of the object: its name, and what makes its value of that in the row, if needed."""

    name: str
    read: Callable[[Any], Any] | None


class Nested(NamedTuple):
    """A field that is an object of its own; it is None where the first of ``fields`` is."""

    name: str
    model: Any
    fields: tuple[Shown, ...]


def maker_of(
    model: Any, fields: Sequence[Shown | Nested], *, first: int = 0
) -> Callable[[Iterable[Sequence[Any]]], list[Any]]:
    """Return what makes objects of rows, whose columns from ``first`` on are the fields."""
    names: dict[str, Any] = {}
    body, _ = _call(model, fields, names, first=first)
    file = f"<webkit rows {next(_numbers)} of {getattr(model, '__name__', model)}>"
    source = f"def make(rows):\n    return [{body} for r in rows]\n"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), names)  # noqa: S102  # names are made here, not taken
    make: Callable[[Iterable[Sequence[Any]]], list[Any]] = names["make"]
    return make


def converted(hint: Any, *, is_json: bool) -> Callable[[Any], Any] | None:
    """Return what makes a value of a type of what a column has; None if it is one already."""
    if is_json:
        return _json_reader(hint)
    kinds = [bare(member) for member in members(hint)]
    if not any(isinstance(kind, type) and issubclass(kind, enum.Enum) for kind in kinds):
        return None
    return lambda value: msgspec.convert(value, hint)


def _json_reader(hint: Any) -> Callable[[Any], Any]:
    decode: Any = decoder_of(hint)  # which takes text too

    def read(text: Any) -> Any:
        if isinstance(text, str):
            return decode(text)
        # SQLite takes a text that is a number for the number.
        return None if text is None else msgspec.convert(text, hint)

    return read


def _call(
    model: Any, fields: Sequence[Shown | Nested], names: dict[str, Any], *, first: int
) -> tuple[str, int]:
    """Return the expression that makes an object of the row ``r``, and the column behind it."""
    values: list[str] = []
    place = first
    for field in fields:
        if isinstance(field, Nested):
            value, place = _optional(field, names, first=place)
        else:
            value, place = _value(field, place, names), place + 1
        values.append(f"{field.name}={value}" if not _is_positional(model) else value)
    called = f"m{len(names)}"
    names[called] = model
    return f"{called}({', '.join(values)})", place


def _optional(field: Nested, names: dict[str, Any], *, first: int) -> tuple[str, int]:
    call, place = _call(field.model, field.fields, names, first=first)
    return f"(None if r[{first}] is None else {call})", place


def _value(field: Shown, place: int, names: dict[str, Any]) -> str:
    if field.read is None:
        return f"r[{place}]"
    called = f"f{len(names)}"
    names[called] = field.read
    return f"{called}(r[{place}])"


def _is_positional(model: Any) -> bool:
    """Tell whether a model takes all its values in the order of its fields."""
    cls = getattr(model, "__origin__", model)
    config = getattr(cls, "__struct_config__", None)
    return bool(config) and not _has_keywords(cls)


def _has_keywords(cls: Any) -> bool:
    """Tell whether some base of a Struct takes fields by their names only."""
    kinds = inspect.signature(cls).parameters.values()
    return any(item.kind is inspect.Parameter.KEYWORD_ONLY for item in kinds)
