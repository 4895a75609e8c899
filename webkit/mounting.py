"""Mounting: what one application makes of its units.

It gives each unit its section of the configuration and its components, lets them live as long as
the application, and answers 503 for a unit that has not started.
"""

import logging
from collections.abc import AsyncIterator, Iterable
from types import ModuleType
from typing import Any, NoReturn

import msgspec
from aiohttp import web

from webkit.components import INSTANCES, MountedUnit
from webkit.config import Config
from webkit.exceptions import ConfigurationError, ServiceUnavailable
from webkit.health import READINESS
from webkit.injections import offer
from webkit.instances import Instances
from webkit.lifecycle import Lifecycle
from webkit.tables import Origin, RouteTable, origin_of
from webkit.units import Unit, UnitConfig, path_problem, unit_of


__all__ = ("Mounting",)

_HANDLER = "_handler"  # of a route of aiohttp
_OWN_KEYS = tuple(UnitConfig.__struct_fields__)


class Mounting:
    """The units of one application while it is assembled, and the mistakes in them.

    ``mounted`` has what became of each, by its name, in the order of the list.
    """

    def __init__(self, app: web.Application, config: Config[Any]) -> None:
        self.mounted: dict[str, MountedUnit] = {}
        self.problems: list[str] = []
        self._app = app
        self._config = config
        self._instances = Instances()
        app[INSTANCES] = self._instances

    @property
    def units(self) -> list[Unit]:
        """The records of the units, in their order."""
        return [unit.unit for unit in self.mounted.values()]

    def add(self, sources: Iterable[str | ModuleType | Unit]) -> None:
        """Mount units, and make their components if there is nothing wrong with them."""
        for source in sources:
            try:
                self._mount(unit_of(source))
            except ConfigurationError as error:
                self.problems += error.problems
        if not self.problems:
            self.problems += self._instances.build(self.mounted)

    def add_routes(self, table: RouteTable) -> None:
        """Add the routes of all units; those of the project may be added after them."""
        for name, mounted in self.mounted.items():
            self._offer(name)
            unit = mounted.unit
            routes = (*unit.controller_routes, *unit.routes) if mounted.controllers else unit.routes
            table.add(routes, origin=Origin(unit=name), prefix=mounted.path)
        self._offer("")

    def _offer(self, unit: str) -> None:
        """Let routes find their services, unless there are mistakes that would hide them."""
        finder = self._instances.finder(unit)
        offer(self._app.router, _find_nothing if self.problems else finder)

    def _mount(self, unit: Unit) -> None:
        if unit.name in self.mounted:
            if self.mounted[unit.name].unit is not unit:
                problem = f"{unit!r}: two units have this name. Give one of them another in `meta`"
                self.problems.append(problem)
            return
        section = self._config.section(unit.name, _schema_of(unit), shipped=unit.shipped)
        mounted = MountedUnit(
            unit=unit,
            meta=unit.meta,
            app=self._app,
            log=logging.getLogger(f"webkit.unit.{unit.name}"),
            config=section.values,
            section=section,
            instances=self._instances,
        )
        told = {key: _told(mounted, key) for key in _OWN_KEYS}
        mounted.degrade = unit.degrade if told["degrade"] is None else told["degrade"]
        mounted.path = unit.path if told["path"] is None else told["path"]
        self.problems += section.problems
        if path_problem(mounted.path):
            self.problems.append(f"{unit.name}.path: {path_problem(mounted.path)}")
        _set_levels(mounted, told["debug"])
        self.mounted[unit.name] = mounted

    async def live(self, app: web.Application) -> AsyncIterator[None]:
        """Let the components live as long as the application."""
        lifecycle = Lifecycle(self.mounted.values(), self._instances, states=app[READINESS].units)
        await lifecycle.start()
        degraded = [name for name, state in app[READINESS].units.items() if state == "degraded"]
        for route in app.router.routes():
            if origin_of(route).unit in degraded:
                setattr(route, _HANDLER, _refuse)
        yield
        await lifecycle.stop()


def _set_levels(mounted: MountedUnit, debug: bool | None) -> None:
    """Let the log of a unit, and those of the libraries that it uses, tell more or less."""
    if debug is None:
        return
    names = [name for service in mounted.unit.services for name in service.loggers]
    for logger in (mounted.log, *map(logging.getLogger, names)):
        logger.setLevel(logging.DEBUG if debug else logging.INFO)


async def _refuse(request: web.Request) -> NoReturn:
    """Answer for a unit that has not started."""
    raise ServiceUnavailable("This part of the service has not started.")


def _find_nothing(wanted: object) -> None:
    """Find nothing, and say nothing: the application will not start."""


def _schema_of(unit: Unit) -> type[msgspec.Struct]:
    """Return the schema of the section of a unit, with the keys that every unit has."""
    schema = unit.config or UnitConfig
    missing = [
        item
        for item in msgspec.structs.fields(UnitConfig)
        if item.name not in schema.__struct_fields__
    ]
    if not missing:
        return schema
    return msgspec.defstruct(
        schema.__name__,
        [(item.name, item.type, item.default) for item in missing],
        bases=(schema,),
        module=schema.__module__,
        kw_only=True,
        frozen=True,
        forbid_unknown_fields=True,
    )


def _told(mounted: MountedUnit, key: str) -> Any:
    """Return what the section of a unit says under a key that every unit has; None for nothing."""
    schema = mounted.unit.config
    is_own = schema and not issubclass(schema, UnitConfig) and key in schema.__struct_fields__
    return None if is_own else getattr(mounted.config, key, None)
