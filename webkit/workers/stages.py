"""Stages: an application that has started and listens nowhere, for commands that look at it.

Its loop runs in a thread of its own, so that a shell may wait for its user in the main thread.
"""

import asyncio
import contextlib
import inspect
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future, wait
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from webkit.workers.loading import AppSource
from webkit.workers.loops import loop_factory


__all__ = ("Stage", "started")

T = TypeVar("T")

_TICK = 0.1  # seconds until Ctrl-C is noticed


class Stage:
    """An application that runs as long as the ``with`` statement: ``with Stage(load) as stage``.

    ``load`` makes the application in its loop. What it and the start raise is raised on entering,
    what the clean-up raises on leaving.
    """

    app: web.Application

    def __init__(self, load: Callable[[], AppSource]) -> None:
        self._load = load
        self._loop = (loop_factory() or asyncio.new_event_loop)()
        self._end = asyncio.Event()
        self._started: Future[None] = Future()
        self._ended: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._started.result()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave()
        if error is None:
            self._ended.result()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Return what a coroutine returns in the loop of the application.

        Raises:
            KeyboardInterrupt: Ctrl-C while it ran, which cancels it.
        """
        task = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            # A signal may reach another thread, and then it wakes nobody who waits without end.
            while not wait([task], timeout=_TICK).done:
                pass
            return task.result()
        except KeyboardInterrupt:
            task.cancel()
            raise

    def _leave(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._live())

    async def _live(self) -> None:
        try:
            async with started(self._load) as app:
                self.app = app
                self._started.set_result(None)
                await self._end.wait()
        except BaseException as error:  # it is raised in the other thread
            failed = self._ended if self._started.done() else self._started
            failed.set_exception(error)
        else:
            self._ended.set_result(None)


@contextlib.asynccontextmanager
async def started(load: Callable[[], AppSource]) -> AsyncIterator[web.Application]:
    """Start the application that ``load`` makes, and clean up after it, also if it fails."""
    source = load()
    app = await source if inspect.isawaitable(source) else source
    runner = web.AppRunner(app)
    try:
        await runner.setup()
        yield app
    finally:
        await runner.cleanup()
