"""``webkit dev``: serve the project, and serve it afresh whenever one of its files is saved."""

import importlib.util
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from webkit.exceptions import ConfigurationError, MissingExtraError


if TYPE_CHECKING:
    from webkit.config import Config

__all__ = ("command",)


@click.command("dev")
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
    from webkit.cli.projects import find_project
    from webkit.workers.listening import address_of

    project = find_project()
    address = address_of(_config_of(project.root), host=host, port=port)
    reloader = Reloader(project.app, root=project.root, address=address, wish=wish, forks=fork)
    with reloader:
        from webkit.workers.watching import changes  # while the other process imports, too

        reloader.follow(changes(project.root, stop=wish))


def _config_of(root: Path) -> "Config[Any] | None":
    """Return the configuration of a project, as far as it is known without importing the project.

    None where there are mistakes: the process that starts the project tells them.
    """
    import msgspec

    from webkit.config import Settings, load

    schema = Settings
    for _ in range(2):
        try:
            return load(schema, root=root)
        except ConfigurationError as error:
            own = re.findall(r"\.(\w+): unknown key", str(error))  # of the project's own settings
        fields = [(key, Any, None) for key in dict.fromkeys(own)]
        wider = msgspec.defstruct("Settings", fields, bases=(Settings,), frozen=True, kw_only=True)
        schema = cast("type[Settings]", wider)
    return None
