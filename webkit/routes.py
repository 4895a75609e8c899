"""Route definitions of actions, and routes as an application serves them."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from webkit.exceptions import ConfigurationError
from webkit.generics import hints_of
from webkit.paths import shown_path
from webkit.plans import ActionPlan
from webkit.references import name_of, position_of, shown
from webkit.soundness import is_text


__all__ = (
    "ActionRoute",
    "BrokenRoute",
    "ServedRoute",
    "hide",
    "is_hidden",
    "route_problem",
)

_HIDDEN = "__webkit_hidden__"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedRoute:
    """A route as an application serves it: for the documents, and for ``webkit routes``.

    ``path`` is without patterns; ``handler`` is the user's own function; ``unit`` is the name of
    the unit that brought it, or empty; ``plan`` is there for what webkit compiled; ``hidden``
    routes are webkit's own, or twins of others.
    """

    method: str
    path: str
    name: str | None
    handler: Callable[..., Any]
    unit: str
    plan: ActionPlan | None
    hidden: bool


class ActionRoute(web.RouteDef):
    """The route definition of one action.

    ``path`` is shown without patterns, ``pattern`` with them; ``plan`` is what the compiler knows;
    ``is_twin`` marks the second spelling of a path.
    """

    __slots__ = ("is_twin", "pattern", "plan")

    plan: ActionPlan
    pattern: str
    is_twin: bool

    def __init__(
        self, method: str, pattern: str, *, plan: ActionPlan, is_twin: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(method, shown_path(pattern), plan.bind(), kwargs)
        for name, value in (("plan", plan), ("pattern", pattern), ("is_twin", is_twin)):
            object.__setattr__(self, name, value)

    def register(self, router: web.UrlDispatcher) -> list[web.AbstractRoute]:
        """Add the route to the router of an application, with a handler of its own.

        Raises:
            ConfigurationError: the application lacks a service that the handler needs.
        """
        handler = self.plan.bind_in(router)
        # A router of another kind, as in aiohttp-swagger3, documents the very path that it gets.
        path = self.pattern if type(router) is web.UrlDispatcher else self.path
        return web.RouteDef(self.method, path, handler, self.kwargs).register(router)


@dataclass(frozen=True, slots=True)
class BrokenRoute(web.AbstractRouteDef):
    """Stands in place of the routes of a viewset that cannot be served."""

    problems: tuple[str, ...]

    def register(self, router: web.UrlDispatcher) -> list[web.AbstractRoute]:
        """Refuse.

        Raises:
            ConfigurationError: always, with every mistake of the viewset.
        """
        raise ConfigurationError(self.problems)


def route_problem(definition: object) -> str:
    """Return why something cannot be served as a route, or nothing."""
    if not isinstance(definition, web.AbstractRouteDef):
        return f"{shown(definition)} is no route. Write web.get(path, handler), or router.routes"
    handler = getattr(definition, "handler", None)
    if isinstance(handler, type) and hasattr(handler, "as_view"):
        return (
            f"{name_of(handler)} is a viewset. Register it with a router, or write"
            f' {handler.__name__}.as_view({{"get": "list"}})'
        )
    is_view = isinstance(handler, type) and issubclass(handler, web.View)
    if isinstance(definition, web.RouteDef) and not is_view and not _is_function(handler):
        return f"{shown(handler)} is no handler. Write a coroutine function, or a web.View"
    if inspect.isroutine(handler) and not _takes_the_request(handler):
        return (
            f"{name_of(handler)}{position_of(handler)} is given the request and nothing else. Put"
            " @endpoint above it, for parameters by their types"
        )
    return ""


def _is_function(handler: object) -> bool:
    return callable(handler) and not isinstance(handler, type)


def _takes_the_request(handler: Callable[..., Any]) -> bool:
    """Tell whether a function can be called with a request, and expects one."""
    signature = inspect.signature(handler, follow_wrapped=False)
    try:
        bound = signature.bind(None)
    except TypeError:
        return False
    first = next(iter(bound.arguments), "")
    hints, _ = hints_of(handler)
    return not is_text(hints.get(first, web.Request)) or hints.get(first) is Any


def hide(handler: Handler) -> Handler:
    """Mark a handler whose routes stay out of the documents, and return it."""
    setattr(handler, _HIDDEN, True)
    return handler


def is_hidden(handler: object) -> bool:
    """Tell whether a handler was marked by ``hide``."""
    return hasattr(handler, _HIDDEN)
