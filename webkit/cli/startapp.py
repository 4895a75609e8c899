"""``webkit startapp``: an app of the project, registered and served; ``--undo`` takes it back."""

from pathlib import Path

import click

from webkit.cli.projects import find_project
from webkit.cli.reports import created, is_applied, report
from webkit.cli.terminal import ask, is_interactive, say
from webkit.scaffold import apps, generation, names, removals, writing


__all__ = ("command",)

_NAME = "app"


@click.command("startapp")
@click.argument("name", required=False)
@click.argument("fields", metavar="[FIELD:TYPE]...", nargs=-1)
@click.option("--model", metavar="NAME", help="The class of one object.  [default: from NAME]")
@click.option("--service", is_flag=True, help="Add a service, and settings of the app's own.")
@click.option("--no-input", is_flag=True, help="Ask nothing, take the default.")
@click.option("--dry-run", is_flag=True, help="Print what would be done, and do nothing.")
@click.option("--undo", is_flag=True, help="Take the app away again; changed files stay.")
def command(
    name: str | None,
    fields: tuple[str, ...],
    *,
    model: str | None,
    service: bool,
    no_input: bool,
    dry_run: bool,
    undo: bool,
) -> None:
    """Make the app NAME in the project, and register it in settings.py.

    With fields, such as name:str 'born:date?' genre:str=jazz, it serves a table of them, and a
    migration creates that. Types: str text int float decimal bool date datetime time uuid json
    email url ref:APP. Behind a type, ? is for null, ! for unique, =VALUE for a default; put words
    with ? or ! in quotes, because shells read these.

    Works in every directory of the project. Without NAME you are asked for it.
    """
    root = find_project(Path.cwd()).root
    if name is None and not no_input:
        if not is_interactive():
            raise click.UsageError("Missing argument 'NAME'. It is asked for on a terminal only.")
        name = ask("app_name", default=_NAME, check=names.app_name)
    name = names.app_name(_NAME if name is None else name)
    if model and not fields:
        raise click.UsageError("--model names the class of a table. Write its fields, too.")
    order = generation.Order(words=fields, model=model) if fields else None
    with writing.reporting(root):
        if undo:
            _remove(apps.removal(root, name, is_applied=is_applied), name, dry_run=dry_run)
        else:
            plan = apps.addition(root, name, order, has_service=service)
            _add(plan, name, dry_run=dry_run)


def _add(plan: apps.Addition, name: str, *, dry_run: bool) -> None:
    if dry_run:
        say(*(f"{'update' if path in plan.replacing else 'create'} {path}" for path in plan.files))
        return
    plan.commit()
    say(created(f"apps/{name}", plan.files, plan.replacing, revision=plan.revision))
    if plan.is_registered:
        say(f'Registered "apps.{name}" in settings.py. It is served at /{name}/')
    else:
        say(
            "APPS in settings.py is no plain list, so it was not changed. Add this line to it:",
            f'    "apps.{name}",',
        )
    if plan.revision:
        say("Next: webkit db upgrade")


def _remove(plan: removals.Removal, name: str, *, dry_run: bool) -> None:
    report(plan, dry_run=dry_run)
    if plan.is_registered:
        say(
            "APPS in settings.py is no plain list, so it was not changed. Remove this line:",
            f'    "apps.{name}",',
        )
