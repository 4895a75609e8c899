"""Hosting: one application on listening sockets, from its start-up to its clean-up."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from aiohttp import web

from webkit.workers.access_log import AccessLogger
from webkit.workers.draining import Patience, drain
from webkit.workers.stopping import Stop


__all__ = ("Hosting", "host_app")

_log = logging.getLogger("webkit.server")
_KEEPALIVE = 75.0  # seconds that an idle connection stays open: longer than most proxies keep it


def _nothing() -> None:
    pass


async def _no_wait() -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosting:
    """How to host.

    ``sockets`` are bound. ``on_started`` is awaited when the application has started, before they
    accept connections; ``on_ready`` is called when they do, ``on_closed`` when they do no more.
    """

    sockets: Sequence[socket.socket]
    access_log: bool = True
    patience: Patience = field(default_factory=Patience)
    on_started: Callable[[], Awaitable[None]] = _no_wait
    on_ready: Callable[[], None] = _nothing
    on_closed: Callable[[], None] = _nothing


async def host_app(app: web.Application, hosting: Hosting, *, stop: Stop) -> bool:
    """Serve until a stop is wanted, also during start-up; tell whether the clean-up went well.

    What start-up raises is passed on, after the clean-up of what had started.
    """
    access_log = logging.getLogger("webkit.access") if hosting.access_log else None
    runner = web.AppRunner(
        app,
        access_log_class=AccessLogger,
        access_log=access_log,
        keepalive_timeout=_KEEPALIVE,
    )
    try:
        await _serve(runner, hosting, stop=stop)
    except BaseException:
        await _is_cleaned_up(app)
        raise
    return await _is_cleaned_up(app)


async def _serve(runner: web.AppRunner, hosting: Hosting, *, stop: Stop) -> None:
    """Serve until a stop is wanted, then drain."""
    with contextlib.suppress(_Stopped):
        await _start(runner, hosting, stop=stop)
        for sock in hosting.sockets:
            await web.SockSite(runner, sock).start()
        hosting.on_ready()
        await stop.wanted.wait()
        await drain(
            runner, patience=hosting.patience, hurry=stop.hurry, on_closed=hosting.on_closed
        )


class _Stopped(Exception):
    """A stop was wanted before everything had started."""


async def _start(runner: web.AppRunner, hosting: Hosting, *, stop: Stop) -> None:
    """Start the application; a stop that is wanted before the end cancels it.

    All in this task, because clean-up contexts are to be entered and left in one.

    Raises:
        _Stopped: it did.
    """
    limit = asyncio.timeout(None)
    try:
        async with limit:
            watch = asyncio.ensure_future(_expire(limit, stop))
            try:
                await runner.setup()
                await hosting.on_started()
            finally:
                watch.cancel()
    except TimeoutError:
        if not limit.expired():
            raise
        raise _Stopped from None


async def _expire(limit: asyncio.Timeout, stop: Stop) -> None:
    await stop.wanted.wait()
    limit.reschedule(asyncio.get_running_loop().time())


async def _is_cleaned_up(app: web.Application) -> bool:
    try:
        await app.cleanup()
    except Exception:  # the hooks of a project may raise anything, and the end must come
        _log.exception("on_cleanup failed")
        return False
    return True
