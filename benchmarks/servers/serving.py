"""How the sides that stand on aiohttp are served: one process, uvloop."""

import logging
import os
import socket

import uvloop
from aiohttp import web
from aiohttp.abc import AbstractAccessLogger


__all__ = ("listen", "serve", "serve_logged")


def listen() -> socket.socket:
    """Return a listening socket on a free port, and print the port: the side is ready."""
    sock = socket.create_server(("127.0.0.1", 0), backlog=128)
    print(sock.getsockname()[1], flush=True)
    return sock


def serve_logged(app: web.Application, access_log_class: type[AbstractAccessLogger]) -> None:
    """Serve an application with an access log, of which every line is written to nowhere."""
    logging.getLogger().setLevel(logging.ERROR)
    log = logging.getLogger("aiohttp.access")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(logging.FileHandler(os.devnull))
    loop = uvloop.new_event_loop()
    web.run_app(
        app,
        sock=listen(),
        access_log=log,
        access_log_class=access_log_class,
        print=None,
        loop=loop,
    )


def serve(app: web.Application) -> None:
    """Serve an application until the process is told to end."""
    # No side logs answers: neither aiohttp's access log nor webkit's lines on refused requests.
    logging.getLogger().setLevel(logging.ERROR)
    loop = uvloop.new_event_loop()
    web.run_app(app, sock=listen(), access_log=None, print=None, loop=loop)
