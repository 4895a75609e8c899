"""All tables of the models at once, without revisions: for tests."""

from sqlalchemy import text

from webkit.database.models import Model
from webkit.database.settings import address_of
from webkit.migrations.connections import connected


__all__ = ("create_tables", "empty_tables")


def create_tables(url: str) -> None:
    """Create the tables of all models that have been imported, in a database without tables."""
    connected(address_of(url), Model.metadata.create_all)


def empty_tables(url: str) -> None:
    """Remove all rows from the tables of all models, in PostgreSQL, and count keys from 1 again."""
    names = ", ".join(f'"{name}"' for name in Model.metadata.tables)
    statement = text(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    connected(address_of(url), lambda connection: connection.execute(statement))
