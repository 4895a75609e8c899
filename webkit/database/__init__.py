"""Databases: tables behind one URL, repositories over them, and transactions.

The names below are loaded when they are used: to import webkit loads no SQLAlchemy.
"""

import importlib
from typing import TYPE_CHECKING, Any

from webkit.exceptions import MissingExtraError


if TYPE_CHECKING:
    from webkit.database.attachment import attach
    from webkit.database.databases import DATABASE, Database
    from webkit.database.models import Model, WithID
    from webkit.database.repositories import SQLRepository
    from webkit.database.settings import DatabaseConfig
    from webkit.database.tables import create_tables, empty_tables

__all__ = (
    "DATABASE",
    "Database",
    "DatabaseConfig",
    "Model",
    "SQLRepository",
    "WithID",
    "attach",
    "create_tables",
    "empty_tables",
)

_HOMES = {
    "DATABASE": "databases",
    "Database": "databases",
    "DatabaseConfig": "settings",
    "Model": "models",
    "SQLRepository": "repositories",
    "WithID": "models",
    "attach": "attachment",
    "create_tables": "tables",
    "empty_tables": "tables",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        home = importlib.import_module(f"{__name__}.{_HOMES[name]}")
    except ModuleNotFoundError as error:
        if error.name != "sqlalchemy":
            raise
        raise MissingExtraError("sqlite", purpose="a database") from None
    return getattr(home, name)
