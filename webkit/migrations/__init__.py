"""Migrations: the revisions of a project, and the databases that they are applied to.

Alembic does the work; its environment is here, so that a project has nothing but revision files.
Nothing here knows aiohttp or click. The names below are loaded when they are used: to import webkit
loads neither Alembic nor SQLAlchemy.
"""

import importlib
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from webkit.migrations.connections import connected
    from webkit.migrations.creation import create, drop
    from webkit.migrations.environment import Environment, MigrationError
    from webkit.migrations.readiness import check_of

__all__ = (
    "Environment",
    "MigrationError",
    "check_of",
    "connected",
    "create",
    "drop",
)

_HOMES = {
    "Environment": "environment",
    "MigrationError": "environment",
    "check_of": "readiness",
    "connected": "connections",
    "create": "creation",
    "drop": "creation",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
