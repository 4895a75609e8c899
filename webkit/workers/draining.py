"""Draining: the end of a server that loses no request.

1. From the first moment on, every answer says ``Connection: close``, also that of a request in
   progress; the request is marked as its connection's last, so aiohttp does the rest.
2. Requests on open connections are still answered; idle connections are closed after a while.
3. What takes longer than it may is cancelled and named in the log.
4. While nobody drains, a request pays nothing for it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp.http import RawRequestMessage
from aiohttp.web import AppRunner, BaseRequest, RequestHandler, Server

from webkit.health import READINESS
from webkit.workers.access_log import path_of


__all__ = ("Patience", "drain")

_log = logging.getLogger("webkit.server")
_TICK = 0.01  # seconds between two looks at the connections
_CANCELLING = 0.5  # seconds for what is cancelled to end


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long each part of the end may take, in seconds from its beginning.

    ``accepting``: new connections are taken, so that the kernel's queue is empty at the end.
    ``lingering``: idle connections may bring one more request.
    ``greeting``: the same for connections that never brought one.
    ``finishing``: requests in progress go on.
    """

    accepting: float = 0.05
    lingering: float = 0.25
    greeting: float = 0.25
    finishing: float = 8.0


async def drain(
    runner: AppRunner,
    *,
    patience: Patience,
    hurry: asyncio.Event,
    on_closed: Callable[[], None] = lambda: None,
) -> None:
    """End the serving of a runner that was set up: its ``on_shutdown`` runs, its clean-up does not.

    ``on_closed`` is called when no new connection is accepted any more.
    Returns about a second after ``patience`` is exhausted or ``hurry`` is set, at the latest.
    """
    server = runner.server
    if server is None:
        return
    end = _Drain(runner, server, patience=patience, hurry=hurry)
    await end.close()
    on_closed()
    await end.finish()


class _Drain:
    def __init__(
        self, runner: AppRunner, server: Server, *, patience: Patience, hurry: asyncio.Event
    ) -> None:
        self._runner = runner
        self._server = server
        self._patience = patience
        self._hurry = hurry
        self._time = asyncio.get_running_loop().time
        self._start = self._time()

    async def close(self) -> None:
        """Stop accepting connections, and make all requests the last of theirs."""
        if READINESS in self._runner.app:
            self._runner.app[READINESS].stop()
        _mark_requests_as_last(self._server)
        await self._wait(self._patience.accepting, until=lambda: False)
        _ignore_new_connections(self._runner)
        await asyncio.sleep(0)  # a server that is closed drops what asyncio has just accepted
        for site in self._runner.sites:
            await site.stop()

    async def finish(self) -> None:
        """Answer what there is, as long as there is patience for it."""
        await asyncio.sleep(_TICK)  # what was accepted last becomes a connection only now
        patience = self._patience
        idle = max(patience.lingering, patience.greeting)
        await self._wait(min(idle, patience.finishing), until=self._is_empty)
        await self._call_hooks()
        self._tell_of_waiting()
        await self._wait(patience.finishing, until=self._is_empty)
        await self._cut()

    @property
    def _elapsed(self) -> float:
        return self._time() - self._start

    def _is_empty(self) -> bool:
        return not self._server.connections

    async def _wait(self, limit: float, *, until: Callable[[], bool]) -> None:
        """Look after the connections until there is nothing to wait for, or no time left."""
        while not (until() or self._hurry.is_set() or self._elapsed >= limit):
            self._close_idle_connections()
            await asyncio.sleep(_TICK)
        self._close_idle_connections()

    def _close_idle_connections(self) -> None:
        for connection in self._server.connections:
            is_new = not connection._request_count
            limit = self._patience.greeting if is_new else self._patience.lingering
            # Not close(): it would leave the transport open, and drop the bodies of uploads.
            if not _is_busy(connection) and self._elapsed >= limit:
                connection.force_close()

    async def _call_hooks(self) -> None:
        hooks = asyncio.ensure_future(self._runner.shutdown())
        await asyncio.wait({hooks}, timeout=_CANCELLING)  # so long also where time is over
        await self._wait(self._patience.finishing, until=hooks.done)
        hooks.cancel()
        await asyncio.wait({hooks}, timeout=_CANCELLING)
        if not hooks.done() or hooks.cancelled():
            _log.warning("on_shutdown did not end in time and was cancelled")
        elif error := hooks.exception():
            _log.error("on_shutdown failed", exc_info=error)

    def _tell_of_waiting(self) -> None:
        if names := ", ".join(map(_name_of, _requests_in(self._server))):
            _log.info("waiting up to %.0f s for %s", self._patience.finishing, names)

    async def _cut(self) -> None:
        """Cancel what is still in progress, and say what it was."""
        requests = {request.task: _name_of(request) for request in _requests_in(self._server)}
        for name in requests.values():
            _log.warning("cut after %.1f s: %s", self._elapsed, name)
        await self._server.shutdown(_TICK)
        for task in requests:
            if not task.cancelling():  # else it may be in the middle of its own clean-up
                task.cancel()
        if requests:
            _, ignorant = await asyncio.wait(requests, timeout=_CANCELLING)
            for task in ignorant:
                _log.error("ignored its cancellation and is left: %s", requests[task])


def _ignore_new_connections(runner: AppRunner) -> None:
    loop = asyncio.get_running_loop()
    for site in runner.sites:
        for sock in getattr(site._server, "sockets", ()):
            with contextlib.suppress(NotImplementedError):  # Windows
                loop.remove_reader(sock.fileno())


def _mark_requests_as_last(server: Server) -> None:
    """Make every request, of now and later, the last one of its connection."""
    make = server.request_factory

    def make_last(message: RawRequestMessage, *rest: Any) -> BaseRequest:
        return make(message._replace(should_close=True), *rest)

    server.request_factory = make_last
    for connection in server.connections:
        connection._request_factory = make_last
    for request in _requests_in(server):
        request._message = request._message._replace(should_close=True)
        request._cache.pop("keep_alive", None)


def _requests_in(server: Server) -> list[BaseRequest]:
    """Return the requests whose handlers run, also those whose clients have left."""
    requests = (connection._current_request for connection in server.connections)
    return [request for request in requests if request is not None]


def _is_busy(connection: RequestHandler) -> bool:
    return connection._request_in_progress or bool(connection._messages)


def _name_of(request: BaseRequest) -> str:
    return f"{request.method} {path_of(request)}"
