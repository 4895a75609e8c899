"""Choices: the options with which a command that starts a project is told another configuration.

They travel in the environment, so that they reach every process and every ``load``.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click


__all__ = ("configured", "name_file")

F = TypeVar("F", bound=Callable[..., Any])


def name_file(name: str | None) -> None:
    """Tell every ``load`` the name of the project file, if there is one to tell."""
    if name is not None:
        os.environ["WEBKIT_CONFIG"] = str(Path(name).resolve())


def _override(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> None:
    if values:
        os.environ["WEBKIT_OVERRIDES"] = "\n".join(values)


_with_file = click.option(
    "-c",
    "--config",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    expose_value=False,
    callback=lambda context, option, value: name_file(value),
    help="The project file, in place of the one that is found.",
)

_with_overrides = click.option(
    "-o",
    "--option",
    multiple=True,
    metavar="SECTION:OPTION=VALUE",
    expose_value=False,
    callback=_override,
    help="A value that comes before all others; may be repeated.",
)


def configured(command: F) -> F:
    """Give a command the options ``-c`` and ``-o``."""
    return _with_file(_with_overrides(command))
