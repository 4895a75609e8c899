"""Offspring: the process of ``webkit dev`` that imports the project afresh and serves it.

It says when it could serve, does when it is its turn, and stops when its parent wants it or is
gone. A project that does not start is served as a page that says why.
"""

import asyncio
import contextlib
import importlib.util
import inspect
import socket
import sys
from collections.abc import Iterable
from pathlib import Path

from webkit.application import CONFIG
from webkit.config import Settings
from webkit.workers.draining import Patience
from webkit.workers.failures import explain, failure_app
from webkit.workers.hosting import Hosting, host_app
from webkit.workers.lifeline import Lifeline
from webkit.workers.loading import AppSource, load_app
from webkit.workers.logs import configure_logging
from webkit.workers.loops import loop_factory
from webkit.workers.messages import send
from webkit.workers.orders import Job, read
from webkit.workers.preloading import foreign_modules
from webkit.workers.signals import handle_signals
from webkit.workers.stopping import Stop


__all__ = ("forget_bytecode", "main", "work")


def main() -> None:
    """Do the job that the command line holds: the entry point of a process that was not forked."""
    work(read(Job, sys.argv[1]))


def work(job: Job) -> None:
    """Do a job to its end."""
    # The parent says when to stop. Signals are not ignored: who is started from here would, too.
    handle_signals(lambda number, frame: None)
    _Offspring(job).work()


class _Offspring:
    def __init__(self, job: Job) -> None:
        self._job = job
        self._root = Path(job.root)
        self._known = frozenset(sys.modules)
        self._channel = socket.socket(fileno=job.channel)
        self._sockets = [_inherited(number) for number in job.sockets]
        self._lifeline = Lifeline(self._channel)

    def work(self) -> None:
        problem = self._job.problem or self._serve_project()
        if problem and not self._lifeline.is_cut:
            self._run(failure_app(problem), kind="broken")

    def _serve_project(self) -> str:
        """Serve the project until a stop is wanted; return why it could not be, or nothing."""
        forget_bytecode(self._root / path for path in self._job.changed)
        try:
            self._run(load_app(self._job.app, root=self._root), kind="ready")
        except BaseException as error:  # whatever the project raises, sys.exit() included
            problem = explain(error, root=self._root)
            sys.stderr.write(problem)
            sys.stderr.flush()
            return problem
        return ""

    def _run(self, source: AppSource, *, kind: str) -> None:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(self._host(source, kind))

    async def _host(self, source: AppSource, kind: str) -> None:
        app = await source if inspect.isawaitable(source) else source
        config = app.get(CONFIG)
        settings = config.settings if config else Settings()
        configure_logging(config)

        turn = asyncio.Event()

        async def wait_for_turn() -> None:
            docs = any(resource.canonical == "/docs" for resource in app.router.resources())
            modules = foreign_modules(self._root, known=self._known)
            limit = settings.stop_wait_time
            send(self._channel, {"kind": kind, "docs": docs, "modules": modules, "limit": limit})
            await turn.wait()

        hosting = Hosting(
            sockets=[sock.dup() for sock in self._sockets],
            access_log=settings.access_log and kind == "ready",
            # The successor waits for its turn, and what comes now is meant for the new code.
            patience=Patience(accepting=0, lingering=0.02, finishing=settings.stop_wait_time),
            on_started=wait_for_turn,
            on_closed=self._close,
        )
        stop = Stop()
        self._lifeline.guard(stop, limit=settings.stop_wait_time, turn=turn)
        await host_app(app, hosting, stop=stop)

    def _close(self) -> None:
        for sock in self._sockets:
            sock.close()
        send(self._channel, {"kind": "closed"})


def _inherited(number: int) -> socket.socket:
    """Return a listening socket that other processes have, too.

    Whether it blocks is the same for all. A copy would make it block where this object does, and
    another process would wait in accept() for ever.
    """
    sock = socket.socket(fileno=number)
    sock.setblocking(False)
    return sock


def forget_bytecode(paths: Iterable[Path]) -> None:
    """Remove what Python has compiled from sources.

    It knows a source by its size and by the second of its change: too coarse for a reload.
    """
    for path in paths:
        if path.suffix == ".py":
            with contextlib.suppress(OSError):
                Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
