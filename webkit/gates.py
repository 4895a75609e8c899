"""Gates: the answer of a path to every method that it does not offer.

aiohttp goes on to the next resource when the path fits but the method does not, so that
``DELETE /artist/popular/`` would end at ``/artist/{id}/``. A gate stands behind the last resource
of each path: it answers 405 with the exact ``Allow``, and ``OPTIONS`` with 204.

A route that is added when the gates are there would have none, so it is refused.
"""

import re
from collections.abc import Collection
from typing import Any, NoReturn

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from aiohttp.web_urldispatcher import Resource

from webkit.exceptions import ConfigurationError, MethodNotAllowed
from webkit.references import caller_outside


__all__ = ("close_gates", "is_gate", "refuse_late_routes")

_MARK = "__webkit_gate__"


def close_gates(
    app: web.Application, *, without: Collection[web.AbstractResource] = (), options: bool = True
) -> None:
    """Give every path of an application its gate, when all routes are known.

    ``without`` are resources that are there, but not served. Without ``options`` the gates do not
    offer OPTIONS.
    """
    paths: dict[str, list[Resource]] = {}
    for resource in app.router.resources():
        if isinstance(resource, Resource) and resource not in without:
            paths.setdefault(re.sub(r"{\w+}", "{}", resource.canonical), []).append(resource)
    for resources in paths.values():
        if hdrs.METH_ANY not in {route.method for resource in resources for route in resource}:
            resources[-1].add_route(hdrs.METH_ANY, _gate_of(resources, options=options))


def refuse_late_routes(app: web.Application) -> None:
    """Make every attempt to add a route to an application a mistake that names the line."""

    def refuse(what: Any, **_: Any) -> NoReturn:
        path = what if isinstance(what, str) else what.canonical
        raise ConfigurationError(
            [
                f"{caller_outside('aiohttp', 'webkit')}: a route for {path} is added to an"
                " application that is starting already. Give it to create_app(routes=...) or to a"
                " Unit, or add it before the application starts"
            ]
        )

    for name in ("add_resource", "register_resource"):  # which every way to add a route leads to
        setattr(app.router, name, refuse)


def is_gate(route: web.AbstractRoute) -> bool:
    """Tell whether a route is a gate, and not one that somebody wrote."""
    return hasattr(route.handler, _MARK)


def _gate_of(resources: list[Resource], *, options: bool) -> Handler:
    # Routes added to a resource later would be unreachable, so the methods can be read now.
    offers = [(_pattern_of(item), {route.method for route in item}) for item in resources]
    own = {hdrs.METH_OPTIONS} if options else set()

    async def gate(request: web.Request) -> web.StreamResponse:
        path = request.rel_url.path_safe
        allowed = set(own)
        for pattern, methods in offers:
            if pattern is None or pattern.fullmatch(path):
                allowed |= methods
        if request.method in own:
            return web.Response(status=204, headers={hdrs.ALLOW: ", ".join(sorted(allowed))})
        raise MethodNotAllowed(request.method, allowed=allowed)

    setattr(gate, _MARK, True)
    return gate


def _pattern_of(resource: Resource) -> "re.Pattern[str] | None":
    """Return what a path must match, with any prefix of a parent application; None if literal."""
    return resource.get_info().get("pattern")
