"""The driver for SQLite: a thread that writes, and reads that do not leave the event loop.

1. There is one writer, as SQLite has it; a transaction has it for itself.
2. A read that is short is done in the loop: it takes a tenth of the time of a hop to a thread. One
   that takes longer than ``LONGEST_IN_LOOP`` is broken off there and done by a thread, and so are
   those like it for a while.
3. What was committed survives the death of the process; ``synchronous=NORMAL`` in WAL mode.
"""

import asyncio
import contextlib
import functools
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from webkit.database.connecting import connected
from webkit.database.dialects import dialect_of
from webkit.database.drivers import AWAY, CROWDED, LACKING, Args, Rows, Violation, unavailable
from webkit.database.settings import Address, DatabaseConfig
from webkit.database.workers import Expired, Worker
from webkit.exceptions import ServiceUnavailable


__all__ = ("LONGEST_IN_LOOP", "SQLiteDriver")

T = TypeVar("T")

LONGEST_IN_LOOP = 0.001  # seconds: about what a request takes
_LACKING = re.compile("no such (table|column):|table .* has no column named ")
_REMEMBERED = 60.0  # seconds for which a statement counts as long
_IN_A_ROW = 64  # reads in the loop after which others get their turn
_CACHED = 512  # prepared statements
_STEPS = 1000  # of SQLite's machine between two looks at the clock, about 50 microseconds

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_size_limit = 67108864",
)
_PRIMARY = 0xFF  # an extended code of an error has the primary one in its last byte
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT}
_BROKEN = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
}
_RULES: Any = {
    "UNIQUE": "unique",
    "NOT NULL": "required",
    "CHECK": "check",
    "FOREIGN KEY": "reference",
}
_FAILED = re.compile(r"(UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint failed(?:: (.*))?")


class SQLiteDriver:
    """A file, or for an address without a path a temporary one."""

    def __init__(self, address: Address, config: DatabaseConfig) -> None:
        self.dialect = dialect_of("sqlite")
        self._config = config
        self._address = address
        self._folder = ""
        self._path = address.path
        self._readers: list[Worker] = []
        self._long: dict[str, float] = {}  # statements, and until when they count as long
        self._until = 0.0
        self._count = 0

    async def open(self) -> None:
        """Connect.

        Raises:
            DatabaseUnavailable: the file cannot be opened.
        """
        if self._path is None:
            self._folder = tempfile.mkdtemp(prefix="webkit-")
            self._path = Path(self._folder, "db.sqlite3")
        config, shown = self._config, self._address.shown
        passing = functools.partial(_has_code, codes=_BUSY)
        self._writer = await connected(
            self._opened, passing=passing, wait=config.connect_wait, shown=shown
        )
        self._turn = asyncio.Lock()
        self._here = self._connect(writes=False, timeout=0)
        self._here.set_progress_handler(self._takes_too_long, _STEPS)

    async def close(self) -> None:
        """Close every connection."""
        self._here.close()
        for worker in (*self._readers, self._writer):
            await worker.close()
        shutil.rmtree(self._folder, ignore_errors=not self._folder)

    async def read(self, sql: str, args: Args = (), /) -> Rows:
        """Run a statement that changes nothing, here if it is short."""
        self._count += 1
        if self._count % _IN_A_ROW == 0:
            await asyncio.sleep(0)
        now = time.monotonic()
        if not self._long or self._long.get(sql, 0) < now:
            self._until = now + LONGEST_IN_LOOP
            try:
                return self._here.execute(sql, args).fetchall()
            except sqlite3.OperationalError as error:
                if not _has_code(error, codes=_BUSY):
                    raise _translated(error) from None
            if len(self._long) >= _CACHED:
                self._long.clear()
            self._long[sql] = now + _REMEMBERED
        return await self._done(self._reader(), functools.partial(_fetched, sql=sql, args=args))

    async def write(self, sql: str, args: Args = (), /) -> Rows:
        """Run a statement that changes something, for good."""
        call = functools.partial(_fetched, sql=sql, args=args)
        if not self._turn.locked():
            return await self._done(self._writer, call)
        async with self._for_itself():
            return await self._done(self._writer, call)

    @contextlib.asynccontextmanager
    async def lease(self) -> AsyncIterator["_Lease"]:
        """Give the writer, in a transaction."""
        async with self._for_itself():
            try:
                await self._done(self._writer, _begin)
                yield _Lease(functools.partial(self._done, self._writer))
                await self._done(self._writer, _commit)
            except BaseException:
                # What comes later to the writer is done later: nobody sees what is not undone.
                await asyncio.shield(self._done(self._writer, _roll_back))
                raise

    def answer_of(self, error: BaseException, /) -> ServiceUnavailable | None:
        """Return nothing: such errors are answers already, where the thread gives them back."""
        return None

    def violation_of(self, error: BaseException, /) -> Violation | None:
        """Return which rule an error is about."""
        found = _FAILED.search(str(error)) if isinstance(error, sqlite3.IntegrityError) else None
        if found is None:
            return None
        rule, what = _RULES[found[1]], found[2] or ""
        if rule in ("check", "reference"):
            return Violation(rule, name=what)
        names = tuple(name.rpartition(".")[2] for name in what.split(", "))
        return Violation(rule, columns=names)

    def _connect(self, *, writes: bool, timeout: float) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path or "", timeout=timeout, isolation_level=None, cached_statements=_CACHED
        )
        for pragma in _PRAGMAS if writes else ("PRAGMA query_only = ON",):
            connection.execute(pragma)
        connection.create_function("webkit_casefold", 1, _casefold, deterministic=True)
        return connection

    def _worker(self, *, writes: bool) -> Worker:
        connect = functools.partial(self._connect, writes=writes, timeout=self._config.pool_timeout)
        return Worker(connect, name="webkit-sqlite")

    async def _opened(self) -> Worker:
        """Return the writer, connected."""
        worker = self._worker(writes=True)
        try:
            await worker.open()
        except sqlite3.Error:
            await worker.close()
            raise
        return worker

    def _reader(self) -> Worker:
        """Return the thread that has least to do; a new one if all have something."""
        free = min(self._readers, key=lambda worker: worker.pending, default=None)
        if free and (not free.pending or len(self._readers) >= self._config.pool_size):
            return free
        worker = self._worker(writes=False)
        worker.start()
        self._readers.append(worker)
        return worker

    async def _done(self, worker: Worker, call: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return await worker.submit(call, timeout=self._config.pool_timeout)
        except (sqlite3.OperationalError, Expired) as error:
            raise _translated(error) from None

    @contextlib.asynccontextmanager
    async def _for_itself(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._config.pool_timeout):
                await self._turn.acquire()
        except TimeoutError:
            raise unavailable(CROWDED) from None
        try:
            yield
        finally:
            self._turn.release()

    def _takes_too_long(self) -> bool:
        return time.monotonic() > self._until


class _Lease:
    """The writer in a transaction."""

    def __init__(
        self, done: Callable[[Callable[[sqlite3.Connection], Any]], Awaitable[Any]]
    ) -> None:
        self.raw = done

    async def fetch(self, sql: str, args: Args = (), /) -> Rows:
        """Run a statement and return its rows."""
        rows: Rows = await self.raw(functools.partial(_fetched_within, sql=sql, args=args))
        return rows

    change = fetch  # a statement that fails in SQLite undoes itself

    async def many(self, sql: str, batches: Sequence[Args], /) -> Rows:
        """Run a statement with each of several arguments, in one hop."""
        rows: Rows = await self.raw(
            lambda connection: [
                row for args in batches for row in _fetched_within(connection, sql=sql, args=args)
            ]
        )
        return rows


def _fetched(connection: sqlite3.Connection, *, sql: str, args: Args) -> Rows:
    return connection.execute(sql, args).fetchall()


def _fetched_within(connection: sqlite3.Connection, *, sql: str, args: Args) -> Rows:
    if not connection.in_transaction:  # SQLite has undone it because of an error
        raise sqlite3.OperationalError("the transaction is over")
    return connection.execute(sql, args).fetchall()


def _begin(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")


def _commit(connection: sqlite3.Connection) -> None:
    connection.execute("COMMIT")


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _casefold(value: object) -> str | None:
    return None if value is None else str(value).casefold()


def _has_code(error: Exception, *, codes: set[int]) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY in codes


def _translated(error: Exception) -> Exception:
    """Return the answer that an error means, or the error itself."""
    if isinstance(error, Expired) or _has_code(error, codes=_BUSY):
        return unavailable(CROWDED)
    if _LACKING.match(str(error)):
        error.add_note(LACKING)
    return unavailable(AWAY) if _has_code(error, codes=_BROKEN) else error
