"""URLs of named routes, for links in answers."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from yarl import URL

from webkit.paths import variables_of


__all__ = ("path_of", "reverse")


def reverse(request: web.Request, name: str, /, **variables: Any) -> URL:
    """Return the absolute URL of the route ``name``, as the client of ``request`` would ask for it.

    Names of the request's own application come first, then those of the applications around it,
    then those of all sub-applications.

    Raises:
        LookupError: no route has this name, or a variable of its path is missing.
    """
    for resource in _resources_called(name, request):
        return request.url.join(path_of(resource, variables))
    raise LookupError(f"no route is named {name!r}")


def path_of(resource: web.AbstractResource, variables: Mapping[str, object]) -> URL:
    """Return the path of a resource.

    Raises:
        LookupError: a variable of the path is missing, or the path has no such variable.
    """
    texts = {key: str(value) for key, value in variables.items()}
    is_plain = isinstance(resource, web.Resource)  # and not a directory of files
    wanted = set(variables_of(resource.canonical)) if is_plain else set(texts)
    if texts.keys() == wanted:
        return resource.url_for(**texts)
    needs, given = (", ".join(sorted(names)) or "nothing" for names in (wanted, texts))
    raise LookupError(f"route {resource.name!r} needs {needs}; {given} was given")


def _resources_called(name: str, request: web.Request) -> "list[web.AbstractResource]":
    apps = request.match_info.apps
    for app in reversed(apps):
        if name in app.router:
            return [app.router[name]]
    root = apps[0].router.routes()
    found = [route.resource for route in root if route.name == name and route.resource]
    return found[:1]
