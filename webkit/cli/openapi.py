"""``webkit openapi``: the document of the project, printed, written, compared with an old one."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webkit.cli.choices import configured
from webkit.cli.projects import find_project, load_app
from webkit.cli.terminal import say
from webkit.exceptions import UsageError


if TYPE_CHECKING:
    from aiohttp import web

__all__ = ("command",)

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("openapi")
@configured
@click.option("--output", type=_FILE, help="Write the document into this file.")
@click.option("--check", type=_FILE, help="Fail if it breaks clients of the document in this file.")
@click.option("--mount", default="", help="The sub-application that is mounted below this path.")
def command(output: Path | None, check: Path | None, mount: str) -> int:
    """Print the OpenAPI document of the project.

    With --check, it lists what breaks clients that know the older document: what is gone, what is
    required now, what is narrower in requests or wider in answers. What is only added breaks
    nobody. Then nothing is written, and the status is 1.
    """
    document = _document(load_app(find_project()), mount="/" + mount.strip("/") if mount else "")
    if check:
        from webkit.openapi.differences import breaking_differences

        try:
            differences = breaking_differences(json.loads(check.read_bytes()), document)
        except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
            raise UsageError(f"{check}: cannot be read: {error}") from None
        if differences:
            say(*differences)
            return 1
    text = json.dumps(document, indent=2, ensure_ascii=False)
    if output:
        _write(output, f"{text}\n")
    elif not check:
        say(text)
    return 0


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None


def _document(app: "web.Application", *, mount: str) -> dict[str, Any]:
    from webkit.application import CONFIG, served_routes
    from webkit.openapi import build_document
    from webkit.openapi.mounts import mounted_apps, routes_below

    if mount:
        mounted = dict(mounted_apps(app))
        if mount not in mounted:
            known = ", ".join(mounted) or "none"
            raise UsageError(f"--mount {mount}: no sub-application is there. There is {known}")
        app = mounted[mount]
    if CONFIG not in app:
        raise UsageError("the application was not made by create_app: it has no document")
    settings = app[CONFIG].settings
    others = (path for path, _ in mounted_apps(app))
    return build_document(
        routes_below("", served_routes(app), others=others),
        title=settings.title,
        version=settings.version,
        description=settings.description,
        error_format=settings.error_format,
        mount=mount,
    )
