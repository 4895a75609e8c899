"""``webkit routes``: what the project serves, one line a route."""

import click

from webkit.cli.choices import configured
from webkit.cli.projects import find_project, load_app
from webkit.cli.terminal import say, table
from webkit.references import name_of


__all__ = ("command",)


@click.command("routes")
@configured
@click.option("--all", "with_own", is_flag=True, help="List webkit's own routes too.")
def command(with_own: bool) -> None:
    """List what the project serves: method, path, name, handler, unit."""
    from webkit.application import served_routes

    header = ("METHOD", "PATH", "NAME", "HANDLER", "UNIT")
    rows = [
        (
            route.method,
            route.path,
            route.name or "-",
            name_of(route.handler),
            route.unit or "-",
        )
        for route in served_routes(load_app(find_project()))
        if with_own or not route.hidden
    ]
    say(*table(header, *rows))
