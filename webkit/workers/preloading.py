"""Preloading: what a project imports but does not own is imported once, before its processes fork.

1. Nothing of the project itself is preloaded: it must be imported afresh after a change.
2. A module that cannot be imported alone is left to the project.
"""

import contextlib
import importlib
import os
import sys
import threading
import warnings
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from types import ModuleType

from webkit.workers.sources import is_own


__all__ = ("count_threads", "foreign_modules", "preload")

_THREADS = "/proc/self/task"  # Linux; counts those that Python does not know, too


def foreign_modules(root: Path, *, known: Collection[str] = ()) -> list[str]:
    """Return the imported modules that are not of the project in ``root``, nor ``known``.

    They come in the order in which they were imported.
    """
    return [
        name
        for name, module in list(sys.modules.items())
        if name not in known and name != "__main__" and _is_foreign(module, root)
    ]


def _is_foreign(module: ModuleType | object, root: Path) -> bool:
    # Not getattr(): some modules import others when they are asked for a name.
    names = vars(module) if isinstance(module, ModuleType) else {}
    file = names.get("__file__")
    if isinstance(file, str):
        return not is_own(Path(file).resolve(), root=root)
    return getattr(names.get("__spec__"), "origin", None) in {"built-in", "frozen"}


def preload(names: Iterable[str], *, root: Path) -> None:
    """Import modules, but none of the project in ``root``; those that fail are skipped."""
    with _path_without(root), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the project has shown them already
        for name in names:
            with contextlib.suppress(Exception, SystemExit):
                importlib.import_module(name)


@contextlib.contextmanager
def _path_without(root: Path) -> Iterator[None]:
    """Let imports find nothing of the project, which may be on the path by the environment."""
    path = list(sys.path)
    sys.path[:] = [entry for entry in path if not is_own(Path(entry, "main.py"), root=root)]
    try:
        yield
    finally:
        sys.path[:] = path


def count_threads() -> int:
    """Return the number of threads of this process."""
    try:
        return len(os.listdir(_THREADS))  # noqa: PTH208  (names are enough)
    except OSError:
        return threading.active_count()
