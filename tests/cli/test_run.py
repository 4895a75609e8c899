"""``webkit run`` in a process of its own, in a project of one file."""

import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest


MAIN = """
from aiohttp import web

async def index(request):
    return web.Response(text="hello")

async def make():
    app = web.Application()
    app.router.add_get("/", index)
    return app
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.webkit]\napp = "main:make"\n')
    (tmp_path / "main.py").write_text(MAIN)
    (tmp_path / "apps").mkdir()
    return tmp_path


@pytest.fixture
def webkit(project):
    """Start a command of webkit in the project; its output is one text."""
    started = []

    def begin(*arguments, cwd=project):
        code = "from webkit.cli.main import main; main()"
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", code, *arguments],
            cwd=cwd,
            env=os.environ | {"ENVIRONMENT": "local"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def ask(line):
    """Send a request to the server that printed the line."""
    port = int(re.search(r"http://127\.0\.0\.1:(\d+)", line)[1])
    with socket.create_connection(("127.0.0.1", port), 20) as sock:
        sock.sendall(b"GET /?secret HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b""
        while part := sock.recv(65536):
            answer += part
    return answer


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_the_project_until_a_signal(webkit, project, number):
    process = webkit("run", "--port", "0", cwd=project / "apps")

    answer = ask(process.stdout.readline())
    process.send_signal(number)
    rest, _ = process.communicate(timeout=20)

    assert answer.endswith(b"hello")
    assert process.returncode == 0
    assert re.search(r"GET / 200 \d+B", rest)
    assert "Traceback" not in rest


def test_the_access_log_can_be_off(webkit):
    process = webkit("run", "--port", "0", "--no-access-log")

    ask(process.stdout.readline())
    process.terminate()
    rest, _ = process.communicate(timeout=20)

    assert rest == ""


def test_a_port_that_is_taken_is_one_line_at_once(webkit):
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
        start = time.monotonic()
        process = webkit("run", "--port", str(port))
        output, _ = process.communicate(timeout=20)

    assert process.returncode == 1
    assert output.startswith(f"Error: port {port} of 127.0.0.1 is taken.")
    assert output.count("\n") == 1
    assert time.monotonic() - start < 5  # half a second on a machine with nothing else to do


def test_a_bad_host_is_one_line(webkit):
    process = webkit("run", "--host", "999.1.2.3", "--port", "0")
    output, _ = process.communicate(timeout=20)

    assert process.returncode == 1
    assert output.startswith("Error: cannot listen on 999.1.2.3:0: ")
    assert output.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_the_project_is_imported_ends_it_quietly(webkit, project, number):
    (project / "main.py").write_text("print('importing', flush=True); import time; time.sleep(60)")
    process = webkit("run", "--port", "0")
    process.stdout.readline()

    process.send_signal(number)
    rest, _ = process.communicate(timeout=20)

    assert (process.returncode, rest) == (0, "")


def test_outside_of_a_project_it_is_one_line(webkit, tmp_path_factory):
    process = webkit("run", cwd=tmp_path_factory.mktemp("elsewhere"))
    output, _ = process.communicate(timeout=20)

    assert process.returncode == 2
    assert output.count("\n") == 1
    assert "is in no project" in output
