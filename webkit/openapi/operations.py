"""One operation of a document, put together from parts.

A part is a function from an endpoint and the parts of the document around it to the value of one
key, or to something empty where the key is left out. ``PARTS`` lists them; what the docstring says
is merged over their result.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from webkit.decorators import ActionOptions, options_of
from webkit.openapi.answers import messages_of, responses_of
from webkit.openapi.bodies import body_of
from webkit.openapi.endpoints import Endpoint
from webkit.openapi.merging import merged_operation
from webkit.openapi.parameters import parameters_of
from webkit.openapi.schemas import Schemas
from webkit.openapi.security import SecuritySchemes


__all__ = ("PARTS", "Shared", "operation_of")

_SUMMARIES = {
    "list": "List {basename}",
    "create": "Create {noun}",
    "detail": "Show {noun}",
    "retrieve": "Show {noun}",
    "update": "Replace {noun}",
    "partial_update": "Update {noun}",
    "destroy": "Delete {noun}",
}


class Shared(NamedTuple):
    """What the operations of a document share: its components, while they are collected."""

    schemas: Schemas
    security: SecuritySchemes
    responses: Mapping[str, Any]


def operation_of(endpoint: Endpoint, shared: Shared) -> dict[str, Any]:
    """Return the operation of ``endpoint``; what it refers to is in ``shared`` then.

    Its ``operationId`` is the one to wish for: another operation may have the same.
    """
    parts = ((key, part(endpoint, shared)) for key, part in PARTS.items())
    generated = {key: value for key, value in parts if value}
    requirements, refusals = shared.security.of(endpoint)
    generated["responses"] = responses_of(endpoint, shared.schemas, refusals=refusals)
    if requirements:
        generated["security"] = requirements
    return merged_operation(generated, endpoint.docs.operation, shared=shared.responses)


def _tags(endpoint: Endpoint, shared: Shared) -> list[str]:
    options, plan = _options_of(endpoint), endpoint.route.plan
    if options and options.tags is not None:
        return list(options.tags)
    tag = (plan.basename if plan else "") or endpoint.route.unit
    return [tag] if tag else []


def _summary(endpoint: Endpoint, shared: Shared) -> str:
    options, plan = _options_of(endpoint), endpoint.route.plan
    if options and options.summary:
        return options.summary
    if endpoint.docs.summary:
        return endpoint.docs.summary
    if plan and plan.viewset and plan.action in _SUMMARIES:
        basename = _spaced(plan.basename)
        noun = _noun_of(plan.viewset) or basename
        return _SUMMARIES[plan.action].format(basename=basename or noun, noun=noun)
    view = endpoint.route.handler
    noun = _noun_of(view) if isinstance(view, type) else ""
    return _spaced(f"{endpoint.function.__name__} {noun}").capitalize()


def _description(endpoint: Endpoint, shared: Shared) -> str:
    return endpoint.docs.description


def _operation_id(endpoint: Endpoint, shared: Shared) -> str:
    route, plan = endpoint.route, endpoint.route.plan
    if plan and plan.viewset:
        parts = [plan.basename or _noun_of(plan.viewset), plan.action]
    elif route.name:
        parts = [route.name]
    else:
        parts = [route.unit, endpoint.function.__qualname__.rpartition(">.")[2]]
    return re.sub(r"\W+", "_", "_".join(filter(None, parts)))


def _parameters(endpoint: Endpoint, shared: Shared) -> list[dict[str, Any]]:
    return parameters_of(endpoint, shared.schemas)


def _body(endpoint: Endpoint, shared: Shared) -> dict[str, Any]:
    return body_of(endpoint, shared.schemas)


def _messages(endpoint: Endpoint, shared: Shared) -> dict[str, Any]:
    return messages_of(endpoint, shared.schemas)


def _deprecated(endpoint: Endpoint, shared: Shared) -> bool:
    options = _options_of(endpoint)
    return options is not None and options.deprecated


# In the order in which a person reads them; responses and security follow.
PARTS: Mapping[str, Callable[[Endpoint, Shared], Any]] = {
    "tags": _tags,
    "summary": _summary,
    "description": _description,
    "operationId": _operation_id,
    "deprecated": _deprecated,
    "parameters": _parameters,
    "requestBody": _body,
    "x-messages": _messages,
}


def _options_of(endpoint: Endpoint) -> ActionOptions | None:
    plan = endpoint.route.plan
    return options_of(plan.function) if plan else None


def _noun_of(cls: type) -> str:
    """Return ``top artist`` for ``TopArtistViewSet``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", cls.__name__).lower()
    return re.sub(r" ?(view( ?set)?|(http )?controller)$", "", words)


def _spaced(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name).strip()
