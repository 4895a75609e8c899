"""What a handler makes of the value that a function returns, decided from the annotation.

A response passes as it is; None is 204; a ``Reply`` brings its status; an iterator streams;
anything else becomes JSON. An action with a ``WebSocket`` returns nothing.
"""

import inspect
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from aiohttp import web

from webkit.codec import encode
from webkit.models import bare, fields_of, is_model, members
from webkit.replies import Reply, created_response, json_response, reply_response
from webkit.soundness import writing_problems
from webkit.sources import Script
from webkit.streams import EVENTS, LINES, Event, stream
from webkit.websockets import serve_socket


__all__ = ("ANYTHING", "Output", "output_of", "returned_problems", "socket_lines")

ANYTHING: Any = inspect.Signature.empty
_RETURNED = "what it returns"
_ITERATORS = (AsyncIterator, AsyncIterable, AsyncGenerator)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What a function returns, and what becomes of it.

    ``type`` is as annotated, for a stream that of an item; ``status`` that of a success;
    ``media_type`` that of the body, empty where there is none or the function decides. ``key``
    names the attribute of a created object that its URL ends with.
    """

    type: Any
    status: int
    media_type: str = ""
    key: str = ""
    is_generator: bool = False
    passes: bool = False

    @property
    def empty_status(self) -> int:
        """The status of a success without a value."""
        return self.status if bare(self.type) is type(None) else 204

    def write(self, script: Script, call: str) -> list[str]:
        """Return the lines that call the function and answer with what it returns."""
        if self.media_type in (EVENTS, LINES):
            script.names |= {"_stream": stream, "_media_type": self.media_type}
            items = call if self.is_generator else f"await {call}"
            return [f"return await _stream(request, {items}, media_type=_media_type)"]
        if self.passes and self.type is not ANYTHING:
            return [f"return await {call}"]
        script.names |= {
            "_StreamResponse": web.StreamResponse,
            "_Reply": Reply,
            "_encode": encode,
            "_json": json_response,
            "_created": created_response,
            "_reply": reply_response,
            "_Response": web.Response,
        }
        made = f"_json(_encode(result), {self.status})"
        if self.key:
            key = f"result[{self.key!r}] if isinstance(result, dict) else result.{self.key}"
            created = f"_created(request, _encode(result), key={key})"
            made = f"{made} if isinstance(result, list) else {created}"
        return [
            f"result = await {call}",
            "if isinstance(result, _StreamResponse):",
            "    return result",
            "if result is None:",
            f"    return _Response(status={self.empty_status})",
            "if isinstance(result, _Reply):",
            "    return _reply(result)",
            f"return {made}",
        ]


def socket_lines(script: Script, call: str, *, socket: str) -> list[str]:
    """Return the lines that run the function on a connection, which the name ``socket`` holds."""
    script.names["_serve"] = serve_socket
    return [f"return await _serve({socket}, {call})"]


def output_of(
    function: Callable[..., Any], tp: Any, *, created_key: str = "", status: int | None = None
) -> Output:
    """Return what becomes of the value that ``function`` returns, annotated with ``tp``.

    ``created_key`` is given where the function makes an object: the attribute with its id.
    """
    kind = get_origin(bare(tp)) or bare(tp)
    if kind in _ITERATORS:
        item = (*get_args(bare(tp)), Any)[0]
        is_event = (get_origin(bare(item)) or bare(item)) is Event
        return Output(
            type=item,
            status=status or 200,
            media_type=EVENTS if is_event else LINES,
            is_generator=inspect.isasyncgenfunction(inspect.unwrap(function)),
        )
    if kind is ANYTHING or (isinstance(kind, type) and issubclass(kind, web.StreamResponse)):
        return Output(type=tp, status=status or 200, passes=True)
    if kind is type(None):
        return Output(type=tp, status=204 if status in (None, 201) else status)
    models = [member for member in members(tp) if is_model(member)]  # or a list: several were made
    has_key = len(models) == 1 and created_key in {item.name for item in fields_of(models[0])}
    return Output(
        type=tp,
        status=status or 200,
        media_type="application/json",
        key=created_key if has_key and status in (None, 201) else "",
    )


def returned_problems(function: Callable[..., Any], tp: Any) -> Iterator[str]:
    """Yield why no answer can be made of what a function returns, annotated with ``tp``."""
    is_stream = (get_origin(bare(tp)) or bare(tp)) in _ITERATORS
    if inspect.isasyncgenfunction(inspect.unwrap(function)) and not is_stream:
        yield f"{_RETURNED}: it yields, so it is a stream. Write -> AsyncIterator[...]"
        return
    kinds = [tp] if tp is ANYTHING else members(tp)
    for kind in kinds:
        origin, arguments = get_origin(bare(kind)) or bare(kind), get_args(bare(kind))
        if origin in (*_ITERATORS, Reply, Event):
            if origin is Event:
                yield f"{_RETURNED}: an Event alone is no stream. Write AsyncIterator[Event[...]]"
            items = arguments[:1] if origin is not Reply else arguments
            found = [part for item in items for part in _items_of(item)]
            yield from (
                f"what it returns: {text}" for item in found for text in writing_problems(item)
            )
        elif kind is not ANYTHING:
            yield from (f"{_RETURNED}: {text}" for text in writing_problems(kind))


def _items_of(tp: Any) -> tuple[Any, ...]:
    """Return the type of the items of a stream, of an event that of its data."""
    is_event = get_origin(bare(tp)) is Event
    return get_args(bare(tp)) if is_event else members(tp)
