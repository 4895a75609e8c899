"""The development server whole, in a project of two modules: every save, and every end."""

import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this machine cannot fork"),
]

RUN = """
import sys
from pathlib import Path
from webkit.exceptions import WebkitError
from webkit.workers.listening import Address
from webkit.workers.reloading import Reloader, Wish
from webkit.workers.watching import changes

wish = Wish()
root = Path.cwd().resolve()
address = Address(host="127.0.0.1", port=0)
try:
    with Reloader("main:app", root=root, address=address, wish=wish, forks=%r) as reloader:
        reloader.follow(changes(root, stop=wish))
except WebkitError as error:
    sys.exit(f"Error: {error}")
"""

MAIN = """
import asyncio, os, time
from aiohttp import web
from webkit.application import create_app
from webkit.config import Settings, load
import views

async def slow(request):
    print("begun", flush=True)
    await asyncio.sleep(float(request.query["s"]))
    return web.Response(text=views.TEXT)

async def die(request):
    os._exit(3)

async def block(request):
    print("begun", flush=True)
    time.sleep(60)

app = create_app(
    config=load(Settings, root="."),
    routes=[
        web.get("/", views.index),
        web.get("/slow", slow),
        web.get("/die", die),
        web.get("/block", block),
    ],
)
"""

VIEWS = """
from aiohttp import web

TEXT = "one"

async def index(request):
    return web.Response(text=TEXT)
"""


class Project:
    """A project that is served and edited."""

    def __init__(self, root, running, exchange):
        self.root = root
        self.running = running
        self.port = running.port()
        self._exchange = exchange

    def get(self, target=b"/"):
        """Return the body of the answer to one request."""
        return self._exchange(self.port, target).partition(b"\r\n\r\n")[2].decode()

    def edit(self, name, text):
        """Save a file, and wait until the server tells what came of it."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.root / "draft"
        draft.write_text(text)
        draft.rename(path)
        return self.running.line("changed")

    def views(self, text):
        return self.edit("views.py", VIEWS.replace("one", text))


@pytest.fixture
def begin(start, tmp_path, exchange):
    (tmp_path / "main.py").write_text(MAIN)
    (tmp_path / "views.py").write_text(VIEWS)

    def begin(*, forks=True, **environ):
        run = tmp_path.with_name(f"{tmp_path.name}-run.py")
        run.write_text(RUN % forks)
        running = start(str(run), cwd=tmp_path, **{"WEBKIT__STOP_WAIT_TIME": "2"} | environ)
        return Project(tmp_path, running, exchange)

    return begin


@pytest.mark.parametrize("forks", [True, False])
def test_a_saved_file_is_live(begin, forks):
    project = begin(forks=forks)
    before = project.get()
    start = time.monotonic()

    line = project.views("two")

    assert (before, project.get()) == ("one", "two")
    assert re.fullmatch(r"changed views\.py -> reloaded in \d+ ms\n", line)
    assert time.monotonic() - start < (2 if forks else 10)
    assert project.running.stop() == 0


def test_a_save_of_the_same_size_in_the_same_second_is_live(begin):
    """Python would take the bytecode of the version before for that of this one."""
    project = begin()

    found = []
    for text in ("abc", "abd", "abe"):
        project.views(text)
        found.append(project.get())

    assert found == ["abc", "abd", "abe"]


@pytest.mark.parametrize("forks", [True, False])
def test_a_syntax_error_is_shown_and_survived(begin, forks):
    project = begin(forks=forks)

    line = project.edit("views.py", "<b> = (")
    answer = project.get()
    project.views("mended")

    assert "does not start" in line
    assert "SyntaxError" in project.running.text()
    assert "SyntaxError" in answer
    assert "&lt;b&gt;" in answer
    assert project.get() == "mended"


def test_a_project_that_is_broken_from_the_start_can_be_mended(begin, tmp_path):
    (tmp_path / "main.py").write_text("import webkit.nothing")
    project = begin()
    before = project.get()

    project.edit("main.py", MAIN)

    assert "ModuleNotFoundError" in before
    assert project.get() == "one"


@pytest.mark.parametrize(
    ("source", "told", "has_traceback"),
    [
        ("raise SystemExit('enough')", "SystemExit: enough", True),
        ("from webkit.exceptions import UsageError\nraise UsageError('say it')", "say it", False),
        ("app = 5", "main:app is no web.Application", False),
        (
            "async def fail(app): raise ValueError('no database')\napp.on_startup.append(fail)",
            "no database",
            True,
        ),
        ("async def make(): raise ValueError('no way')\napp = make", "no way", True),
    ],
)
def test_whatever_keeps_it_from_starting_is_shown(begin, source, told, has_traceback):
    project = begin()

    project.edit("main.py", f"{MAIN}\n{source}\n")
    answer = project.get()

    assert told in answer
    assert told in project.running.text()
    assert ("Traceback" in answer) == has_traceback


def test_files_come_and_go(begin):
    project = begin()

    project.edit("apps/api/texts.py", "TEXT = 'new'")
    project.edit("views.py", VIEWS.replace('TEXT = "one"', "from apps.api.texts import TEXT"))
    with_file = project.get()
    (project.root / "apps" / "api" / "texts.py").unlink()
    project.running.line("changed apps/api/texts.py -> does not start")

    assert with_file == "new"
    assert "apps.api.texts" in project.get()


@pytest.mark.parametrize("name", ["webkit.toml", ".env", "local.env", "templates/page.html"])
def test_not_only_python_files_are_watched(begin, name):
    project = begin()

    line = project.edit(name, "")

    assert line.startswith(f"changed {name} -> reloaded")


def test_files_that_are_not_the_projects_own_change_nothing(begin):
    project = begin()
    for name in (".venv/lib/a.py", "vendor/a.py", "README.md"):
        path = project.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")

    project.views("two")
    project.running.stop()

    assert project.running.text().count("changed") == 1


def test_the_answer_in_progress_comes_from_the_old_code(begin):
    project = begin()
    with socket.create_connection(("127.0.0.1", project.port), 20) as sock:
        sock.sendall(b"GET /slow?s=0.5 HTTP/1.1\r\nHost: x\r\n\r\n")
        project.running.line("begun")

        project.views("two")
        new = project.get()
        old = sock.recv(65536)

    assert new == "two"
    assert old.endswith(b"one")
    assert b"Connection: close" in old


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_no_request_is_lost_during_reloads(begin, loop, tmp_path_factory):
    library = tmp_path_factory.mktemp("library")
    if loop == "asyncio":
        (library / "uvloop.py").write_text("raise ImportError")
    path = os.pathsep.join([str(library), os.environ.get("PYTHONPATH", "")])
    project = begin(PYTHONPATH=path)
    answers, end = [], threading.Event()

    def ask():
        while not end.is_set():
            try:
                answers.append(project.get())
            except OSError as error:
                answers.append(repr(error))

    thread = threading.Thread(target=ask)
    thread.start()
    for text in ("two", "six", "ten"):
        project.views(text)
    end.set()
    thread.join()

    assert {*answers} <= {"one", "two", "six", "ten"}
    assert [text for text, _ in itertools.groupby(answers)][-1] in {"six", "ten"}


def test_a_start_that_takes_for_ever_is_given_up_for_the_next(begin):
    project = begin()
    (project.root / "views.py").write_text(
        "print('asleep', flush=True)\nimport time\ntime.sleep(60)"
    )
    project.running.line("asleep")

    project.views("awake")

    assert project.get() == "awake"


def test_a_process_that_crashes_is_told_of_and_started_again(begin):
    project = begin()

    project.get(b"/die")
    project.running.line("The server process ended by itself, with status 3.")
    told = project.get()
    project.views("alive")

    assert "with status 3" in told
    assert project.get() == "alive"


def test_what_the_project_does_not_own_is_imported_once(begin, tmp_path_factory):
    """The second import of the project finds it in the zygote."""
    library = tmp_path_factory.mktemp("library")
    (library / "foreign_library.py").write_text("import os\nPID = os.getpid()")
    source = VIEWS.replace('"one"', "str(foreign_library.PID)")
    path = os.pathsep.join([str(library), os.environ.get("PYTHONPATH", "")])
    project = begin(PYTHONPATH=path)

    project.edit("views.py", f"import foreign_library\n{source}")
    first = project.get()
    project.edit("views.py", f"import foreign_library\n{source}\n")
    second = project.get()
    project.edit("views.py", f"import foreign_library\n{source}\n\n")

    assert first != second == project.get()
    assert int(second) == project.running.children()[0]


def test_where_an_import_starts_a_thread_nothing_is_forked(begin, tmp_path_factory):
    library = tmp_path_factory.mktemp("library")
    (library / "threaded_library.py").write_text(
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=[60], daemon=True).start()"
    )
    path = os.pathsep.join([str(library), os.environ.get("PYTHONPATH", "")])
    project = begin(PYTHONPATH=path)

    project.edit("views.py", f"import threaded_library\n{VIEWS}")
    project.edit("views.py", f"import threaded_library\n{VIEWS.replace('one', 'two')}")

    assert project.get() == "two"
    assert "An import has started a thread" in project.running.text()
    assert "DeprecationWarning" not in project.running.text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_processes_quietly(begin, wait_for_end, number):
    project = begin()
    project.views("two")
    children = project.running.children()

    status = project.running.stop(number)

    assert status == 0
    assert "Traceback" not in project.running.text()
    assert len(children) >= 2
    assert all(wait_for_end(pid) for pid in children)


@pytest.mark.parametrize("path", ["/", "/block"])
def test_when_the_parent_is_killed_nobody_is_left(begin, wait_for_end, path):
    project = begin()
    with socket.create_connection(("127.0.0.1", project.port), 20) as sock:
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        project.running.line("GET / 200" if path == "/" else "begun")
        children = project.running.children()

        project.running.stop(signal.SIGKILL)

        assert all(wait_for_end(pid) for pid in children)
    with socket.create_server(("127.0.0.1", project.port)):
        pass  # the port is free


def test_when_the_zygote_is_killed_the_rest_ends_too(begin, wait_for_end):
    project = begin()
    children = project.running.children()

    os.kill(children[0], signal.SIGKILL)

    assert project.running.wait() == 1
    assert "Error: the server process ended with status -9" in project.running.text()
    assert all(wait_for_end(pid) for pid in children)


def test_a_second_interrupt_cuts_what_is_in_progress(begin):
    project = begin(WEBKIT__STOP_WAIT_TIME="60")
    with socket.create_connection(("127.0.0.1", project.port), 20) as sock:
        sock.sendall(b"GET /slow?s=60 HTTP/1.1\r\nHost: x\r\n\r\n")
        project.running.line("begun")

        project.running.process.send_signal(signal.SIGINT)
        project.running.line("waiting up to 60 s for GET /slow")
        status = project.running.stop(signal.SIGINT)

    assert status == 0
    assert "cut after" in project.running.text()


def test_a_port_that_is_taken_is_refused_before_anything_starts(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as sock:
        code = (
            "from pathlib import Path\n"
            "from webkit.workers.listening import Address\n"
            "from webkit.workers.reloading import Reloader, Wish\n"
            f"address = Address(host='127.0.0.1', port={sock.getsockname()[1]})\n"
            "Reloader('main:app', root=Path(), address=address, wish=Wish())"
        )
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )

    assert run.stderr.splitlines()[-1].startswith("webkit.workers.listening.AddressError: port")
