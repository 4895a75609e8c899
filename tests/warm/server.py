"""A process that has imported what commands of webkit import, and forks for each.

`python server.py NUMBER` serves at a socket that it inherits by this number, until it is ended.
`command.py` is its client.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import sys
from pathlib import Path

import alembic.command  # noqa: F401

import webkit
from webkit.cli.main import main, startapp, startproject


COMMANDS = {
    "startapp": startapp,
    "startproject": startproject,
    "webkit": main,
}


def serve(listener: socket.socket) -> None:
    """Fork for each command. Returns in the forks alone."""
    running: dict[int, socket.socket] = {}
    ends, wakes = socket.socketpair()
    wakes.setblocking(False)
    signal.set_wakeup_fd(wakes.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready, _, _ = select.select([listener, ends], [], [])
        if ends in ready:
            ends.recv(4096)
            report(running)
        if listener not in ready:
            continue
        client, _ = listener.accept()
        told, streams, _, _ = socket.recv_fds(client, 2**20, 3)
        child = os.fork()
        if not child:
            break
        running[child] = client
        for stream in streams:
            os.close(stream)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for inherited in (listener, ends, wakes, client, *running.values()):
        inherited.close()
    become(*json.loads(told), streams=streams)


def report(running: dict[int, socket.socket]) -> None:
    """Tell the clients of the forks that have ended."""
    while running:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            break
        with running.pop(child) as client, contextlib.suppress(BrokenPipeError):
            client.send(b"%d" % (os.waitstatus_to_exitcode(status) % 256))


def become(argv: list[str], directory: str, environ: dict[str, str], *, streams: list[int]) -> None:
    """Have what a process of its own is started with."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environ)
    sys.argv[:] = argv
    added = environ.get("PYTHONPATH")
    sys.path[:1] = [str(Path(sys.executable).parent), *(added.split(os.pathsep) if added else [])]
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)


if __name__ == "__main__":
    for module in pkgutil.walk_packages(webkit.__path__, "webkit."):
        if module.name != "webkit.pytest_plugin":  # which pytest wants to be the first to import
            importlib.import_module(module.name)
    gc.freeze()
    serve(socket.socket(fileno=int(sys.argv[1])))
    status: object = 0
    try:
        COMMANDS[Path(sys.argv[0]).name]()
    except SystemExit as ended:
        status = ended.code or 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    if not isinstance(status, int):
        print(status, file=sys.stderr)
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 1)  # what is shared is not taken apart
