"""Functions and views that are compiled when their route is known, outside of any router.

``@endpoint`` gives a bare function what an action has: typed parameters, and any value to return.
An application made by ``create_app`` compiles it at start-up; any other one at the first request.
"""

import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import Any

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from webkit.exceptions import ConfigurationError
from webkit.handlers import plan_function
from webkit.paths import variables_of
from webkit.plans import ActionPlan


__all__ = ("deferred", "endpoint", "endpoint_problems", "planner_of")

Planner = Callable[[str, tuple[str, ...]], ActionPlan]
_MARK = "__webkit_planner__"


def endpoint(function: Callable[..., Awaitable[Any] | AsyncIterator[Any]]) -> Handler:
    """Make a typed function a handler: ``web.get("/artists/{id}", show_artist)``.

    Parameters are filled as those of an action; the value becomes a response as there.

    Raises:
        TypeError: it was given anything but the function.
    """
    if not callable(function):
        raise TypeError(f"@endpoint takes the function below it, and no arguments: {function!r}")

    def plan(method: str, variables: tuple[str, ...]) -> ActionPlan:
        return plan_function(function, variables=variables, method=method)

    return deferred(plan, like=function)


def deferred(plan: Planner, *, like: Callable[..., Any]) -> Handler:
    """Return a handler that compiles itself for each route that it serves.

    ``plan`` gets the verb and the names in the path.
    """

    async def handler(request: web.Request) -> web.StreamResponse:
        resource = request.match_info.route.resource
        path = resource.canonical if resource else ""
        # On the router, because each application has services of its own.
        handlers: dict[Any, Handler] = vars(request.app.router).setdefault(_MARK, {})
        found = handlers.get((plan, request.method, path))
        if found is None:
            found = plan(request.method, variables_of(path)).bind_in(request.app.router)
            handlers[plan, request.method, path] = found
        return await found(request)

    functools.update_wrapper(handler, like)
    setattr(handler, _MARK, plan)
    return handler


def planner_of(handler: object) -> Planner | None:
    """Return what compiles a deferred handler; None for any other."""
    planner: Planner | None = getattr(handler, _MARK, None)
    return planner


def endpoint_problems(routes: Iterable[web.AbstractRoute]) -> Iterator[str]:
    """Yield what is wrong with deferred handlers, for the routes that they serve."""
    for route in routes:
        planner = planner_of(route.handler)
        if planner and route.resource and route.method != hdrs.METH_ANY:
            try:
                planner(route.method, variables_of(route.resource.canonical))
            except ConfigurationError as error:
                yield from error.problems
