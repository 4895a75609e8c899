"""What a test may need of its machine. A test whose need is not met is skipped, and says why.

`WEBKIT_REQUIRE="docker browser postgres"` makes such a skip, or any other of these tests, a
failure; `WEBKIT_WITHOUT="docker"` leaves tests out although the machine has what they need.
"""

import concurrent.futures
import contextlib
import functools
import importlib
import os
import pkgutil
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import webkit


# What is started in the background of a script ignores Ctrl-C, and so does all that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

HERE = Path(__file__).parent
COVERAGE = "COVERAGE_PROCESS_CONFIG"  # the variable that has processes traced, too
# Rooms that try a whole, or one thing by the hundred. Coverage takes twice the time, and a line
# counts as tested where the tests of its own module run it.
UNTRACED = {"docs", "hostile", "journeys", "templates", "typing"}
POSTGRES = "postgresql://postgres:postgres@127.0.0.1:5432/postgres"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# No name resolves but 127.0.0.1, and nothing is asked that a page does not ask for.
BROWSER_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


@pytest.fixture(scope="session")
def chromium() -> list[str]:
    """The command of a browser, with what makes it see no server but those of the test."""
    return [next(filter(None, map(shutil.which, BROWSERS))), *BROWSER_OPTIONS]


@functools.cache
def _missing(need: str) -> str:
    """Return what the machine lacks for tests with the marker, or nothing."""
    if need in os.environ.get("WEBKIT_WITHOUT", "").split():
        return "left out by WEBKIT_WITHOUT"
    if need == "postgres":
        return _without_postgres()
    if need == "webdriver":
        return "" if shutil.which("chromedriver") else "no chromedriver found"
    if need == "browser":
        has_one = any(map(shutil.which, BROWSERS))
        return "" if has_one else f"no browser found, looked for {', '.join(BROWSERS)}"
    if shutil.which("docker") is None:
        return "no docker command found"
    answer = subprocess.run(["docker", "info"], capture_output=True, check=False)
    return "" if answer.returncode == 0 else "no Docker engine answers"


def _without_postgres() -> str:
    import asyncio

    import asyncpg

    async def ask() -> None:
        await (await asyncpg.connect(_postgres_url(), timeout=5)).close()

    try:
        asyncio.run(ask())
    except (OSError, asyncpg.PostgresError) as error:
        return f"no PostgreSQL answers at TEST_POSTGRES_URL or on loopback: {error}"
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.relative_to(HERE).parts[0] in UNTRACED:
            item.add_marker("untraced")
    if sys.gettrace():  # so that it does not matter which test is the first to import one
        for module in pkgutil.walk_packages(webkit.__path__, "webkit."):
            importlib.import_module(module.name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    if not item.get_closest_marker("untraced"):
        return (yield)
    # Not by `no_cover`: in a process of xdist that hands over to a second tracer of pytest-cov.
    tracer, tracer_of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
        threading.settrace(tracer_of_threads)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for need in ("docker", "browser", "webdriver", "postgres"):
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


def _postgres_url() -> str:
    return os.environ.get("TEST_POSTGRES_URL") or POSTGRES


@pytest.fixture(autouse=True)
def _no_environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every test where nothing names the environment: a plugin under test has set it."""
    monkeypatch.delenv("ENVIRONMENT", raising=False)
    if request.node.get_closest_marker("untraced"):  # nor are its processes
        monkeypatch.delenv(COVERAGE, raising=False)


@pytest.fixture(scope="session", autouse=True)
def _one_cache_of_mypy(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let mypy read aiohttp and webkit once, not once for every project that is made."""
    os.environ["MYPY_CACHE_DIR"] = str(tmp_path_factory.mktemp("mypy"))


@pytest.fixture(scope="session", autouse=True)
def _plugins_of_a_project() -> None:
    """Let pytest in a project that is made load what a project has: each plugin takes its time."""
    ours = ("hypothesispytest", "pytest_cov", "randomly", "schemathesis", "timeout", "xdist")
    os.environ["PYTEST_ADDOPTS"] = " ".join(f"-p no:{name}" for name in ours)


@pytest.fixture(scope="session")
def _warm() -> Iterator[Callable[[bool], Path]]:
    with contextlib.ExitStack() as servers:

        @functools.cache
        def start(traced: bool) -> Path:
            directory = Path(servers.enter_context(tempfile.TemporaryDirectory(prefix="warm")))
            text = (HERE / "warm/command.py").read_text()
            for name in ("startapp", "startproject", "webkit"):
                (directory / name).write_text(f"#!{sys.executable} -IS\n{text}")
                (directory / name).chmod(0o755)
            environ = {
                name: value for name, value in os.environ.items() if traced or name != COVERAGE
            }
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
                listener.bind(str(directory / "socket"))
                listener.listen()  # before the server is there, so that commands wait for it
                number = listener.fileno()
                command = [sys.executable, str(HERE / "warm/server.py"), str(number)]
                server = subprocess.Popen(command, env=environ, pass_fds=[number])
            servers.callback(server.wait)
            servers.callback(server.terminate)
            return directory

        yield start


@pytest.fixture
def warm(_warm: Callable[[bool], Path], _no_environment: None) -> Path:
    """A directory with webkit's commands, which need not import what they share."""
    return _warm(COVERAGE in os.environ)


@pytest.fixture(scope="session")
def warm_untraced(_warm: Callable[[bool], Path]) -> Path:
    """The same for fixtures that last, in rooms where coverage looks away."""
    return _warm(False)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The URL of a server of PostgreSQL, if there is one: for tests that make databases in it."""
    return _postgres_url()


@pytest.fixture(scope="session")
def _own_postgres() -> Iterator[str]:
    """The URL of a database that this run has made for itself, and drops."""
    import asyncio

    import asyncpg

    async def run(statement: str) -> None:
        server = await asyncpg.connect(_postgres_url())
        await server.execute(statement)
        await server.close()

    name = f"test_webkit_{uuid.uuid4().hex}"
    # Another thread has no loop that runs.
    with concurrent.futures.ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, run(f"CREATE DATABASE {name}")).result()
        yield urlsplit(_postgres_url())._replace(path=f"/{name}").geturl()
        apart.submit(asyncio.run, run(f"DROP DATABASE {name} WITH (FORCE)")).result()


@pytest.fixture
async def postgres_database(_own_postgres: str) -> str:
    """The URL of a database of PostgreSQL with nothing in it."""
    return await _emptied(_own_postgres)


async def _emptied(url: str) -> str:
    import asyncpg

    connection = await asyncpg.connect(url)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def kind(request: pytest.FixtureRequest) -> str:
    """Every kind of database, one after the other."""
    return str(request.param)


@pytest.fixture
async def open_database(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    """What opens a new database of a kind that has the tables of models."""
    from webkit.database import Database, DatabaseConfig
    from webkit.database.tables import create_tables

    async with contextlib.AsyncExitStack() as stack:

        async def opened(kind: str, *models: Any, **settings: Any) -> Database:
            url = f"sqlite:///{tmp_path}/test.sqlite3"
            if kind == "postgresql":
                url = await _emptied(request.getfixturevalue("_own_postgres"))
            config = DatabaseConfig(url=url, **settings)
            database = await stack.enter_async_context(Database(config))
            if models:
                await create_tables(database, models)
            return database

        yield opened
