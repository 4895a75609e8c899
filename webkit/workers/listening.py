"""Listening sockets: bound before the application starts, so that a busy port is said at once."""

import errno
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from webkit.config import Config, Settings
from webkit.exceptions import WebkitError


__all__ = ("Address", "AddressError", "address_of", "bind")

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  (recognised, not used)
# A name such as localhost may have an IPv6 address where the machine has no IPv6.
_ABSENT = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


class AddressError(WebkitError):
    """Nobody can listen at this address: the port is taken, or the host is not this machine."""

    exit_status = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where to listen. ``origin`` tells where the port was set; it is empty for the default."""

    host: str
    port: int
    origin: str = ""

    def url(self, sockets: Iterable[socket.socket]) -> str:
        """Return the URL at which the sockets bound to this address answer."""
        port = next(iter(sockets)).getsockname()[1]
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{_EVERYWHERE.get(self.host, host)}:{port}"

    @property
    def remark(self) -> str:
        """What a person should know about it: ``" (port from .env: PORT)"``, or nothing."""
        notes = ["on all interfaces"] if self.host in _EVERYWHERE else []
        notes += [f"port from {self.origin}"] if self.origin else []
        return f" ({', '.join(notes)})" if notes else ""


def address_of(
    config: Config[Any] | None, *, host: str | None = None, port: int | None = None
) -> Address:
    """Return where to listen: what is given, else what is configured, else the default."""
    settings = config.settings if config else Settings()
    return Address(
        host=host or settings.host,
        port=settings.port if port is None else port,
        origin=config.origins.get("port", "") if config and port is None else "",
    )


def bind(address: Address) -> list[socket.socket]:
    """Return one bound socket for each IP address of the host; they do not listen yet.

    Port 0 is a free port, the same for all of them.

    Raises:
        AddressError: the host is unknown or not of this machine, or the port is taken.
    """
    sockets: list[socket.socket] = []
    try:
        for family, host in _resolved(address):
            port = sockets[0].getsockname()[1] if sockets else address.port
            sockets += _bound(family, (host, port))
    except OSError as error:
        for sock in sockets:
            sock.close()
        raise AddressError(_reason(error, address)) from None
    if not sockets:
        raise AddressError(f"cannot listen on {address.host}: this machine has no such address")
    return sockets


def _resolved(address: Address) -> list[tuple[socket.AddressFamily, str]]:
    found = socket.getaddrinfo(
        address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    return list(dict.fromkeys((family, str(where[0])) for family, *_, where in found))


def _bound(family: socket.AddressFamily, where: tuple[str, int]) -> list[socket.socket]:
    """Return the bound socket, or nothing where the machine does not have the address."""
    sock = None
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
        # On Windows it would let two servers have one port.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name == "posix")
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(where)
    except OSError as error:
        if sock is not None:
            sock.close()
        if error.errno in _ABSENT:
            return []
        raise
    sock.setblocking(False)
    return [sock]


def _reason(error: OSError, address: Address) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {address.port} of {address.host} is taken."
            " Stop what listens there, or choose another one: --port, or PORT in .env"
        )
    return f"cannot listen on {address.host}:{address.port}: {error.strerror}"
