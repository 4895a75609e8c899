"""JSON Schemas of types; models and enumerations become components that are referred to by name.

1. A schema says what is read and what is written, as far as one schema can say both.
2. The first model of a name has it; another one of the same name has its whole path. So a model
   that is added later changes no name.
3. What nothing is known of has the empty schema, which everything fits.
"""

import enum
import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec

from webkit.codec import encode
from webkit.models import Field, bare, is_array, is_mapping, is_model, is_pydantic, members
from webkit.openapi.declarations import declared_fields, description_of, tag_of, unwrapped
from webkit.openapi.naming import path_of, readable_name
from webkit.openapi.scalars import DIGITS, PLAIN, constrained


__all__ = ("SCHEMAS", "Schemas", "default_of")

SCHEMAS = "#/components/schemas/"
_TYPES = {str: "string", int: "integer", bool: "boolean", type(None): "null"}


class Schemas:
    """The schemas of one document. ``components`` has those that are referred to, by name."""

    def __init__(self, components: Mapping[str, Any]) -> None:
        self.components: dict[str, Any] = dict(components)
        self._references: dict[Any, str] = {}
        self._foreign: dict[str, Any] = {}

    def of(self, tp: Any) -> dict[str, Any]:
        """Return the schema of a type, a new one at each call."""
        tp, metas = unwrapped(tp)
        kind, arguments = get_origin(tp) or tp, get_args(tp)
        if kind in PLAIN:
            return constrained(PLAIN[kind], metas)
        if isinstance(kind, TypeVar):
            return self.of(Any if kind.__bound__ is None else kind.__bound__)
        if kind is Literal:
            return constrained(_enumerated(arguments), metas)
        found = next((make(self, tp) for fits, make in _MAKERS if fits(kind, tp)), {})
        return constrained(found, metas)

    def _union(self, tp: Any) -> dict[str, Any]:
        kinds = [member for member in members(tp) if member is not msgspec.UnsetType]
        kinds.sort(key=lambda member: member is type(None))
        options = [self.of(member) for member in kinds]
        if len(options) == 1:
            return options[0]
        tags = [tag_of(member) for member in kinds if bare(member) is not type(None)]
        fields = {name for name, _ in tags}
        if len(tags) < 2 or "" in fields or len(fields) > 1:
            return {"anyOf": options}
        pairs = zip(tags, options, strict=False)
        mapping = {str(value): option["$ref"] for (_, value), option in pairs}
        return {
            "anyOf": options,
            "discriminator": {"propertyName": fields.pop(), "mapping": mapping},
        }

    def _array(self, tp: Any) -> dict[str, Any]:
        items = self.of((*get_args(tp), Any)[0])
        return {"type": "array", **({"items": items} if items else {})}

    def _tuple(self, tp: Any) -> dict[str, Any]:
        arguments = get_args(tp)
        if not arguments or ... in arguments:
            return self._array(tp)
        return {
            "type": "array",
            "prefixItems": [self.of(item) for item in arguments],
            "items": False,
            "minItems": len(arguments),
            "maxItems": len(arguments),
        }

    def _mapping(self, tp: Any) -> dict[str, Any]:
        key, value = get_args(tp) or (str, Any)
        keys, values = _as_text(self.of(key)), self.of(value)
        return {
            "type": "object",
            **({"propertyNames": keys} if keys else {}),
            **({"additionalProperties": values} if values else {}),
        }

    def _enum(self, tp: type[enum.Enum]) -> dict[str, Any]:
        return self._component(
            tp, lambda: {**description_of(tp), **_enumerated(member.value for member in tp)}
        )

    def _model(self, tp: Any) -> dict[str, Any]:
        return self._component(tp, lambda: self._written(tp))

    def _pydantic(self, tp: Any) -> dict[str, Any]:
        """Return the reference to a model that writes its schema itself."""
        if tp not in self._references:
            schema = tp.model_json_schema(ref_template="{model}")
            parts = {
                **schema.pop("$defs", {}),
                **({} if "$ref" in schema else {tp.__name__: schema}),
            }
            names = {name: self._claim(name, part) for name, part in parts.items()}
            for name, part in parts.items():
                self.components[names[name]] = _renamed(part, names)
            self._references[tp] = names[schema.get("$ref", tp.__name__)]
        return {"$ref": f"{SCHEMAS}{self._references[tp]}"}

    def _claim(self, name: str, schema: Any) -> str:
        """Return the name of a foreign schema: that of the same one before, or a free one."""
        readable = re.sub(r"\W+", "_", name).strip("_")
        names = itertools.chain(
            [readable], (f"{readable}{number}" for number in itertools.count(2))
        )
        free = next(
            name
            for name in names
            if self._foreign.get(name) == schema or name not in self.components
        )
        self._foreign[free] = schema
        self.components[free] = {}
        return free

    def _component(self, tp: Any, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return the reference to a schema, which is made when it is asked for first."""
        if tp not in self._references:
            name = readable_name(tp)
            name = path_of(tp) if name in self.components else name
            self._references[tp] = name
            self.components[name] = {}  # models may refer to themselves
            self.components[name] = make()
        return {"$ref": f"{SCHEMAS}{self._references[tp]}"}

    def _written(self, tp: Any) -> dict[str, Any]:
        cls = get_origin(tp) or tp
        config = getattr(cls, "__struct_config__", None)
        found = declared_fields(tp)
        fields = {item.alias: self._property(item) for item in found}
        required = [item.alias for item in found if item.required]
        if config and config.tag_field:
            fields = {config.tag_field: _enumerated([config.tag]), **fields}
            required.insert(0, config.tag_field)
        is_closed = bool(config and config.forbid_unknown_fields)
        if _is_row(cls):
            is_closed = is_closed or not config
            return {
                **description_of(tp),
                "type": "array",
                "prefixItems": list(fields.values()),
                "minItems": len(required),
                **({"maxItems": len(fields)} if is_closed else {}),
            }
        return {
            **description_of(tp),
            "type": "object",
            "properties": fields,
            **({"required": required} if required else {}),
            **({"additionalProperties": False} if is_closed else {}),
        }

    def _property(self, field: Field) -> dict[str, Any]:
        return {**self.of(field.type), **default_of(field)}


_Fits = Callable[[Any, Any], bool]
_Makes = Callable[[Schemas, Any], dict[str, Any]]


def _is_enum(kind: Any, tp: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, enum.Enum)


def _is_row(cls: Any) -> bool:
    """Tell whether a model is written as an array."""
    config = getattr(cls, "__struct_config__", None)
    return config.array_like if config else hasattr(cls, "_fields")


# In this order: what tells that a type is of a kind, and what makes its schema.
_MAKERS: tuple[tuple[_Fits, _Makes], ...] = (
    (lambda kind, tp: len(members(tp)) > 1, Schemas._union),
    (lambda kind, tp: kind is tuple, Schemas._tuple),
    (lambda kind, tp: is_array(kind), Schemas._array),
    (lambda kind, tp: is_mapping(kind), Schemas._mapping),
    (_is_enum, Schemas._enum),
    (lambda kind, tp: is_pydantic(kind), Schemas._pydantic),
    (lambda kind, tp: is_model(kind) or hasattr(kind, "_field_defaults"), Schemas._model),
)


def default_of(field: Field) -> dict[str, Any]:
    """Return the default of a field as its schema has it, if there is one to show."""
    if field.default is msgspec.NODEFAULT or field.default is msgspec.UNSET:
        return {}
    try:
        return {"default": msgspec.json.decode(encode(field.default))}
    except (TypeError, ValueError, NotImplementedError):  # it cannot be written
        return {}


def _as_text(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the schema of a mapping's keys says of them as texts."""
    found = {key: value for key, value in schema.items() if key != "type"}
    if "enum" in found:
        return {**found, "enum": [str(value) for value in found["enum"]]}
    return {"pattern": DIGITS} if schema.get("type") == "integer" else found


def _enumerated(values: Iterable[Any]) -> dict[str, Any]:
    options = list(values)
    kinds = {_TYPES.get(type(value)) for value in options}
    kind = kinds.pop() if len(kinds) == 1 else None
    return {**({"type": kind} if kind else {}), "enum": options}


def _renamed(schema: Any, names: Mapping[str, str]) -> Any:
    """Return a schema whose references lead to the components of these names."""
    if isinstance(schema, list):
        return [_renamed(item, names) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _renamed(value, names) for key, value in schema.items()}
    if schema.get("$ref") in names:
        found["$ref"] = f"{SCHEMAS}{names[schema['$ref']]}"
    return found
