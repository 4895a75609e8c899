"""Mounts: where an application is, and which parts of it have a document of their own.

Several versions of an API stand side by side as sub-applications: ``/v2/openapi.json`` tells of
what is below ``/v2``, and the document of the application around it does not. So a client of one
version never meets another, and mounting one changes no document that is there.

A mount is a path without a slash at its end; that of an application by itself is empty.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from aiohttp import web

from webkit.replies import ERROR_FORMAT
from webkit.routes import ServedRoute


__all__ = ("DOCUMENT", "mounted_apps", "mounts_in", "routes_below")

DOCUMENT = "/openapi.json"


def mounts_in(routes: Iterable[ServedRoute]) -> list[str]:
    """Return the mounts by the documents that are served, the application's own first."""
    return [
        route.path.removesuffix(DOCUMENT)
        for route in routes
        if route.hidden and route.path.endswith(DOCUMENT)
    ]


def routes_below(
    mount: str, routes: Iterable[ServedRoute], *, others: Iterable[str]
) -> list[ServedRoute]:
    """Return the routes that are below no other mount, with their paths from ``mount`` on."""
    elsewhere = tuple(f"{path}/" for path in others)
    return [
        replace(route, path=route.path.removeprefix(mount)) if mount else route
        for route in routes
        if not route.path.startswith(elsewhere)
    ]


def mounted_apps(app: web.Application) -> Iterator[tuple[str, web.Application]]:
    """Yield the mounts in an application and what is there, if ``create_app`` has made it.

    Those below these are their own; those of another host are part of ``app``.
    """
    for resource in app.router.resources():
        info = resource.get_info()
        child, path = info.get("app"), info.get("prefix")
        if child is None or path is None:
            continue
        if ERROR_FORMAT in child:
            yield path, child
        else:
            yield from mounted_apps(child)
