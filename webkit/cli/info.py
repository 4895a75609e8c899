"""``webkit info``: what is installed, and what the project is made of."""

import platform
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from webkit import __version__
from webkit.cli.projects import find_project, load_app
from webkit.cli.terminal import say, table
from webkit.exceptions import UsageError


if TYPE_CHECKING:
    from aiohttp import web

    from webkit.cli.projects import Project

__all__ = ("command",)

_EXTRA = re.compile(r"([\w.-]+).*;.*extra == ['\"]([\w-]+)['\"]")


@click.command("info")
@click.option("--start", is_flag=True, help="Start the units, and tell the state of each.")
def command(start: bool) -> None:
    """Tell what is installed, and what the project is made of.

    Outside of a project the first part is all.
    """
    facts = list(_installed())
    try:
        project = find_project()
    except UsageError:
        say(*table(*facts, ("project", "none here")))
        return
    facts += [("project", str(project.root)), ("application", project.app)]
    try:
        facts += _after_start(project) if start else _facts_of(load_app(project))
    finally:  # a project with mistakes is asked about most
        say(*table(*facts))


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


def _after_start(project: "Project") -> list[tuple[str, str]]:
    from webkit.health import READINESS
    from webkit.workers.loading import load_app as load
    from webkit.workers.stages import Stage

    with Stage(lambda: load(project.app, root=project.root)) as stage:
        facts = list(_facts_of(stage.app))
        states = stage.app[READINESS].units if READINESS in stage.app else {}
        return [*facts, *((f"unit {name}", state) for name, state in states.items())]


def _facts_of(app: "web.Application") -> Iterator[tuple[str, str]]:
    from webkit.application import CONFIG, UNITS, served_routes

    if CONFIG in app:
        config = app[CONFIG]
        yield "environment", config.environment
        yield "listens on", f"{config.settings.host}:{config.settings.port}"
        yield "API docs", "/docs" if config.has_docs else "closed"
        yield "units", ", ".join(app[UNITS].keys()) or "none"
    yield "routes", str(sum(not route.hidden for route in served_routes(app)))
