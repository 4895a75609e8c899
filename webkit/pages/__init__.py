"""Pages for people: templates and static files of units, error pages, and the welcome page.

Jinja comes in when there is a template, and not before.
"""

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from webkit.exceptions import MissingExtraError
from webkit.pages.errors import PROBLEM, create_error_middleware, file_pages, wants_page
from webkit.pages.folders import Folders, folders_of
from webkit.pages.rendering import TEMPLATES, render
from webkit.pages.static import StaticFiles
from webkit.pages.welcome import give_way, routes
from webkit.units import Unit


__all__ = (
    "PROBLEM",
    "TEMPLATES",
    "Folders",
    "Mounted",
    "create_error_middleware",
    "folders_of",
    "give_way",
    "mount",
    "render",
    "routes",
    "wants_page",
)

_ENGINE = "aiohttp_jinja2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounted:
    """What an application has of the folders of its units: routes of files, and mistakes."""

    routes: list[web.RouteDef]
    problems: tuple[str, ...]


def mount(
    app: web.Application,
    units: Iterable[Unit],
    *,
    root: str | Path | None = None,
    is_production: bool = False,
) -> Mounted:
    """Find the folders of units, and give the application their templates.

    ``root`` is the directory of the project, with folders that belong to no unit. Templates there
    that are named after a status, such as ``404.html``, become error pages.
    """
    problems: list[str] = []
    folders = {"": Folders.beside(root)}
    for unit in units:
        folders[unit.meta.name], wrong = folders_of(unit)
        problems += wrong
    shelves = {name: item.static for name, item in folders.items() if item.static}
    files = StaticFiles(shelves, is_production=is_production)
    roots = {name: item.templates for name, item in folders.items() if item.templates}
    if roots and importlib.util.find_spec(_ENGINE) is None:
        missing = MissingExtraError("templates", purpose="a folder of templates")
        problems += (f"{folder}: {missing}" for folder in roots.values())
    elif roots:
        from webkit.pages.templates import Templates, attach

        templates = Templates(app, roots, files=files, is_production=is_production)
        attach(app, templates)
        problems += templates.problems()
        if pages := templates.error_pages():
            app.middlewares.append(create_error_middleware(file_pages(pages)))
    return Mounted(routes=files.routes(), problems=tuple(problems))
