"""Plans: what the compiler knows of an action, and the handler that an application makes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CodeType, FunctionType
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from webkit.exceptions import ConfigurationError
from webkit.injections import Finder, Wanted, filled_names, finder_of
from webkit.outputs import Output
from webkit.sources import Source


__all__ = ("ActionPlan",)

_NO_SERVICES = "only an application of create_app has services. Give it the routes and the units"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPlan:
    """What is known of an action before there is an application.

    ``place`` is where it is written; ``function`` is the user's; ``sources`` and ``output`` say
    what it takes and returns; ``code`` is the handler made for it, or None where the function is
    the handler itself.
    """

    viewset: type[Any] | None
    action: str
    place: str
    basename: str
    function: Callable[..., Any]
    variables: tuple[str, ...]
    sources: tuple[Source, ...]
    output: Output
    code: CodeType | None
    names: Mapping[str, Any] = field(repr=False)

    def bind_in(self, router: web.UrlDispatcher) -> Handler:
        """Return the handler for the application of a router, a new one at each call.

        Raises:
            ConfigurationError: the application lacks a service that it needs.
        """
        find = finder_of(router)
        is_needy = any(isinstance(value, Wanted) for value in self.names.values())
        if find is None and is_needy:
            raise ConfigurationError([f"{self.place}: {_NO_SERVICES}"])
        try:
            return self.bind(find)
        except ConfigurationError as error:
            problems = [f"{self.place}: {text}" for text in error.problems]
            raise ConfigurationError(problems) from None

    def bind(self, find: Finder | None = None) -> Handler:
        """Return a handler that has what ``find`` finds; without it, it can only be looked at."""
        if self.code is None:
            return self.function
        handler = FunctionType(self.code, filled_names(self.names, find))
        handler.__name__ = self.function.__name__
        handler.__qualname__ = self.function.__qualname__
        handler.__module__ = self.function.__module__
        handler.__doc__ = self.function.__doc__
        handler.__wrapped__ = self.function  # type: ignore[attr-defined]  # as functools.wraps does
        return handler
