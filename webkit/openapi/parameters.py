"""Parameters of an operation, from the sources that its handler reads.

What stands in a request is text: a schema here says which texts are taken. There is no null among
them, and no empty list: both are the absence of the parameter.
"""

import re
from collections.abc import Iterator
from typing import Any

from aiohttp import hdrs

from webkit.models import Field, fields_of, has_commas
from webkit.openapi.endpoints import Endpoint
from webkit.openapi.schemas import Schemas, default_of
from webkit.paths import variables_of
from webkit.sources import ModelSource, Source


__all__ = ("fields_in", "parameters_of", "text_schema")

# OpenAPI says these elsewhere, and ignores parameters of such a name.
_IGNORED = frozenset(name.lower() for name in (hdrs.ACCEPT, hdrs.CONTENT_TYPE, hdrs.AUTHORIZATION))
_PLACES = ("query", "header", "cookie")
_TOLD: tuple[str, ...] = ("description", "deprecated")
# What a variable of the path matches, as ``webkit.paths`` has it.
_ID = {"minimum": 0, "maximum": 10**19 - 1}
_SEGMENT = "^[^/]+$"
# What a regular expression of Python has and one of JSON Schema has not.
_FOREIGN = re.compile(r"\(\?(?:[#(a-zA-Z]|<[^=!])|\\[AZzaU]|[*+?}]\+")


def parameters_of(endpoint: Endpoint, schemas: Schemas) -> list[dict[str, Any]]:
    """Return the parameters in path, query, headers and cookies, in the order of the function."""
    return [*_path_parameters(endpoint, schemas), *_text_parameters(endpoint, schemas)]


def fields_in(source: Source) -> list[Field]:
    """Return the texts that a source reads: one, or the fields of a model."""
    if isinstance(source, ModelSource):
        fields = fields_of(source.model)
        return (
            list(fields) if source.required else [item._replace(required=False) for item in fields]
        )
    return [Field(source.name, source.alias, source.type, source.required, source.default)]


def text_schema(field: Field, schemas: Schemas) -> dict[str, Any]:
    """Return the schema of a value that is written as text, or as several."""
    schema = _without_null(schemas.of(field.type))
    if schema.get("type") == "array" and not has_commas(field.type):  # "ids=" is no id
        schema["minItems"] = max(1, schema.get("minItems", 1))
    default = default_of(field)
    return schema if default.get("default") in (None, []) else {**schema, **default}


def _path_parameters(endpoint: Endpoint, schemas: Schemas) -> Iterator[dict[str, Any]]:
    plan = endpoint.route.plan
    types = {item.alias: item.type for item in plan.sources if item.place == "path"} if plan else {}
    for own, shown in zip(variables_of(endpoint.route.path), endpoint.variables, strict=True):
        schema = schemas.of(types.get(own, str))
        schema = _within(schema, _pattern_of(endpoint, own))
        yield _parameter(shown, "path", schema, required=True)


def _pattern_of(endpoint: Endpoint, variable: str) -> str:
    """Return what a variable must match besides its type, as far as it is known."""
    viewset = endpoint.route.plan.viewset if endpoint.route.plan else None
    if viewset is None:
        return ""
    pattern = getattr(viewset, "lookup_regex", None)  # a controller has none
    if not pattern or variable != viewset.lookup_field:
        return _SEGMENT
    return "" if _FOREIGN.search(pattern) else f"^(?:{pattern})$"


def _within(schema: dict[str, Any], pattern: str) -> dict[str, Any]:
    """Return a schema with the limits that the path itself sets."""
    kind = schema.get("type")
    if kind == "integer" and "enum" not in schema:
        least = max(_ID["minimum"], schema.get("minimum", 0))
        most = min(_ID["maximum"], schema.get("maximum", _ID["maximum"]))
        return {**schema, "minimum": least, "maximum": most}
    if kind == "string" and not schema.keys() & {"enum", "format", "pattern"}:
        least = max(1, schema.get("minLength", 1))
        return {**schema, "minLength": least, **({"pattern": pattern} if pattern else {})}
    return schema


def _text_parameters(endpoint: Endpoint, schemas: Schemas) -> Iterator[dict[str, Any]]:
    sources = endpoint.route.plan.sources if endpoint.route.plan else ()
    for source in sources:
        for field in fields_in(source) if source.place in _PLACES else ():
            if source.place == "header" and field.alias.lower() in _IGNORED:
                continue
            schema = text_schema(field, schemas)
            found = _parameter(field.alias, source.place, schema, required=field.required)
            yield {**found, "explode": False} if has_commas(field.type) else found


def _parameter(name: str, place: str, schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    """Return a parameter; what its schema says of it is said of the parameter."""
    told = {key: schema.pop(key) for key in _TOLD if key in schema}
    return {
        "name": name,
        "in": place,
        **({"required": True} if required else {}),
        **told,
        "schema": schema,
    }


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that does not take null."""
    if None in schema.get("enum", ()):
        return {**schema, "enum": [value for value in schema["enum"] if value is not None]}
    options = [item for item in schema.get("anyOf", ()) if item != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    if len(options) == 1:
        return {**options[0], **rest}
    return {**rest, "anyOf": options} if options else schema
