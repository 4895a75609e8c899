"""``webkit generate``: more of what ``startapp`` makes, in an app that is there."""

from pathlib import Path

import click

from webkit.cli.projects import find_project
from webkit.cli.terminal import say
from webkit.scaffold import additions, generation, names, writing


__all__ = ("command",)


@click.group("generate")
def command() -> None:
    """Add to an app what startapp would have made."""


@command.command("resource")
@click.argument("app")
@click.argument("name")
@click.argument("fields", metavar="FIELD:TYPE...", nargs=-1, required=True)
@click.option("--model", metavar="NAME", help="The class of one object.  [default: from NAME]")
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
def resource(
    app: str, name: str, fields: tuple[str, ...], *, model: str | None, dry_run: bool
) -> None:
    """Add the resource NAME to the app APP: a table, and what serves it at /NAME/.

    Fields are those of startapp: name:str 'born:date?' genre:str=jazz artist:ref:artists.
    """
    root = find_project(Path.cwd()).root
    app, name = names.app_name(app), names.app_name(name)
    order = generation.Order(words=fields, model=model)
    with writing.reporting(root):
        plan = additions.resource_addition(root, app, name, order=order)
    if dry_run:
        say(*(f"{'update' if path in plan.replacing else 'create'} {path}" for path in plan.files))
        return
    plan.commit()
    count = len(plan.files) - len(plan.replacing) - 1
    say(f"Created apps/{app}/{name}: {count} files, and {plan.revision}")
    if plan.lines:
        say(
            f"apps/{app}/routes.py registers nothing at `router`, so it was not changed. Add:",
            *(f"    {line}" for line in plan.lines),
        )
    else:
        say(f"Registered in apps/{app}/routes.py. It is served at /{name}/")
    say("Next: webkit db upgrade")
