"""What a type declares: what is said around it, its fields, its tag, its description."""

import inspect
from typing import (
    Annotated,
    Any,
    Final,
    NewType,
    NotRequired,
    Required,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from webkit.exceptions import ConfigurationError
from webkit.models import Field, bare, fields_of
from webkit.openapi.naming import path_of


__all__ = ("declared_fields", "description_of", "tag_of", "unwrapped")

_WRAPPERS = (Required, NotRequired, Final)


def unwrapped(tp: Any) -> tuple[Any, list[msgspec.Meta]]:
    """Return a type itself, and what is said around it, from inside to outside."""
    metas: list[msgspec.Meta] = []
    while True:
        origin = get_origin(tp)
        if origin is Annotated:
            tp, *extras = get_args(tp)
            metas = [*(extra for extra in extras if isinstance(extra, msgspec.Meta)), *metas]
        elif origin in _WRAPPERS:
            (tp,) = get_args(tp)
        elif isinstance(tp, NewType):
            tp = tp.__supertype__
        elif hasattr(origin or tp, "__value__"):  # type Name = ...
            value = (origin or tp).__value__
            tp = value[get_args(tp)] if origin else value
        else:
            return tp, metas


def declared_fields(tp: Any) -> tuple[Field, ...]:
    """Return the fields of a model.

    Raises:
        ConfigurationError: what they are annotated with is not there.
    """
    try:
        return _row_fields(tp) if hasattr(tp, "_field_defaults") else fields_of(tp)
    except (AttributeError, NameError, TypeError) as error:
        raise ConfigurationError([f"{path_of(tp)}: its fields cannot be read: {error}"]) from None


def _row_fields(cls: Any) -> tuple[Field, ...]:
    hints, defaults = get_type_hints(cls, include_extras=True), cls._field_defaults
    return tuple(
        Field(
            name,
            name,
            hints.get(name, Any),
            name not in defaults,
            defaults.get(name, msgspec.NODEFAULT),
        )
        for name in cls._fields
    )


def tag_of(tp: Any) -> tuple[str, Any]:
    """Return the field that tells a model from the others of a union, and its value there."""
    cls = get_origin(bare(tp)) or bare(tp)
    config = getattr(cls, "__struct_config__", None)
    if config is None or config.tag_field is None or config.array_like:
        return "", None
    return config.tag_field, config.tag


def description_of(tp: Any) -> dict[str, str]:
    """Return the description of a model, unless nobody has written one."""
    cls = get_origin(tp) or tp
    text = inspect.cleandoc(cls.__doc__ or "")
    is_made = text.startswith(f"{cls.__name__}(") or text == "An enumeration."
    return {"description": text} if text and not is_made else {}
