"""A resource more in an app that is there: a package in it, its tests, routes and revision."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from webkit.exceptions import ConflictError, UsageError
from webkit.scaffold import generation, routing, writing


__all__ = ("ResourceAddition", "resource_addition")

_ROUTES = "routes.py"
_INIT = '"""The resource {name} of this app."""\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceAddition:
    """A new resource of an app of the project ``root``.

    ``files`` and ``replacing`` are those of `webkit.scaffold.apps.Addition`. ``lines`` are to be
    added to ``routes.py`` by a person, where that is not as ``startapp`` makes it.
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
    made = generation.files_of(resource)
    files = {_path_in(place, name, path): content for path, content in made.items()}
    files[f"{place}/{name}/__init__.py"] = _INIT.format(name=name).encode()
    if not (root / place / "tests/__init__.py").exists():
        files[f"{place}/tests/__init__.py"] = b""
    taken = [path for path in (*files, f"{place}/{name}.py") if os.path.lexists(root / path)]
    if taken:
        raise ConflictError("These are there already. Nothing was written:", taken)
    command = ("webkit", "generate", "resource", app, name, *order.command)
    revision = generation.revision_of(root, resource, command)
    routes, before, lines = _routes(root / place / _ROUTES, name, f"{resource.class_name}ViewSet")
    changed = {f"{place}/{_ROUTES}": routes} if routes else {}
    return ResourceAddition(
        root=root,
        files={**files, **revision, **changed},
        replacing={f"{place}/{_ROUTES}": before} if routes else {},
        lines=lines,
        revision=next(iter(revision)),
    )


def _path_in(place: str, name: str, path: str) -> str:
    is_test = path.startswith("tests/")
    return f"{place}/{path}" if is_test else f"{place}/{name}/{path}"


def _routes(path: Path, name: str, viewset: str) -> tuple[bytes, bytes, tuple[str, ...]]:
    """Return ``routes.py`` as it will be and as it is, or the lines that a person has to add."""
    module = f".{name}.views"
    before = path.read_bytes() if path.is_file() else b""
    after = routing.routed(before.decode("utf-8", "replace"), module, viewset, basename=name)
    if after is None:
        return b"", before, routing.lines_for(module, viewset, name)
    return after.encode(), before, ()
