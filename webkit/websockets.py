"""WebSockets with typed messages: ``async def chat(self, ws: WebSocket[Said, Heard]) -> None``."""

import logging
from collections.abc import AsyncIterator, Awaitable
from typing import Any, Generic, TypeVar, get_args, get_origin

from aiohttp import WSCloseCode, web

from webkit.codec import MISFITS, Walk, decoder_of, encode, parse
from webkit.exceptions import APIException
from webkit.replies import error_body
from webkit.responses import HEADERS
from webkit.sources import Script, Source


__all__ = ("SocketSource", "WebSocket", "is_socket", "serve_socket")

In = TypeVar("In")
Out = TypeVar("Out")

_LONGEST_REASON = 30  # characters, at most 120 bytes; a close frame has room for 123
_HEARTBEAT = 30.0  # seconds between pings; a peer that does not answer half as long is gone


_log = logging.getLogger("webkit.request")


class WebSocket(Generic[In, Out]):
    """An open connection: iterate over what comes, ``send`` what goes.

    A message that is no JSON of type ``In`` never reaches the action: the peer gets the problem, in
    the shape of an error's body, and may go on. The iteration ends when the connection does.
    """

    def __init__(self, response: web.WebSocketResponse, wanted: Any) -> None:
        self.response = response
        self._wanted = wanted
        self._decode = decoder_of(wanted)

    def __aiter__(self) -> AsyncIterator[In]:
        return self._messages()

    async def send(self, message: Out) -> None:
        """Send one message as JSON.

        Raises:
            ConnectionError: the peer has gone.
        """
        await self.response.send_str(encode(message).decode())

    async def close(self, code: int = WSCloseCode.OK, message: str = "") -> None:
        """Close the connection."""
        await self.response.close(code=code, message=message.encode())

    async def _messages(self) -> AsyncIterator[In]:
        async for message in self.response:
            raw = message.data.encode() if isinstance(message.data, str) else message.data
            try:
                found: In = self._decode(raw)
            except MISFITS:
                await self.response.send_str(encode(error_body(self._problem(raw))).decode())
                continue
            yield found

    def _problem(self, raw: bytes) -> APIException:
        walk = Walk()
        try:
            walk.visit(parse(raw), self._wanted)
        except APIException as error:
            return error
        return walk.result()


def is_socket(tp: Any) -> bool:
    """Tell whether a parameter of this type takes the connection."""
    return (get_origin(tp) or tp) is WebSocket


class SocketSource(Source):
    """The connection itself, opened before the action runs."""

    __slots__ = ()

    def write(self, script: Script) -> str:
        """Return the expression."""
        wanted = (*get_args(self.type), Any)[0]

        async def open_socket(request: web.Request) -> WebSocket[Any, Any]:
            limit = request.client_max_size
            response = web.WebSocketResponse(heartbeat=_HEARTBEAT, max_msg_size=limit)
            response.headers.update(HEADERS)
            await response.prepare(request)
            return WebSocket(response, wanted)

        return f"await {script.bind(open_socket)}(request)"


async def serve_socket(
    socket: WebSocket[Any, Any], action: Awaitable[None]
) -> web.WebSocketResponse:
    """Run an action on its connection, and close the connection when the action ends.

    An ``APIException`` closes it with its text, any other error with none.
    """
    try:
        await action
    except APIException as error:
        await socket.close(WSCloseCode.POLICY_VIOLATION, str(error.detail)[:_LONGEST_REASON])
    except ConnectionError:
        pass  # the peer has gone
    except Exception:
        _log.exception("WebSocket broken off")
        await socket.close(WSCloseCode.INTERNAL_ERROR)
    await socket.close()
    return socket.response
