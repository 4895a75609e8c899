"""Migrations that nobody has applied yet, noticed in a few milliseconds: a hint, and no more.

Files are read as text, and SQLite by the standard library. PostgreSQL is not asked: in compose the
service `migrate` has been there before.
"""

import contextlib
import sqlite3
from pathlib import Path

from webkit.database.settings import address_of
from webkit.exceptions import WebkitError
from webkit.scaffold.revisions import head_of, revisions_in


__all__ = ("pending_hint",)


def pending_hint(root: Path, url: str) -> str | None:
    """Return what to tell somebody who serves a project whose database lacks migrations."""
    try:
        path = address_of(url, root=root).path
        head = head_of(revisions_in(root))
    except WebkitError:
        return None  # told by the commands that need it
    if path is None or head is None or head in _applied(path):
        return None
    return "The database lacks migrations. Run: webkit db upgrade"


def _applied(path: Path) -> set[str]:
    """Return the newest revisions that a file has."""
    with contextlib.suppress(sqlite3.Error):
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        with contextlib.closing(connection):
            return {id for (id,) in connection.execute("SELECT version_num FROM alembic_version")}
    return set()
