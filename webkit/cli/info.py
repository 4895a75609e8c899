"""``webkit info``: what is installed, and what the project is made of."""

import platform
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from webkit import __version__
from webkit.cli.projects import find_project, load_app
from webkit.cli.terminal import say
from webkit.exceptions import UsageError


if TYPE_CHECKING:
    from webkit.cli.projects import Project

__all__ = ("command",)

_EXTRA = re.compile(r"([\w.-]+).*;.*extra == ['\"]([\w-]+)['\"]")


@click.command("info")
def command() -> None:
    """Tell what is installed, and what the project is made of.

    Outside of a project the first part is all.
    """
    facts = list(_installed())
    try:
        facts += _facts_of(find_project())
    except UsageError:
        facts.append(("project", "none here"))
    width = max(len(name) for name, _ in facts)
    say(*(f"{name.ljust(width)}  {value}" for name, value in facts))


def _installed() -> Iterator[tuple[str, str]]:
    from importlib.metadata import version

    yield "webkit", __version__
    yield "Python", platform.python_version()
    for name in ("aiohttp", "msgspec"):
        yield name, version(name)
    present, missing = _extras()
    yield "extras", ", ".join(present) or "none"
    yield "not installed", ", ".join(missing) or "none"


def _extras() -> tuple[list[str], list[str]]:
    """Return the extras of webkit whose distributions are all there, and the others."""
    from importlib.metadata import distributions, requires

    there = {_plain(item.name) for item in distributions() if item.name}
    needs: dict[str, set[str]] = {}
    for requirement in requires("webkit") or ():
        found = _EXTRA.match(requirement)
        if found and _plain(found[1]) != "webkit":
            needs.setdefault(found[2], set()).add(_plain(found[1]))
    present = [extra for extra, names in needs.items() if names <= there]
    return sorted(present), sorted(needs.keys() - set(present))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _facts_of(project: "Project") -> Iterator[tuple[str, str]]:
    from webkit.application import CONFIG, UNITS, served_routes

    yield "project", str(project.root)
    yield "application", project.app
    app = load_app(project)
    if CONFIG in app:
        config = app[CONFIG]
        yield "environment", config.environment
        yield "listens on", f"{config.settings.host}:{config.settings.port}"
        yield "API docs", "/docs" if config.has_docs else "closed"
        yield "units", ", ".join(app[UNITS].keys()) or "none"
    yield "routes", str(sum(not route.hidden for route in served_routes(app)))
