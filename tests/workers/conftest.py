"""Real processes on free loopback ports, each ended by the test that started it."""

import os
import queue
import re
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


LIMIT = 20  # seconds: far more than anything takes here, so that only a hang reaches it


class Running:
    """A process under test: its output comes line by line, and it can be told to stop."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.output: list[str] = []
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def line(self, text: str) -> str:
        """Wait for the line that contains the text."""
        while line := self._lines.get(timeout=LIMIT):
            self.output.append(line)
            if text in line:
                return line
        raise AssertionError(f"no {text!r} in:\n{''.join(self.output)}")

    def port(self) -> int:
        """Wait until it serves."""
        return int(re.search(r"http://[^ ]*:(\d+)", self.line("Serving"))[1])

    def wait(self) -> int:
        """Wait for its end, and return its status; ``output`` is whole then."""
        status = self.process.wait(LIMIT)
        self._reader.join(LIMIT)
        while line := self._lines.get(timeout=LIMIT):
            self.output.append(line)
        return status

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end."""
        self.process.send_signal(number)
        return self.wait()

    def children(self) -> list[int]:
        """Return the processes below this one, those on top first; needs Linux."""
        return _below(self.process.pid)

    def text(self) -> str:
        return "".join(self.output)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(LIMIT)
        self._reader.join(LIMIT)
        self.process.stdout.close()


def _below(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    found = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return found + [below for child in found for below in _below(child)]


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    """Start a Python program, given as arguments of the interpreter, in a directory."""
    started = []

    def begin(*arguments: str, cwd: Path, close_fds: bool = True, **environ: str) -> Running:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=cwd,
            env=os.environ | {"ENVIRONMENT": "local"} | environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            close_fds=close_fds,
            text=True,
        )
        started.append(Running(process))
        return started[-1]

    yield begin
    for running in started:
        running.close()


SERVICE = """
import asyncio, sys, time
from aiohttp import web
from webkit.workers import serve

async def index(request):
    return web.json_response({"ok": True})

async def slow(request):
    print("begun", flush=True)
    try:
        await asyncio.sleep(float(request.query["s"]))
    finally:
        print("left", flush=True)
    return web.Response(text="done")

async def stubborn(request):
    print("begun", flush=True)
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass

async def blocked(request):
    print("begun", flush=True)
    await asyncio.to_thread(time.sleep, 60)

async def cleanup(app):
    print("cleaned up", flush=True)

app = web.Application()
for handler in (slow, stubborn, blocked):
    app.router.add_get(f"/{handler.__name__}", handler)
app.router.add_get("/", index)
app.on_cleanup.append(cleanup)
"""


@pytest.fixture
def service(start, tmp_path) -> Callable[..., Running]:
    """Start a plain aiohttp application with ``serve``; extra source comes before that."""

    def begin(extra: str = "", *, call: str = "serve(app, port=0)", **environ: str) -> Running:
        path = tmp_path / "service.py"
        path.write_text(f"{SERVICE}\n{extra}\n{call}\n")
        return start(str(path), cwd=tmp_path, **environ)

    return begin


@pytest.fixture
def exchange() -> Callable[..., bytes]:
    """Send one request on a connection of its own, and return all that comes back."""

    def send(port: int, target: bytes = b"/", *, method: bytes = b"GET") -> bytes:
        with socket.create_connection(("127.0.0.1", port), LIMIT) as sock:
            sock.sendall(
                method + b" " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            )
            answer = b""
            while part := sock.recv(65536):
                answer += part
        return answer

    return send


@pytest.fixture
def wait_for_end() -> Callable[[int], bool]:
    """Wait until a process that is nobody's child here has ended."""

    def wait(pid: int) -> bool:
        try:
            pidfd = os.pidfd_open(pid)
        except ProcessLookupError:
            return True
        try:
            return bool(select.select([pidfd], [], [], LIMIT)[0])
        finally:
            os.close(pidfd)

    return wait
