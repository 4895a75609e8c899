"""An app, as ``startapp`` makes it and registers it, and as it takes it away again.

Planning reads; only the ``commit`` of a plan writes.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from webkit.exceptions import ConflictError, UsageError
from webkit.scaffold import interruptions, names, registration, rendering, writing


__all__ = ("Addition", "Removal", "addition", "removal")

_SETTINGS = "settings.py"
_COMPILED = "__pycache__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A new app of the project ``root``.

    ``files`` has every file with its content to be, ``settings.py`` with its new line among them;
    ``replacing`` has what is there now. ``is_registered`` is False where ``APPS`` is no plain
    list, so that a person has to add the line.
    """

    root: Path
    files: Mapping[str, bytes]
    replacing: Mapping[str, bytes]
    is_registered: bool

    def commit(self) -> None:
        """Write all of it or nothing; raises what `writing.commit` raises."""
        writing.commit(self.files, self.root, replacing=self.replacing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """The end of an app of the project ``root``.

    ``removed`` are the files that are as the template renders them, ``kept`` the others.
    ``files`` and ``replacing`` are those of `Addition`; ``is_registered`` is True where ``APPS``
    is no plain list, so that a person has to remove the line.
    """

    root: Path
    directory: str
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    files: Mapping[str, bytes]
    replacing: Mapping[str, bytes]
    is_registered: bool

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


def addition(root: Path, name: str) -> Addition:
    """Plan the app ``name``.

    Raises:
        ConflictError: something of that name is there.
        UsageError: ``apps`` or ``settings.py`` is missing, or the latter is no Python.
    """
    files = _app_files(name)
    for path in (f"apps/{name}", f"apps/{name}.py"):
        if os.path.lexists(root / path):
            raise ConflictError(f"{path} exists already. Nothing was written.")
    if not (root / "apps").is_dir():
        raise UsageError(f"{root / 'apps'} is missing. Make it, with an empty __init__.py in it.")
    changed, replacing, is_plain = _settings(root, name, registration.registered)
    return Addition(
        root=root, files={**files, **changed}, replacing=replacing, is_registered=is_plain
    )


def removal(root: Path, name: str) -> Removal:
    """Plan to take the app ``name`` away.

    Raises:
        UsageError: there is no such app, or ``settings.py`` is missing or no Python.
    """
    files = _app_files(name)
    directory = f"apps/{name}"
    present = [path.relative_to(root).as_posix() for path in _files_below(root / directory)]
    changed, replacing, is_plain = _settings(root, name, registration.unregistered)
    if not present and not changed:
        raise UsageError(f"There is no app {name!r} here: {directory} is missing.")
    removed = [path for path in present if path in files and _has(root / path, files[path])]
    return Removal(
        root=root,
        directory=directory,
        removed=tuple(removed),
        kept=tuple(path for path in present if path not in removed),
        files=changed,
        replacing=replacing,
        is_registered=not is_plain,
    )


def _app_files(name: str) -> dict[str, bytes]:
    answers = {"app_name": name, "class_name": names.class_name_of(name)}
    files = rendering.rendered(rendering.template_directory("app"), answers)
    return {f"apps/{name}/{path}": content for path, content in files.items()}


def _settings(
    root: Path, name: str, change: Callable[[bytes, str], bytes | None]
) -> tuple[dict[str, bytes], dict[str, bytes], bool]:
    """Return ``settings.py`` as it will be and as it is, both only if ``change`` changes it.

    The third value says whether ``APPS`` is a plain list.
    """
    try:
        before = (root / _SETTINGS).read_bytes()
    except FileNotFoundError:
        raise UsageError(f"{root / _SETTINGS} is missing.") from None
    after = change(before, f"apps.{name}")
    if after is None or after == before:
        return {}, {}, after is not None
    return {_SETTINGS: after}, {_SETTINGS: before}, True


def _has(path: Path, content: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == content


def _files_below(directory: Path) -> list[Path]:
    """Return the files below ``directory``, in order, except those that Python compiled."""
    return sorted(
        path
        for path in directory.rglob("*")
        if path.parent.name != _COMPILED and (path.is_symlink() or not path.is_dir())
    )


def _prune(directory: Path) -> None:
    """Remove what Python compiled from files that are gone, then every directory that is empty."""
    for path in directory.rglob(f"{_COMPILED}/*.pyc"):
        if not (path.parent.parent / f"{path.name.partition('.')[0]}.py").exists():
            path.unlink()
    places = [path for path in directory.rglob("*") if path.is_dir() and not path.is_symlink()]
    for place in (*sorted(places, reverse=True), directory):
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()
