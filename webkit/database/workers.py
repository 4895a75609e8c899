"""Threads that each own one connection to SQLite, and do jobs in the order in which they come.

One hop to the thread and back costs more than most statements do. So what has come while a job
was done goes back to the event loop together.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar


__all__ = ("Expired", "Worker")

T = TypeVar("T")

_AT_ONCE = 16  # jobs whose answers go back together: the first waits for the others


class Expired(Exception):
    """A job was not begun in time."""


class _Job(NamedTuple):
    future: asyncio.Future[Any]
    call: Callable[[sqlite3.Connection], Any]
    deadline: float


_Answer = tuple[asyncio.Future[Any], Any, BaseException | None]


class Worker:
    """A thread with a connection; ``connect`` makes it there. ``pending`` jobs are not answered."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], *, name: str) -> None:
        self.pending = 0
        self._connect = connect
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._closed: asyncio.Future[None] = self._loop.create_future()
        # A daemon: a process that is told to end must not wait for a statement.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread, which connects; if it cannot, that is the answer to every job."""
        self._thread.start()

    async def open(self) -> None:
        """Start the thread and wait until it has connected."""
        self.start()
        await asyncio.shield(self._opened)

    async def close(self) -> None:
        """Do what was asked for, and disconnect."""
        self._jobs.put(None)
        await asyncio.shield(self._closed)

    def submit(
        self, call: Callable[[sqlite3.Connection], T], *, timeout: float
    ) -> asyncio.Future[T]:
        """Have the thread call a function with its connection.

        Raises:
            Expired: (awaited) it was not begun within ``timeout`` seconds.
        """
        future = self._loop.create_future()
        self.pending += 1
        self._jobs.put(_Job(future, call, time.monotonic() + timeout))
        return future

    def _run(self) -> None:
        try:
            connection = self._connect()
        except sqlite3.Error as error:
            self._tell([(self._opened, None, error)])
            for job in iter(self._jobs.get, None):
                self._tell([(job.future, None, error)])
            self._tell([(self._closed, None, None)])
            return
        self._tell([(self._opened, None, None)])
        try:
            self._work(connection)
        finally:
            connection.close()
            self._tell([(self._closed, None, None)])

    def _work(self, connection: sqlite3.Connection) -> None:
        """Do jobs until there is a None among them."""
        answers: list[_Answer] = []
        for job in iter(self._jobs.get, None):
            answers.append(_done(job, connection))
            if len(answers) >= _AT_ONCE or self._jobs.empty():
                self._tell(answers)
                answers = []
        self._tell(answers)

    def _tell(self, answers: list[_Answer]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits for an answer
            self._loop.call_soon_threadsafe(self._deliver, answers)

    def _deliver(self, answers: list[_Answer]) -> None:
        for future, result, error in answers:
            if future is not self._opened and future is not self._closed:
                self.pending -= 1
            if future.done():  # who waited was cancelled
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)


def _done(job: _Job, connection: sqlite3.Connection) -> _Answer:
    if time.monotonic() > job.deadline:
        return job.future, None, Expired()
    try:
        return job.future, job.call(connection), None
    except Exception as error:
        return job.future, None, error
