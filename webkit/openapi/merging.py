"""How the YAML of a docstring is laid over a generated operation.

1. Mappings are merged, at every depth; any other value replaces the generated one.
2. A parameter replaces the generated one of its name and place; the others stay.
3. A documented success replaces the generated success, whatever its status.
4. A documented media type replaces generated ones of which nothing is known.
5. A documented error is merged over the shared one.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any


__all__ = ("merged_operation",)


def merged_operation(
    generated: Mapping[str, Any], written: Mapping[str, Any], *, shared: Mapping[str, Any]
) -> dict[str, Any]:
    """Return ``generated`` with ``written`` over it; neither is changed.

    ``shared`` are the responses among the components of the document.
    """
    operation = _merged(generated, written)
    if "parameters" in written:
        operation["parameters"] = _parameters(
            generated.get("parameters", []), written["parameters"]
        )
    if "responses" in written:
        operation["responses"] = _responses(
            generated["responses"], written["responses"], shared=shared
        )
    return operation


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in over:
        return dict(over)
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        if not isinstance(value, Mapping) or not isinstance(old, Mapping):
            result[key] = value
        elif key == "content":
            result[key] = _merged(
                {name: known for name, known in old.items() if _tells(known)}, value
            )
        else:
            result[key] = _merged(old, value)
    return result


def _tells(media_type: Mapping[str, Any]) -> bool:
    """Tell whether anything is known of a media type but its name."""
    return any(media_type.values())


def _parameters(base: list[dict[str, Any]], over: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = {_identity(parameter): parameter for parameter in base}
    for parameter in over:
        known = found.get(_identity(parameter), {})
        known = known or ({} if "content" in parameter else {"schema": {}})
        found[_identity(parameter)] = _merged(known, parameter)
    return list(found.values())


def _identity(parameter: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(parameter.get(key) for key in ("$ref", "in", "name"))


def _responses(
    base: Mapping[str, Any], over: Mapping[str, Any], *, shared: Mapping[str, Any]
) -> dict[str, Any]:
    has_success = any(status.startswith("2") for status in over)
    found = {
        status: response
        for status, response in base.items()
        if status in over or not (has_success and status.startswith("2"))
    }
    for status, response in over.items():
        known = found.get(status, {"description": _phrase(status)})
        name = known.get("$ref", "").removeprefix("#/components/responses/")
        found[status] = _merged(shared[name] if name else known, response)
    return dict(sorted(found.items()))


def _phrase(status: str) -> str:
    """Return the description of a response that has none: OpenAPI asks for one."""
    return HTTPStatus(int(status)).phrase if status in map(str, map(int, HTTPStatus)) else status
