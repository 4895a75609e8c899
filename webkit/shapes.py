"""Types, prepared for the question why a value does not fit: every reason, not only the first.

msgspec tells the first mistake in a value, and the path to it. A ``Shape`` knows what is inside the
values of its type, and goes on behind that mistake. What leads there is not tried again, and
neither is what msgspec has passed before: however deep a value is, everything in it is tried about
once, and what fits is tried in one piece.
"""

import enum
import functools
import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from types import GenericAlias
from typing import Any, Literal, Protocol, get_args, get_origin

import msgspec

from webkit.models import bare, fields_of, is_model, is_pydantic, members, refuses_unknown, to_model
from webkit.reasons import TOO_DEEP, reason_of


__all__ = ("INDEX", "MISFITS", "Notes", "Place", "Shape", "boxed", "shape_of")

# What decoding and converting raise; pydantic's error is a ValueError too.
MISFITS = (ValueError, RecursionError)

_CHUNK = 16  # items that are tried at once; twice as many after each time that all of them fit
_MOST_FAULTS = 1000
_SHOWN_CHOICES = 20
# The first step of a path, in a model and in an array.
_FIELD = re.compile(r"\.([^.\[]+)")
INDEX = re.compile(r"\[(\d+)\]")

Place = tuple[object, ...]
# The first reason why a value does not fit, and the path to it, as msgspec says them.
Misfit = tuple[str, str]


class Notes(Protocol):
    """Where mistakes are noted, and how many."""

    errors: list[Mapping[str, str]]
    truncated: bool

    def has_room(self, at: Place) -> bool:
        """Tell whether more mistakes may be looked for, and that in this place."""

    def is_over(self) -> bool:
        """Tell, after mistakes were noted, whether there were too many; drop those."""

    def is_late(self) -> bool:
        """Tell, after mistakes were noted, whether the time for more is up."""

    def is_near(self, at: str) -> bool:
        """Tell whether a pointer is not too deep yet, and there is time for what is there."""

    def add(self, text: str, code: str, *, at: Place) -> None:
        """Note a mistake."""


class Shape:
    """A type, prepared; ``strict`` is for values out of JSON, where text is not a number."""

    def __init__(self, tp: Any, *, strict: bool) -> None:
        # In its box msgspec has the type prepared, and ends each reason with a path: no text that
        # a client has sent can be taken for one.
        self._convert = functools.partial(
            msgspec.convert, type=boxed(tp), strict=strict, str_keys=True, dec_hook=to_model
        )
        self._kinds = [bare(member) for member in members(tp)]
        self._insides: dict[type, list[_Inside]] = {}
        for inside in filter(None, (_inside_of(kind, strict) for kind in self._kinds)):
            for json in inside.json:
                self._insides.setdefault(json, []).append(inside)

    def misfit(self, value: Any) -> Misfit | None:
        """Return why a value does not fit, or None."""
        try:
            self._convert((value,))
        except RecursionError:
            return TOO_DEEP, ""
        except MISFITS as error:
            text, _, path = str(error).rpartition(" - at `")
            # "$[0].name`", or "key` in `$[0].name`" for a key of what is there.
            return text, path[path.index("$[0]") + 4 : -1]
        return None

    def explain(self, value: Any, misfit: Misfit, *, at: Place, notes: Notes) -> None:
        """Note every mistake in a value that does not fit."""
        insides = self._insides.get(type(value))
        if insides and misfit[0] is not TOO_DEEP:
            if not notes.has_room(at):
                return
            known = len(notes.errors)
            for inside in insides:
                if len(insides) == 1 or inside.is_meant(value):
                    inside.explain(value, misfit, at=at, notes=notes)
            if len(notes.errors) != known:
                return
            misnamed = self._misnamed(value) if isinstance(value, dict) else None
            if misnamed:
                notes.add(*misnamed[1:], at=(*at, misnamed[0]))
                return
        text, code = reason_of(misfit[0])
        notes.add(text + self._choices if code == "enum" else text, code, at=at)

    def _misnamed(self, value: dict[str, Any]) -> tuple[str, str, str] | None:
        """Return the field, and why it names none of the models that a value can be, if it does."""
        name, known = next(iter(self._tags.items()), ("", []))
        if not name or value.get(name) in known:
            return None
        if name not in value:
            return name, "This field is required", "required"
        shown = ", ".join(map(repr, known[:_SHOWN_CHOICES]))
        return name, f"Invalid value. Use one of {shown}", "enum"

    @functools.cached_property
    def _tags(self) -> dict[str, list[Any]]:
        """What the models are called that a value can be, by the fields that say so."""
        pairs = [getattr(inside, "tag", ("", 0)) for inside in self._insides.get(dict, ())]
        return {name: [tag for other, tag in pairs if other == name] for name, _ in pairs if name}

    @functools.cached_property
    def _choices(self) -> str:
        """What to write in place of a value that is none of those that the type knows."""
        known: list[Any] = []
        for kind in self._kinds:
            if get_origin(kind) is Literal:
                known += get_args(kind)
            elif isinstance(kind, type) and issubclass(kind, enum.Enum):
                known += [member.value for member in kind]
        shown = [repr(item) for item in known[:_SHOWN_CHOICES]]
        shown += ["..."] if len(known) > _SHOWN_CHOICES else []
        return f". Use one of {', '.join(shown)}" if shown else ""


def shape_of(tp: Any, *, strict: bool = True) -> Shape:
    """Return a type, prepared; the same again, where the type can be a key."""
    try:
        return _shape_of(tp, strict)
    except TypeError:  # what stands in an Annotated may be anything
        return Shape(tp, strict=strict)


@functools.lru_cache(maxsize=2048)
def _shape_of(tp: Any, strict: bool) -> Shape:
    return Shape(tp, strict=strict)


def boxed(tp: Any) -> Any:
    """Return a type of which msgspec converts ``(value,)`` faster than a value of ``tp``."""
    return msgspec.defstruct("Box", [("value", tp)], array_like=True)


class _Inside:
    """What is inside the values of a type: of the only one, or of a member of a union."""

    json: tuple[type, ...] = (dict,)

    def __init__(self, tp: Any, strict: bool) -> None:
        self._type = tp
        self._strict = strict

    def is_meant(self, value: Any) -> bool:
        """Tell whether a value names this member of a union; only models can be several in one."""
        raise NotImplementedError

    def explain(self, value: Any, misfit: Misfit, *, at: Place, notes: Notes) -> None:
        """Note every mistake inside a value; the misfit is the first that there is."""
        raise NotImplementedError


class _Fields(_Inside):
    """The fields of a model."""

    def is_meant(self, value: dict[str, Any]) -> bool:
        name, tag = self.tag
        return name is not None and value.get(name) == tag

    def explain(self, value: dict[str, Any], misfit: Misfit, *, at: Place, notes: Notes) -> None:
        text, path = misfit
        step = _FIELD.match(path) if self._has_paths else None
        first = step[1] if step else None
        names = list(value) if first else []
        # msgspec goes by the order of the value, and has passed what stands before the first.
        passed = set(names[: names.index(first)]) if first in value else set()
        for alias, required, shape in self._fields:
            if alias not in value and required:
                notes.add("This field is required", "required", at=(*at, alias))
            elif alias in value and alias not in passed:
                item = value[alias]
                rest = (text, path[len(alias) + 1 :]) if alias == first else shape.misfit(item)
                if rest:
                    shape.explain(item, rest, at=(*at, alias), notes=notes)
            if notes.truncated:
                return
        strangers = value if self._known and not value.keys() <= self._known else ()
        for name in itertools.filterfalse(self._known.__contains__, strangers):
            notes.add("There is no such field", "unknown", at=(*at, name))
            if notes.truncated:
                return

    @functools.cached_property
    def _fields(self) -> tuple[tuple[str, bool, Shape], ...]:
        return tuple(
            (item.alias, item.required, shape_of(item.type, strict=self._strict))
            for item in fields_of(self._type)
        )

    @functools.cached_property
    def tag(self) -> tuple[str | None, Any]:
        config = getattr(self._type, "__struct_config__", None)
        return (config.tag_field, config.tag) if config else (None, None)

    @functools.cached_property
    def _known(self) -> set[str | None]:
        """The names that may be there; none if any may."""
        names = {self.tag[0], *(alias for alias, _, _ in self._fields)}
        return names if refuses_unknown(self._type) else set()

    @functools.cached_property
    def _has_paths(self) -> bool:
        """Whether no name of a field looks like two of them in a path."""
        return not any("." in alias or "[" in alias for alias, _, _ in self._fields)


class _Pydantic(_Inside):
    """The mistakes that pydantic itself finds in one of its models."""

    json = (dict, list, str, int, float, bool, type(None))

    def explain(self, value: Any, misfit: Misfit, *, at: Place, notes: Notes) -> None:
        try:
            self._type.model_validate(value)
        except ValueError as found:
            error: Any = found  # pydantic's own
            if error.error_count() > _MOST_FAULTS:
                return  # to list them takes longer than to find them
            for item in error.errors(include_url=False, include_input=False):
                notes.add(reason_of(item["msg"])[0], item["type"], at=(*at, *item["loc"]))


class _Items(_Inside):
    """The items of an array, or the values of a mapping: all are of one type."""

    def __init__(self, tp: Any, strict: bool) -> None:
        super().__init__(tp, strict)
        self.json = (dict if issubclass(get_origin(tp), Mapping) else list,)

    def explain(self, value: Any, misfit: Misfit, *, at: Place, notes: Notes) -> None:
        places: Sequence[object] = range(len(value))
        items = value
        if isinstance(value, dict):
            places, items = list(value), list(value.values())
        item, several = self._shapes
        start, size = 0, _CHUNK
        found = misfit if INDEX.match(misfit[1]) else several.misfit(items[:size])
        while start < len(items) and not notes.truncated:
            if found:
                step = INDEX.match(found[1])
                start += int(step[1]) if step else 0
                rest = found[0], found[1][step.end() :] if step else ""
                item.explain(items[start], rest, at=(*at, places[start]), notes=notes)
                start, size = start + 1, _CHUNK
            else:
                start, size = start + size, 2 * size
            found = several.misfit(items[start : start + size])

    @functools.cached_property
    def _shapes(self) -> tuple[Shape, Shape]:
        """An item, and several of them."""
        tp: Any = next(part for part in reversed(get_args(self._type)) if part is not ...)
        several = GenericAlias(list, (tp,))
        return shape_of(tp, strict=self._strict), shape_of(several, strict=self._strict)


class _Places(_Inside):
    """The items of a tuple, each of a type of its own."""

    json = (list,)

    def explain(self, value: list[Any], misfit: Misfit, *, at: Place, notes: Notes) -> None:
        for index, (item, tp) in enumerate(zip(value, get_args(self._type), strict=False)):
            shape = shape_of(tp, strict=self._strict)
            if found := shape.misfit(item):
                shape.explain(item, found, at=(*at, index), notes=notes)


def _inside_of(kind: Any, strict: bool) -> _Inside | None:
    """Return what is inside the values of a type; None if nothing is, or it cannot be told."""
    origin = get_origin(kind)
    if is_pydantic(kind):
        return _Pydantic(kind, strict)
    if is_model(kind):
        return _Fields(kind, strict)
    if not isinstance(origin, type) or not issubclass(origin, Collection):
        return None
    is_fixed = origin is tuple and ... not in get_args(kind)
    return _Places(kind, strict) if is_fixed else _Items(kind, strict)
