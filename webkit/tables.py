"""Route tables: the routes of one application while it is assembled, and the mistakes in them.

A definition met twice is served once; two handlers for one method and path are a mistake.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from aiohttp import hdrs, web

from webkit.components import Component
from webkit.endpoints import planner_of, planner_problems
from webkit.exceptions import ConfigurationError
from webkit.paths import path_problems, pattern_of, variables_of, with_patterns
from webkit.plans import ActionPlan
from webkit.references import name_of
from webkit.routes import ActionRoute, BrokenRoute, route_problem


__all__ = ("Origin", "RouteTable", "origin_of")

_ORIGIN = "__webkit_origin__"  # the attribute of a route that holds its origin
_PROJECT = "the project's routes"
_LIST = "Write [web.get(...), ...], or the routes of a router: router.routes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a route comes from: its unit (empty for the project), and the plan of an action.

    ``hidden`` routes are webkit's own, or second spellings of others.
    """

    unit: str = ""
    plan: ActionPlan | None = None
    hidden: bool = False


def origin_of(route: web.AbstractRoute) -> Origin:
    """Return where a route comes from, as far as a table has noted it."""
    origin: Origin = getattr(route, _ORIGIN, _NOWHERE)
    return origin


_NOWHERE = Origin()


class RouteTable:
    """The routes of one application while it is assembled, and the mistakes in them."""

    def __init__(self, app: web.Application) -> None:
        self.problems: list[str] = []
        self._router = app.router
        self._met: dict[int, web.AbstractRouteDef] = {}  # kept, so that no id is used again
        self._handlers: dict[tuple[str, str], tuple[object, str]] = {}

    def add(
        self, definitions: Iterable[web.AbstractRouteDef], *, origin: Origin, prefix: str = ""
    ) -> None:
        """Register route definitions, below a prefix; those met before are passed over."""
        owner = origin.unit or _PROJECT
        if not isinstance(definitions, Iterable):
            shown = name_of(type(definitions))
            self.problems.append(f"{owner}: {shown} is no list of routes. {_LIST}")
            return
        for definition in definitions:
            if id(definition) in self._met:
                continue
            self._met[id(definition)] = definition
            problem = route_problem(definition)
            if problem:
                self.problems.append(f"{owner}: {problem}")
                continue
            found = _compiled(_below(prefix, definition) if prefix else definition)
            if isinstance(found, BrokenRoute):
                self.problems += found.problems
            elif not isinstance(found, web.RouteDef) or self._is_free(found, origin):
                self._register(found, origin)

    def free(self, definitions: Iterable[web.RouteDef]) -> list[web.RouteDef]:
        """Return the definitions whose place nobody has taken."""
        return [item for item in definitions if _place_of(item) not in self._handlers]

    def _is_free(self, definition: web.RouteDef, origin: Origin) -> bool:
        """Tell whether nothing is served there yet; a different handler there is a problem."""
        place = _place_of(definition)
        handler, owner = _identity_of(definition), origin.unit or _PROJECT
        taken = self._handlers.get(place) or self._handlers.get((hdrs.METH_ANY, place[1]))
        if taken is None:
            self._handlers[place] = (handler, owner)
            return True
        first, first_owner = taken
        if first != handler:
            self.problems.append(
                f"{definition.method} {definition.path}: served by {_shown(first)} of {first_owner}"
                f" and by {_shown(handler)} of {owner}. Remove one of them"
            )
        return False

    def _register(self, definition: web.AbstractRouteDef, origin: Origin) -> None:
        try:
            routes = definition.register(self._router)
        except ConfigurationError as error:
            self.problems += error.problems
            return
        except (ValueError, RuntimeError) as error:
            label = repr(definition)
            if isinstance(definition, web.RouteDef):
                handler = _shown(_identity_of(definition))
                label = f"{definition.method} {definition.path}: {handler}"
            path = getattr(definition, "path", "")
            reason = "; ".join(path_problems(path)) or str(error)
            self.problems.append(f"{label} of {origin.unit or _PROJECT}: {reason}")
            return
        if isinstance(definition, ActionRoute):
            hidden = origin.hidden or definition.is_twin
            origin = replace(origin, plan=definition.plan, hidden=hidden)
        for route in routes:
            setattr(route, _ORIGIN, origin)


def _below(prefix: str, definition: web.AbstractRouteDef) -> web.AbstractRouteDef:
    """Return a definition whose path stands below a prefix."""
    if isinstance(definition, ActionRoute):
        viewset = definition.plan.viewset
        is_controller = viewset is not None and issubclass(viewset, Component)
        path = prefix + definition.pattern
        return ActionRoute(
            definition.method,
            path.rstrip("/") if is_controller else path,  # whose paths have no slash at the end
            plan=definition.plan,
            is_twin=definition.is_twin,
            **definition.kwargs,
        )
    if isinstance(definition, web.RouteDef):
        path = prefix + definition.path
        return web.RouteDef(definition.method, path, definition.handler, definition.kwargs)
    if isinstance(definition, web.StaticDef):
        path = prefix + definition.prefix
        return web.StaticDef(path, definition.path, definition.kwargs)
    return definition


def _compiled(definition: web.AbstractRouteDef) -> web.AbstractRouteDef:
    """Return the route of an endpoint with its plan; any other definition as it is."""
    planner = planner_of(getattr(definition, "handler", None))
    if planner is None or not isinstance(definition, web.RouteDef):
        return definition
    problems = planner_problems(planner, definition.method, definition.path)
    if problems:
        return BrokenRoute(tuple(problems))
    if definition.method == hdrs.METH_ANY:
        return definition
    plan = planner(definition.method, variables_of(definition.path))
    types = {source.alias: source.type for source in plan.sources if source.place == "path"}
    patterns = {name: pattern for name, tp in types.items() if (pattern := pattern_of(tp))}
    path = with_patterns(definition.path, patterns)
    return ActionRoute(definition.method, path, plan=plan, **definition.kwargs)


def _place_of(definition: web.RouteDef) -> tuple[str, str]:
    """Return method and path, the same for all names of the variables."""
    return definition.method, re.sub(r"{[^\W\d]\w*", "{", definition.path)


def _identity_of(definition: web.RouteDef) -> object:
    """Return what makes two definitions the same: an action, or a handler."""
    if isinstance(definition, ActionRoute):
        plan = definition.plan
        return (plan.viewset, plan.action) if plan.viewset else plan.function
    return definition.handler


def _shown(identity: object) -> str:
    if isinstance(identity, tuple):
        return f"{name_of(identity[0])}.{identity[1]}"
    return name_of(identity)
