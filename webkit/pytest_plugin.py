"""The pytest plugin of a project: its ``conftest.py`` names it, and its tests run as tests.

1. It sets ``ENVIRONMENT=testing`` before the project is imported, whatever the shell or the
   container says, so that ``env.testing`` is read.
2. Tests as webaio taught them carry ``@unittest_run_loop``. aiohttp keeps it, and warns that it
   does nothing; where warnings are errors, this one is none.
3. The setting ``webkit_app`` of pytest names what makes the application under test:
   ``main:get_web_app`` where it is not set.
4. Where the project has a database, every application under test has one of its own, with all
   tables and no rows (``webkit.sandboxes``); that of the project is never opened.
"""

import asyncio
import inspect
import os
import sys
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from aiohttp import web

from webkit import database
from webkit.application import served_routes
from webkit.config import Settings, load
from webkit.openapi import build_document
from webkit.openapi.conformance import operations_to_try
from webkit.sandboxes import Sandbox, sandbox_of
from webkit.testing import APIClient, Conformance
from webkit.workers.loading import load_app


__all__ = (
    "api",
    "app",
    "check_operation",
    "pytest_addoption",
    "pytest_configure",
    "pytest_generate_tests",
    "pytest_unconfigure",
    "shared_api",
)

_URL, _OTHER_URL = "DATABASE__URL", "DATABASE_URL"
_SANDBOX = pytest.StashKey[Sandbox]()

os.environ["ENVIRONMENT"] = "testing"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting ``webkit_app``."""
    parser.addini("webkit_app", "what makes the application under test", default="main:get_web_app")


def pytest_configure(config: pytest.Config) -> None:
    """Add to the project's filters of warnings, and keep tests away from its database."""
    config.addinivalue_line("filterwarnings", "ignore:Decorator .@unittest_run_loop:")
    table = load(Settings, root=config.rootpath).table("database")
    if table:
        url = str(table.get("url") or database.DatabaseConfig().url)
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        config.stash[_SANDBOX] = sandbox_of(url, worker=worker)
        os.environ.pop(_OTHER_URL, None)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Drop the databases of the tests."""
    if _SANDBOX in config.stash:
        config.stash[_SANDBOX].close()
        os.environ.pop(_URL, None)


@pytest_asyncio.fixture
async def app(pytestconfig: pytest.Config) -> web.Application:
    """A new application of the project, which has not started."""
    return await _new_app(pytestconfig)


@pytest_asyncio.fixture
async def api(app: web.Application) -> AsyncIterator[APIClient]:
    """A client of a new application."""
    async with APIClient(app) as client:
        yield client


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_api(pytestconfig: pytest.Config) -> AsyncIterator[APIClient]:
    """A client of one application for all tests that run in the session's loop.

    They say so with ``@pytest.mark.asyncio(loop_scope="session")``.
    """
    async with APIClient(await _new_app(pytestconfig)) as client:
        yield client


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of ``webkit.testing.conformance_test`` one for each operation."""
    if "check_operation" in metafunc.fixturenames:
        app = asyncio.run(_new_app(metafunc.config))
        document = build_document(served_routes(app), title="", version="")
        operations = operations_to_try(document)
        metafunc.parametrize("check_operation", operations, indirect=True, ids=operations)


@pytest.fixture
def check_operation(request: pytest.FixtureRequest) -> Callable[[Conformance], None]:
    """What holds one operation of a new application against its document."""
    pytest.importorskip("schemathesis", reason="schemathesis is not installed")

    def check(wanted: Conformance) -> None:
        wanted.check(lambda: _new_app(request.config), request.param)

    return check


async def _new_app(config: pytest.Config) -> web.Application:
    sandbox = config.stash.get(_SANDBOX, None)
    if sandbox:
        os.environ[_URL] = sandbox.new_url()
    origin = "webkit_app in the configuration of pytest"
    found = load_app(config.getini("webkit_app"), root=config.rootpath, origin=origin)
    app = await found if inspect.isawaitable(found) else found
    if sandbox and "sqlalchemy" in sys.modules and database.DATABASE in app:
        await sandbox.fill()
    return app
