"""The shortcut: what aiohttp's middlewares cost, saved where the only one is webkit's own.

For one middleware aiohttp runs three coroutines around every handler, which is a tenth of a small
request. ``take_shortcut`` lets the handlers do by themselves what ``middlewares.hardening`` does
around them, and takes the middleware away.

1. It is taken at start-up, when everything is known: not with other middlewares, not with
   sub-applications, and not with an aiohttp whose inside is not as expected.
2. Nothing but the time that a request takes depends on it.
"""

from collections.abc import Iterable

from aiohttp import hdrs, web
from aiohttp.web_urldispatcher import PrefixedSubAppResource, UrlMappingMatchInfo

from webkit.exceptions import MethodNotAllowed, NotFound
from webkit.middlewares import guarded, hardening
from webkit.unlisted import UnlistedResource


__all__ = ("take_shortcut",)

_ROUTE = "_handler"  # what of aiohttp's inside is used: the handler of a route


def take_shortcut(app: web.Application) -> bool:
    """Remove the middleware where it is the only one, and return whether it was."""
    resources = list(app.router.resources())
    routes = list(app.router.routes())
    if (
        app.middlewares.frozen
        or list(app.middlewares) != [hardening]
        or any(isinstance(resource, PrefixedSubAppResource) for resource in resources)
        or not all(hasattr(route, _ROUTE) for route in routes)
    ):
        return False
    guards = {handler: guarded(handler) for handler in {route.handler for route in routes}}
    for route in routes:
        setattr(route, _ROUTE, guards[route.handler])
    ungated = [item for item in resources if hdrs.METH_ANY not in {route.method for route in item}]
    app.router.index_resource(_Nowhere(ungated))
    app.middlewares.clear()
    return True


class _Nowhere(UnlistedResource):
    """The resource behind all others: what nobody serves is not found, and answered as an error.

    aiohttp's own 404 would need a middleware to look like ours.
    """

    def __init__(self, ungated: Iterable[web.AbstractResource]) -> None:
        super().__init__()
        self._ungated = tuple(ungated)  # those that leave a 405 to aiohttp, such as static files
        self._route = web.ResourceRoute(hdrs.METH_ANY, guarded(self._answer), self)

    async def resolve(self, request: web.Request) -> tuple[UrlMappingMatchInfo, set[str]]:
        """Match everything."""
        return UrlMappingMatchInfo({}, self._route), set()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        allowed = {
            method for resource in self._ungated for method in (await resource.resolve(request))[1]
        }
        if allowed:
            raise MethodNotAllowed(request.method, allowed=allowed)
        raise NotFound
