"""A project, as ``startproject`` makes it."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import webkit
from webkit.exceptions import ConflictError
from webkit.scaffold import quoting, rendering, vendoring, writing


__all__ = ("Answers", "project_files", "refuse_to_overwrite")

# What may be in a directory that takes a project, besides nothing.
_NO_MATTER = (".git", ".venv", "venv")
_HOLDS = "{} holds files already. Nothing was written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a person is asked for a new project, each checked by its function in `names`."""

    slug: str
    name: str
    description: str
    port: str


def project_files(answers: Answers, *, template: Path | None = None) -> dict[str, bytes]:
    """Return the files of a new project, ``{path: content}``, with a new secret and the wheel.

    ``template`` is a directory in cookiecutter's format, used instead of webkit's own.
    """
    directory = template or rendering.template_directory("project")
    files = rendering.rendered(directory, _variables(answers))
    return {**files, f"vendor/{vendoring.wheel_name()}": vendoring.wheel()}


def _variables(answers: Answers) -> dict[str, str]:
    port = int(answers.port)
    return {
        "project_slug": answers.slug,
        "project_name": answers.name,
        "project_name_quoted": quoting.quoted(answers.name),
        "project_name_value": quoting.value(answers.name),
        "project_name_markdown": quoting.markdown(" ".join(answers.name.split("\n"))),
        "description": answers.description,
        "description_quoted": quoting.quoted(answers.description),
        "description_value": quoting.value(answers.description),
        "description_markdown": quoting.markdown(answers.description),
        "port": answers.port,
        "prod_port": str(port % 65535 + 1),
        "webkit_version": webkit.__version__,
        "wheel": vendoring.wheel_name(),
        "uid": str(os.getuid() if hasattr(os, "getuid") else 1000),
        "gid": str(os.getgid() if hasattr(os, "getgid") else 1000),
        "secret_key": os.urandom(32).hex(),
        "database_password": os.urandom(16).hex(),
    }


def refuse_to_overwrite(files: Collection[str], target: Path, *, force: bool) -> None:
    """Look whether ``target`` can take a project; ``force`` lets its files be replaced.

    Raises:
        ConflictError: it cannot; everything that is in the way is listed.
    """
    if not target.is_dir():
        if os.path.lexists(target):
            raise ConflictError(f"{target} exists and is no directory. Nothing was written.")
        return
    if force:
        if blocked := writing.obstacles(files, target, replacing=files):
            raise ConflictError("These are no regular files. Nothing was written:", blocked)
        return
    present = sorted(entry.name for entry in target.iterdir() if entry.name not in _NO_MATTER)
    if blocked := writing.obstacles(files, target):
        raise ConflictError(f"{_HOLDS.format(target)}. --force replaces these, no other:", blocked)
    if present:
        raise ConflictError(f"{_HOLDS.format(target)}. --force keeps all of them:", present)
