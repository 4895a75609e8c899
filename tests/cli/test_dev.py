"""``webkit dev`` in a process of its own; what it does with changes is in tests/workers."""

import importlib.util
import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from webkit.cli.main import main


MAIN = """
from aiohttp import web
from webkit.application import create_app
from webkit.config import load
from settings import Settings

async def index(request):
    return web.Response(text="hello")

app = create_app(config=load(Settings, root="."), routes=[web.get("/", index)])
"""

SETTINGS = """
import webkit.config

class Settings(webkit.config.Settings, frozen=True):
    greeting: str = ""
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.webkit]\n")
    (tmp_path / "main.py").write_text(MAIN)
    (tmp_path / "settings.py").write_text(SETTINGS)
    return tmp_path


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


@pytest.fixture
def dev(project):
    started = []

    def begin(*arguments, **environ):
        code = "from webkit.cli.main import main; main()"
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", code, "dev", *arguments],
            cwd=project,
            env=os.environ | {"ENVIRONMENT": "local"} | environ,
            stdin=subprocess.DEVNULL,
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


def ask(port):
    with socket.create_connection(("127.0.0.1", port), 20) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b""
        while part := sock.recv(65536):
            answer += part
    return answer


@pytest.mark.parametrize("option", ["--fork", "--no-fork"])
def test_it_tells_where_it_serves_and_ends_quietly(dev, option):
    process = dev("--port", "0", option)

    line = process.stdout.readline()
    port = int(re.search(r"http://127\.0\.0\.1:(\d+)", line)[1])
    answer = ask(port)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)

    assert f"API docs at http://127.0.0.1:{port}/docs" in line
    assert answer.endswith(b"hello")
    assert process.returncode == 0
    assert "Traceback" not in rest


def test_the_port_comes_from_the_project_with_settings_of_its_own(dev, project, free_port):
    (project / "webkit.toml").write_text(f'[webkit]\ngreeting = "hi"\nport = {free_port}\n')
    process = dev(WEBKIT__GREETING="hello")

    line = process.stdout.readline()
    process.terminate()

    assert f"Serving http://127.0.0.1:{free_port} (port from webkit.toml:3)" in line
    assert process.wait(20) == 0


def test_a_mistake_in_the_configuration_is_shown_in_the_browser(dev, project, free_port):
    (project / "webkit.toml").write_text('[webkit]\nlog_level = "LOUD"\n')
    process = dev("--port", str(free_port))

    line = process.stdout.readline()

    assert line.startswith("Error: webkit.toml:2: webkit.log_level: 'LOUD' does not fit")
    assert f"Serving http://127.0.0.1:{free_port}" in process.stdout.readline()
    assert b"LOUD" in ask(free_port)
    process.terminate()
    assert process.wait(20) == 0


def test_a_port_that_is_taken_is_one_line(dev):
    with socket.create_server(("127.0.0.1", 0)) as sock:
        process = dev("--port", str(sock.getsockname()[1]))
        output, _ = process.communicate(timeout=20)

    assert process.returncode == 1
    assert re.fullmatch(r"Error: port \d+ of 127\.0\.0\.1 is taken\. .*\n", output)


def test_without_the_extra_it_says_how_to_install_it(monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(SystemExit) as caught:
        main(["dev"])

    assert caught.value.code == 2
    assert 'pip install "webkit[dev]"' in capsys.readouterr().err


def test_it_tells_that_tables_are_not_made_yet(dev, project):
    (project / "webkit.toml").write_text('[database]\nurl = "sqlite:///db.sqlite3"\n')
    (project / "migrations").mkdir()
    (project / "migrations/0001_a.py").write_text('revision = "0001_a"\ndown_revision = None\n')
    process = dev("--port", "0")

    lines = [process.stdout.readline(), process.stdout.readline()]
    process.terminate()

    assert lines[0] == "The database lacks migrations. Run: webkit db upgrade\n"
    assert process.wait(20) == 0
