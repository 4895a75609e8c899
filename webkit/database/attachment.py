"""The database of an application: opened when it starts, closed when it ends."""

from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from webkit.database.databases import DATABASE, Database
from webkit.database.settings import DatabaseConfig
from webkit.health import READINESS


__all__ = ("attach",)


def attach(app: web.Application, config: DatabaseConfig, *, root: str | Path = ".") -> Database:
    """Give an application a database, under the key ``DATABASE``, and ``/ready`` a check of it.

    A file is looked for from ``root`` on.

    Raises:
        ConfigurationError: the URL is not understood.
    """
    database = app[DATABASE] = Database(config, root=root)

    async def opened(app: web.Application) -> AsyncIterator[None]:
        async with database:
            yield

    app.cleanup_ctx.append(opened)
    if READINESS in app:  # not in an application that create_app has not made
        app[READINESS].checks["database"] = database.check
    return database
