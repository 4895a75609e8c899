"""``webkit startapp``: an app of the project, registered and served; ``--undo`` takes it back."""

from pathlib import Path

import click

from webkit.cli.projects import find_project
from webkit.cli.terminal import ask, is_interactive, say
from webkit.scaffold import apps, names, writing


__all__ = ("command",)

_NAME = "app"


@click.command("startapp")
@click.argument("name", required=False)
@click.option("--no-input", is_flag=True, help="Ask nothing, take the default.")
@click.option("--dry-run", is_flag=True, help="Print what would be done, and do nothing.")
@click.option("--undo", is_flag=True, help="Take the app away again; changed files stay.")
def command(name: str | None, *, no_input: bool, dry_run: bool, undo: bool) -> None:
    """Make the app NAME in the project, and register it in settings.py.

    Works in every directory of the project. Without NAME you are asked for it.
    """
    root = find_project(Path.cwd()).root
    if name is None and not no_input:
        if not is_interactive():
            raise click.UsageError("Missing argument 'NAME'. It is asked for on a terminal only.")
        name = ask("app_name", default=_NAME, check=names.app_name)
    name = names.app_name(_NAME if name is None else name)
    with writing.reporting(root):
        plan = apps.removal(root, name) if undo else apps.addition(root, name)
    if isinstance(plan, apps.Removal):
        _remove(plan, name, dry_run=dry_run)
    else:
        _add(plan, name, dry_run=dry_run)


def _add(plan: apps.Addition, name: str, *, dry_run: bool) -> None:
    if dry_run:
        say(*(f"{'update' if path in plan.replacing else 'create'} {path}" for path in plan.files))
        return
    plan.commit()
    say(f"Created apps/{name}: {len(plan.files) - len(plan.replacing)} files.")
    if plan.is_registered:
        say(f'Registered "apps.{name}" in settings.py. It is served at /{name}/')
    else:
        say(
            "APPS in settings.py is no plain list, so it was not changed. Add this line to it:",
            f'    "apps.{name}",',
        )


def _remove(plan: apps.Removal, name: str, *, dry_run: bool) -> None:
    if dry_run:
        say(*(f"update {path}" for path in plan.files))
        say(*(f"remove {path}" for path in plan.removed))
    else:
        plan.commit()
        say(f"Removed {len(plan.removed)} files of apps/{name}.")
    if plan.is_registered:
        say(
            "APPS in settings.py is no plain list, so it was not changed. Remove this line:",
            f'    "apps.{name}",',
        )
    if plan.kept:
        say("These are not as startapp made them, and stay:", *(f"  {path}" for path in plan.kept))
