"""Model types: what counts as one, and the fields of every kind under one shape.

A model is a msgspec Struct, a dataclass, an attrs class, a TypedDict, or a model of pydantic, which
is recognised by its attributes: pydantic itself is never imported.
"""

import collections.abc
import dataclasses
import functools
import re
import types
from typing import (
    Annotated,
    Any,
    NamedTuple,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import msgspec

from webkit.generics import filled


__all__ = (
    "Commas",
    "Field",
    "bare",
    "fields_of",
    "has_commas",
    "is_array",
    "is_mapping",
    "is_model",
    "is_pydantic",
    "members",
    "refuses_unknown",
    "shown_type",
    "to_model",
    "values_of",
)

# What is read from several values, and written as an array.
_ARRAYS = (
    *(list, set, frozenset, tuple, collections.abc.Collection, collections.abc.Sequence),
    *(collections.abc.MutableSequence, collections.abc.Set, collections.abc.MutableSet),
)
_MAPPINGS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
_WRAPPERS = (Annotated, Required, NotRequired)


class Commas:
    """Marks a container whose values stand in one text: ``Annotated[list[int], Commas()]``.

    Such a parameter of a query is written ``1,2,3``; repeated, its values are added up.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "Commas()"


class Field(NamedTuple):
    """One field of a model: its name in Python, its name in JSON, and its type with metadata.

    ``default`` is ``msgspec.NODEFAULT`` where there is none to show.
    """

    name: str
    alias: str
    type: Any
    required: bool
    default: Any


def bare(tp: Any) -> Any:
    """Return a type without ``Annotated``, ``Required`` and ``NotRequired`` around it."""
    while get_origin(tp) in _WRAPPERS:
        tp = get_args(tp)[0]
    return tp


def _unwrapped(tp: Any) -> Any:
    """Return the type of a key of a TypedDict without what says whether it must be there."""
    while get_origin(tp) in (Required, NotRequired):
        tp = get_args(tp)[0]
    return tp


def members(tp: Any) -> tuple[Any, ...]:
    """Return the types of a union, those of unions in it included, or the type alone."""
    if get_origin(bare(tp)) in (Union, types.UnionType):
        return tuple(member for part in get_args(bare(tp)) for member in members(part))
    return (tp,)


def is_array(tp: Any) -> bool:
    """Tell whether a type has several values, one behind the other."""
    kind = get_origin(bare(tp)) or bare(tp)
    return any(kind is known for known in _ARRAYS)


def is_mapping(tp: Any) -> bool:
    """Tell whether a type has values under names of any kind."""
    kind = get_origin(bare(tp)) or bare(tp)
    return any(kind is known for known in _MAPPINGS)


def shown_type(tp: Any) -> str:
    """Return a type as it is written, without the modules: ``list[Book]``."""
    text = tp.__name__ if isinstance(tp, type) else repr(tp)
    return re.sub(r"[A-Za-z_][\w.<>]*\.(\w+)", r"\1", text).replace("~", "")


def is_pydantic(tp: Any) -> bool:
    """Tell whether a type is a model of pydantic."""
    return isinstance(tp, type) and hasattr(tp, "__pydantic_validator__")


def is_model(tp: Any) -> bool:
    """Tell whether a type is a model, a generic one with arguments included."""
    cls = get_origin(bare(tp)) or bare(tp)
    return isinstance(cls, type) and (
        issubclass(cls, msgspec.Struct)
        or dataclasses.is_dataclass(cls)
        or hasattr(cls, "__attrs_attrs__")
        or is_typeddict(cls)
        or is_pydantic(cls)
    )


def refuses_unknown(tp: Any) -> bool:
    """Tell whether a model takes no fields but its own."""
    cls = get_origin(bare(tp)) or bare(tp)
    config = getattr(cls, "__struct_config__", None)
    return bool(config and config.forbid_unknown_fields)


def to_model(wanted: Any, value: Any) -> Any:
    """Make what msgspec does not know, from input: its ``dec_hook``."""
    if is_pydantic(wanted):
        try:
            return wanted.model_validate(value)
        except ValueError:  # its text names every mistake, be it a million
            raise ValueError(f"This is no {wanted.__name__}") from None
    raise NotImplementedError(f"{wanted!r} cannot be read from JSON")


@functools.lru_cache(maxsize=2048)
def fields_of(tp: Any) -> tuple[Field, ...]:
    """Return the fields of a model, in their order; type variables are filled in."""
    tp = bare(tp)
    cls = get_origin(tp) or tp
    if is_pydantic(cls):
        return tuple(_pydantic_fields(cls))
    if issubclass(cls, msgspec.Struct):
        return tuple(
            Field(item.name, item.encode_name, item.type, item.required, item.default)
            for item in msgspec.structs.fields(tp)
        )
    info: Any = msgspec.inspect.type_info(tp)
    hints = get_type_hints(cls, include_extras=True)
    order = list(hints)  # msgspec has the fields of a TypedDict in none
    variables = getattr(cls, "__parameters__", ())
    arguments = dict(zip(variables, get_args(tp) or (Any,) * len(variables), strict=False))
    return tuple(
        Field(
            item.name,
            item.encode_name,
            filled(_unwrapped(hints[item.name]), arguments),
            item.required,
            item.default,
        )
        for item in sorted(info.fields, key=lambda item: order.index(item.name))
    )


def _pydantic_fields(cls: Any) -> list[Field]:
    return [
        Field(
            name,
            item.alias or name,
            Annotated[item.annotation, *item.metadata] if item.metadata else item.annotation,
            item.is_required(),
            msgspec.NODEFAULT if item.is_required() or item.default_factory else item.default,
        )
        for name, item in cls.model_fields.items()
    ]


def values_of(value: Any, *, given: bool = False) -> dict[str, Any]:
    """Return the values of a model by the names of their fields; UNSET ones are left out.

    With ``given`` so are the defaults of a model of pydantic, which has no UNSET.
    """
    kind: Any = type(value)
    if isinstance(value, dict):
        return dict(value)
    if is_pydantic(kind):
        names = value.model_fields_set if given else kind.model_fields
    else:
        names = [item.name for item in fields_of(kind)]
    values = ((name, getattr(value, name)) for name in names)
    return {name: item for name, item in values if item is not msgspec.UNSET}


def has_commas(tp: Any) -> bool:
    """Tell whether a type is marked with ``Commas``, also as a member of a union."""
    return any(
        isinstance(extra, Commas) for part in (tp, *members(tp)) for extra in get_args(part)[1:]
    )
