"""Watching: tells when a source of a project changes.

Where file events do not arrive, as on some network and container mounts, set
``WATCHFILES_FORCE_POLLING=true`` in the environment.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from watchfiles import watch

from webkit.exceptions import WebkitError
from webkit.workers.sources import is_source, own_files


__all__ = ("WatchError", "changes")

# Milliseconds. A change is told when a step brings nothing new: a step that is too short splits
# the several writes of one save into two reloads, a long one is waited for at every save.
_STEP = 10
_DEBOUNCE = 100
_TIMEOUT = 200
_WAY_OUT = "Set WATCHFILES_FORCE_POLLING=true to do without file events"


class WatchError(WebkitError):
    """The files of a project cannot be watched."""

    exit_status = 1


class _Stop(Protocol):
    def is_set(self) -> bool: ...


def changes(root: Path, *, stop: _Stop) -> Iterator[list[Path]]:
    """Yield the changed sources, relative to ``root``, whenever some have changed.

    Yields an empty list as soon as it watches, and a few times a second while nothing happens.

    Raises:
        WatchError: the directory cannot be watched.
    """
    tree = _Tree(root)
    batches = watch(
        root,
        watch_filter=None,
        step=_STEP,
        debounce=_DEBOUNCE,
        rust_timeout=_TIMEOUT,
        yield_on_timeout=True,
        stop_event=stop,
    )
    try:
        for batch in batches:
            found = {source for _, path in batch for source in tree.sources_at(Path(path))}
            yield sorted(source.relative_to(root) for source in found)
    except (OSError, RuntimeError) as error:  # what the watcher raises, limits of the system too
        raise WatchError(f"cannot watch {root}: {error}. {_WAY_OUT}") from None


class _Tree:
    """The directories of a project.

    A directory that comes or goes as a whole brings no event for each of its files.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._directories = {directory for directory, _ in own_files(root, root=root)}

    def sources_at(self, path: Path) -> list[Path]:
        """Return the sources that have changed when something has happened to ``path``."""
        if is_source(path, root=self._root):
            return [path]
        if path in self._directories:
            return [] if path.is_dir() else self._forget(path)
        return self._learn(path) if path.is_dir() else []

    def _learn(self, top: Path) -> list[Path]:
        sources: list[Path] = []
        for directory, files in own_files(top, root=self._root):
            self._directories.add(directory)
            sources += [file for file in files if is_source(file, root=self._root)]
        return sources

    def _forget(self, top: Path) -> list[Path]:
        self._directories = {path for path in self._directories if not path.is_relative_to(top)}
        return [top]
