"""The lifeline: how a process of ``webkit dev`` hears what its parent wants, or that it is gone."""

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Callable
from typing import NamedTuple

from webkit.workers.leaving import LAST_STEPS, exit_after
from webkit.workers.messages import Inbox
from webkit.workers.stopping import Stop


__all__ = ("Lifeline",)


class _Guarded(NamedTuple):
    loop: asyncio.AbstractEventLoop
    stop: Stop
    limit: float
    turn: asyncio.Event


class Lifeline:
    """Listens to the parent in a thread: the loop may be blocked, or not there yet.

    Until there is something to stop in good order, a wish to stop ends the process at once.
    ``is_cut`` is set when there was one.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._inbox = Inbox(sock)
        self.is_cut = False
        self._guarded: _Guarded | None = None
        threading.Thread(target=self._listen, daemon=True).start()

    def guard(self, stop: Stop, *, limit: float, turn: asyncio.Event) -> None:
        """Hand the wishes of the parent to ``stop`` and ``turn`` in the running loop.

        ``turn`` is set when this process is to accept connections. It ends ``limit`` seconds after
        a wish to stop, and what its last steps take.
        """
        self._guarded = _Guarded(asyncio.get_running_loop(), stop, limit, turn)

    def _listen(self) -> None:
        while (messages := self._inbox.receive()) is not None:
            for message in messages:
                self._act(message["kind"])
        self._act("stop")

    def _act(self, kind: str) -> None:
        self.is_cut = self.is_cut or kind != "accept"
        if self._guarded is None:
            os._exit(0)
        loop, stop, limit, turn = self._guarded
        wish: Callable[[], None] = turn.set
        if kind != "accept":
            is_urgent = kind == "hurry"
            wish = stop.ask_to_hurry if is_urgent else stop.ask
            exit_after(LAST_STEPS if is_urgent else limit + LAST_STEPS)
        with contextlib.suppress(RuntimeError):  # the loop is closed: the end is near
            loop.call_soon_threadsafe(wish)
