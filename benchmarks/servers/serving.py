"""How the sides that stand on aiohttp are served: one process, uvloop, no access log."""

import logging
import socket

import uvloop
from aiohttp import web


__all__ = ("listen", "serve")


def listen() -> socket.socket:
    """Return a listening socket on a free port, and print the port: the side is ready."""
    sock = socket.create_server(("127.0.0.1", 0), backlog=128)
    print(sock.getsockname()[1], flush=True)
    return sock


def serve(app: web.Application) -> None:
    """Serve an application until the process is told to end."""
    # No side logs answers: neither aiohttp's access log nor webkit's lines on refused requests.
    logging.getLogger().setLevel(logging.ERROR)
    loop = uvloop.new_event_loop()
    web.run_app(app, sock=listen(), access_log=None, print=None, loop=loop)
