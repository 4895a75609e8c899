"""The OpenAPI 3.1 document of an application, from the routes that it serves.

1. Every route of every unit is in it, documented or not.
2. An operation's id does not depend on other routes, unless two would have the same.
3. It costs time linear in the number of routes, and is the same for the same routes.
4. A sub-application with a document of its own is in that one alone.
"""

import inspect
import itertools
from collections.abc import Iterable
from typing import Any

from webkit.openapi.endpoints import Endpoint, endpoints_of
from webkit.openapi.mounts import mounts_in, routes_below
from webkit.openapi.operations import Shared, operation_of
from webkit.openapi.problems import error_components
from webkit.openapi.schemas import Schemas
from webkit.openapi.security import SecuritySchemes
from webkit.routes import ServedRoute


__all__ = ("build_document",)


def build_document(
    routes: Iterable[ServedRoute],
    *,
    title: str,
    version: str,
    description: str = "",
    error_format: str = "problem",
    mount: str | None = None,
) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of ``routes``, in their order, ready for JSON.

    ``error_format`` is the setting of that name: ``problem`` or ``detail``. ``mount`` is the path
    that the application is below; by default, that of its own ``openapi.json``.

    Raises:
        ConfigurationError: the YAML in some docstrings is wrong, every mistake is listed; or what
            a model is annotated with is not there.
    """
    routes = list(routes)
    mounts = mounts_in(routes)
    own = next(iter(mounts), "") if mount is None else mount
    info = {"title": title, "version": version}
    errors = error_components(error_format)
    shared = Shared(
        schemas=Schemas(errors["schemas"]),
        security=SecuritySchemes(),
        responses=errors["responses"],
    )
    endpoints = endpoints_of(
        routes_below(own, routes, others=(path for path in mounts if path != own))
    )
    operations = [operation_of(endpoint, shared) for endpoint in endpoints]
    _make_ids_unique(endpoints, operations)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint, operation in zip(endpoints, operations, strict=True):
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {**info, "description": description} if description else info,
        **({"servers": [{"url": own}]} if own else {}),
        "tags": _tags_of(endpoints, operations),
        "paths": paths,
        "components": _components(shared),
    }


def _components(shared: Shared) -> dict[str, Any]:
    security = shared.security.components
    return {
        "schemas": dict(sorted(shared.schemas.components.items())),
        "responses": dict(shared.responses),
        **({"securitySchemes": dict(sorted(security.items()))} if security else {}),
    }


def _make_ids_unique(endpoints: list[Endpoint], operations: list[dict[str, Any]]) -> None:
    """Change the ids that an operation before has, those from docstrings last."""
    taken: set[str] = set()
    pairs = list(zip(endpoints, operations, strict=True))
    for endpoint, operation in sorted(pairs, key=_has_generated_id):
        wanted = operation["operationId"]
        longer = f"{wanted}_{endpoint.method.lower()}"
        numbered = (f"{longer}_{number}" for number in itertools.count(2))
        free = (name for name in itertools.chain((wanted, longer), numbered) if name not in taken)
        operation["operationId"] = next(free)
        taken.add(operation["operationId"])


def _has_generated_id(pair: tuple[Endpoint, dict[str, Any]]) -> bool:
    return "operationId" not in pair[0].docs.operation


def _tags_of(endpoints: list[Endpoint], operations: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return every tag once, described by the first line of its viewset's docstring."""
    tags: dict[str, dict[str, str]] = {}
    for endpoint, operation in zip(endpoints, operations, strict=True):
        plan = endpoint.route.plan
        for name in operation.get("tags", []):
            if name not in tags:
                about = plan.viewset.__doc__ if plan and plan.viewset else None
                summary = inspect.cleandoc(about or "").partition("\n")[0]
                tags[name] = {"name": name, **({"description": summary} if summary else {})}
    return list(tags.values())
