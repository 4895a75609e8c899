"""Services: what a unit does for itself and for others, apart from any request."""

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from aiohttp import web

from webkit.components import INSTANCES, Component, MountedUnit


__all__ = ("BaseService", "service_of")

S = TypeVar("S", bound="BaseService")


class _Shared(type):
    """Makes ``VisitService(unit)`` the instance that the application has."""

    def __call__(cls: type[S], unit: MountedUnit) -> S:  # type: ignore[misc]  # as metaclasses do
        return unit.connect(cls)


class BaseService(Component, metaclass=_Shared):
    """Logic of a unit; each application has one instance.

    ``VisitService(unit)`` is that instance, as ``connect(VisitService)`` is. ``loggers`` names
    loggers of libraries that it uses: they follow the level of the unit's.

    Source: aioli.
    """

    loggers: ClassVar[Iterable[str]] = ()


def service_of(app: web.Application, cls: type[S]) -> S:
    """Return the instance of a service that an application has.

    For functions that are given a request or an application alone, and for tests.

    Raises:
        ConfigurationError: no unit has such a service, or several have.
        LookupError: the application was not made by ``create_app``.
    """
    return app[INSTANCES].connect(cls)
