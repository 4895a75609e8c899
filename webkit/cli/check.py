"""``webkit check``: find every mistake that a start would find, and listen nowhere."""

import sys

import click

from webkit.cli.choices import configured
from webkit.cli.projects import Project, find_project, load_app
from webkit.cli.terminal import say
from webkit.exceptions import WebkitError


__all__ = ("command",)


@click.command("check")
@configured
@click.option(
    "--start/--no-start",
    default=True,
    help="Start what the units start, and stop it again, or put the application together only.",
)
def command(start: bool) -> int:
    """Find every mistake that would keep the project from starting, and serve nothing.

    Without a mistake the status is 0; with mistakes in the project it is 2, and 1 where something
    that the project starts fails.
    """
    project = find_project()
    try:
        summary = _after_start(project) if start else _summary(load_app(project))
    except WebkitError:
        raise
    except Exception as error:  # what a project starts may raise anything
        from webkit.workers.failures import explain

        sys.stderr.write(explain(error, root=project.root))
        return 1
    say(summary)
    return 0


def _after_start(project: Project) -> str:
    from webkit.workers.loading import load_app as load
    from webkit.workers.stages import Stage

    with Stage(lambda: load(project.app, root=project.root)) as stage:
        return _summary(stage.app)


def _summary(app: object) -> str:
    from aiohttp import web

    from webkit.application import CONFIG, UNITS, served_routes

    if not isinstance(app, web.Application) or CONFIG not in app:
        return "No mistakes found."
    units, routes = len(app[UNITS]), sum(not route.hidden for route in served_routes(app))
    environment = app[CONFIG].environment
    return f"No mistakes found: {_count(units, 'unit')}, {_count(routes, 'route')}, {environment}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
