"""An app, as ``startapp`` makes it and registers it, and as it takes it away again.

Planning reads; only the ``commit`` of a plan writes.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from webkit.exceptions import ConflictError, UsageError
from webkit.scaffold import (
    generation,
    interruptions,
    names,
    registration,
    rendering,
    resources,
    revisions,
    writing,
)


__all__ = ("Addition", "Removal", "addition", "removal")

_SETTINGS = "settings.py"
_COMPILED = "__pycache__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A new app of the project ``root``.

    ``files`` has every file with its content to be, ``settings.py`` with its new line among them;
    ``replacing`` has what is there now. ``is_registered`` is False where ``APPS`` is no plain
    list, so that a person has to add the line. ``revision`` is the path of the file that creates
    the app's table, if it has one.
    """

    root: Path
    files: Mapping[str, bytes]
    replacing: Mapping[str, bytes]
    is_registered: bool
    revision: str | None = None

    def commit(self) -> None:
        """Write all of it or nothing; raises what `writing.commit` raises."""
        writing.commit(self.files, self.root, replacing=self.replacing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """The end of an app of the project ``root``.

    ``removed`` are the files that are as the template renders them, ``kept`` the others.
    ``files`` and ``replacing`` are those of `Addition`; ``is_registered`` is True where ``APPS``
    is no plain list, so that a person has to remove the line. ``revision`` is the id of what
    created the app's table, if that stays because the database or another revision builds on it.
    """

    root: Path
    directory: str
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    files: Mapping[str, bytes]
    replacing: Mapping[str, bytes]
    is_registered: bool
    revision: str | None = None

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


def addition(
    root: Path, name: str, order: generation.Order | None = None, *, has_service: bool = False
) -> Addition:
    """Plan the app ``name``; with an order, one that serves a table.

    With ``has_service`` it has a service, and settings of its own.

    Raises:
        ConflictError: something of that name is there.
        UsageError: ``apps`` or ``settings.py`` is missing, or the latter is no Python; or the order
            is wrong.
    """
    for path in (f"apps/{name}", f"apps/{name}.py"):
        if os.path.lexists(root / path):
            raise ConflictError(f"{path} exists already. Nothing was written.")
    if not (root / "apps").is_dir():
        raise UsageError(f"{root / 'apps'} is missing. Make it, with an empty __init__.py in it.")
    files, revision = _app_files(name, has_service=has_service), {}
    if order is not None:
        resource = generation.resource_of(root, name, order)
        command = ("webkit", "startapp", name, *order.command)
        files = _served_files(name, resource, has_service=has_service)
        revision = generation.revision_of(root, resource, command)
    changed, replacing, is_plain = _settings(root, name, registration.registered)
    return Addition(
        root=root,
        files={**files, **revision, **changed},
        replacing=replacing,
        is_registered=is_plain,
        revision=next(iter(revision), None),
    )


def removal(
    root: Path, name: str, *, is_applied: Callable[[str], bool] = lambda revision: False
) -> Removal:
    """Plan to take the app ``name`` away; ``is_applied`` tells whether a database has a revision.

    Raises:
        UsageError: there is no such app, or ``settings.py`` is missing or no Python.
    """
    directory, kept_revision = f"apps/{name}", None
    has_service = (root / directory / "services.py").exists()
    files, made = _app_files(name, has_service=has_service), _creation(root, name)
    present = [path.relative_to(root).as_posix() for path in _files_below(root / directory)]
    if made is not None:
        resource = generation.resource_of(root, name, _order_of(made), is_new=False)
        files = _served_files(name, resource, has_service=has_service)
        files |= generation.revision_of(root, resource, made.command, made=made)
        if _is_built_on(root, made) or is_applied(made.id):
            kept_revision = made.id
        else:
            present.append(made.path.relative_to(root).as_posix())
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
        revision=kept_revision,
    )


def _app_files(name: str, *, has_service: bool, **answers: str) -> dict[str, bytes]:
    unit = "-".join(filter(None, name.split("_")))
    own = {"app_name": name, "class_name": names.class_name_of(name)}
    files = rendering.rendered(rendering.template_directory("app"), own | answers)
    if has_service:
        more = {"unit_name": unit, "prefix": unit.replace("-", "_").upper()}
        files |= rendering.rendered(rendering.template_directory("service"), own | more)
    return {f"apps/{name}/{path}": content for path, content in files.items()}


def _served_files(
    name: str, resource: resources.Resource, *, has_service: bool
) -> dict[str, bytes]:
    """Return the files of an app that serves a table: its resource in place of the example."""
    served = generation.files_of(resource)
    return {
        **_app_files(name, has_service=has_service, class_name=resource.class_name),
        **{f"apps/{name}/{path}": content for path, content in served.items()},
    }


def _creation(root: Path, name: str) -> revisions.Revision | None:
    """Return the revision that was made together with the app."""
    by = ("webkit", "startapp", name)
    known = revisions.revisions_in(root)
    return next((revision for revision in known if revision.command[:3] == by), None)


def _order_of(made: revisions.Revision) -> generation.Order:
    words = made.command[3:]
    if "--model" not in words:
        return generation.Order(words=words)
    at = words.index("--model")
    return generation.Order(words=words[:at], model="".join(words[at + 1 : at + 2]) or None)


def _is_built_on(root: Path, made: revisions.Revision) -> bool:
    return any(made.id in revision.parents for revision in revisions.revisions_in(root))


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
