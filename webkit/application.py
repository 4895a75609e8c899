"""The assembly: a configuration, units and routes become one plain ``web.Application``.

1. Everything is on the application under typed keys; two applications share nothing.
2. Units come in the order in which they are listed, then the routes of the project. The components
   of units are made here, and live as long as the application.
3. A route definition met twice is served once; two handlers for one method and path are a mistake.
4. Every mistake of every unit and route is found before this returns, and all are reported at once.
"""

import functools
import inspect
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

from webkit import database, health, migrations, pages, sentry
from webkit.components import MountedUnit
from webkit.config import Config, Settings, environment_of
from webkit.cors import CORS, allow_origins, answer_preflights
from webkit.database.settings import section_of
from webkit.endpoints import endpoint_problems
from webkit.exceptions import ConfigurationError
from webkit.forks import fork_paths
from webkit.gates import close_gates, is_gate, refuse_late_routes
from webkit.handlers import place_of
from webkit.middlewares import hardening
from webkit.mounting import Mounting
from webkit.openapi import build_document, check_docstrings, docs_routes
from webkit.replies import ERROR_FORMAT
from webkit.repositories import PerApplication
from webkit.routes import ServedRoute, is_hidden
from webkit.shortcuts import take_shortcut
from webkit.tables import Origin, RouteTable, origin_of
from webkit.units import Unit


__all__ = ("CONFIG", "UNITS", "create_app", "served_routes")


CONFIG = web.AppKey("CONFIG", Config[Settings])
UNITS = web.AppKey("UNITS", Mapping[str, MountedUnit])

_DATABASE = "database"


def create_app(
    *,
    config: Config[Any] | None = None,
    units: Iterable[str | ModuleType | Unit] = (),
    routes: Iterable[web.AbstractRouteDef] = (),
    middlewares: Iterable[Middleware] = (),
    cors: CORS | None = None,
    options: bool = True,
) -> web.Application:
    """Return a new application that serves the units and routes.

    ``units`` are dotted names of packages with an ``export``, such modules, or units themselves.
    ``middlewares`` run inside webkit's own, which turn errors into answers. ``cors`` opens the
    answers to pages of other origins. With ``options=False`` OPTIONS is left to routes of your own.
    Without ``config`` the settings have their defaults and the environment is what ``ENVIRONMENT``
    says.

    Raises:
        ConfigurationError: every mistake in the units and routes, one line each.
    """
    config = config or _default_config()
    app = web.Application(
        middlewares=[hardening, *middlewares], client_max_size=config.settings.client_max_size
    )
    if cors:
        app.middlewares.insert(0, answer_preflights(cors))
        app.on_response_prepare.append(allow_origins(cors))
    app[CONFIG] = config
    app[ERROR_FORMAT] = config.settings.error_format
    app[health.READINESS] = health.Readiness()
    app.on_shutdown.append(_stop)
    mounting = Mounting(app, config)
    mounting.add(units)
    app[UNITS] = mounting.mounted
    problems = [*config.problems, *config.leftovers([*mounting.mounted, _DATABASE])]
    problems += _database_problems(app, config)
    problems += sentry.attach(
        app, config, records=lambda: [unit.config for unit in mounting.mounted.values()]
    )
    site = pages.mount(app, mounting.units, root=config.root, is_production=config.is_production)
    table = RouteTable(app)
    mounting.add_routes(table)
    table.add(routes, origin=Origin())
    table.add(site.routes, origin=Origin(hidden=True))
    table.add(table.free(_own_routes(app, config)), origin=Origin(hidden=True))
    problems += dict.fromkeys((*mounting.problems, *site.problems, *table.problems))
    if config.has_docs:
        problems += _docstring_problems(app)
    if problems:
        raise ConfigurationError(problems)
    app.cleanup_ctx.append(mounting.live)  # after what services may need, as the database
    app.on_startup.append(functools.partial(_close, options=options))
    return app


def served_routes(app: web.Application) -> list[ServedRoute]:
    """Return what an application serves, sub-applications included, in the order of matching.

    The HEAD that comes with a GET is left out.
    """
    served = []
    for route in app.router.routes():
        resource = route.resource
        if resource is None or is_gate(route) or _is_head_of_get(route, resource):
            continue
        origin = origin_of(route)
        served.append(
            ServedRoute(
                method=route.method,
                path=resource.canonical,
                name=route.name,
                handler=origin.plan.function if origin.plan else inspect.unwrap(route.handler),
                unit=origin.unit,
                plan=origin.plan,
                hidden=origin.hidden or is_hidden(route.handler),
            )
        )
    return served


async def _close(app: web.Application, *, options: bool) -> None:
    """Do what waits until all routes are known: a start-up step."""
    problems = dict.fromkeys((*endpoint_problems(app.router.routes()), *_repository_problems(app)))
    if problems:
        raise ConfigurationError(problems)
    close_gates(app, without=pages.give_way(app), options=options)
    take_shortcut(app)
    fork_paths(app)
    refuse_late_routes(app)


def _repository_problems(app: web.Application) -> Iterator[str]:
    """Bind the repositories of viewsets to the database, which finds what it cannot keep.

    Without one it is a sub-application, whose viewsets have that of the outermost.
    """
    if "sqlalchemy" not in sys.modules or database.DATABASE not in app:
        return
    plans = (origin_of(route).plan for route in app.router.routes())
    for viewset in dict.fromkeys(plan.viewset for plan in plans if plan):
        repository = getattr(viewset, "repository", None)
        if viewset and isinstance(repository, PerApplication):
            try:
                repository.of(app)
            except ConfigurationError as error:
                yield from (f"{place_of(viewset)}: {text}" for text in error.problems)


async def _stop(app: web.Application) -> None:
    app[health.READINESS].stop()


def _database_problems(app: web.Application, config: Config[Any]) -> Iterable[str]:
    """Read what the configuration says of a database, and open it if anything here uses one.

    Who does has imported SQLAlchemy with its models; nobody else is made to. The section of a unit
    that has this name is the unit's.
    """
    if not config.table(_DATABASE) or _DATABASE in app[UNITS]:
        return ()
    section = section_of(config)
    if section.values is not None and "sqlalchemy" in sys.modules:
        root = config.root or Path()
        opened = database.attach(app, section.values, root=root)
        check = migrations.check_of(opened, root)
        if check and config.environment != "testing":  # where tables are made without them
            app[health.READINESS].checks["migrations"] = check
    return section.problems


def _default_config() -> Config[Settings]:
    return Config(settings=Settings(), environment=environment_of(os.environ), origins={})


def _own_routes(app: web.Application, config: Config[Settings]) -> list[web.RouteDef]:
    """Return webkit's own routes, each of which gives way to one of the project's."""
    settings = config.settings
    facts = {"title": settings.title, "description": settings.description}
    routes = health.routes(app[health.READINESS])
    if not config.is_production:
        served = functools.partial(served_routes, app)
        routes += pages.routes(**facts, has_docs=config.has_docs, served=served)
    if config.has_docs:

        def document() -> dict[str, Any]:
            return build_document(
                served_routes(app),
                **facts,
                version=settings.version,
                error_format=settings.error_format,
            )

        routes += docs_routes(document, title=settings.title)
    return routes


def _docstring_problems(app: web.Application) -> Iterable[str]:
    try:
        check_docstrings(served_routes(app))
    except ConfigurationError as error:
        return error.problems
    return ()


def _is_head_of_get(route: web.AbstractRoute, resource: web.AbstractResource) -> bool:
    """Tell whether a route is the HEAD that aiohttp adds to a GET."""
    if route.method != hdrs.METH_HEAD:
        return False
    return any(
        other.method == hdrs.METH_GET and other.handler is route.handler for other in resource
    )
