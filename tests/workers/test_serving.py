"""``serve`` in a process of its own: how it starts, and how it ends."""

import re
import signal
import socket
import time

import pytest

from webkit import workers


def test_a_plain_application_is_served(service, exchange):
    running = service()

    answer = exchange(running.port())

    assert answer.endswith(b'{"ok": true}')
    assert running.stop() == 0
    assert "Traceback" not in running.text()


def test_the_log_is_printed_once_and_has_no_query(service, exchange):
    running = service()
    exchange(running.port(), b"/?token=secret")

    running.stop()

    assert running.text().count("GET /") == 1
    assert "secret" not in running.text()


def test_the_access_log_can_be_off(service, exchange):
    running = service(call="serve(app, port=0, access_log=False)")
    exchange(running.port())

    running.stop()

    assert "GET" not in running.text()


CONFIGURED = """
from webkit.application import create_app
from webkit.config import Settings, load
app = create_app(config=load(Settings, root="."))
"""


def test_address_and_logging_come_from_the_configuration(service, exchange, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
    (tmp_path / ".env").write_text(f"PORT={port}\n")
    running = service(CONFIGURED, call="serve(app)", WEBKIT__LOG_LEVEL="WARNING")

    line = running.line("Serving")
    exchange(port)
    running.stop()

    assert re.search(rf"http://127\.0\.0\.1:{port} \(port from \.env.*\)$", line)
    assert "GET" not in running.text()


def test_an_awaitable_application_is_served(service, exchange):
    running = service("async def make(): return app", call="serve(make(), port=0)")

    assert b"200 OK" in exchange(running.port())


def test_a_port_that_is_taken_is_one_line_and_status_1(service):
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
        running = service(call=f"serve(app, port={port})")

        assert running.wait() == 1

    assert running.text().startswith(f"Error: port {port} of 127.0.0.1 is taken.")
    assert running.text().count("\n") == 1


def test_a_mistake_at_start_up_is_told_without_a_traceback(service):
    running = service(
        "from webkit.exceptions import ConfigurationError\n"
        "async def fail(app): raise ConfigurationError(['webkit.toml:1: no'])\n"
        "app.on_startup.append(fail)"
    )

    assert running.wait() == 2
    assert running.text() == "Error: webkit.toml:1: no\n"


def test_a_failed_clean_up_is_a_failure(service):
    running = service("async def fail(app): raise ValueError('no')\napp.on_cleanup.append(fail)")
    running.port()

    assert running.stop() == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_server_waits_for_nothing_when_it_stops(service, number):
    running = service()
    with socket.create_connection(("127.0.0.1", running.port())) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        sock.recv(65536)
        start = time.monotonic()

        status = running.stop(number)

    assert status == 0
    assert time.monotonic() - start < 4  # half of the time that it would leave to requests
    assert running.output[-1] == "cleaned up\n"


def test_a_request_in_progress_is_finished(service, exchange):
    running = service()
    port = running.port()
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(b"GET /slow?s=0.5 HTTP/1.1\r\nHost: x\r\n\r\n")
        running.line("begun")

        status = running.stop()

        assert sock.recv(65536).endswith(b"done")
    assert status == 0
    assert running.output[-1] == "cleaned up\n"


def test_more_terms_change_nothing(service):
    running = service()
    port = running.port()
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(b"GET /slow?s=0.5 HTTP/1.1\r\nHost: x\r\n\r\n")
        running.line("begun")

        running.process.send_signal(signal.SIGTERM)
        running.line("waiting up to 8 s for GET /slow")
        status = running.stop()

        assert sock.recv(65536).endswith(b"done")
    assert status == 0
    assert "Traceback" not in running.text()


def test_a_second_interrupt_cuts_at_once(service):
    running = service()
    port = running.port()
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(b"GET /slow?s=60 HTTP/1.1\r\nHost: x\r\n\r\n")
        running.line("begun")

        running.process.send_signal(signal.SIGINT)
        running.line("waiting")
        status = running.stop(signal.SIGINT)

        assert sock.recv(65536) == b""
    assert status == 0
    assert "cut after" in running.text()
    assert running.output[-1] == "cleaned up\n"
    assert "Traceback" not in running.text()


STARTING = """
async def hang(app):
    print("starting", flush=True)
    await asyncio.sleep(60)
app.on_startup.append(hang)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_during_start_up_ends_it_quietly(service, number):
    running = service(STARTING)
    running.line("starting")

    assert running.stop(number) == 0
    assert running.text() == "starting\n"


@pytest.mark.parametrize("path", ["stubborn", "blocked"])
def test_what_cannot_be_cancelled_does_not_hold_the_end(service, path):
    running = service(CONFIGURED_SERVICE, WEBKIT__STOP_WAIT_TIME="0.1")
    port = running.port()
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(f"GET /{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        running.line("begun")

        status = running.stop()

    assert status == 1
    assert f"cut after 0.1 s: GET /{path}" in running.text()
    assert "cleaned up\n" in running.output
    assert "the process did not end within 1.6 s and leaves now" in running.text()


CONFIGURED_SERVICE = """
from webkit.application import create_app
from webkit.config import Settings, load
app = create_app(
    config=load(Settings, root="."),
    routes=[web.get("/stubborn", stubborn), web.get("/blocked", blocked)],
)
app.on_cleanup.append(cleanup)
"""


def test_the_package_has_serve_and_nothing_else():
    assert workers.serve.__module__ == "webkit.workers.serving"
    with pytest.raises(AttributeError, match="no attribute 'surf'"):
        workers.surf  # noqa: B018
