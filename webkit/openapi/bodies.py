"""Bodies of requests: JSON, forms, and bytes as they come."""

from collections.abc import Mapping
from typing import Any

from webkit.openapi.endpoints import Endpoint
from webkit.openapi.parameters import fields_in, text_schema
from webkit.openapi.schemas import Schemas
from webkit.plans import ActionPlan
from webkit.sources import Source
from webkit.texts import is_many


__all__ = ("body_of", "is_form", "is_json", "is_typed")

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_PARTS = "multipart/form-data"
_BINARY = "application/octet-stream"
# Programs know a file by the format, as in OpenAPI 3.0, or by the media type, as in 3.1.
_FILE: Mapping[str, Any] = {"type": "string", "format": "binary", "contentMediaType": _BINARY}
# Swagger UI shows no field for a body without a schema, and "string" without an example.
_ANY_BODY: Mapping[str, Any] = {_JSON: {"schema": {}, "example": {}}}
_WITH_BODY = ("POST", "PUT", "PATCH")


def body_of(endpoint: Endpoint, schemas: Schemas) -> dict[str, Any]:
    """Return the request body of an endpoint, nothing if it has none."""
    plan = endpoint.route.plan
    if plan is None:
        return {}  # nothing is known of it
    for source in plan.sources:
        if source.place == "body":
            is_must = source.required and source.type is not bytes  # there may be none of them
            return {"content": _content_of(source, schemas), "required": is_must}
    if is_form(plan):
        return {"content": _form_content(plan, schemas), "required": True}
    return {"content": _ANY_BODY} if is_json(endpoint) else {}


def is_json(endpoint: Endpoint) -> bool:
    """Tell whether the body is JSON, as far as it is known."""
    plan = endpoint.route.plan
    if plan is None:
        return False
    if is_typed(plan):
        return any(item.place == "body" and item.type is not bytes for item in plan.sources)
    return plan.viewset is not None and endpoint.method in _WITH_BODY


def is_form(plan: ActionPlan) -> bool:
    """Tell whether the body is a form."""
    return any(source.place in {"form", "file"} for source in plan.sources)


def is_typed(plan: ActionPlan) -> bool:
    """Tell whether annotations say what is taken and returned, so that nothing is guessed."""
    return not plan.output.passes or any(
        source.place not in {"", "path"} for source in plan.sources
    )


def _content_of(source: Source, schemas: Schemas) -> dict[str, Any]:
    if source.type is bytes:
        return {_BINARY: {"schema": dict(_FILE)}}
    return {_JSON: {"schema": schemas.of(source.type)}}


def _form_content(plan: ActionPlan, schemas: Schemas) -> dict[str, Any]:
    """Return both kinds of forms; a file needs the one in parts."""
    texts = [
        item for source in plan.sources if source.place == "form" for item in fields_in(source)
    ]
    files = [source for source in plan.sources if source.place == "file"]
    properties = {item.alias: text_schema(item, schemas) for item in texts}
    required = [item.alias for item in texts if item.required]
    required += [item.alias for item in files if item.required]
    uploads = {source.alias: _upload_of(source) for source in files}
    found = {_PARTS: {"schema": _object({**properties, **uploads}, required)}}
    if not any(source.required for source in files):
        found[_FORM] = {"schema": _object(properties, required)}
    return dict(sorted(found.items()))


def _upload_of(source: Source) -> dict[str, Any]:
    if not is_many(source.type):
        return dict(_FILE)
    return {"type": "array", "items": dict(_FILE), **({"minItems": 1} if source.required else {})}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
    }
