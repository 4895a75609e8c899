"""Whether a database has the migrations of the project: a check for ``/ready``.

1. It is asked until nothing is pending, and not again: a service that is ready pays nothing.
2. A database at a revision that is not in the files is ahead of them, as in the middle of a
   deployment or after going back to an older image: nothing is pending.
3. The files are read as text. A process that serves neither loads Alembic nor runs revisions.
"""

import asyncio
import re
from pathlib import Path

from webkit.database.databases import Database
from webkit.database.drivers import LACKING
from webkit.exceptions import ServiceUnavailable
from webkit.health import Check


__all__ = ("check_of",)

_DIRECTORY = "migrations"
# One name at the top of a file, whatever its type, and what it is: a text, or several in brackets.
_NAMED = re.compile(r"^(revision|down_revision)\b[^=\n]*=\s*([(\[][^)\]]*|[^\n]*)", re.MULTILINE)
_TEXT = re.compile(r"""["']([^"'\n]+)["']""")
_APPLIED = "SELECT version_num FROM alembic_version"


def check_of(database: Database, root: Path) -> Check | None:
    """Return what raises while ``database`` lacks revisions in ``root``; None without any."""
    paths = sorted((root / _DIRECTORY).glob("*.py"))
    return _Pending(database, paths) if paths else None


class _Pending:
    """The check, which remembers that nothing is pending."""

    def __init__(self, database: Database, paths: list[Path]) -> None:
        self._database = database
        self._paths = paths
        self._is_done = False

    async def __call__(self) -> None:
        if self._is_done:
            return
        known, heads = await asyncio.to_thread(_read, self._paths)
        applied = await self._applied()
        is_ahead = not applied <= known
        if not is_ahead and not heads <= applied:
            missing = ", ".join(sorted(heads - applied))
            text = f"the database is not at {missing} of {_DIRECTORY}. Run: webkit db upgrade"
            raise ServiceUnavailable(text)
        self._is_done = True

    async def _applied(self) -> set[str]:
        try:
            return {id for (id,) in await self._database.read(_APPLIED)}
        except Exception as error:  # each driver has its own
            if LACKING not in getattr(error, "__notes__", ()):
                raise
            return set()


def _read(paths: list[Path]) -> tuple[set[str], set[str]]:
    """Return the ids of all revisions, and of those that no other builds on."""
    found: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for path in paths:
        for name, value in _NAMED.findall(path.read_text(encoding="utf-8")):
            found[name].update(_TEXT.findall(value))
    return found["revision"], found["revision"] - found["down_revision"]
