"""Routers: a viewset becomes route definitions, which any aiohttp application takes.

1. All methods of one path stand together under one name, so that aiohttp makes one resource.
2. Mistakes travel with the routes: what cannot be served is a ``BrokenRoute``, and the application
   that meets it refuses to start, with all mistakes of all routers at once.
"""

import keyword
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal, overload

from aiohttp import hdrs, web

from webkit.admissions import admission_of
from webkit.codec import encode
from webkit.exceptions import ConfigurationError
from webkit.habits import detail_problems
from webkit.handlers import place_of, plan
from webkit.models import bare
from webkit.paths import (
    joined,
    path_problems,
    pattern_of,
    unslashed,
    variables_of,
    with_patterns,
)
from webkit.plans import ActionPlan
from webkit.references import caller_outside, name_of
from webkit.replies import json_response
from webkit.routes import ActionRoute, BrokenRoute, hide
from webkit.urls import reverse
from webkit.viewsets import BaseViewSet, Entry, entries_of


__all__ = ("DefaultRouter", "SimpleRouter")


class SimpleRouter:
    """Turns viewsets into routes: ``/basename/``, ``/basename/{id}/``, ``/basename/{id}/action/``.

    ``routespatters`` is a list of route definitions for ``app.add_routes`` and for
    ``Unit(routes=...)``. Names are ``basename-list``, ``basename-detail`` and
    ``basename-action-name``. ``prefix`` stands before every path. With ``trailing_slash="both"``
    a path is served with and without its slash, and documented with it.

    Source: webaio, spelling included; DRF for names and order.
    """

    def __init__(self, *, prefix: str = "", trailing_slash: bool | Literal["both"] = True) -> None:
        self.routespatters: list[web.AbstractRouteDef] = []
        self._prefix = prefix.strip("/")
        self._trailing_slash = trailing_slash
        self._taken: dict[str, type[BaseViewSet]] = {}
        if trailing_slash not in (True, False, "both"):
            shown = f"trailing_slash={trailing_slash!r} is not True, False or 'both'"
            self.routespatters.append(_broken([f"{caller_outside('webkit')}: {shown}"]))

    @property
    def routes(self) -> list[web.AbstractRouteDef]:
        """The same list as ``routespatters``."""
        return self.routespatters

    @overload
    def register(self, viewset: type[BaseViewSet], basename: str, /) -> None: ...
    @overload
    def register(self, viewset: type[BaseViewSet], /, *, basename: str | None = ...) -> None: ...
    @overload
    def register(
        self, prefix: str, viewset: type[BaseViewSet], /, *, basename: str | None = ...
    ) -> None: ...
    def register(self, prefix: Any, viewset: Any = None, /, *, basename: str | None = None) -> None:
        """Add the routes of a viewset.

        Either ``register(ArtistViewSet, basename="artist")`` or
        ``register("artists", ArtistViewSet)``. The name of URLs and routes defaults to the last
        part of the prefix, and without one to the class's name: ``ArtistViewSet`` is ``artist``.
        What is wrong with the viewset is reported when an application takes the routes.
        """
        if isinstance(prefix, type):
            name = viewset or basename or _basename_of(prefix)
            viewset, prefix, basename = prefix, name, name
        if not (isinstance(viewset, type) and issubclass(viewset, BaseViewSet)):
            self.routespatters.append(_broken([_no_viewset(prefix, viewset)]))
            return
        prefix = joined(self._prefix, prefix)
        basename = (basename or prefix.rpartition("/")[2]).strip("/").replace("/", "-")
        routes, problems = _routes_of(
            viewset, prefix=prefix, basename=basename, trailing_slash=self._trailing_slash
        )
        if basename in self._taken:
            problems.append(
                f"{place_of(viewset)}: basename {basename!r} is taken by"
                f" {self._taken[basename].__name__}. Register it with another basename"
            )
        self._taken[basename] = viewset
        self.routespatters += [_broken(problems)] if problems else routes

    def nested(self, prefix: str) -> "SimpleRouter":
        """Return a router for what lies below ``prefix``: ``nested("artists/{artist_id}")``.

        Its routes go into this router's list, and their names must differ from this router's. The
        variables of the prefix are parameters of the actions.
        """
        child = SimpleRouter(
            prefix=joined(self._prefix, prefix), trailing_slash=self._trailing_slash
        )
        child.routespatters = self.routespatters
        child._taken = self._taken
        return child


class DefaultRouter(SimpleRouter):
    """A router that also serves, at its prefix, the URLs of its lists: ``{"artist": "http://..."}``.

    The route is called ``root_name`` and stays out of the documents.

    Source: DRF.
    """

    def __init__(
        self,
        *,
        prefix: str = "",
        trailing_slash: bool | Literal["both"] = True,
        root_name: str = "api-root",
    ) -> None:
        super().__init__(prefix=prefix, trailing_slash=trailing_slash)

        async def root(request: web.Request) -> web.Response:
            """List the resources."""
            return json_response(encode(dict(self._urls(request))))

        slash = "/" if trailing_slash else ""
        path = f"/{self._prefix}{slash}" if self._prefix else "/"
        self.routespatters.append(web.get(path, hide(root), name=root_name))

    def _urls(self, request: web.Request) -> Iterator[tuple[str, str]]:
        """Yield the resources that have a list whose path has no variables."""
        for basename, viewset in self._taken.items():
            try:
                if hasattr(viewset, "list"):
                    yield basename, str(reverse(request, f"{basename}-list"))
            except LookupError:
                continue


def _broken(problems: Iterable[str]) -> BrokenRoute:
    """Return what stands for all mistakes, each of them once."""
    return BrokenRoute(tuple(dict.fromkeys(problems)))


def _no_viewset(prefix: object, given: object) -> str:
    """Return what is wrong with what was registered in place of a viewset."""
    line = caller_outside("webkit")
    if isinstance(given, BaseViewSet):
        advice = "an instance. Register the class itself"
    else:
        shown = name_of(given) if given is not None else "nothing"
        advice = f"{shown}, which is no viewset. Derive a class from BaseViewSet"
    return f"{line}: {prefix!r} is registered with {advice}"


def _basename_of(viewset: type[BaseViewSet]) -> str:
    """Return ``top-artist`` for ``TopArtistViewSet``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", viewset.__name__).lower()
    return words.removesuffix("-view-set").removesuffix("viewset").strip("-") or words


def _routes_of(
    viewset: type[BaseViewSet],
    *,
    prefix: str,
    basename: str,
    trailing_slash: bool | Literal["both"],
) -> tuple[list[web.AbstractRouteDef], list[str]]:
    """Return the routes of a viewset in the order in which they match, and all its mistakes."""
    entries, problems = entries_of(viewset)
    paths: dict[str, list[Entry]] = {}
    names: dict[str, str] = {}
    for entry in entries:
        lookup = f"{{{viewset.lookup_field}}}" if entry.detail else ""
        path = f"/{joined(prefix, lookup, entry.url_path)}"
        mistakes = [*path_problems(path), *_name_clashes(names, entry.url_name, path)]
        problems += (f"{place_of(viewset, entry.action)}: {text}" for text in mistakes)
        if not mistakes:
            paths.setdefault(path, []).append(entry)
    plans: dict[str, list[tuple[str, ActionPlan]]] = {}
    for path, sharing in sorted(paths.items(), key=lambda item: item[0].count("{")):
        problems += _claims(viewset, sharing, path=path)
        problems += _name_problems(viewset, f"{basename}-{sharing[0].url_name}")
        plans[path] = []
        for entry in sharing:
            try:
                plans[path] += _plans_of(viewset, entry, path=path, basename=basename)
            except ConfigurationError as error:
                problems += error.problems
    patterns, more = _patterns_of(viewset, [item for found in plans.values() for item in found])
    routes: list[web.AbstractRouteDef] = []
    for path, found in plans.items():
        name = f"{basename}-{paths[path][0].url_name}"
        full = with_patterns(path, patterns)
        spellings = [full] if path == "/" or not trailing_slash else [f"{full}/"]
        spellings += [full] if trailing_slash == "both" and path != "/" else []
        for index, spelling in enumerate(spellings):
            routes += _spelled(found, spelling, name=None if index else name)
    return routes, problems + more


def _plans_of(
    viewset: type[BaseViewSet], entry: Entry, *, path: str, basename: str
) -> Iterator[tuple[str, ActionPlan]]:
    """Yield each verb of an entry with its plan."""
    admit = admission_of(viewset, entry.options, action=entry.action)
    for verb in entry.verbs:
        found = plan(
            viewset,
            entry.action,
            variables=variables_of(path),
            method=verb,
            basename=basename,
            status=entry.options.status if entry.options else None,
            admit=admit,
        )
        if entry.options and not entry.detail:
            forgotten = [f"{found.place}: {text}" for text in detail_problems(viewset, found)]
            if forgotten:
                raise ConfigurationError(forgotten)
        yield verb, found


def _spelled(
    plans: list[tuple[str, ActionPlan]], path: str, *, name: str | None
) -> Iterator[ActionRoute]:
    """Yield the routes of one spelling of a path; one without a name is a twin."""
    heads = any(verb == hdrs.METH_HEAD for verb, _ in plans)
    for verb, found in plans:
        more = {"allow_head": not heads} if verb == hdrs.METH_GET else {}
        yield ActionRoute(verb, path, plan=found, is_twin=name is None, name=name, **more)


def _patterns_of(
    viewset: type[BaseViewSet], plans: Iterable[tuple[str, ActionPlan]]
) -> tuple[dict[str, str], list[str]]:
    """Return the patterns of the variables, as they are annotated, and what is contradictory."""
    types: dict[str, tuple[Any, str]] = {}
    problems = []
    for _, found in plans:
        for source in found.sources:
            if source.place != "path":
                continue
            tp = bare(source.type)
            first, action = types.setdefault(source.alias, (tp, found.action))
            if first != tp:
                problems.append(
                    f"{place_of(viewset, found.action)}: {source.alias!r} is {_named(tp)} here and"
                    f" {_named(first)} in {action!r}. Annotate it alike"
                )
    patterns = {name: pattern for name, (tp, _) in types.items() if (pattern := pattern_of(tp))}
    if viewset.lookup_regex:
        patterns[viewset.lookup_field] = unslashed(viewset.lookup_regex)
    return patterns, problems


def _named(tp: Any) -> str:
    return getattr(tp, "__name__", repr(tp))


def _claims(viewset: type[BaseViewSet], sharing: list[Entry], *, path: str) -> Iterator[str]:
    """Yield the verbs of one path that more than one action claims."""
    owners: dict[str, str] = {}
    for entry in sharing:
        for verb in entry.verbs:
            owner = owners.setdefault(verb, entry.action)
            if owner != entry.action:
                place = place_of(viewset, entry.action)
                yield f"{place}: {verb} {path} is served by {owner!r} already"


def _name_clashes(names: dict[str, str], name: str, path: str) -> Iterator[str]:
    """Yield that another path has the name already."""
    first = names.setdefault(name, path)
    if first != path:
        yield f"the name {name!r} is that of {first} already. Give one of them another url_name"


def _name_problems(viewset: type[BaseViewSet], name: str) -> Iterator[str]:
    """Yield why aiohttp would refuse the name of a route."""
    for part in re.split("[.:-]", name):
        if not part.isidentifier() or keyword.iskeyword(part):
            yield (
                f"{place_of(viewset)}: the route's name {name!r} has the part {part!r}, which is no"
                " identifier. Choose another basename or url_name"
            )
