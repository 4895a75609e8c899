"""A database of an application: statements, and transactions that all who use it share.

1. A transaction belongs to the task that has opened it, and to what that starts; a task that lives
   longer goes on outside of it.
2. In another one a transaction is a savepoint. While it is open, what belongs to the outer one
   alone waits.
3. A statement that fails undoes itself and nothing else.
"""

import asyncio
import contextlib
import importlib
from collections.abc import AsyncIterator, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

from aiohttp import web
from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError

from webkit.database.dialects import dialect_of
from webkit.database.drivers import Args, Driver, Lease, Rows, Violation
from webkit.database.settings import Address, DatabaseConfig, address_of
from webkit.database.sqlite import SQLiteDriver
from webkit.database.violations import answer_to
from webkit.exceptions import MissingExtraError, WebkitError


if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

__all__ = ("DATABASE", "Database")


class _Scope:
    """A transaction, or a savepoint in ``outer``."""

    __slots__ = ("depth", "is_open", "lease", "lock", "outer")

    def __init__(self, lease: Lease, outer: "_Scope | None" = None) -> None:
        self.lease = lease
        self.outer = outer
        self.depth: int = outer.depth + 1 if outer else 0
        self.lock = asyncio.Lock()
        self.is_open = True


class _Closed:
    """What stands for the driver of a database that is not open."""

    def __getattr__(self, name: str) -> NoReturn:
        text = "the database is not open: it is from the start of its application to the end"
        raise WebkitError(text)


class Database:
    """The database at ``config.url``. It is open in its context: ``async with Database(config)``.

    A file is looked for from ``root`` on.

    Raises:
        ConfigurationError: the URL is not understood.
    """

    def __init__(self, config: DatabaseConfig, *, root: str | Path = ".") -> None:
        self.config = config
        self.address: Address = address_of(config.url, root=root)
        self.dialect: Dialect = dialect_of(self.address.kind)
        self._sessions: Any = None  # made with the first session
        self._closed: Any = _Closed()
        self.driver: Driver = self._closed
        # The transaction that a task, or one that has started it, is in.
        self._current: ContextVar[_Scope | None] = ContextVar("scope", default=None)

    def __repr__(self) -> str:
        return f"<Database {self.address.shown}>"

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Connect.

        Raises:
            DatabaseUnavailable: it does not answer.
        """
        driver = _driver_of(self.address, self.config)
        await driver.open()
        self.driver = driver

    async def close(self) -> None:
        """Close every connection; what is under way comes to its end."""
        driver, self.driver = self.driver, self._closed
        if driver is not self._closed:
            await driver.close()

    async def check(self) -> None:
        """Ask the database for something.

        Raises:
            ServiceUnavailable: it does not answer.
        """
        await self.driver.read("SELECT 1")

    async def read(self, sql: str, args: Args = (), /) -> Rows:
        """Run a statement that changes nothing, and return its rows.

        The statement is of the driver: with ``?`` for SQLite, ``$1`` for PostgreSQL.
        """
        if self._current.get() is None:
            return await self.driver.read(sql, args)
        async with self._own() as scope:
            if scope:
                return await scope.lease.fetch(sql, args)
        return await self.driver.read(sql, args)

    async def write(self, sql: str, args: Args = (), /) -> Rows:
        """Run a statement that changes something, and return its rows."""
        if self._current.get() is None:
            return await self.driver.write(sql, args)
        async with self._own() as scope:
            if scope:
                return await scope.lease.change(sql, args)
        return await self.driver.write(sql, args)

    async def write_many(self, sql: str, batches: Sequence[Args], /) -> Rows:
        """Run a statement with each of several arguments, all or none; return the rows of all."""
        async with self.transaction(), self._own() as scope:
            return await scope.lease.many(sql, batches) if scope else []

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Do all of what is done in the context, or, if it is left with an error, nothing of it."""
        async with self._own() as outer, self._leased(outer) as lease:
            scope = _Scope(lease, outer)
            token = self._current.set(scope)
            try:
                yield
            finally:
                scope.is_open = False
                self._current.reset(token)
                async with scope.lock:  # what is under way comes to its end
                    pass

    @contextlib.asynccontextmanager
    async def session(self) -> AsyncIterator["AsyncSession"]:
        """Give an ``AsyncSession`` of SQLAlchemy, in a transaction that repositories share.

        Leaving the context commits, an error undoes all of it. In ``transaction()`` the session is
        a part of that.

        Raises:
            Conflict: (leaving) something is taken, or points to nothing.
            ValidationError: (leaving) a column cannot keep a value.
        """
        if self._sessions is None:
            module = importlib.import_module("webkit.database.sessions")
            self._sessions = module.Sessions(self.address.kind)
        try:
            async with self.transaction():
                scope: Any = self._current.get()
                async with self._sessions.over(scope.lease) as session:
                    yield session
        except DBAPIError as error:
            answer = self._answer_to(error)
            if answer is None:
                raise
        else:
            return
        raise answer

    def violation_of(self, error: BaseException, /) -> Violation | None:
        """Return which rule of a table an error of the driver is about, if it is about one."""
        return self.driver.violation_of(error)

    def _answer_to(self, error: DBAPIError) -> Exception | None:
        """Return the answer that an error of SQLAlchemy means, if it means one."""
        cause: Any = error.orig and (error.orig.__cause__ or error.orig)
        violation = self.driver.violation_of(cause)
        return answer_to(violation, str) if violation else self.driver.answer_of(cause)

    @contextlib.asynccontextmanager
    async def _own(self) -> AsyncIterator[_Scope | None]:
        """Give the innermost open transaction that this task is in, for itself."""
        scope = self._current.get()
        while scope is not None:
            async with scope.lock:
                if scope.is_open:
                    yield scope
                    return
            scope = scope.outer
        yield None

    @contextlib.asynccontextmanager
    async def _leased(self, outer: _Scope | None) -> AsyncIterator[Lease]:
        if outer is None:
            async with self.driver.lease() as lease:
                yield lease
            return
        lease, name = outer.lease, f"webkit_{outer.depth}"
        await lease.fetch(f"SAVEPOINT {name}")
        try:
            yield lease
        except BaseException:
            await lease.fetch(f"ROLLBACK TO SAVEPOINT {name}")
            await lease.fetch(f"RELEASE SAVEPOINT {name}")
            raise
        await lease.fetch(f"RELEASE SAVEPOINT {name}")


def _driver_of(address: Address, config: DatabaseConfig) -> Driver:
    if address.kind == "sqlite":
        return SQLiteDriver(address, config)
    try:
        module = importlib.import_module("webkit.database.postgres")
    except ImportError:
        raise MissingExtraError("postgres", purpose="PostgreSQL") from None
    driver: Driver = module.PostgresDriver(address, config)
    return driver


DATABASE = web.AppKey("DATABASE", Database)
