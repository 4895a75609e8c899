"""Components: what has a life in an application, and the unit in it that it belongs to.

Services and controllers are components. Each application makes its own instances of the classes
that its units name, once; nobody else makes any.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, TypeVar

from aiohttp import web

from webkit.config import Section
from webkit.metadata import UnitMeta


__all__ = ("INSTANCES", "Component", "Connections", "MountedUnit")

T = TypeVar("T", bound="Component")


class Connections(Protocol):
    """Where components find each other: ``webkit.instances``."""

    def connect(self, cls: type[T], *, by: "Component | None" = None, unit: str = "") -> T:
        """Return the shared instance of a service, for a component or for the code of a unit."""

    def integrate(self, cls: type[T], *, by: "Component", changes: Mapping[str, Any]) -> T:
        """Return a new instance of a service, which belongs to the unit of a component."""


INSTANCES = web.AppKey("INSTANCES", Connections)


@dataclass(slots=True, kw_only=True, eq=False)
class MountedUnit:
    """What one application has made of a unit: ``app[UNITS]["visits"]``.

    ``config`` has the values of its section, and ``section`` where they come from; ``log`` is the
    logger ``webkit.unit.NAME``.
    ``services`` and ``controllers`` are its instances, ``integrated`` those of services of other
    units that it has for itself alone. ``path`` stands before its routes, and with ``degrade`` the
    others start without it. ``unit`` is the record that all applications share.
    """

    unit: Any
    meta: UnitMeta
    app: web.Application
    log: logging.Logger
    config: Any
    instances: Connections
    path: str = ""
    degrade: bool = False
    section: Section[Any] | None = None
    services: list["Component"] = field(default_factory=list)
    integrated: list["Component"] = field(default_factory=list)
    controllers: list["Component"] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the unit."""
        return self.meta.name

    def connect(self, cls: type[T]) -> T:
        """Return the instance of a service that this application has.

        Raises:
            ConfigurationError: no unit has such a service, or several have.
        """
        return self.instances.connect(cls, unit=self.name)

    def __repr__(self) -> str:
        return f"<MountedUnit {self.name}>"


class Component:
    """What starts and stops with an application: ``webkit.services`` and ``webkit.controllers``.

    ``unit`` is the mounted unit and ``config`` the values of its section; both are there before
    ``__init__`` runs. A class annotation such as ``visits: VisitService`` is filled with what
    ``connect`` returns. A step of the start may take ``start_timeout`` seconds, one of the stop
    ``stop_timeout``: longer than that, it is cancelled and named.
    """

    start_timeout: ClassVar[float] = 30.0  # a database that comes up beside it is given so long
    stop_timeout: ClassVar[float] = 1.0  # all of them share what the stop of the process may take

    unit: MountedUnit
    config: Any

    def __init__(self, unit: MountedUnit) -> None:
        self.unit = unit

    @property
    def app(self) -> web.Application:
        """The application."""
        return self.unit.app

    @property
    def log(self) -> logging.Logger:
        """The logger of the unit."""
        return self.unit.log

    async def on_startup(self) -> None:
        """Start; what this one is connected with has started before."""

    async def on_shutdown(self) -> None:
        """Stop; what this one is connected with stops after it."""

    def connect(self, cls: type[T]) -> T:
        """Return the instance of a service that all share.

        Raises:
            ConfigurationError: no unit has such a service, several have, or it needs this one.
        """
        return self.unit.instances.connect(cls, by=self, unit=self.unit.name)

    def integrate(self, cls: type[T], **changes: Any) -> T:
        """Return a new instance of a service, for this unit alone.

        It belongs to the caller's unit, and has the configuration of its own, with ``changes``.
        It starts after the services of the unit and stops before them.

        Raises:
            ConfigurationError: no unit has such a service, or it has no such key of configuration.
            RuntimeError: the application has started.
        """
        return self.unit.instances.integrate(cls, by=self, changes=changes)
