"""The keys of an operation in OpenAPI 3.1, and what is wrong with those that a person writes."""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any


__all__ = ("field_problem", "resembles_field")

_NOUNS = {bool: "true or false", dict: "a mapping", list: "a list", str: "text"}
# The type of each, and that of its entries.
_FIELDS: Mapping[str, tuple[type, type]] = {
    "callbacks": (dict, dict),
    "deprecated": (bool, object),
    "description": (str, object),
    "externalDocs": (dict, object),
    "operationId": (str, object),
    "parameters": (list, dict),
    "requestBody": (dict, object),
    "responses": (dict, dict),
    "security": (list, dict),
    "servers": (list, dict),
    "summary": (str, object),
    "tags": (list, str),
}
# Keys of Swagger 2.0, the format of aiohttp-swagger's docstrings, and where 3.1 says the same.
_MOVED = {
    "consumes": "Name the media type in requestBody: content",
    "produces": "Name the media type in responses: 200: content",
    "schemes": "Write servers, or leave it out",
}
_PLACES = ("cookie", "header", "path", "query")
_STATUS = re.compile(r"[1-5](?:[0-9][0-9]|XX)|default|x-.*")


def resembles_field(key: str) -> bool:
    """Tell whether ``key`` is a key of an operation, was one in Swagger 2.0, or nearly is one."""
    known = key in _FIELDS or key in _MOVED or key.startswith("x-")
    return known or bool(difflib.get_close_matches(key, _FIELDS))


def field_problem(key: str, value: Any) -> str:
    """Return what OpenAPI does not allow in one key of an operation, or an empty text."""
    if key.startswith("x-"):
        return ""
    if key in _MOVED:
        return f"{key!r} is Swagger 2.0. {_MOVED[key]}"
    if key not in _FIELDS:
        near = difflib.get_close_matches(key, _FIELDS, n=1) or [", ".join(_FIELDS)]
        return f"an operation has no {key!r}. Write {near[0]}"
    kind, entries = _FIELDS[key]
    if not isinstance(value, kind):
        return f"{key} is {_NOUNS[kind]}, not {value!r}"
    for entry in _entries(value):
        if not isinstance(entry, entries):
            return f"{key}: an entry is {_NOUNS[entries]}, not {entry!r}"
    return next(_ENTRY_PROBLEMS[key](value), "") if key in _ENTRY_PROBLEMS else ""


def _entries(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _parameter_problems(parameters: list[dict[str, Any]]) -> Iterator[str]:
    for parameter in parameters:
        name, place = parameter.get("name"), parameter.get("in")
        if "$ref" in parameter:
            continue
        if not isinstance(name, str):
            yield f"parameters: {parameter!r} has no name"
        if place == "body":
            yield f"parameters: {name!r} is Swagger 2.0. Write requestBody for what is in the body"
        if place not in _PLACES:
            yield f"parameters: {name!r} is in {place!r}. Write one of {', '.join(_PLACES)}"
        if "type" in parameter:
            yield f"parameters: {name!r}: write its type in schema"


def _response_problems(responses: dict[str, Any]) -> Iterator[str]:
    for status in responses:
        if not _STATUS.fullmatch(status):
            yield f"responses: {status!r} is no status. Write 404, 4XX or default"


_ENTRY_PROBLEMS: Mapping[str, Any] = {
    "parameters": _parameter_problems,
    "responses": _response_problems,
}
