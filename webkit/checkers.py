"""Checkers: types written out as code that notes every mistake in a value out of JSON.

A ``Shape`` asks msgspec about each part of a value. A checker has the questions written out, one
line each, and knows the words of every answer: msgspec was asked for them when it was made.

1. It notes what a walk of shapes notes, word for word and in the same order.
2. What it does not know it leaves to the shape of that part: formats, enums, unions, models that
   have code of their own; and models inside themselves that are too deep or take too long.
3. A checker is made when the first value of its type does not fit; before, it costs nothing.
"""

import functools
import linecache
from collections.abc import Callable, Collection, Iterable, Sequence
from types import CodeType, FunctionType, GenericAlias, NoneType
from typing import Any, get_args, get_origin

import msgspec

from webkit.limits import LimitError, limits_of
from webkit.models import bare, fields_of, is_model, is_pydantic, members, refuses_unknown
from webkit.pointers import escaped, tokens_of
from webkit.reasons import reason_of
from webkit.shapes import INDEX, Notes, Shape, shape_of


__all__ = ("Check", "checker_of")

# Notes the mistakes in a value: ``check(value, at, notes)``, where ``at`` is its JSON pointer.
Check = Callable[[Any, str, Notes], None]

_CHUNK = 16  # items that msgspec tries at once; twice as many after each time that all of them fit
_PATIENCE = 8  # items that fit, one after the other, until msgspec tries several at once
_PLACES = tuple(map(str, range(1000)))  # of items in most arrays
_SAMPLES: tuple[Any, ...] = ("", True, 0, 0.5, None, [], {})  # a value of each type that JSON has
_NONE = (None, NoneType)
_PLAIN = (str, bool)  # of which each value in JSON is certain
_STOP = "if notes.truncated: return"
# When a scalar is certain, and what it may be; huge numbers, and 1.0 for an integer, never are.
_SCALARS: dict[Any, tuple[str, tuple[type, ...]]] = {
    int: (f"kind is int and -{2**63 - 1} <= item <= {2**63 - 1}", (int, float)),
    float: (f"kind is float or kind is int and -{2**53} <= item <= {2**53}", (int, float)),
    str: ("kind is str", (str,)),
    bool: ("kind is bool", (bool,)),
}
_ADD = "errors.append({{'pointer': {}, 'detail': {!r}, 'code': {!r}}})"
_REQUIRED = ("This field is required", "required")
_STRANGE = ("There is no such field", "unknown")


def checker_of(tp: Any) -> Check | None:
    """Return the checker of a type, the same again; None where a shape does as well."""
    try:
        hash(tp)
    except TypeError:  # what stands in an Annotated may be anything
        return None
    return _checker_of(tp)


@functools.lru_cache(maxsize=1024)
def _checker_of(tp: Any) -> Check | None:
    try:
        return _Maker().checker(tp)
    except (_UnknownError, LimitError):
        return None


class _UnknownError(Exception):
    """There is a type that is not known here."""


class _Writer:
    """The lines of a checker while it is written, and the names that they use."""

    def __init__(self) -> None:
        self._lines = ["def check(item, at, notes):", "    errors = notes.errors"]
        self._names: dict[str, Any] = {"missing": msgspec.NODEFAULT}

    def bind(self, value: Any) -> str:
        """Return a name for a value."""
        name = f"_{len(self._names)}"
        self._names[name] = value
        return name

    def write(self, *lines: str) -> None:
        """Add lines."""
        self._lines += _indented(lines)

    def written(self, tp: Any) -> Check:
        """Return the checker of a type; tracebacks can show its lines."""
        filename = f"<webkit checker of {getattr(tp, '__qualname__', tp)}>"
        source = "\n".join((*self._lines, ""))
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        module = compile(source, filename, "exec")
        code = next(const for const in module.co_consts if isinstance(const, CodeType))
        return FunctionType(code, self._names)


class _Maker:
    """Makes the checker of a type, and those of all models in it."""

    def __init__(self) -> None:
        self._made: dict[Any, Check] = {}
        self._begun: dict[Any, _Again] = {}

    def checker(self, tp: Any) -> Check:
        """Return the checker of a type.

        Raises:
            _UnknownError, LimitError: there is none.
        """
        writer = _Writer()
        writer.write("kind = type(item)", *self._branches(writer, tp, place="at"))
        return writer.written(tp)

    def _branches(
        self, writer: _Writer, tp: Any, *, place: str, missing: Sequence[str] = ()
    ) -> list[str]:
        """Return the lines on an item that is right, missing, null, wrong, and anything else."""
        part = _only_part(tp)
        if part is Any:
            return ["if item is missing:", *missing] if missing else ["pass"]
        fits, inner, sure = self._known(writer, tp, part, place=place)
        lines = [f"if {fits}:", *_indented(inner)]
        if missing:
            lines += ["elif item is missing:", *missing]
        if any(member in _NONE for member in members(tp)):
            lines += ["elif item is None:", "    pass"]
        reasons = {
            type(sample): dict(zip(("detail", "code"), reason_of(misfit[0]), strict=True))
            for sample in _SAMPLES
            if type(sample) not in sure and (misfit := shape_of(tp).misfit(sample))
        }
        table = writer.bind(reasons)
        told = f"errors.append({{'pointer': {place}, **{table}[kind]}})"
        return [*lines, f"elif kind in {table}:", f"    {told}", "else:", *_left(writer, tp, place)]

    def _known(
        self, writer: _Writer, tp: Any, part: Any, *, place: str
    ) -> tuple[str, list[str], Collection[type]]:
        """Return when an item is of the right type, what to do then, and the types that may be."""
        kind = bare(part)
        if kind in _SCALARS:
            fits, sure = _SCALARS[kind]
            return fits, _limits(writer, tp, part, place=place) or ["pass"], sure
        if is_model(kind):
            check = writer.bind(self._fields(kind))
            return "kind is dict", [f"{check}(item, {place}, notes)", _STOP], (dict,)
        origin, arguments = get_origin(kind), get_args(kind)
        if origin not in (list, dict) or (origin is dict and arguments[0] is not str):
            raise _UnknownError
        items = writer.bind(_Items(arguments[-1], self.checker(arguments[-1])))
        lines = [f"{items}(item, {place}, notes)", _STOP]
        if origin is list and arguments[-1] in _PLAIN:  # most are right, and no call is needed
            wrong = [f"if type(part) is not {arguments[-1].__name__}:", *_indented(lines)]
            lines = ["for part in item:", *_indented([*wrong, "    break"])]
        limits = _limits(writer, tp, part, place=place)
        if limits:  # where items are wrong, their number is not told
            lines = ["known = len(errors)", *lines, "if len(errors) == known:", *_indented(limits)]
        return f"kind is {origin.__name__}", lines, (origin,)

    def _fields(self, model: Any) -> Check:
        """Return what notes the mistakes in an object of JSON that is to be a model."""
        if not _has_only_fields(model):
            raise _UnknownError
        if known := self._made.get(model) or self._begun.get(model):
            return known
        again = self._begun[model] = _Again(model)
        writer = _Writer()
        writer.write("value, get = item, item.get")
        for field in fields_of(model):
            place = f"at + {'/' + escaped(field.alias)!r}"
            missing = [_ADD.format(place, *_REQUIRED) if field.required else "pass"]
            writer.write(f"item = get({field.alias!r}, missing)", "kind = type(item)")
            try:
                lines = self._branches(writer, field.type, place=place, missing=_indented(missing))
            except (_UnknownError, LimitError):
                lines = ["if item is missing:", *_indented(missing), "else:"]
                lines += _left(writer, field.type, place)
            writer.write(*lines)
        if refuses_unknown(model):
            names = {field.alias for field in fields_of(model)}
            note = writer.bind(functools.partial(_note_strange, names=names))
            check = f"if not {writer.bind(names.issuperset)}(value):"
            writer.write(check, f"    {note}(value, at=at, notes=notes)")
        again.check = self._made[model] = writer.written(model)
        return again.check


class _Again:
    """The checker of a model inside itself: ``check``, which is made later, as far as it may go."""

    check: Check

    def __init__(self, model: Any) -> None:
        self._leave = functools.partial(_leave, shape=shape_of(model))

    def __call__(self, item: Any, at: str, notes: Notes) -> None:
        if not notes.is_over():
            go_on = self.check if notes.is_near(at) else self._leave
            go_on(item, at, notes)


class _Items:
    """The checker of all items of an array, or of all values of an object."""

    def __init__(self, tp: Any, check: Check) -> None:
        self._check = check
        self._several = shape_of(GenericAlias(list, (tp,)))

    def __call__(self, values: Any, at: str, notes: Notes) -> None:
        """Note the mistakes in all items: one by one where there are some, else many at once."""
        errors, check, index, fitting = notes.errors, self._check, 0, 0
        known, number = len(errors), len(values)
        places: Sequence[object] = _PLACES if number <= len(_PLACES) else range(number)
        if isinstance(values, dict):
            places, values = [escaped(key) for key in values], list(values.values())
        while index < number:
            check(values[index], f"{at}/{places[index]}", notes)
            index += 1
            fitting += 1
            if len(errors) != known:
                known, fitting = len(errors), 0
                if notes.is_over() or (index < number and notes.is_late()):
                    return
            elif fitting == _PATIENCE:
                index, fitting = self._next(values, index), 0
                if index < number and not notes.has_room(()):
                    return

    def _next(self, values: Any, index: int) -> int:
        """Return the index of the next item that does not fit; how many there are, if all do."""
        size = _CHUNK
        while index < len(values):
            misfit = self._several.misfit(values[index : index + size])
            if misfit:
                step = INDEX.match(misfit[1])
                return index + int(step[1]) if step else index
            index, size = index + size, 2 * size
        return index


def _note_strange(value: dict[str, Any], *, names: Collection[str], at: str, notes: Notes) -> None:
    detail, code = _STRANGE
    for name in value:
        if name not in names:
            place = f"{at}/{escaped(name)}"
            notes.errors.append({"pointer": place, "detail": detail, "code": code})
            if notes.is_over():
                return


def _only_part(tp: Any) -> Any:
    """Return the type beside null, and beside the value that is never in JSON.

    Raises:
        _UnknownError: there are several, or something stands around the union.
    """
    parts = [item for item in members(tp) if item not in (*_NONE, msgspec.UnsetType)]
    if len(parts) != 1 or not any(parts[0] is item for item in (tp, *get_args(tp))):
        raise _UnknownError
    return parts[0]


def _has_only_fields(model: Any) -> bool:
    """Tell whether nothing counts in a model but what is in its fields."""
    cls = get_origin(model) or model
    config = getattr(cls, "__struct_config__", None)
    return not (
        is_pydantic(cls)
        or hasattr(cls, "__post_init__")
        or hasattr(cls, "__attrs_attrs__")
        or (config and (config.array_like or config.tag is not None))
    )


def _limits(writer: _Writer, tp: Any, part: Any, *, place: str) -> list[str]:
    """Return the lines on the limits that stand around a type; none if it has none."""
    lines: list[str] = []
    for limit in limits_of(tp, part):
        condition = limit.condition.replace("search", writer.bind(limit.search))
        told = _ADD.format(place, limit.detail, limit.code)
        lines += [f"{'el' if lines else ''}if {condition}:", f"    {told}"]
    return lines


def _left(writer: _Writer, tp: Any, place: str) -> list[str]:
    """Return the lines that leave an item to its shape."""
    leave = writer.bind(functools.partial(_leave, shape=shape_of(tp)))
    return _indented([f"{leave}(item, {place}, notes)", _STOP])


def _leave(item: Any, at: str, notes: Notes, *, shape: Shape) -> None:
    if misfit := shape.misfit(item):
        shape.explain(item, misfit, at=tokens_of(at), notes=notes)


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]
