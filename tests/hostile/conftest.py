"""A server that is asked badly, over one connection that must hold; each module has one.

A module says what is served in ``ROUTES``. The server runs in a thread, so that tests and
hypothesis can ask it one request after the other, byte for byte as they like.
"""

import asyncio
import json
import logging
import socket
import threading
from dataclasses import dataclass
from typing import Any

import hypothesis
import pytest
from aiohttp import web

from webkit.application import create_app
from webkit.config import Config, Settings


WAIT = 20  # seconds, for anything that should take none

hypothesis.settings.register_profile(
    "hostile", derandomize=True, deadline=None, database=None, max_examples=150
)


def refuse_constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


@dataclass(frozen=True)
class Answer:
    """What came back: ``headers`` have lower-case names."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body, if it is JSON of the strict kind."""
        return json.loads(self.body.decode(), parse_constant=refuse_constant)

    def places(self) -> list[str]:
        """Return the pointers of the mistakes, or the names of the parameters."""
        words = ("pointer", "parameter", "header", "cookie", "field")
        errors = self.json().get("errors", ())
        return [item[word] for item in errors for word in words if word in item]


class Wire:
    """One connection to the server."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._received = b""
        self.opened = 0

    def ask(
        self,
        method: str,
        target: str | bytes,
        body: bytes | None = None,
        *,
        headers: tuple[tuple[str, str | bytes], ...] = (),
    ) -> Answer:
        """Send a request and return its answer; a str is sent as UTF-8."""
        lines = [b"%b %b HTTP/1.1" % (method.encode(), _raw(target)), b"Host: localhost"]
        lines += [b"%b: %b" % (_raw(name), _raw(value)) for name, value in headers]
        if body is not None and "Transfer-Encoding" not in dict(headers):
            lines.append(b"Content-Length: %d" % len(body))
        return self.send(b"\r\n".join((*lines, b"", body or b"")), method=method)

    def sound(
        self,
        method: str,
        target: str | bytes,
        body: bytes | None = None,
        *,
        headers: tuple[tuple[str, str | bytes], ...] = (),
    ) -> Answer:
        """Do as ``ask``, and check what must be true of every answer to a well-formed request."""
        answer = self.ask(method, target, body, headers=headers)
        assert answer.status < 500, answer
        assert answer.headers.get("connection", "keep-alive") != "close", answer
        if answer.status >= 400 and method != "HEAD":
            assert answer.headers["content-type"] == "application/problem+json", answer
            problem = answer.json()
            assert problem["status"] == answer.status
            assert {"type", "title", "detail", "code"} <= problem.keys()
        elif answer.body:
            answer.json()
        return answer

    def post(
        self, target: str | bytes, body: bytes, content_type: str | bytes = "application/json"
    ) -> Answer:
        """Post a body, and check the answer."""
        return self.sound("POST", target, body, headers=(("Content-Type", content_type),))

    def get(self, target: str | bytes, **headers: str | bytes) -> Answer:
        """Ask for something, and check the answer."""
        pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return self.sound("GET", target, headers=pairs)

    def send(self, request: bytes, *, method: str = "GET") -> Answer:
        """Send bytes and return the answer to them."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=WAIT)
            self._received = b""
            self.opened += 1
        try:
            self._socket.sendall(request)
            return self._receive(method)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _receive(self, method: str) -> Answer:
        head = self._until(lambda data: data.find(b"\r\n\r\n") + 1)
        status, *lines = self._take(head + 3).decode("latin-1").rstrip().split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        code = int(status.split()[1])
        has_body = method != "HEAD" and code not in (204, 304)
        size = int(headers.get("content-length", 0)) if has_body else 0
        self._until(lambda data: len(data) >= size)
        answer = Answer(code, headers, self._take(size))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    def _until(self, is_enough: Any) -> int:
        while not (found := is_enough(self._received)):
            data = self._socket.recv(2**18) if self._socket else b""
            if not data:
                raise ConnectionError(f"the server hung up after {self._received[:200]!r}")
            self._received += data
        return int(found)

    def _take(self, size: int) -> bytes:
        data, self._received = self._received[:size], self._received[size:]
        return data


def _raw(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


class _Thread(threading.Thread):
    """Serves an application in a loop of its own until ``stop``."""

    def __init__(self, routes: list[web.RouteDef]) -> None:
        super().__init__()
        self.port = 0
        self._routes = routes
        self._loop = asyncio.new_event_loop()
        self._is_up = threading.Event()
        self._end = asyncio.Event()

    def run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    def wait(self) -> None:
        """Wait until the server listens."""
        assert self._is_up.wait(WAIT)

    def stop(self) -> None:
        """End the server."""
        self._loop.call_soon_threadsafe(self._end.set)
        self.join(WAIT)

    async def _serve(self) -> None:
        config = Config(settings=Settings(), environment="testing", origins={})
        runner = web.AppRunner(create_app(config=config, routes=self._routes), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        self._is_up.set()
        await self._end.wait()
        await runner.cleanup()


class _Errors(logging.Handler):
    """Keeps what is logged of unhandled errors."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(scope="module")
def server(request):
    """Serve the ``ROUTES`` of the module; afterwards nothing may have gone wrong."""
    log, errors = logging.getLogger("webkit.request"), _Errors()
    level = log.level
    log.addHandler(errors)
    log.setLevel(logging.ERROR)  # thousands of refusals are the purpose here
    thread = _Thread(request.module.ROUTES)
    thread.start()
    thread.wait()
    yield thread.port
    thread.stop()
    log.removeHandler(errors)
    log.setLevel(level)
    assert [record.getMessage() for record in errors.records] == []


@pytest.fixture(scope="module")
def wire(server):
    """One connection for all tests of a module, which must be the same to the end."""
    wire = Wire(server)
    yield wire
    assert wire.ask("GET", "/health").status == 200
    assert wire.opened == 1
    wire.close()


@pytest.fixture
def other_wire(server):
    """A connection of its own, for what ends connections."""
    wire = Wire(server)
    yield wire
    wire.close()
