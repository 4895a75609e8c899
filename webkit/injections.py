"""Injections: the services that annotations ask for, in signatures and in classes.

A plan knows no application. Where it wants a service, its names hold a ``Wanted``; each application
fills it with its own instance when it takes the route.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from webkit.components import Component
from webkit.exceptions import ConfigurationError
from webkit.references import name_of
from webkit.services import BaseService
from webkit.sources import Script, Source


__all__ = (
    "Finder",
    "ServiceSource",
    "Wanted",
    "attributes_of",
    "filled_names",
    "finder_of",
    "is_service",
    "offer",
)

_FINDER = "__webkit_finder__"  # the attribute of a router that finds what its application has


@dataclass(frozen=True, slots=True)
class Wanted:
    """An instance that a plan needs: of which class, and of which unit if that matters."""

    cls: type[Component]
    unit: str = ""


Finder = Callable[[Wanted], Any]


class ServiceSource(Source):
    """A service of the application; no request is asked for it."""

    __slots__ = ()

    def write(self, script: Script) -> str:
        """Return the expression."""
        name = f"_service_{self.name}"
        script.names[name] = Wanted(self.type)
        return name


def is_service(hint: object) -> bool:
    """Tell whether an annotation asks for a service."""
    return isinstance(hint, type) and issubclass(hint, BaseService)


def attributes_of(cls: type) -> Mapping[str, type[BaseService]]:
    """Return the attributes of a class that are annotated with a service and have no value.

    Raises:
        ConfigurationError: an annotation in it cannot be read.
    """
    found: Mapping[str, type[BaseService]] = _attributes_of(cls)
    return found


@functools.lru_cache(maxsize=1024)
def _attributes_of(cls: Any) -> Mapping[str, type[BaseService]]:
    hints: dict[str, Any] = {}
    for klass in reversed(cls.__mro__):
        try:
            hints |= inspect.get_annotations(klass, eval_str=True)
        except Exception as error:  # an annotation may raise anything
            problem = f"{name_of(klass)}: its annotations cannot be read: {error}"
            raise ConfigurationError([problem]) from None
    return {
        name: hint for name, hint in hints.items() if is_service(hint) and not hasattr(cls, name)
    }


def filled_names(names: Mapping[str, Any], find: Finder | None) -> dict[str, Any]:
    """Return names in which everything wanted is found; without a finder it stays as it is.

    Raises:
        ConfigurationError: something is not there.
    """
    if find is None:
        return dict(names)
    return {
        name: find(value) if isinstance(value, Wanted) else value for name, value in names.items()
    }


def offer(router: web.UrlDispatcher, find: Finder) -> None:
    """Let the routes that are added to a router from now on find what they want."""
    setattr(router, _FINDER, find)


def finder_of(router: web.UrlDispatcher) -> Finder | None:
    """Return what finds the instances of a router's application, if it has any."""
    return getattr(router, _FINDER, None)
