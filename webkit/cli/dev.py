"""``webkit dev``: serve the project, and serve it afresh whenever one of its files is saved."""

import importlib.util
import os

import click

from webkit.cli.choices import configured
from webkit.exceptions import MissingExtraError


__all__ = ("command",)


@click.command("dev")
@configured
@click.option("--host", metavar="HOST", help="Address to listen on; 0.0.0.0 is all of them.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="PORT", help="0 is a free port.")
@click.option(
    "--fork/--no-fork",
    default=hasattr(os, "fork"),
    help="Fork the process that serves, or start a new one, which takes longer.",
)
def command(host: str | None, port: int | None, fork: bool) -> None:
    """Serve the project; a saved file is live at once, a mistake is shown in the browser.

    Watches Python files, templates and configuration. Where file events do not arrive, as on some
    container mounts, set WATCHFILES_FORCE_POLLING=true.
    """
    if importlib.util.find_spec("watchfiles") is None:
        raise MissingExtraError("dev", purpose="webkit dev")
    from webkit.workers.signals import leave_on_signals

    leave_on_signals()  # what follows takes its time, and is not to end in a traceback
    from webkit.workers.reloading import Reloader, Wish

    wish = Wish()
    from webkit.cli.pending import pending_hint
    from webkit.cli.projects import find_project
    from webkit.config import Settings, load
    from webkit.workers.listening import address_of

    project = find_project()
    config = load(Settings, root=project.root)  # whose mistakes are told by who starts the project
    hint = pending_hint(project.root, str(config.table("database").get("url", "")))
    if hint:
        click.echo(hint, err=True)
    address = address_of(config, host=host, port=port)
    reloader = Reloader(project.app, root=project.root, address=address, wish=wish, forks=fork)
    with reloader:
        from webkit.workers.watching import changes  # while the other process imports, too

        reloader.follow(changes(project.root, stop=wish))
