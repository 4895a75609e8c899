"""Databases for tests: made beside that of the project, one for each application, and dropped.

Only what a sandbox has made itself is ever written to: files in a temporary directory, or a
database of PostgreSQL whose name begins with ``webkit_test_``.
"""

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote, urlsplit

from webkit import database, migrations
from webkit.database.settings import address_of


__all__ = ("PREFIX", "Sandbox", "sandbox_of")

PREFIX = "webkit_test_"
_NAME_LENGTH = 63  # bytes of a name in PostgreSQL


class Sandbox(Protocol):
    """A place for the databases of tests."""

    def new_url(self) -> str:
        """Return the URL of the database of one more application; nothing is made yet."""

    async def fill(self) -> None:
        """Give that database the tables of all models, without rows."""

    def close(self) -> None:
        """Drop all that was made."""


def sandbox_of(url: str, *, worker: str = "") -> Sandbox:
    """Return a sandbox of the kind of the database at ``url``.

    ``worker`` tells those apart that run at the same time.
    """
    is_file = url.partition(":")[0].lower().startswith("sqlite")
    return _SQLiteSandbox() if is_file else _PostgreSQLSandbox(url, worker=worker)


class _SQLiteSandbox:
    """Has a file for each application, copied from one that has the tables."""

    def __init__(self) -> None:
        self._directory: Path | None = None
        self._numbers = itertools.count(1)
        self._path = Path()

    @property
    def _template(self) -> Path:
        return self._path.with_name("template.sqlite3")

    def new_url(self) -> str:
        if self._directory is None:
            self._directory = Path(tempfile.mkdtemp(prefix="webkit-test-"))
        self._path = self._directory / f"{next(self._numbers)}.sqlite3"
        return f"sqlite:///{self._path}"

    async def fill(self) -> None:
        if not self._template.exists():
            await _done(f"sqlite:///{self._template}", database.create_tables)
        shutil.copyfile(self._template, self._path)

    def close(self) -> None:
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)


class _PostgreSQLSandbox:
    """Has one database on the server of the project's, emptied for each application."""

    def __init__(self, url: str, *, worker: str) -> None:
        parts = urlsplit(url)
        name = f"{PREFIX}{worker}_{unquote(parts.path.lstrip('/'))}".replace("__", "_")
        self._url = parts._replace(path=f"/{quote(name[:_NAME_LENGTH], safe='')}").geturl()
        self._is_made = False

    def new_url(self) -> str:
        return self._url

    async def fill(self) -> None:
        if self._is_made:
            await _done(self._url, database.empty_tables)
            return
        address = address_of(self._url)
        await asyncio.to_thread(migrations.drop, address)
        await asyncio.to_thread(migrations.create, address)
        await _done(self._url, database.create_tables)
        self._is_made = True

    def close(self) -> None:
        if self._is_made:
            migrations.drop(address_of(self._url))


async def _done(url: str, work: "Callable[[database.Database], Awaitable[None]]") -> None:
    async with database.Database(database.DatabaseConfig(url=url)) as opened:
        await work(opened)
