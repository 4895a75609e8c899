"""The answers to what goes wrong, which all operations of a document share.

``error_components`` defines them once; ``error_responses`` refers to them by status.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from webkit import exceptions
from webkit.exceptions import APIException


__all__ = ("ERRORS", "error_components", "error_responses")

_TEXT = {"type": "string"}
# By status: the name among the components, the description, and what the answer says.
ERRORS: Mapping[str, tuple[str, str, APIException]] = {
    "400": ("BadRequest", "The request cannot be read", exceptions.ParseError()),
    "401": ("Unauthorized", "Nobody is authenticated", exceptions.NotAuthenticated()),
    "403": ("Forbidden", "This is not allowed", exceptions.PermissionDenied()),
    "404": ("NotFound", "There is no such object", exceptions.NotFound()),
    "405": (
        "MethodNotAllowed",
        "The path does not offer this method",
        exceptions.MethodNotAllowed("PUT", allowed=["GET"]),
    ),
    "409": ("Conflict", "The state of the object is against it", exceptions.Conflict()),
    "413": (
        "PayloadTooLarge",
        "The body is larger than the limit",
        exceptions.PayloadTooLarge(),
    ),
    "415": (
        "UnsupportedMediaType",
        "The body has another media type",
        exceptions.UnsupportedMediaType("text/plain"),
    ),
    "422": (
        "ValidationError",
        "Values do not fit their types or limits",
        exceptions.ValidationError(),
    ),
    "429": ("Throttled", "Too many requests", exceptions.Throttled(1)),
    "503": ("ServiceUnavailable", "Something is away for a while", exceptions.ServiceUnavailable()),
    "default": ("Error", "Any other error", APIException()),
}
_SECONDS = {"description": "Seconds until the next try", "schema": {"type": "integer"}}
_HEADERS: Mapping[str, Mapping[str, Any]] = {
    "401": {"WWW-Authenticate": {"description": "How to authenticate", "schema": _TEXT}},
    "405": {"Allow": {"description": "The methods that it offers", "schema": _TEXT}},
    "429": {"Retry-After": _SECONDS},
    "503": {"Retry-After": _SECONDS},
}
_PROBLEM_ERROR = {
    "type": "object",
    "required": ["detail", "code"],
    "properties": {
        "pointer": {**_TEXT, "description": "Where in the body, as a JSON pointer"},
        "parameter": {**_TEXT, "description": "Which parameter of the query"},
        "header": {**_TEXT, "description": "Which header"},
        "cookie": {**_TEXT, "description": "Which cookie"},
        "field": {**_TEXT, "description": "Which field of a form"},
        "detail": _TEXT,
        "code": _TEXT,
    },
}
_PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457)",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {**_TEXT, "format": "uri-reference"},
        "title": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"description": "For a person; mostly text"},
        "code": {**_TEXT, "description": "For a program; it does not change"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemError"}},
        "truncated": {"type": "boolean", "description": "There are more errors than listed"},
    },
}
_DETAIL = {
    "type": "object",
    "description": "What went wrong",
    "required": ["detail"],
    "properties": {"detail": {"description": "For a person; mostly text"}},
}
# By error format: the media type, the schema of the body, and every schema that it needs.
_FORMATS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "problem": (
        "application/problem+json",
        "Problem",
        {"Problem": _PROBLEM, "ProblemError": _PROBLEM_ERROR},
    ),
    "detail": ("application/json", "Detail", {"Detail": _DETAIL}),
}


def error_components(error_format: str) -> dict[str, Any]:
    """Return the responses and schemas of all errors; ``error_format`` is the setting."""
    media_type, schema, schemas = _FORMATS[error_format]
    reference = {"$ref": f"#/components/schemas/{schema}"}
    responses = {}
    for status, (name, description, error) in ERRORS.items():
        facts = _facts_of(error)
        example = {key: facts[key] for key in schemas[schema]["required"]}
        content = {media_type: {"schema": reference, "example": example}}
        headers = {"headers": dict(_HEADERS[status])} if status in _HEADERS else {}
        responses[name] = {"description": description, **headers, "content": content}
    return {"responses": responses, "schemas": dict(schemas)}


def error_responses(*statuses: str) -> dict[str, Any]:
    """Return a reference to the shared response of each status."""
    return {status: {"$ref": f"#/components/responses/{ERRORS[status][0]}"} for status in statuses}


def _facts_of(error: APIException) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(error.status_code).phrase,
        "status": error.status_code,
        "detail": error.detail,
        "code": error.code,
    }
