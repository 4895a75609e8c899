"""``webkit generate``: more of what ``startapp`` makes, in an app that is there."""

from pathlib import Path

import click

from webkit.cli.projects import find_project
from webkit.cli.reports import created, is_applied, report
from webkit.cli.terminal import say
from webkit.scaffold import additions, generation, names, removals, writing


__all__ = ("command",)


@click.group("generate")
def command() -> None:
    """Add to an app what startapp would have made."""


@command.command("resource")
@click.argument("app")
@click.argument("name")
@click.argument("fields", metavar="FIELD:TYPE...", nargs=-1)
@click.option("--model", metavar="NAME", help="The class of one object.  [default: from NAME]")
@click.option("--dry-run", is_flag=True, help="Print what would be done, and do nothing.")
@click.option("--undo", is_flag=True, help="Take the resource away again; changed files stay.")
def resource(
    app: str, name: str, fields: tuple[str, ...], *, model: str | None, dry_run: bool, undo: bool
) -> None:
    """Add the resource NAME to the app APP: a table, and what serves it at /NAME/.

    Fields are those of startapp: name:str 'born:date?' genre:str=jazz artist:ref:artists.
    """
    root = find_project(Path.cwd()).root
    app, name = names.app_name(app), names.app_name(name)
    if not (fields or undo):
        raise click.UsageError("Missing argument 'FIELD:TYPE...'.")
    with writing.reporting(root):
        if undo:
            end = additions.resource_removal(root, app, name, is_applied=is_applied)
            _remove(end, app, dry_run=dry_run)
        else:
            order = generation.Order(words=fields, model=model)
            plan = additions.resource_addition(root, app, name, order=order)
            _add(plan, app, name, dry_run=dry_run)


def _add(plan: additions.ResourceAddition, app: str, name: str, *, dry_run: bool) -> None:
    if dry_run:
        say(*(f"{'update' if path in plan.replacing else 'create'} {path}" for path in plan.files))
        return
    plan.commit()
    say(created(f"apps/{app}/{name}", plan.files, plan.replacing, revision=plan.revision))
    if plan.lines:
        say(
            f"apps/{app}/routes.py registers nothing at `router`, so it was not changed. Add:",
            *(f"    {line}" for line in plan.lines),
        )
    else:
        say(f"Registered in apps/{app}/routes.py. It is served at /{name}/")
    say("Next: webkit db upgrade")


def _remove(plan: removals.Removal, app: str, *, dry_run: bool) -> None:
    report(plan, dry_run=dry_run)
    if plan.is_registered:
        say(f"apps/{app}/routes.py is written in another way. Remove the viewset from it.")
