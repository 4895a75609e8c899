"""Route definitions of actions, and routes as an application serves them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from webkit.exceptions import ConfigurationError
from webkit.paths import shown_path
from webkit.plans import ActionPlan


__all__ = ("ActionRoute", "BrokenRoute", "ServedRoute", "hide", "is_hidden")

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


def hide(handler: Handler) -> Handler:
    """Mark a handler whose routes stay out of the documents, and return it."""
    setattr(handler, _HIDDEN, True)
    return handler


def is_hidden(handler: object) -> bool:
    """Tell whether a handler was marked by ``hide``."""
    return hasattr(handler, _HIDDEN)
