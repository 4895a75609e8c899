"""The lifeline: how a process of ``webkit dev`` hears what its parent wants, or that it is gone."""

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Callable

from webkit.workers.leaving import LAST_STEPS, exit_after
from webkit.workers.messages import Inbox
from webkit.workers.stopping import Stop


__all__ = ("Lifeline",)


class Lifeline:
    """Listens to the parent in a thread: the loop may be blocked, or not there yet.

    Until there is something to stop in good order, a wish to stop ends the process at once.
    ``is_cut`` is set when there was one.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._inbox = Inbox(sock)
        self.is_cut = False
        self._guarded: tuple[asyncio.AbstractEventLoop, Stop, float] | None = None
        threading.Thread(target=self._listen, daemon=True).start()

    def guard(self, stop: Stop, *, limit: float) -> None:
        """Hand the wishes of the parent to ``stop`` in the running loop.

        The process ends ``limit`` seconds after one, and what its last steps take.
        """
        self._guarded = (asyncio.get_running_loop(), stop, limit)

    def _listen(self) -> None:
        while (messages := self._inbox.receive()) is not None:
            for message in messages:
                self._act(is_urgent=message["kind"] == "hurry")
        self._act(is_urgent=False)

    def _act(self, *, is_urgent: bool) -> None:
        self.is_cut = True
        if self._guarded is None:
            os._exit(0)
        loop, stop, limit = self._guarded
        wish: Callable[[], None] = stop.ask_to_hurry if is_urgent else stop.ask
        exit_after(LAST_STEPS if is_urgent else limit + LAST_STEPS)
        with contextlib.suppress(RuntimeError):  # the loop is closed: the end is near
            loop.call_soon_threadsafe(wish)
