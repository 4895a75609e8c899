"""Controllers: components whose methods answer requests. They only produce routes.

A controller is made once for each application, as a service is; a viewset is made for each request.
"""

import enum
import inspect
import re
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Never, TypeVar

from aiohttp import hdrs, web

from webkit.admissions import Permissions, Schemes, Throttles, admission_of
from webkit.components import Component
from webkit.contracts import returns, takes
from webkit.decorators import action, is_unapplied, unapplied
from webkit.exceptions import ConfigurationError
from webkit.handlers import Controller, place_of, plan
from webkit.paths import pattern_of, variables_of, with_patterns
from webkit.references import shown
from webkit.rescues import Rescues
from webkit.routes import ActionRoute, BrokenRoute


__all__ = ("BaseHttpController", "Method", "returns", "route", "routes_of", "takes")

F = TypeVar("F", bound=Callable[..., Awaitable[Any]])

_MARK = "__webkit_routes__"
_ROUTE = '@route("/path")'


class Method(enum.Enum):
    """The verbs of HTTP.

    Source: aioli.
    """

    GET = hdrs.METH_GET
    POST = hdrs.METH_POST
    PUT = hdrs.METH_PUT
    PATCH = hdrs.METH_PATCH
    DELETE = hdrs.METH_DELETE
    HEAD = hdrs.METH_HEAD
    OPTIONS = hdrs.METH_OPTIONS


@dataclass(frozen=True, slots=True)
class _Wish:
    """What one ``@route`` asked for."""

    path: Any
    method: Any
    name: Any
    surplus: tuple[str, ...]


class BaseHttpController(Component):
    """Answers requests with methods that ``@route`` marks; parameters are those of an action.

    ``on_request`` is awaited before each of them. ``authentication``, ``permissions``,
    ``throttles`` and ``exception_handlers`` are those of a viewset.

    Source: aioli.
    """

    authentication: ClassVar[Schemes] = ()
    permissions: ClassVar[Permissions] = ()
    throttles: ClassVar[Throttles] = ()
    action_permissions: ClassVar[Mapping[str, Permissions]] = {}
    exception_handlers: ClassVar[Rescues] = {}

    async def on_request(self, request: web.Request) -> None:
        """Look at a request that this controller is about to answer; an error is its answer."""


def route(
    path: str = "",
    method: Method | str = Method.GET,
    description: str | None = None,
    *more: Never,
    name: str | None = None,
    **options: Never,
) -> Callable[[F], F]:
    """Serve a method of a controller under ``path``, which stands below that of the unit.

    ``description`` is its summary in the documents, ``name`` that of the route. A slash at the end
    is left out.

    Source: aioli.
    """
    wish = _Wish(path, method, name, (*map(shown, more), *options))

    def record(function: F) -> Any:
        marked = getattr(function, "__func__", function)
        if is_unapplied(action(summary=description)(marked)):
            return record
        setattr(marked, _MARK, (*getattr(marked, _MARK, ()), wish))
        vars(record).clear()
        return function

    return unapplied(record)


def routes_of(
    controllers: tuple[type[BaseHttpController], ...], *, unit: str
) -> list[web.AbstractRouteDef]:
    """Return the routes of the controllers of a unit, those with fewer variables first.

    Those of one path stand together, so that aiohttp makes one resource of them.
    What is wrong with a method is reported when an application takes the routes.
    """
    routes: list[ActionRoute] = []
    problems: list[str] = []
    for controller in controllers:
        wishes = list(_wishes_of(controller))
        problems += _forgotten_in(controller, wishes)
        for action_name, wish in wishes:
            try:
                routes.append(_route_of(controller, action_name, wish, unit=unit))
            except ConfigurationError as error:
                problems += error.problems
    first = {item.pattern: index for index, item in reversed(list(enumerate(routes)))}
    routes.sort(key=lambda item: (item.pattern.count("{"), first[item.pattern]))
    broken = [BrokenRoute(tuple(dict.fromkeys(problems)))] if problems else []
    return [*routes, *broken]


def _wishes_of(controller: type[BaseHttpController]) -> Iterator[tuple[str, _Wish]]:
    """Yield the methods with ``@route``, those of base classes first, in the order of writing."""
    for name in dict.fromkeys(name for cls in reversed(controller.__mro__) for name in vars(cls)):
        declared = inspect.getattr_static(controller, name)
        for wish in getattr(getattr(declared, "__func__", declared), _MARK, ()):
            yield name, wish


def _wish_problems(wish: _Wish, verb: str) -> Iterator[str]:
    """Yield what is wrong with what ``@route`` was given."""
    for surplus in wish.surplus:
        yield f" takes path, method, description and name, and no {surplus}"
    if verb not in {method.value for method in Method}:
        verbs = ", ".join(f"Method.{method.name}" for method in Method)
        yield f": {wish.method!r} is no method. Write one of {verbs}"
    if not isinstance(wish.path, str) or not wish.path.startswith("/"):
        yield f": the path {shown(wish.path)} does not start with a slash. Write {_ROUTE}"
    if not isinstance(wish.name, str | None):
        yield f": name: {shown(wish.name)} is no text"


def _forgotten_in(
    controller: type[BaseHttpController], wishes: Collection[object]
) -> Iterator[str]:
    """Yield what should have been a route, and is none."""
    names = [
        name for name in dir(controller) if is_unapplied(inspect.getattr_static(controller, name))
    ]
    for name in names:
        text = f"{name!r} is a decorator, and no method. Write {_ROUTE} above an `async def`"
        yield f"{place_of(controller)}: {text}"
    if not (wishes or names):
        yield f"{controller.__name__}: has no route. Write @route over a method"


def _route_of(
    controller: type[BaseHttpController], name: str, wish: _Wish, *, unit: str
) -> ActionRoute:
    """Return one route.

    Raises:
        ConfigurationError: it cannot be served; every reason is listed.
    """
    place = place_of(controller, name)
    verb = wish.method.value if isinstance(wish.method, Method) else str(wish.method).upper()
    problems = [f"{place}: @route{text}" for text in _wish_problems(wish, verb)]
    if problems:
        raise ConfigurationError(problems)
    path = re.sub("/+", "/", wish.path).rstrip("/") or "/"
    made = plan(
        controller,
        name,
        variables=variables_of(path),
        method=verb,
        basename=unit,
        admit=admission_of(controller, None, action=name),
        controller=Controller(
            cls=controller,
            unit=unit,
            has_hook=controller.on_request is not BaseHttpController.on_request,
        ),
    )
    types = {source.alias: source.type for source in made.sources if source.place == "path"}
    patterns = {key: pattern for key, tp in types.items() if (pattern := pattern_of(tp))}
    return ActionRoute(verb, with_patterns(path, patterns), plan=made, name=wish.name)
