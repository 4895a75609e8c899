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
    names,
    registration,
    removals,
    rendering,
    resources,
    revisions,
    writing,
)


__all__ = ("Addition", "addition", "removal")

_SETTINGS = "settings.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A new app of the project ``root``.

    ``files`` has every file with its content to be, ``settings.py`` with its new line among them;
    ``replacing`` has what is there now. ``is_registered`` is False where ``APPS`` is no plain
    list, so that a person has to add the line. ``revision`` is the path of the file that creates
    the app's table, if it has one; it is not in ``files`` where it is there already.
    """

    root: Path
    files: Mapping[str, bytes]
    replacing: Mapping[str, bytes]
    is_registered: bool
    revision: str | None = None

    def commit(self) -> None:
        """Write all of it or nothing; raises what `writing.commit` raises."""
        writing.commit(self.files, self.root, replacing=self.replacing)


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
    files, revision = _app_files(name, has_service=has_service), None
    if order is not None:
        resource = generation.resource_of(root, name, order)
        command = ("webkit", "startapp", name, *order.command)
        revision, made = generation.revision_of(root, resource, command)
        files = {**_served_files(name, resource, has_service=has_service), **made}
    changed, replacing, is_plain = _settings(root, name, registration.registered)
    return Addition(
        root=root,
        files={**files, **changed},
        replacing=replacing,
        is_registered=is_plain,
        revision=revision,
    )


def removal(
    root: Path, name: str, *, is_applied: Callable[[str], bool] = lambda revision: False
) -> removals.Removal:
    """Plan to take the app ``name`` away; ``is_applied`` tells whether a database has a revision.

    Raises:
        ConflictError: something builds on the app, or on its table; or its table is there.
        UsageError: there is no such app, or ``settings.py`` is missing or no Python.
    """
    directory, heir = f"apps/{name}", None
    has_service = (root / directory / "services.py").exists()
    files, made = _app_files(name, has_service=has_service), _creation(root, name)
    present = [path.relative_to(root).as_posix() for path in removals.files_below(root / directory)]
    _refuse_resources(root, name)
    if made is not None:
        order = generation.order_in(made.command[3:])
        resource = generation.resource_of(root, name, order, is_new=False)
        files = _served_files(name, resource, has_service=has_service)
        files |= generation.revision_again(root, resource, made)
        heir = removals.heir_of(root, made, table=name, directory=directory, is_applied=is_applied)
        present += [] if heir else [made.path.relative_to(root).as_posix()]
    changed, replacing, is_plain = _settings(root, name, registration.unregistered)
    if not present and not changed:
        raise UsageError(f"There is no app {name!r} here: {directory} is missing.")
    removed, kept = removals.parted(root, present, files)
    return removals.Removal(
        root=root,
        directory=directory,
        removed=removed,
        kept=kept,
        files=changed,
        replacing=replacing,
        is_registered=not is_plain,
        revision=made.id if made and heir else None,
        heir=heir,
    )


def _refuse_resources(root: Path, name: str) -> None:
    """Refuse to take an app away from around its resources."""
    by = ("webkit", "generate", "resource", name)
    made = [item.command[4] for item in revisions.revisions_in(root) if item.command[:4] == by]
    there = [resource for resource in made if (root / "apps" / name / resource).is_dir()]
    if there:
        raise ConflictError(
            f"apps/{name} has the resource {there[-1]!r}. Nothing was removed. Take that away"
            f" first: webkit generate resource {name} {there[-1]} --undo"
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
    return revisions.last_made(root, ("webkit", "startapp", name))


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
