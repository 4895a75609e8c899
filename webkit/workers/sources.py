"""Sources: the files that are a project's own, and those of them that shape what it serves."""

import os
from collections.abc import Iterator
from pathlib import Path


__all__ = ("is_own", "is_source", "own_files")

_SUFFIXES = frozenset(
    {".conf", ".env", ".htm", ".html", ".ini", ".j2", ".jinja", ".jinja2", ".json", ".py", ".toml"}
    | {".xml", ".yaml", ".yml"}
)
_NAMES = frozenset({".env", "env.testing"})
_FOREIGN = frozenset({"__pycache__", "htmlcov", "node_modules", "site-packages", "vendor", "venv"})
_DRAFTS = (".#", "flycheck_")  # what Emacs puts beside a file that is being edited


def is_own(path: Path, *, root: Path) -> bool:
    """Tell whether a file is the project's own: in ``root``, and not of something installed there.

    Environments, caches and repositories have a dot in front of their directory, or a known name.
    """
    if not path.is_relative_to(root):
        return False
    return not any(map(_is_foreign, path.relative_to(root).parts[:-1]))


def is_source(path: Path, *, root: Path) -> bool:
    """Tell whether a change of this file can change what the project serves."""
    is_known = path.suffix in _SUFFIXES or path.name in _NAMES
    return is_known and not path.name.startswith(_DRAFTS) and is_own(path, root=root)


def own_files(top: Path, *, root: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Yield ``top`` and every directory below it with its files, if they are the project's own."""
    if not is_own(top / "anything", root=root):
        return
    for directory, names, files in os.walk(top):
        names[:] = [name for name in names if not _is_foreign(name)]
        yield Path(directory), [Path(directory, file) for file in files]


def _is_foreign(directory: str) -> bool:
    return directory.startswith(".") or directory in _FOREIGN
