"""Messages between the processes of ``webkit dev``: JSON objects, one a line, over a socket."""

import contextlib
import json
import socket
from typing import Any, TypeAlias


__all__ = ("Inbox", "Message", "send")

Message: TypeAlias = dict[str, Any]


def send(sock: socket.socket, message: Message) -> None:
    """Send a message; one to a process that has gone is lost."""
    with contextlib.suppress(OSError):
        sock.sendall(json.dumps(message).encode() + b"\n")


class Inbox:
    """The receiving side of a socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._rest = b""

    def receive(self) -> list[Message] | None:
        """Wait for some bytes and return the messages that they complete.

        None when the other side has closed, or has gone with its process.
        """
        try:
            data = self._sock.recv(65536)
        except ConnectionError:
            return None
        if not data:
            return None
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [json.loads(line) for line in lines]
