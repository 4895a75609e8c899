"""The ``webkit`` command: finds commands, and turns errors into one line and a status.

Statuses: 0 fine, 1 failure or conflict, 2 usage or configuration, 130 Ctrl-C at a prompt.
``COMMANDS`` has a line for each command, so that ``--help`` imports none of them.
"""

import importlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from webkit import __version__
from webkit.exceptions import WebkitError


if TYPE_CHECKING:
    from webkit.cli.custom import Custom

__all__ = ("COMMANDS", "main", "startapp", "startproject")

COMMANDS = {
    "startproject": "Make a new project.",
    "startapp": "Add an app to the project, registered and served.",
    "generate": "Add a resource to an app.",
    "dev": "Serve the project, and reload it when a file changes.",
    "run": "Serve the project in production.",
    "routes": "List what the project serves.",
    "units": "List the units of the project, or show one.",
    "config": "Print the configuration, or change it.",
    "db": "Make and change the tables of the project.",
    "openapi": "Print the OpenAPI document of the project, or check it.",
    "check": "Find every mistake that a start would find.",
    "info": "Tell what is installed, and what the project is made of.",
    "shell": "Open a shell with the started application.",
    "test": "Run the tests of the project, or of some units.",
}


class _LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *_others()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        if cmd_name in COMMANDS:
            command: click.Command = importlib.import_module(f"webkit.cli.{cmd_name}").command
            return command
        others = _others()
        if cmd_name in others:
            from webkit.cli.custom import load_command

            return load_command(cmd_name, others[cmd_name])
        import difflib  # only now: it costs as much as the rest of `webkit --help`

        near = difflib.get_close_matches(cmd_name, [*COMMANDS, *others], n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise click.UsageError(f"No such command {cmd_name!r}.{hint}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        others = _others()
        if others:
            rows = [(name, f"{item.reference}, of {item.origin}") for name, item in others.items()]
            with formatter.section("Commands of others"):
                formatter.write_dl(rows)


def _others() -> "dict[str, Custom]":
    """Return the commands that are not webkit's own."""
    from webkit.cli.custom import custom_commands

    return {name: item for name, item in custom_commands().items() if name not in COMMANDS}


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="webkit", message="%(prog)s %(version)s")
@click.option(
    "-c",
    "--config",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    expose_value=False,
    is_eager=True,  # --help lists the commands of that file
    callback=lambda context, option, value: _name_file(value),
    help="The project file, in place of the one that is found.",
)
def _cli() -> None:
    """Make and run aiohttp services: projects, apps, viewsets."""


def _name_file(value: str | None) -> None:
    if value:
        from webkit.cli.choices import name_file

        name_file(value)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``webkit``; ends the process with the command's status."""
    _run(_cli, arguments, name="webkit")


def startproject() -> None:
    """Run ``webkit startproject`` under its own name."""
    _run(importlib.import_module("webkit.cli.startproject").command, None, name="startproject")


def startapp() -> None:
    """Run ``webkit startapp`` under its own name."""
    _run(importlib.import_module("webkit.cli.startapp").command, None, name="startapp")


def _run(command: click.Command, arguments: Sequence[str] | None, *, name: str) -> None:
    try:
        status: Any = command.main(arguments, prog_name=name, standalone_mode=False)
    except WebkitError as error:
        click.echo(f"Error: {error}", err=True)
        status = error.exit_status
    except click.Abort:
        status = 130
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    sys.exit(status or 0)
