"""Stopping: what signals ask of a process that serves.

1. The first SIGTERM or SIGINT asks it to stop.
2. Another SIGTERM changes nothing; another SIGINT asks it to hurry.
"""

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

from webkit.workers.signals import handle_signals


__all__ = ("Stop", "stop_on_signals")


class Stop:
    """The wish to stop: ``wanted`` is set by the first, ``hurry`` by an impatient one."""

    def __init__(self) -> None:
        self.wanted = asyncio.Event()
        self.hurry = asyncio.Event()
        self._interrupts = 0

    def ask(self) -> None:
        """Ask for an end in good order."""
        self.wanted.set()

    def ask_to_hurry(self) -> None:
        """Ask for an end at once: what is in progress is cut."""
        self.wanted.set()
        self.hurry.set()

    def receive(self, number: int) -> None:
        """Take note of a signal."""
        self._interrupts += number == signal.SIGINT
        if self._interrupts > 1:
            self.ask_to_hurry()
        else:
            self.ask()


@contextlib.contextmanager
def stop_on_signals(stop: Stop) -> Iterator[None]:
    """Hand signals to ``stop``, in the running loop; afterwards they are ignored.

    The process is on its last steps then, and a second signal is not to kill it there.
    """
    loop = asyncio.get_running_loop()

    def receive(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.receive, number)  # wakes the loop, too

    handle_signals(receive)
    try:
        yield
    finally:
        handle_signals(signal.SIG_IGN)
