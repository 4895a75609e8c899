"""Functions and views that are compiled when their route is known, outside of any router.

``@endpoint`` gives a bare function what an action has: typed parameters, and any value to return.
An application made by ``create_app`` compiles it at start-up; any other one at the first request.
"""

import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any, Never

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from webkit.exceptions import ConfigurationError, MethodNotAllowed
from webkit.handlers import plan_function
from webkit.paths import variables_of
from webkit.plans import ActionPlan
from webkit.references import caller_outside


__all__ = ("deferred", "endpoint", "endpoint_problems", "planner_of", "planner_problems")

Planner = Callable[[str, tuple[str, ...]], ActionPlan]
_MARK = "__webkit_planner__"
_MISUSED = "@endpoint takes the function below it, and nothing else. Write it without parentheses"
_NOT_EVERY = "The route is for every method, so name those that it is for, as in web.post"
_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def endpoint(
    function: Callable[..., Awaitable[Any] | AsyncIterator[Any]] | None = None,
    *more: Never,
    **options: Never,
) -> Handler:
    """Make a typed function a handler: ``web.get("/artists/{id}", show_artist)``.

    Parameters are filled as those of an action; the value becomes a response as there. Anything
    else that is given is a mistake of the routes that it stands in.
    """
    if more or options or not callable(function) or planner_of(function):
        return _misused()
    found = function

    def plan(method: str, variables: tuple[str, ...]) -> ActionPlan:
        return plan_function(found, variables=variables, method=method)

    return deferred(plan, like=found)


def _misused() -> Handler:
    """Return what is a decorator and a handler at once, and a mistake as both."""
    place = caller_outside("webkit")

    def plan(method: str, variables: tuple[str, ...]) -> ActionPlan:
        raise ConfigurationError([f"{place}: {_MISUSED}"])

    def decorate(function: Any) -> Any:
        return deferred(plan, like=function)

    setattr(decorate, _MARK, plan)
    return decorate


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
        if planner and route.resource:
            yield from planner_problems(planner, route.method, route.resource.canonical)


def planner_problems(planner: Planner, method: str, path: str) -> list[str]:
    """Return what is wrong with a deferred handler at a path; of ``*``, what is with any verb."""
    verbs = _VERBS if method == hdrs.METH_ANY else (method,)
    found: dict[str, tuple[str, ...]] = {}
    for verb in verbs:
        try:
            planner(verb, variables_of(path))
            found[verb] = ()
        except MethodNotAllowed as error:
            if method == verb:
                verbs_there = error.headers[hdrs.ALLOW]
                found[verb] = (f"{verb} {path}: the view has {verbs_there}, and no {verb}",)
        except ConfigurationError as error:
            found[verb] = error.problems
    return list(_told_once(found))


def _told_once(found: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield what is wrong with all verbs, or else with the first that something is wrong with."""
    shared = set.intersection(*map(set, found.values())) if found else set()
    told = next((problems for problems in found.values() if problems), ())
    for problem in told:
        yield problem if problem in shared else f"{problem}. {_NOT_EVERY}"
