"""Streams: what an action yields is sent while it is made, as JSON lines or server-sent events.

1. Nothing is sent before the first item is there, so that an error up to then has its own answer.
2. A slow client slows the iterator down; one that goes away ends it, also while it waits.
3. An error after the first item closes the connection in the middle of the body: the client can
   tell that something is missing.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import Any, Generic, TypeVar, cast

import msgspec
from aiohttp import hdrs, web

from webkit.codec import encode
from webkit.responses import HEADERS


__all__ = ("EVENTS", "LINES", "Event", "stream")

T_co = TypeVar("T_co", covariant=True)

LINES = "application/jsonl"
EVENTS = "text/event-stream"
_CHECK = 1.0  # seconds between two looks whether the client is still there
_PINGS = 15  # looks between two comments that keep proxies from closing a silent stream
_END: Any = object()

_log = logging.getLogger("webkit.request")


class Event(msgspec.Struct, Generic[T_co], frozen=True):
    """A server-sent event: data of any type, and the fields that the protocol has.

    ``retry`` is in milliseconds.
    """

    data: T_co
    event: str | None = None
    id: str | None = None
    retry: int | None = None


async def stream(
    request: web.Request, items: AsyncIterator[Any], *, media_type: str
) -> web.StreamResponse:
    """Send what an iterator yields, and return the response when it ends."""
    write = _event if media_type == EVENTS else _line
    response = web.StreamResponse(headers={**HEADERS, hdrs.CONTENT_TYPE: media_type})
    response.headers[hdrs.CACHE_CONTROL] = "no-cache"
    response.headers["X-Accel-Buffering"] = "no"
    async with contextlib.aclosing(_closable(items)) as source:
        first = await anext(source, _END)
        await response.prepare(request)
        if first is not _END and request.method != hdrs.METH_HEAD:
            await _send(request, response, _chunks(first, source, write))
    return response


async def _send(
    request: web.Request, response: web.StreamResponse, chunks: AsyncIterator[bytes]
) -> None:
    task = cast("asyncio.Task[None]", asyncio.current_task())
    watch = asyncio.create_task(_watch(request, response, task))
    try:
        async for chunk in chunks:
            await response.write(chunk)
    except ConnectionError:
        pass  # the client has gone
    except asyncio.CancelledError:
        if not watch.done() or task.uncancel():
            raise  # somebody else has ended this
    except Exception:
        _log.exception("%s %s: broken off", request.method, request.rel_url.raw_path)
        response.force_close()
        cast("asyncio.Transport", request.transport).abort()
    finally:
        watch.cancel()


async def _watch(
    request: web.Request, response: web.StreamResponse, task: "asyncio.Task[None]"
) -> None:
    """End a stream whose client has gone; keep a silent one open."""
    looks = 0
    while request.transport is not None and not request.transport.is_closing():
        await asyncio.sleep(_CHECK)
        looks += 1
        if looks % _PINGS == 0 and response.content_type == EVENTS:
            with contextlib.suppress(ConnectionError):
                await response.write(b":\n\n")
    task.cancel()


async def _chunks(
    first: Any, rest: AsyncIterator[Any], write: Callable[[Any], bytes]
) -> AsyncIterator[bytes]:
    yield write(first)
    async for item in rest:
        yield write(item)


async def _closable(items: AsyncIterator[Any]) -> AsyncGenerator[Any, None]:
    """Yield the items of any iterator; closing this closes it too, if it can be closed."""
    try:
        async for item in items:
            yield item
    finally:
        close = getattr(items, "aclose", None)
        if close is not None:
            await close()


def _line(item: Any) -> bytes:
    return encode(item) + b"\n"


def _event(item: Any) -> bytes:
    if not isinstance(item, Event):
        item = Event(item)
    lines = [
        f"{name}: {_one_line(value)}\n"
        for name, value in (("event", item.event), ("id", item.id), ("retry", item.retry))
        if value is not None
    ]
    return "".join(lines).encode() + b"data: " + encode(item.data) + b"\n\n"


def _one_line(value: object) -> str:
    return str(value).translate({10: " ", 13: " ", 0: " "})
