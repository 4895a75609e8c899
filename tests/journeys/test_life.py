"""The life of units under everything that runs an application: each starts and stops once."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest


pytestmark = pytest.mark.slow

SCRIPTS = Path(sys.executable).parent
LIMIT = 30  # seconds for a server to answer, and to end
SERVERS = {
    "webkit run": "webkit run --port {port}",
    "python main.py": "python main.py",
    "webkit dev": "webkit dev --port {port}",
    "adev": "adev runserver main.py --port {port} --aux-port {other} --no-livereload",
    "gunicorn": "gunicorn main:get_web_app --bind 127.0.0.1:{port}"
    " --worker-class aiohttp.GunicornWebWorker",
}
FILES = {
    "main.py": """
        from pathlib import Path

        from aiohttp import web

        from webkit.application import create_app
        from webkit.config import Settings, load
        from webkit.controllers import BaseHttpController, route
        from webkit.services import BaseService
        from webkit.units import Unit
        from webkit.workers import serve

        ROOT = Path(__file__).parent

        class Noting:
            def note(self, event):
                with (ROOT / "events").open("a") as file:
                    file.write(f"{event} {type(self).__name__}\\n")

            async def on_startup(self):
                self.note("start")

            async def on_shutdown(self):
                self.note("stop")

        class Pool(Noting, BaseService):
            pass

        class Visits(Noting, BaseService):
            pool: Pool

        class Controller(Noting, BaseHttpController):
            visits: Visits

            @route("/")
            async def index(self) -> str:
                return type(self.visits.pool).__name__

        UNITS = [
            Unit({"name": "visits"}, services=[Visits], controllers=[Controller]),
            Unit({"name": "pool"}, services=[Pool]),
        ]

        def create_web_app():
            return create_app(config=load(Settings, root=ROOT), units=UNITS)

        async def get_web_app() -> web.Application:
            return create_web_app()

        app = create_web_app()

        if __name__ == "__main__":
            serve(app)
    """,
    "test_index.py": """
        from pathlib import Path

        async def test_index(api):
            assert await (await api.get("/")).json() == "Pool"
    """,
    "pyproject.toml": '[tool.webkit]\napp = "main:get_web_app"\n',
    "conftest.py": 'pytest_plugins = ["webkit.pytest_plugin"]\n',
    "pytest.ini": "[pytest]\nasyncio_mode = auto\npythonpath = .\n",
}
WHOLE_LIFE = [
    *("start Pool", "start Visits", "start Controller"),
    *("stop Controller", "stop Visits", "stop Pool"),
]


@pytest.fixture
def project(tmp_path):
    """Return the directory of a project with two units, and the port that it is told."""
    ports = []
    for _ in range(2):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            ports.append(taken.getsockname()[1])
    for name, text in FILES.items():
        (tmp_path / name).write_text(textwrap.dedent(text))
    (tmp_path / "webkit.toml").write_text(f"[webkit]\nport = {ports[0]}\n")
    (tmp_path / ".env").write_text("ENVIRONMENT=local\n")
    return tmp_path, ports


def _environment():
    kept = {
        name: value
        for name, value in os.environ.items()
        if not re.match("WEBKIT__|COV|AIO_|PORT$|ENVIRONMENT$", name)
    }
    return {**kept, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"}


def _answer(port, server):
    """Return the body of `GET /`, once the server has closed its connection and is idle."""
    until = time.monotonic() + LIMIT
    while time.monotonic() < until and server.poll() is None:
        with (
            contextlib.suppress(ConnectionError),
            socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as client,
        ):
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return b"".join(iter(lambda: client.recv(65536), b"")).partition(b"\r\n\r\n")[2]
        time.sleep(0.05)
    raise AssertionError(f"nobody answers on port {port}")


@pytest.mark.parametrize("name", SERVERS)
def test_under_every_server_each_component_starts_and_stops_once_in_order(project, name):
    root, (port, other) = project
    command = SERVERS[name].format(port=port, other=other)
    with (root / "log").open("w+b") as log:
        server = subprocess.Popen(
            command.split(), cwd=root, env=_environment(), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            answer = _answer(port, server)
        finally:
            server.terminate()
            status = server.wait(timeout=LIMIT)
            log.seek(0)
            printed = log.read().decode()

    assert answer == b'"Pool"', printed
    assert status == 0, printed
    assert (root / "events").read_text().splitlines() == WHOLE_LIFE, printed


def test_under_pytest_as_well(project):
    root, _ = project

    done = subprocess.run(
        ["pytest", "-q"], cwd=root, env=_environment(), capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
    assert (root / "events").read_text().splitlines() == WHOLE_LIFE


@pytest.mark.parametrize("name", ["webkit run", "python main.py"])
def test_a_start_that_fails_half_way_stops_what_had_started_and_names_who_failed(project, name):
    root, (port, other) = project
    text = (root / "main.py").read_text()
    first = "class Visits(Noting, BaseService):\n"
    failing = f'{first}    async def on_startup(self):\n        raise OSError("no route")\n'
    (root / "main.py").write_text(text.replace(first, failing))

    done = subprocess.run(
        SERVERS[name].format(port=port, other=other).split(),
        cwd=root,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT,
        check=False,
    )

    assert done.returncode != 0
    assert "no route" in done.stdout
    assert "in visits.Visits.on_startup" in done.stdout
    assert set((root / "events").read_text().splitlines()) == {"start Pool", "stop Pool"}
