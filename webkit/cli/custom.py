"""Commands that are not webkit's own, but of the project or of an installed distribution.

1. ``[commands]`` has ``greet = "apps.guests.commands:greet"``; entry points are of the group
   ``webkit.commands``. Those of the project come first, and webkit's own before both.
2. A command is one of click, or a function of the arguments, or of the started application and the
   arguments; it may be a coroutine function. What it returns is the status.
3. Nothing of them is imported to list them.
"""

import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import click

from webkit.cli.projects import Project, find_project
from webkit.exceptions import ConfigurationError, WebkitError


__all__ = ("Custom", "custom_commands", "load_command")

GROUP = "webkit.commands"


class Custom(NamedTuple):
    """A command by its reference, ``package.module:name``, and where that stands."""

    reference: str
    origin: str


def custom_commands() -> dict[str, Custom]:
    """Return the commands of the project around, and those of installed distributions, by name."""
    return {**_installed(), **_configured()}


def load_command(name: str, custom: Custom) -> click.Command:
    """Return the command that is meant.

    Raises:
        ConfigurationError: there is no such thing, or it is no command.
    """
    from webkit.references import UnresolvedError, resolve

    project = _project()
    if project and str(project.root) not in sys.path:
        sys.path.insert(0, str(project.root))
    try:
        found = resolve(custom.reference)
    except UnresolvedError as error:
        problems = (f"{custom.origin}: {name}: {text}" for text in error.problems)
        raise ConfigurationError(problems) from None
    if isinstance(found, click.Command):
        return found
    if ":" not in custom.reference or not callable(found):
        text = f"{custom.reference} is no command. Write the name of a function, module:function"
        raise ConfigurationError([f"{custom.origin}: {name}: {text}"])
    return _wrapped(name, found)


def _wrapped(name: str, function: Callable[..., Any]) -> click.Command:
    def run(arguments: tuple[str, ...]) -> object:
        if len(inspect.signature(function).parameters) > 1:
            return _on_stage(function, list(arguments))
        result = function(list(arguments))
        if inspect.iscoroutine(result):
            import asyncio

            return asyncio.run(result)
        return result

    return click.Command(
        name,
        callback=run,
        params=[click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)],
        help=inspect.getdoc(function),
        context_settings={"ignore_unknown_options": True},
        add_help_option=False,
    )


def _on_stage(function: Callable[..., Any], arguments: list[str]) -> object:
    """Call a function with the started application of the project."""
    from webkit.workers.loading import load_app
    from webkit.workers.stages import Stage

    project = find_project()
    with Stage(lambda: load_app(project.app, root=project.root)) as stage:

        async def call() -> object:
            result = function(stage.app, arguments)
            return await result if inspect.isawaitable(result) else result

        return stage.run(call())


def _configured() -> dict[str, Custom]:
    project = _project()
    if project is None:
        return {}
    from webkit.config import Settings, load

    table: Mapping[str, Any] = load(Settings, root=project.root).table("commands")
    return {name: Custom(str(reference), "commands") for name, reference in sorted(table.items())}


def _project() -> Project | None:
    try:
        return find_project()
    except WebkitError:
        return None


def _installed() -> dict[str, Custom]:
    if not any(map(_has_any, sys.path)):
        return {}
    from importlib.metadata import entry_points

    return {
        point.name: Custom(point.value, f"{point.dist.name if point.dist else GROUP}")
        for point in entry_points(group=GROUP)
    }


def _has_any(directory: str) -> bool:
    """Tell whether a distribution in a directory brings commands.

    importlib.metadata finds the same, and takes longer than all of ``webkit --help``.
    """
    for path in Path(directory or ".").glob("*.dist-info/entry_points.txt"):
        if f"[{GROUP}]" in path.read_text(encoding="utf-8", errors="replace"):
            return True
    return False
