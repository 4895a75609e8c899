"""A resource more or less in an app: a package in it, its tests, routes and revision."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from webkit.exceptions import ConflictError, UsageError
from webkit.scaffold import generation, removals, revisions, routing, writing
from webkit.scaffold.resources import Resource


__all__ = ("ResourceAddition", "resource_addition", "resource_removal")

_ROUTES = "routes.py"
_INIT = '"""The resource {name} of this app."""\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceAddition:
    """A new resource of an app of the project ``root``.

    ``files`` and ``replacing`` are those of `webkit.scaffold.apps.Addition`. ``lines`` are to be
    added to ``routes.py`` by a person, where that is not as ``startapp`` makes it. ``revision`` is
    not in ``files`` where it is there already.
    """

    root: Path
    files: Mapping[str, bytes]
    replacing: Mapping[str, bytes]
    lines: tuple[str, ...]
    revision: str

    def commit(self) -> None:
        """Write all of it or nothing; raises what `writing.commit` raises."""
        writing.commit(self.files, self.root, replacing=self.replacing)


def resource_addition(
    root: Path, app: str, name: str, *, order: generation.Order
) -> ResourceAddition:
    """Plan the resource ``name`` of the app ``app``.

    Raises:
        ConflictError: something of that name is there.
        UsageError: there is no such app, or the order is wrong.
    """
    place = f"apps/{app}"
    if not (root / place).is_dir():
        raise UsageError(f"There is no app {app!r} here: {place} is missing.")
    resource = generation.resource_of(root, name, order)
    files = _files_of(resource, place)
    if not (root / place / "tests/__init__.py").exists():
        files[f"{place}/tests/__init__.py"] = b""
    taken = [path for path in (*files, f"{place}/{name}.py") if os.path.lexists(root / path)]
    if taken:
        raise ConflictError("These are there already. Nothing was written:", taken)
    command = ("webkit", "generate", "resource", app, name, *order.command)
    revision, made = generation.revision_of(root, resource, command)
    changed, replacing, is_plain = _routes(root, place, resource, change=routing.routed)
    return ResourceAddition(
        root=root,
        files={**files, **made, **changed},
        replacing=replacing,
        lines=() if is_plain else routing.lines_for(*_viewset_of(resource)),
        revision=revision,
    )


def resource_removal(
    root: Path, app: str, name: str, *, is_applied: Callable[[str], bool]
) -> removals.Removal:
    """Plan to take a resource away; ``is_applied`` tells whether a database has a revision.

    Raises:
        ConflictError: something builds on its table, or that is there.
        UsageError: there is no such resource.
    """
    place = f"apps/{app}"
    directory = f"{place}/{name}"
    made = revisions.last_made(root, ("webkit", "generate", "resource", app, name))
    if made is None or not (root / directory).is_dir():
        raise UsageError(f"{directory} is nothing that `webkit generate resource` has made.")
    order = generation.order_in(made.command[5:])
    resource = generation.resource_of(root, name, order, is_new=False)
    heir = removals.heir_of(root, made, table=name, directory=directory, is_applied=is_applied)
    files = _files_of(resource, place) | generation.revision_again(root, resource, made)
    below = (path.relative_to(root).as_posix() for path in removals.files_below(root / directory))
    others = (path for path in files if not path.startswith(f"{directory}/"))
    present = [*below, *(path for path in others if (root / path).exists())]
    if heir:
        present.remove(made.path.relative_to(root).as_posix())
    removed, kept = removals.parted(root, present, files)
    changed, replacing, is_plain = _routes(root, place, resource, change=routing.unrouted)
    return removals.Removal(
        root=root,
        directory=directory,
        removed=removed,
        kept=kept,
        files=changed,
        replacing=replacing,
        is_registered=not is_plain,
        revision=made.id if heir else None,
        heir=heir,
    )


def _files_of(resource: Resource, place: str) -> dict[str, bytes]:
    made = generation.files_of(resource)
    name = resource.name
    return {
        **{_path_in(place, name, path): content for path, content in made.items()},
        f"{place}/{name}/__init__.py": _INIT.format(name=name).encode(),
    }


def _path_in(place: str, name: str, path: str) -> str:
    is_test = path.startswith("tests/")
    return f"{place}/{path}" if is_test else f"{place}/{name}/{path}"


def _viewset_of(resource: Resource) -> tuple[str, str, str]:
    """Return the module of a viewset, as its app imports it, its name, and that of its URL."""
    return f".{resource.name}.views", f"{resource.class_name}ViewSet", resource.name


def _routes(
    root: Path, place: str, resource: Resource, *, change: Callable[..., str | None]
) -> tuple[dict[str, bytes], dict[str, bytes], bool]:
    """Return ``routes.py`` as it will be and as it is, both only if ``change`` changes it.

    The third value says whether it is of the kind that can be changed.
    """
    path = f"{place}/{_ROUTES}"
    before = (root / path).read_bytes() if (root / path).is_file() else b""
    module, viewset, basename = _viewset_of(resource)
    after = change(before.decode("utf-8", "replace"), module, viewset, basename=basename)
    if after is None or after.encode() == before:
        return {}, {}, after is not None
    return {path: after.encode()}, {path: before}, True
