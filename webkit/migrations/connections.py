"""One connection of SQLAlchemy to a database, for work that is not a request.

SQLite is opened by the standard library and PostgreSQL by asyncpg, as the application does it. In
both a transaction takes statements about tables in: SQLite is told when it begins, because
Python's driver would leave these outside.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from webkit.database.drivers import DatabaseUnavailable
from webkit.database.settings import Address


__all__ = ("connected",)

T = TypeVar("T")
_WAIT = 30.0  # seconds that another one's transaction in SQLite is waited for
_LOCK = 8923  # any number: who migrates a database in PostgreSQL holds it


def connected(address: Address, work: Callable[[Connection], T], *, alone: bool = False) -> T:
    """Return what ``work`` returns, which is given a connection; what it has done is kept.

    ``alone`` keeps others out who ask for the same. After an error nothing is kept that ``work``
    has not committed.

    Raises:
        DatabaseUnavailable: the database does not answer.
    """
    if address.kind == "sqlite":
        return _in_sqlite(address, work, alone=alone)
    return asyncio.run(_in_postgresql(address, work, alone=alone))


def _in_sqlite(address: Address, work: Callable[[Connection], T], *, alone: bool) -> T:
    path = address.path or Path(":memory:")

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=_WAIT, isolation_level=None)

    engine = create_engine("sqlite://", creator=opened, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if alone else "BEGIN")

    try:
        with engine.connect() as connection:
            return _done(work, connection)
    except OperationalError as error:
        if "unable to open" in str(error.orig):
            raise _unavailable(address, error.orig) from None
        raise


async def _in_postgresql(address: Address, work: Callable[[Connection], T], *, alone: bool) -> T:
    import asyncpg
    from sqlalchemy.ext.asyncio import create_async_engine

    async def opened() -> Any:
        try:
            return await asyncpg.connect(address.dsn, timeout=10)
        except (OSError, asyncpg.PostgresError, TimeoutError) as error:
            raise _unavailable(address, error) from None

    engine = create_async_engine("postgresql+asyncpg://", async_creator=opened, poolclass=NullPool)
    async with engine.connect() as connection:
        if alone:  # until the connection is closed
            await connection.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")
            await connection.commit()
        return await connection.run_sync(lambda inner: _done(work, inner))


def _done(work: Callable[[Connection], T], connection: Connection) -> T:
    result = work(connection)
    connection.commit()
    return result


def _unavailable(address: Address, error: BaseException | None) -> DatabaseUnavailable:
    reason = str(error).partition("\n")[0] or type(error).__name__
    return DatabaseUnavailable(
        f"database: cannot connect to {address.shown}: {reason}."
        " Start it, correct database.url, or make the database: webkit db init"
    )
