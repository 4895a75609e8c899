"""Tables made, emptied and dropped without migrations: for tests, scripts, and examples."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import MetaData, Table
from sqlalchemy.engine.mock import MockConnection

from webkit.database.databases import Database
from webkit.database.models import Model


__all__ = ("create_tables", "drop_tables", "empty_tables")


async def create_tables(
    database: Database, tables: Iterable[Any] = (), *, metadata: MetaData = Model.metadata
) -> None:
    """Make tables, which must not be there: those of the models, or all of ``metadata``."""
    await _run(database, metadata.create_all, tables)


async def drop_tables(
    database: Database, tables: Iterable[Any] = (), *, metadata: MetaData = Model.metadata
) -> None:
    """Drop tables, which must be there: those of the models, or all of ``metadata``."""
    await _run(database, metadata.drop_all, tables)


async def empty_tables(database: Database) -> None:
    """Remove all rows from the tables of all models, in PostgreSQL, and count keys from 1 again."""
    shown = database.dialect.identifier_preparer.format_table
    names = ", ".join(map(shown, Model.metadata.tables.values()))
    await database.write(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


async def _run(database: Database, change: Any, tables: Iterable[Any]) -> None:
    statements: list[str] = []

    def note(element: Any, *args: object, **kwargs: object) -> None:
        statements.append(str(element.compile(dialect=database.dialect)))

    chosen = [item if isinstance(item, Table) else item.__table__ for item in tables]
    change(MockConnection(database.dialect, note), chosen or None, checkfirst=False)
    async with database.transaction():
        for statement in statements:
            await database.write(statement)
