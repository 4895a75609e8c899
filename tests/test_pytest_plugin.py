import os
import subprocess
import sys

import pytest


CODE = "import webkit.pytest_plugin, os; print(os.environ['ENVIRONMENT'])"


def _pytest(directory, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=directory,
        env=os.environ | {"ENVIRONMENT": "local"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_environment_is_testing_whatever_the_shell_says():
    run = subprocess.run(
        [sys.executable, "-c", CODE],
        env=os.environ | {"ENVIRONMENT": "production"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout == "testing\n"


@pytest.mark.slow
def test_it_is_set_before_a_test_module_imports_the_project(tmp_path):
    (tmp_path / "conftest.py").write_text("pytest_plugins = ('webkit.pytest_plugin',)")
    (tmp_path / "test_it.py").write_text(
        "import os\n"
        "SEEN = os.environ['ENVIRONMENT']\n"
        "def test_it():\n"
        "    assert SEEN == 'testing'\n"
    )

    run = _pytest(tmp_path)

    assert (run.returncode, "1 passed" in run.stdout) == (0, True), run.stdout + run.stderr


@pytest.mark.slow
def test_the_decorator_of_the_seeds_tests_is_no_error_where_other_warnings_are(tmp_path):
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nfilterwarnings = error\nasyncio_default_fixture_loop_scope = function\n"
    )
    (tmp_path / "conftest.py").write_text("pytest_plugins = ('webkit.pytest_plugin',)")
    (tmp_path / "test_it.py").write_text(
        "import warnings\n"
        "import pytest\n"
        "from aiohttp.test_utils import unittest_run_loop\n"
        "@unittest_run_loop\n"
        "def test_it():\n"
        "    with pytest.raises(DeprecationWarning, match='other'):\n"
        "        warnings.warn('other', DeprecationWarning)\n"
    )

    run = _pytest(tmp_path)

    assert (run.returncode, "1 passed" in run.stdout) == (0, True), run.stdout + run.stderr


MAIN = """
from aiohttp import web

from webkit.application import create_app


async def index(request):
    return web.Response(text=str(id(request.app)))


def create_web_app():
    return create_app(routes=[web.get("/", index)])


async def get_web_app():
    return create_web_app()
"""

TESTS = """
import pytest

SEEN = []


async def _ask(client):
    response = await client.get("/")
    SEEN.append(await response.text())


async def test_an_app_that_has_not_started(app):
    assert not app.frozen


@pytest.mark.parametrize("time", [1, 2])
async def test_a_new_one_for_each(api, time):
    await _ask(api)


def test_they_were_two():
    assert len(set(SEEN)) == 2
    SEEN.clear()


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("time", [1, 2])
async def test_one_for_all(shared_api, time):
    await _ask(shared_api)


def test_they_were_one():
    assert len(set(SEEN)) == 1
"""


@pytest.mark.slow
@pytest.mark.parametrize("factory", [None, "main:create_web_app"])
def test_a_project_has_fixtures_of_its_application_and_of_a_client(tmp_path, factory):
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
        + (f"webkit_app = {factory}\n" if factory else "")
    )
    (tmp_path / "conftest.py").write_text("pytest_plugins = ('webkit.pytest_plugin',)")
    (tmp_path / "main.py").write_text(MAIN)
    (tmp_path / "test_it.py").write_text(TESTS)

    run = _pytest(tmp_path, "-p", "no:randomly")

    assert (run.returncode, "7 passed" in run.stdout) == (0, True), run.stdout + run.stderr


CONFORMING = """
from typing import Annotated

from aiohttp import web

from webkit.application import create_app
from webkit.endpoints import endpoint
from webkit.users import CurrentUser
from webkit.websockets import WebSocket


@endpoint
async def honest(n: int, user: Annotated[str, CurrentUser()]) -> int:
    return n + len(user)


@endpoint
async def lying() -> int:
    return web.json_response("x")


@endpoint
async def chat(ws: WebSocket[str, str]) -> None: ...


async def get_web_app():
    routes = [web.get("/honest", honest), web.get("/lying", lying), web.get("/chat", chat)]
    return create_app(routes=routes)
"""


def _conforming(directory):
    (directory / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
    )
    (directory / "conftest.py").write_text("pytest_plugins = ('webkit.pytest_plugin',)")
    (directory / "main.py").write_text(CONFORMING)
    (directory / "test_it.py").write_text(
        "from webkit.testing import conformance_test\n"
        "test_documents_are_true = conformance_test(examples=3, user='ann')\n"
    )
    return directory


@pytest.mark.slow
def test_one_line_holds_each_operation_against_its_document(tmp_path):
    run = _pytest(_conforming(tmp_path), "-rA")

    assert "PASSED test_it.py::test_documents_are_true[GET /honest]" in run.stdout, run.stdout
    assert "FAILED test_it.py::test_documents_are_true[GET /lying]" in run.stdout
    assert "GET /lying: Response violates schema" in run.stdout
    assert "1 failed, 1 passed" in run.stdout


@pytest.mark.slow
def test_without_schemathesis_the_line_is_skipped(tmp_path):
    (_conforming(tmp_path) / "schemathesis.py").write_text("raise ModuleNotFoundError('gone')")

    run = _pytest(tmp_path, "-rs", "-p", "no:schemathesis")

    assert (run.returncode, "2 skipped" in run.stdout) == (0, True), run.stdout
    assert "schemathesis is not installed" in run.stdout


TABLES = """
from sqlalchemy.orm import Mapped

from webkit.application import create_app
from webkit.config import Settings, load
from webkit.database import DATABASE, Model, WithID


class Thing(WithID, Model):
    __tablename__ = "things"

    name: Mapped[str]


async def get_web_app():
    return create_app(config=load(Settings, root="."))
"""

QUERIES = """
import pytest

from webkit.database import DATABASE


@pytest.mark.parametrize("time", [1, 2])
async def test_each_application_has_tables_without_rows(api, time):
    database = api.app[DATABASE]
    await database.write("INSERT INTO things (name) VALUES ('a')")

    assert "webkit" in database.config.url
    assert len(await database.read("SELECT * FROM things")) == 1
"""


@pytest.mark.slow
@pytest.mark.parametrize("url", ["sqlite:///db.sqlite3", None])
def test_tests_have_a_database_of_their_own(tmp_path, url):
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
    )
    (tmp_path / "conftest.py").write_text("pytest_plugins = ('webkit.pytest_plugin',)")
    (tmp_path / "webkit.toml").write_text(
        f'[database]\nurl = "{url}"\n' if url else "[database]\npool_size = 3\n"
    )
    (tmp_path / "main.py").write_text(TABLES)
    (tmp_path / "test_it.py").write_text(QUERIES)

    run = _pytest(tmp_path)

    assert (run.returncode, "2 passed" in run.stdout) == (0, True), run.stdout + run.stderr
    assert not (tmp_path / "db.sqlite3").exists()
