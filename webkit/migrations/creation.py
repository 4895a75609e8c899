"""Databases themselves: made, if they are not there, and dropped."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from webkit.database.drivers import DatabaseUnavailable
from webkit.database.settings import Address


__all__ = ("create", "drop", "exists")

_ALWAYS_THERE = "postgres"  # a database of every server, to speak with it about others
_BESIDE = ("", "-wal", "-shm", "-journal")  # the files of a database of SQLite


def exists(address: Address) -> bool:
    """Tell whether the database is there.

    Raises:
        DatabaseUnavailable: its server does not answer.
    """
    if address.kind == "sqlite":
        return bool(address.path and address.path.exists())
    found = _asked(address, "SELECT 1 FROM pg_database WHERE datname = $1", address.name)
    return bool(found)


def create(address: Address) -> bool:
    """Make the database, if it is not there; tell whether it was made."""
    if address.kind == "sqlite":
        if address.path is None or address.path.exists():
            return False
        address.path.touch()
        return True
    if exists(address):
        return False
    _asked(address, f"CREATE DATABASE {_quoted(address.name)}")
    return True


def drop(address: Address) -> bool:
    """Drop the database with all that is in it, if it is there; tell whether it was."""
    if not exists(address):
        return False
    if address.kind == "sqlite":
        for beside in _BESIDE:
            Path(f"{address.path}{beside}").unlink(missing_ok=True)
    else:
        _asked(address, f"DROP DATABASE {_quoted(address.name)} WITH (FORCE)")
    return True


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _asked(address: Address, sql: str, *args: object) -> Any:
    """Ask the server of a database something that is not about its content."""
    import asyncpg

    server = urlsplit(address.dsn)._replace(path=f"/{_ALWAYS_THERE}").geturl()

    async def ask() -> Any:
        connection = await asyncpg.connect(server, timeout=10)
        try:
            return await connection.fetch(sql, *args)
        finally:
            await connection.close()

    try:
        return asyncio.run(ask())
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise DatabaseUnavailable(f"database: {address.shown}: {reason}") from None
