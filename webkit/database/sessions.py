"""Sessions of SQLAlchemy over a connection that webkit has: they share its transaction.

1. SQLAlchemy believes that it opens and closes connections; it gets the one of the transaction.
2. A session begins a savepoint in it, so that ``rollback`` undoes what the session has done.
"""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextvars import ContextVar
from typing import Any

import msgspec
from sqlalchemy import NullPool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.util import await_only

from webkit.database.dialects import PostgresDialect, SQLiteDialect
from webkit.database.drivers import Lease
from webkit.database.settings import Kind


__all__ = ("Sessions", "SharedPostgresDialect", "SharedSQLiteDialect")

_lease: ContextVar[Lease] = ContextVar("lease")


class Sessions:
    """Makes sessions for one database."""

    def __init__(self, kind: Kind) -> None:
        registry.register("sqlite.webkit", __name__, "SharedSQLiteDialect")
        registry.register("postgresql.webkit", __name__, "SharedPostgresDialect")
        self._engine: AsyncEngine = create_async_engine(
            f"{kind}+webkit://",
            poolclass=NullPool,
            json_serializer=_json_of,
            json_deserializer=msgspec.json.decode,
        )

    @contextlib.asynccontextmanager
    async def over(self, lease: Lease) -> AsyncIterator[AsyncSession]:
        """Give a session; leaving it commits to the transaction of the lease, an error does not."""
        async with self._connected(lease) as connection:
            session = AsyncSession(
                connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
            )
            async with session:
                yield session
                await session.commit()
            await connection.commit()

    @contextlib.asynccontextmanager
    async def _connected(self, lease: Lease) -> AsyncIterator[AsyncConnection]:
        token = _lease.set(lease)
        try:
            connection = await self._engine.connect()
        finally:
            _lease.reset(token)
        try:
            await connection.begin()  # for SQLAlchemy alone: the transaction is open already
            yield connection
        finally:
            await connection.close()


class SharedPostgresDialect(PostgresDialect):
    """SQLAlchemy's dialect over connections that are not its own."""

    supports_statement_cache = True

    def connect(self, *args: Any, **kwargs: Any) -> Any:
        """Return the connection of the transaction, which SQLAlchemy neither begins nor ends."""
        adapt: Any = AsyncAdapt_asyncpg_connection
        connection = adapt(self.dbapi, _lease.get().raw)
        connection.isolation_level = "autocommit"
        return connection

    def on_connect(self) -> Any:
        """Return nothing to do: codecs would change the connection for everybody."""

    def do_close(self, dbapi_connection: Any) -> None:
        """Leave the connection open."""

    def do_terminate(self, dbapi_connection: Any) -> None:
        """Leave the connection open."""


class SharedSQLiteDialect(SQLiteDialect):
    """SQLAlchemy's dialect over the thread that writes."""

    supports_statement_cache = True
    driver = "webkit"
    is_async = True

    def connect(self, *args: Any, **kwargs: Any) -> Any:
        """Return the connection of the transaction."""
        return _Connection(_lease.get().raw)

    def on_connect(self) -> Any:
        """Return nothing to do: the connection has what it needs."""


_Done = Callable[[Callable[[Any], Any]], Awaitable[Any]]


class _Connection:
    """A connection as SQLAlchemy wants it; the transaction is not its own."""

    def __init__(self, done: _Done) -> None:
        self._done = done

    def cursor(self) -> "_Cursor":
        return _Cursor(self._done)

    def commit(self) -> None:
        pass

    def rollback(self) -> None:
        pass

    def close(self) -> None:
        pass


class _Cursor:
    """A cursor as SQLAlchemy wants it; every statement is one hop, its rows included."""

    arraysize = 1

    def __init__(self, done: _Done) -> None:
        self._done = done
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def execute(self, sql: str, args: Sequence[Any] = ()) -> None:
        self._run(lambda connection: connection.execute(sql, args))

    def executemany(self, sql: str, batches: Sequence[Sequence[Any]]) -> None:
        self._run(lambda connection: connection.executemany(sql, batches))

    def _run(self, call: Callable[[Any], Any]) -> None:
        def fetch(connection: Any) -> None:
            cursor = call(connection)
            self._rows = cursor.fetchall()[::-1]
            self.description = cursor.description
            self.rowcount = cursor.rowcount
            self.lastrowid = cursor.lastrowid

        await_only(self._done(fetch))

    def fetchone(self) -> Any:
        return self._rows.pop() if self._rows else None

    def fetchmany(self, size: int = 1) -> list[Any]:
        return [self._rows.pop() for _ in range(min(size, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        return self.fetchmany(len(self._rows))

    def close(self) -> None:
        self._rows = []


def _json_of(value: object) -> str:
    return msgspec.json.encode(value).decode()
