"""URLs of named routes, for links in answers."""

from typing import Any

from aiohttp import web
from yarl import URL


__all__ = ("reverse",)


def reverse(request: web.Request, name: str, /, **variables: Any) -> URL:
    """Return the absolute URL of the route ``name``, as the client of ``request`` would ask for it.

    Names of the request's own application come first, then those of the applications around it,
    then those of all sub-applications.

    Raises:
        LookupError: no route has this name, or a variable of its path is missing.
    """
    texts = {key: str(value) for key, value in variables.items()}
    for resource in _resources_called(name, request):
        try:
            return request.url.join(resource.url_for(**texts))
        except KeyError as error:
            given = ", ".join(variables) or "nothing"
            message = f"route {name!r} needs the variable {error}; {given} was given"
            raise LookupError(message) from None
    raise LookupError(f"no route is named {name!r}")


def _resources_called(name: str, request: web.Request) -> "list[web.AbstractResource]":
    apps = request.match_info.apps
    for app in reversed(apps):
        if name in app.router:
            return [app.router[name]]
    root = apps[0].router.routes()
    found = [route.resource for route in root if route.name == name and route.resource]
    return found[:1]
