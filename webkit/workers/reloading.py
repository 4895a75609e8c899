"""Reloading: the parent process of ``webkit dev``, which owns the sockets and hears of changes.

The sockets are its own, so that no request is refused while one process takes over from another.
It never imports the project, nor aiohttp.
"""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Self

from webkit.exceptions import WebkitError
from webkit.workers.listening import Address, bind
from webkit.workers.messages import send
from webkit.workers.orders import Orders, written
from webkit.workers.signals import handle_signals


__all__ = ("ReloadError", "Reloader", "Wish")


class ReloadError(WebkitError):
    """The development server cannot go on."""

    exit_status = 1


class Wish:
    """The wish of SIGTERM or SIGINT to stop; a second SIGINT wants it quick."""

    def __init__(self) -> None:
        self._is_set = False
        self._interrupts = 0
        self._zygote: socket.socket | None = None
        handle_signals(self._receive)

    def is_set(self) -> bool:
        """Tell whether there was a signal."""
        return self._is_set

    def pass_to(self, zygote: socket.socket) -> None:
        """Tell the zygote when it is urgent."""
        self._zygote = zygote

    def _receive(self, number: int, frame: FrameType | None) -> None:
        self._is_set = True
        self._interrupts += number == signal.SIGINT
        if self._interrupts > 1 and self._zygote is not None:
            send(self._zygote, {"kind": "hurry"})


class Reloader:
    """Serves the application of a project, afresh after every change, while its block lasts."""

    def __init__(
        self, app: str, *, root: Path, address: Address, wish: Wish, forks: bool = True
    ) -> None:
        self._sockets = bind(address)
        self._control, theirs = socket.socketpair()
        for sock in (*self._sockets, theirs):
            sock.set_inheritable(True)
        for sock in self._sockets:
            sock.listen()
        orders = Orders(
            root=str(root),
            app=app,
            sockets=[sock.fileno() for sock in self._sockets],
            control=theirs.fileno(),
            url=address.url(self._sockets),
            remark=address.remark,
            forks=forks,
        )
        command = [sys.executable, "-P", "-m", "webkit.workers.zygote", written(orders)]
        self._zygote = subprocess.Popen(command, close_fds=False)  # noqa: S603  (it is ours)
        theirs.close()
        self._wish = wish
        wish.pass_to(self._control)

    def __enter__(self) -> Self:
        return self

    def follow(self, changes: Iterable[list[Path]]) -> None:
        """Start with the first of the changes, and start afresh with every other that is not empty.

        Raises:
            ReloadError: the process that does the work has gone.
        """
        has_started = False
        for paths in changes:
            if paths or not has_started:
                names = [path.as_posix() for path in paths]
                now = time.monotonic()
                send(self._control, {"kind": "changed", "paths": names, "since": now})
                has_started = True
            status = self._zygote.poll()
            if status is not None and not self._wish.is_set():
                raise ReloadError(f"the server process ended with status {status}. Start again")

    def __exit__(self, *error: object) -> None:
        for sock in self._sockets:
            sock.close()  # else clients would wait in its queue
        send(self._control, {"kind": "stop"})
        self._zygote.wait()
        self._control.close()
