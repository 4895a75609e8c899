"""What a test may need of its machine. A test whose need is not met is skipped, and says why.

`WEBKIT_REQUIRE="docker browser"` makes such a skip, or any other of these tests, a failure;
`WEBKIT_WITHOUT="docker"` leaves tests out although the machine has what they need.
"""

import contextlib
import functools
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import Any

import pytest


# What is started in the background of a script ignores Ctrl-C, and so does all that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@functools.cache
def _missing(need: str) -> str:
    """Return what the machine lacks for tests with the marker, or nothing."""
    if need in os.environ.get("WEBKIT_WITHOUT", "").split():
        return "left out by WEBKIT_WITHOUT"
    if need == "browser":
        has_one = any(map(shutil.which, BROWSERS))
        return "" if has_one else f"no browser found, looked for {', '.join(BROWSERS)}"
    if shutil.which("docker") is None:
        return "no docker command found"
    answer = subprocess.run(["docker", "info"], capture_output=True, check=False)
    return "" if answer.returncode == 0 else "no Docker engine answers"


def pytest_runtest_setup(item: pytest.Item) -> None:
    for need in ("docker", "browser"):
        if item.get_closest_marker(need) and (reason := _missing(need)):
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    required = os.environ.get("WEBKIT_REQUIRE", "").split()
    if report.skipped and any(map(item.get_closest_marker, required)):
        report.outcome = "failed"
        report.longrepr = f"skipped, though WEBKIT_REQUIRE asks for it: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every test where nothing names the environment: a plugin under test has set it."""
    monkeypatch.delenv("ENVIRONMENT", raising=False)


@pytest.fixture(params=["sqlite"])
def kind(request: pytest.FixtureRequest) -> str:
    """Every kind of database, one after the other."""
    return str(request.param)


@pytest.fixture
async def open_database(tmp_path: Path) -> AsyncIterator[Any]:
    """What opens a new database of a kind that has the tables of models."""
    from webkit.database import Database, DatabaseConfig
    from webkit.database.tables import create_tables

    async with contextlib.AsyncExitStack() as stack:

        async def opened(kind: str, *models: Any, **settings: Any) -> Database:
            url = f"sqlite:///{tmp_path}/test.sqlite3"
            config = DatabaseConfig(url=url, **settings)
            database = await stack.enter_async_context(Database(config))
            if models:
                await create_tables(database, models)
            return database

        yield opened
