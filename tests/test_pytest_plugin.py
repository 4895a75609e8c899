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
