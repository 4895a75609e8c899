"""``webkit run``: serve the project in one process, as in production."""

import click

from webkit.cli.choices import configured


__all__ = ("command",)


@click.command("run")
@configured
@click.option("--host", metavar="HOST", help="Address to listen on; 0.0.0.0 is all of them.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="PORT", help="0 is a free port.")
@click.option("--access-log/--no-access-log", default=None, help="Log a line for each request.")
def command(host: str | None, port: int | None, access_log: bool | None) -> None:
    """Serve the project until SIGTERM or Ctrl-C, then finish what is in progress.

    What is not given comes from webkit.toml, .env and the environment.
    """
    from webkit.workers.signals import leave_on_signals

    leave_on_signals()  # importing a project takes its time, and is not to end in a traceback
    from webkit.cli.projects import find_project
    from webkit.workers.loading import load_app
    from webkit.workers.serving import serve

    project = find_project()
    serve(load_app(project.app, root=project.root), host=host, port=port, access_log=access_log)
