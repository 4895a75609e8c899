"""Removals: what was made is taken away again, as far as nobody else needs it.

1. Only files that are as they were made go. The others stay, and are named.
2. A revision that the database has is taken back first, by a person: what is in its table is lost.
3. A revision that another builds on stays, and its table with it.

Planning reads; only the ``commit`` of a plan writes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from webkit.exceptions import ConflictError
from webkit.scaffold import interruptions, writing
from webkit.scaffold.revisions import Revision, revisions_in
from webkit.scaffold.tables import references_to


__all__ = ("Removal", "files_below", "heir_of", "parted")

_COMPILED = "__pycache__"
_NOTHING = "Nothing was removed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """The end of an app or a resource of the project ``root``, whose own ``directory`` it is.

    ``removed`` are the files that are as the template renders them, ``kept`` the others.
    ``files`` and ``replacing`` are those of `webkit.scaffold.apps.Addition`; ``is_registered`` is
    True where a person has to remove what registers it. ``revision`` is the id of what created the
    table, if that stays because another revision, ``heir``, builds on it.
    """

    root: Path
    directory: str
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    files: Mapping[str, bytes]
    replacing: Mapping[str, bytes]
    is_registered: bool
    revision: str | None = None
    heir: str | None = None

    def commit(self) -> None:
        """Take the line out, then the files, so that no server imports what is about to go."""
        writing.commit(self.files, self.root, replacing=self.replacing)
        try:
            with interruptions.held():
                for path in self.removed:
                    (self.root / path).unlink()
                _prune(self.root / self.directory)
        except OSError as error:
            raise writing.WriteError(f"Cannot remove {error.filename}: {error.strerror}") from error


def parted(
    root: Path, paths: Iterable[str], made: Mapping[str, bytes]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the paths of files that are as they were ``made``, and the others."""
    present = list(paths)
    same = tuple(path for path in present if path in made and _has(root / path, made[path]))
    return same, tuple(path for path in present if path not in same)


def heir_of(
    root: Path,
    made: Revision,
    *,
    table: str,
    directory: str,
    is_applied: Callable[[str], bool],
) -> str | None:
    """Return the id of a revision that builds on the one that ``made`` the table of a directory.

    Without one, that may go.

    Raises:
        ConflictError: models elsewhere refer to the table, or the database has the revision.
    """
    referring = references_to(root, table)
    others = [path for path in referring if not path.startswith(f"{directory}/")]
    if others:
        raise ConflictError(f"These refer to the table {table!r}. {_NOTHING}", others)
    heir = next((item.id for item in revisions_in(root) if made.id in item.parents), None)
    if heir is None and is_applied(made.id):
        raise ConflictError(
            f"The database has the migration {made.id}. {_NOTHING} Take it back first, with all"
            f" that is in the table: webkit db downgrade {next(iter(made.parents), 'base')}"
        )
    return heir


def files_below(directory: Path) -> list[Path]:
    """Return the files below a directory, in order, except those that Python compiled."""
    return sorted(
        path
        for path in directory.rglob("*")
        if path.parent.name != _COMPILED and (path.is_symlink() or not path.is_dir())
    )


def _has(path: Path, content: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == content


def _prune(directory: Path) -> None:
    """Remove what Python compiled from files that are gone, then every directory that is empty."""
    for path in directory.rglob(f"{_COMPILED}/*.pyc"):
        if not (path.parent.parent / f"{path.name.partition('.')[0]}.py").exists():
            path.unlink()
    places = [path for path in directory.rglob("*") if path.is_dir() and not path.is_symlink()]
    for place in (*sorted(places, reverse=True), directory):
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()
