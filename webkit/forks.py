"""Forks: one look at a path, where aiohttp would try resource after resource.

aiohttp finds what is below ``/artist/`` in one step, and tries it in order: the twentieth action of
a viewset costs nineteen patterns that do not match. A fork stands in the place of them all and
knows by what follows the id which one is meant.

1. Forks are made at start-up, of resources of which no two can have the same path: ``/artist/``,
   ``/artist/{id}/``, ``/artist/{id}/tracks/``, where an id is known to hold no slash.
2. A match is the one that aiohttp would have made. Resources, routes and names stay as they are.
3. Where the inside of aiohttp is not as expected, nothing changes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from aiohttp import hdrs, web
from aiohttp.web_urldispatcher import UrlMappingMatchInfo

from webkit.paths import SEGMENTS
from webkit.unlisted import UnlistedResource


__all__ = ("fork_paths",)

_INDEX = "_resource_index"  # what of aiohttp's inside is used: resources, by what they begin with


class _Variable(NamedTuple):
    """The variable of a path: what stands before it, its name, and the pattern of its values."""

    before: str
    name: str
    pattern: str


# A variable and what follows it, or none and the whole path.
_Place = tuple[_Variable | None, str]


class _Way(NamedTuple):
    """Where a fork leads: routes by their methods, the route of all others, and the methods."""

    routes: dict[str, web.AbstractRoute]
    other: web.AbstractRoute | None
    methods: set[str]


def fork_paths(app: web.Application) -> None:
    """Put forks in the place of resources, when all routes of an application are known."""
    index = getattr(app.router, _INDEX, None)
    if isinstance(index, dict):
        for resources in index.values():
            resources[:] = _forked(resources)


def _forked(resources: Iterable[web.AbstractResource]) -> Iterator[web.AbstractResource]:
    """Yield resources; those that stand together and can be one fork are one."""
    run: dict[_Place, web.AbstractResource] = {}
    for resource in resources:
        place = _place_of(resource)
        if place is None or place in run or not _is_alike(place, run):
            yield from _joined(run)
            run = {}
        if place is None:
            yield resource
        else:
            run[place] = resource
    yield from _joined(run)


def _is_alike(place: _Place, run: Iterable[_Place]) -> bool:
    """Tell whether a place has the same variable as others, or none."""
    variables = {found for found, _ in (place, *run) if found}
    return len(variables) <= 1


def _joined(run: Mapping[_Place, web.AbstractResource]) -> Iterator[web.AbstractResource]:
    variable = next((found for found, _ in run if found), None)
    if variable and len(run) > 1:
        yield _Fork(variable, {place: _way_to(resource) for place, resource in run.items()})
    else:
        yield from run.values()


def _place_of(resource: web.AbstractResource) -> _Place | None:
    """Return the variable of a path and what follows it, or none and the path; None if unknown."""
    path = resource.canonical
    if type(resource) is web.PlainResource:
        return None, path
    if type(resource) is not web.DynamicResource or path.count("{") != 1:
        return None
    before, _, rest = path.partition("{")
    name, _, after = rest.partition("}")
    written = resource.get_info()["pattern"].pattern
    for pattern in SEGMENTS:
        if written == f"{re.escape(before)}(?P<{name}>{pattern}){re.escape(after)}":
            follows = not after or after.startswith("/")
            return (_Variable(before, name, pattern), after) if follows else None
    return None


def _way_to(resource: web.AbstractResource) -> _Way:
    routes = {route.method: route for route in resource}
    return _Way(routes, routes.get(hdrs.METH_ANY), {*routes})


class _Fork(UnlistedResource):
    """A resource in the place of several."""

    def __init__(self, variable: _Variable, ways: Mapping[_Place, _Way]) -> None:
        super().__init__()
        self._plain = {path: way for (found, path), way in ways.items() if not found}
        self._ways = {rest: way for (found, rest), way in ways.items() if found}
        self._before, self._key = variable.before, variable.name
        self._fits = re.compile(variable.pattern).fullmatch

    async def resolve(self, request: web.Request) -> tuple[UrlMappingMatchInfo | None, set[str]]:
        """Return the match that the resource of the path would have made."""
        path = request.rel_url.path_safe
        values: dict[str, str] = {}
        way = self._plain.get(path)
        if way is None:
            start = len(self._before)
            end = path.find("/", start)
            value, rest = (path[start:end], path[end:]) if end >= 0 else (path[start:], "")
            way = self._ways.get(rest)
            if way is None or not path.startswith(self._before) or not self._fits(value):
                return None, set()
            if "%" in value:
                value = value.replace("%2F", "/").replace("%25", "%")
            values = {self._key: value}
        route = way.routes.get(request.method, way.other)
        return (UrlMappingMatchInfo(values, route) if route else None), way.methods
