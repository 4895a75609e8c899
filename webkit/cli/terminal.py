"""Asking a person and telling a person: what the commands that make files have in common."""

import os
import sys
from collections.abc import Callable

import click

from webkit.exceptions import UsageError


__all__ = ("ask", "is_interactive", "say", "table")


def is_interactive() -> bool:
    """Return whether somebody is there to be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(question: str, *, default: str, check: Callable[[str], str]) -> str:
    """Ask ``question [default]: `` until ``check`` accepts the answer.

    Raises:
        click.Abort: Ctrl-C or Ctrl-D.
    """

    def checked(answer: str) -> str:
        try:
            return check(answer)
        except UsageError as error:
            raise click.UsageError(str(error)) from None

    answer: str = click.prompt(question, default=default, value_proc=checked)
    return answer


def say(*lines: str) -> None:
    """Print ``lines``. What is done is done: a closed or full output is no failure any more."""
    try:
        for line in lines:
            click.echo(line)
    except OSError:
        # Python would try again when it ends, and end with status 120.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def table(*rows: tuple[str, ...]) -> list[str]:
    """Return the rows as lines with columns, each as wide as it has to be."""
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (zip(row, widths, strict=True) for row in rows)
    return ["  ".join(cell.ljust(width) for cell, width in line).rstrip() for line in lines]
