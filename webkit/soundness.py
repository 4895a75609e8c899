"""Soundness: whether values of a type can be read from a request, or written into an answer.

msgspec and pydantic say so when a value is there. Here it is asked before, so that a type which
would fail at each request is a mistake at start-up. Each problem is a sentence without its place.
"""

import collections.abc
import datetime as dt
import decimal
import enum
import functools
import inspect
import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NewType, cast, get_args, get_origin

import msgspec
from aiohttp import web

from webkit.codec import to_plain
from webkit.models import (
    bare,
    fields_of,
    is_array,
    is_model,
    is_pydantic,
    members,
    shown_type,
    to_model,
)


__all__ = ("default_problem", "is_text", "model_problems", "reading_problems", "writing_problems")

_TEXTS = (
    *(str, bytes, int, float, bool, decimal.Decimal, uuid.UUID, enum.Enum, type(None)),
    *(dt.date, dt.time, dt.timedelta, msgspec.UnsetType),
)
# What msgspec says behind the reason: the type, which stands in our sentence already.
_TAIL = re.compile(r"(?: -|,) (?:type `[^`]*`|typing\.\S+) is (?:not supported|invalid)$")
_ADVICE = (
    ("must be tagged", "Write class {name}(Struct, tag=True), and so for the others"),
    ("name '", "Import it where the module runs, not only under TYPE_CHECKING"),
    ("Can only set `", "Put the constraint on a type that has it"),
)
# What a function may return by mistake, and no answer can be made of.
_NEVER: Mapping[type, str] = {
    collections.abc.Iterator: "Return a list, or an AsyncIterator to send a stream",
    collections.abc.Generator: "Return a list, or an AsyncIterator to send a stream",
    collections.abc.Awaitable: "Await it",
    collections.abc.Coroutine: "Await it",
    cast("type", collections.abc.Callable): "Call it",
}
_BOUNDS = (("ge", "le"), ("gt", "lt"), ("ge", "lt"), ("gt", "le"), ("min_length", "max_length"))


def is_text(tp: Any, *, item: bool = False) -> bool:
    """Tell whether a text of a request, or all texts of a name, can be read as a type.

    ``item`` is for the types inside an array, where there are no more arrays.
    """
    kinds = [bare(member) for member in members(tp)]
    return all(
        kind in (Any, ...)
        or get_origin(kind) is Literal
        or isinstance(kind, NewType)
        or (isinstance(kind, type) and issubclass(kind, _TEXTS))
        or (
            not item and is_array(kind) and all(is_text(part, item=True) for part in get_args(kind))
        )
        for kind in kinds
    )


def model_problems(tp: Any) -> Iterator[str]:
    """Yield the fields of a model that no text can fill; pydantic reads texts by itself."""
    for model in filter(is_model, map(bare, members(tp))):
        for field in () if is_pydantic(model) else fields_of(model):
            if not is_text(field.type):
                field_of = f"the field {field.name!r} of {shown_type(model)}"
                kind = shown_type(field.type)
                yield f"{field_of} is {kind}, which no text can be. Take it from a body of JSON"


def reading_problems(tp: Any) -> Iterator[str]:
    """Yield why no value of a type can be read."""
    for kind in _open(tp):
        yield f"nothing says what {shown_type(kind)} is of. Name it: {shown_type(kind)}[...]"
        return
    try:
        box = msgspec.defstruct("Box", [("value", tp)])
        msgspec.json.Decoder(box)
        info = _info_of(tp)
    except Exception as error:  # the annotations of its models may raise anything
        yield f"{shown_type(tp)} cannot be read: {_reason_of(error, tp)}"
        return
    for node, where in _nodes(info):
        cls = getattr(node, "cls", None)
        if isinstance(node, msgspec.inspect.CustomType) and not is_pydantic(cls):
            yield f"{shown_type(cls)}{where} cannot be read from a request. {_advice_of(cls)}"
        for low, high in _BOUNDS:
            least, most = getattr(node, low, None), getattr(node, high, None)
            if least is not None and most is not None and least > most:
                yield f"no value{where} can be both {low}={least} and {high}={most}"


def writing_problems(tp: Any) -> Iterator[str]:
    """Yield why a value of a type cannot be written."""
    kind = get_origin(bare(tp)) or bare(tp)
    if isinstance(kind, type) and issubclass(kind, web.StreamResponse):
        return
    try:
        kinds = [member for member in members(tp) if member is not msgspec.UnsetType]
        infos = [_info_of(kind) for kind in kinds]
    except Exception as error:  # the annotations of its models may raise anything
        yield f"{shown_type(tp)} cannot be written: {_reason_of(error, tp)}"
        return
    for node, where in (found for info in infos for found in _nodes(info)):
        cls: Any = getattr(node, "cls", None)
        is_custom = isinstance(node, msgspec.inspect.CustomType)
        if is_custom and not (is_pydantic(cls) or _may_be_written(cls)):
            advice = next((_NEVER[base] for base in _NEVER if issubclass(cls, base)), "")
            yield f"{shown_type(cls)}{where} cannot be written as JSON. {advice or _advice_of(cls)}"


def default_problem(tp: Any, default: Any) -> str:
    """Return why a default is no value of a type; nothing if it is."""
    if default is msgspec.UNSET:
        return ""
    try:
        box: Any = msgspec.convert(
            (to_plain(default),),
            msgspec.defstruct("Box", [("value", tp)], array_like=True),
            str_keys=True,
            dec_hook=to_model,
        )
    except Exception as error:  # what somebody wrote there may raise anything
        reason = str(error).rpartition(" - at `")[0] or str(error)
        hint = f". Write {shown_type(tp)} | None" if default is None else ""
        return f"its default {default!r} is no {shown_type(tp)}: {reason}{hint}"
    if isinstance(default, str) and box.value != default:
        return f"its default {default!r} is a text. Write {box.value!r}"
    return ""


def _info_of(tp: Any) -> msgspec.inspect.Type:
    """Return what msgspec knows of a type; many actions take and return the same."""
    try:
        hash(tp)
    except TypeError:  # what stands in an Annotated may be anything
        return msgspec.inspect.type_info(tp)
    return _known_info_of(tp)


@functools.lru_cache(maxsize=1024)
def _known_info_of(tp: Any) -> msgspec.inspect.Type:
    return msgspec.inspect.type_info(tp)


def _open(tp: Any) -> Iterator[Any]:
    """Yield the generic models of which nobody has said of what they are."""
    for kind in map(bare, members(tp)):
        variables = getattr(kind, "__parameters__", ())
        if variables and is_model(kind) and not is_pydantic(kind):
            yield get_origin(kind) or kind
        yield from (found for part in get_args(kind) if is_model(part) for found in _open(part))


def _nodes(info: Any) -> Iterator[tuple[Any, str]]:
    """Yield all types inside a type, as msgspec tells of them, each with the way to it."""
    pending, met = [(info, "")], set()
    while pending:
        node, place = pending.pop(0)
        if id(node) not in met:
            met.add(id(node))
            yield node, place
            pending += _inside(node, place)


def _inside(node: Any, place: str) -> list[tuple[Any, str]]:
    """Return what a type is made of."""
    found = []
    for item in getattr(node, "__struct_fields__", ()):
        value = getattr(node, item)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, msgspec.inspect.Field):
                found.append((part.type, f" of the field {part.name!r} of {node.cls.__name__}"))
            elif isinstance(part, msgspec.inspect.Type):
                found.append((part, place))
    return found


def _may_be_written(cls: Any) -> bool:
    """Tell whether what a function returns as this class may be something that JSON has."""
    is_open = inspect.isabstract(cls) or getattr(cls, "_is_protocol", False)
    is_never = any(issubclass(cls, base) for base in _NEVER)
    return cls is object or (bool(is_open) and not is_never)


def _advice_of(cls: Any) -> str:
    bases = [base for base in getattr(cls, "__mro__", ())[1:-1] if base in _TEXTS]
    if bases:
        return f"Write {shown_type(bases[0])}"
    return "Use a msgspec.Struct, a dataclass, or a type of Python's own that JSON has"


def _reason_of(error: Exception, tp: Any) -> str:
    """Return the reason that msgspec gives, and what to do about it."""
    reason = _TAIL.sub("", str(error))
    name = next((shown_type(kind) for kind in members(tp) if is_model(kind)), "")
    advice = next((text for word, text in _ADVICE if word in reason), "")
    return f"{reason}. {advice.format(name=name)}" if advice else reason
