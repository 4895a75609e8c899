"""Answers of an operation: what a success looks like, and which errors can come."""

from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin

from aiohttp import web

from webkit.decorators import options_of
from webkit.models import bare, is_model, members
from webkit.openapi.bodies import is_form, is_json
from webkit.openapi.endpoints import Endpoint
from webkit.openapi.problems import error_responses
from webkit.openapi.schemas import Schemas
from webkit.outputs import ANYTHING, Output
from webkit.plans import ActionPlan
from webkit.replies import Reply
from webkit.responses import title_of
from webkit.sources import ModelSource, Source
from webkit.streams import EVENTS, LINES


__all__ = ("messages_of", "responses_of")

_JSON = "application/json"
_LOCATION = {
    "description": "Where the new object is",
    "schema": {"type": "string", "format": "uri-reference"},
}
_CHANGES = ("create", "update", "partial_update", "destroy")
_TEXTS = ("query", "header", "cookie")


def responses_of(
    endpoint: Endpoint, schemas: Schemas, *, refusals: tuple[str, ...]
) -> dict[str, Any]:
    """Return the answers of an endpoint by status; ``refusals`` are the statuses of its policy."""
    plan = endpoint.route.plan
    success = _successes(plan, schemas) if plan else {"200": _answer(200)}
    errors = error_responses(*_errors(endpoint), *refusals, "default")
    return dict(sorted({**success, **errors}.items()))


def messages_of(endpoint: Endpoint, schemas: Schemas) -> dict[str, Any]:
    """Return the schemas of what goes over a WebSocket; nothing if there is none."""
    plan = endpoint.route.plan
    for source in plan.sources if plan else ():
        if source.place == "socket":
            received, sent = get_args(source.type) or (Any, Any)
            return {"receives": schemas.of(received), "sends": schemas.of(sent)}
    return {}


def _errors(endpoint: Endpoint) -> Iterator[str]:
    """Yield the statuses of the errors that webkit itself may answer with."""
    plan = endpoint.route.plan
    sources = plan.sources if plan else ()
    has_socket = any(source.place == "socket" for source in sources)
    has_body = any(source.place == "body" for source in sources)
    reads_form = plan is not None and is_form(plan)
    if is_json(endpoint) or reads_form or has_socket:
        yield "400"
    if endpoint.variables:
        yield "404"
    if plan and plan.action in _CHANGES and hasattr(plan.viewset, "repository"):
        yield "409"
    if is_json(endpoint) or reads_form or has_body:
        yield "413"
    if reads_form or (has_body and is_json(endpoint)):
        yield "415"
    if any(map(_may_misfit, sources)):
        yield "422"


def _may_misfit(source: Source) -> bool:
    if source.place in _TEXTS:
        is_text = source.type in (str, str | None) and not isinstance(source, ModelSource)
        return source.required or not is_text
    return source.place in {"form", "file"} or (source.place == "body" and source.type is not bytes)


def _successes(plan: ActionPlan, schemas: Schemas) -> dict[str, Any]:
    output = plan.output
    if any(source.place == "socket" for source in plan.sources):
        return {"101": _answer(101)}
    if output.passes:
        return _guess(plan)
    if output.media_type in {EVENTS, LINES}:
        return {str(output.status): _answer(output.status, _stream(output, schemas))}
    return _typed(plan, schemas)


def _guess(plan: ActionPlan) -> dict[str, Any]:
    """Return the success of a function that makes its response itself."""
    status = plan.output.status
    if plan.output.type is not ANYTHING or plan.viewset is None:
        return {str(status): _answer(status)}
    if plan.action == "destroy":
        return {"204": _answer(204)}
    return {str(status): _answer(status, {_JSON: {}})}


def _typed(plan: ActionPlan, schemas: Schemas) -> dict[str, Any]:
    """Return the successes of a function that returns values, by status."""
    output, options = plan.output, options_of(plan.function)
    # A reply chooses its status when it is made, unless the decorator tells it.
    replied = str(options.status) if options and options.status else "2XX"
    kinds: dict[str, list[Any]] = {}
    for member in members(output.type):
        kind = get_origin(bare(member)) or bare(member)
        if kind in (type(None), Any, object):  # of which None is one
            kinds[str(output.empty_status)] = []
        if kind is type(None):
            continue
        if kind is Reply:
            kinds.setdefault(replied, []).extend(get_args(bare(member)) or (Any,))
        elif not (isinstance(kind, type) and issubclass(kind, web.StreamResponse)):
            kinds.setdefault(str(output.status), []).append(member)
    found = {}
    for status, types in kinds.items():
        united: Any = Union[tuple(types)] if types else None  # noqa: UP007  # made at run time
        found[status] = _answer(status, {_JSON: {"schema": schemas.of(united)}} if types else None)
    made = kinds.get("201", [])
    if output.key and made:
        always = {"required": True} if all(map(is_model, made)) else {}  # or several were made
        found["201"]["headers"] = {"Location": {**_LOCATION, **always}}
    return found


def _stream(output: Output, schemas: Schemas) -> dict[str, Any]:
    """Return the content of a stream; OpenAPI 3.1 has no schema of a whole one, but of an item."""
    if output.media_type == LINES:
        return {LINES: {"schema": schemas.of(output.type)}}
    (data,) = get_args(bare(output.type)) or (Any,)
    return {EVENTS: {"schema": _event(schemas.of(data))}}


def _event(data: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a server-sent event, as OpenAPI 3.2 describes one."""
    return {
        "type": "object",
        "required": ["data"],
        "properties": {
            "data": {"type": "string", "contentMediaType": _JSON, "contentSchema": data},
            "event": {"type": "string"},
            "id": {"type": "string"},
            "retry": {"type": "integer", "minimum": 0},
        },
    }


def _answer(status: int | str, content: dict[str, Any] | None = None) -> dict[str, Any]:
    description = "Success" if status == "2XX" else title_of(int(status)) or "Success"
    return {"description": description, **({"content": content} if content else {})}
