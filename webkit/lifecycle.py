"""The life cycle: the components of an application start in order, and stop in the reverse.

1. A unit starts after the units that it is connected with; in a unit services come first, then what
   they have integrated, then controllers. A component starts once.
2. Where one cannot start, what had started stops. With ``degrade`` that is its unit alone.
3. Everything that started is stopped, whatever else fails; failures are raised together.
4. Every step is bounded: what takes longer is cancelled, and named.
"""

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Iterable, Iterator, MutableMapping
from typing import Any

from webkit.components import Component, MountedUnit
from webkit.exceptions import StartupError
from webkit.instances import Instances, label_of


__all__ = ("Lifecycle", "bounded")

_log = logging.getLogger("webkit.units")
_CANCELLING = 0.5  # seconds for what is cancelled to end


class Lifecycle:
    """The starts and stops of the units of one application, in one task.

    ``states`` has the state of each unit by its name, as ``webkit.health.Readiness`` shows it.
    """

    def __init__(
        self,
        units: Iterable[MountedUnit],
        instances: Instances,
        *,
        states: MutableMapping[str, str],
    ) -> None:
        self._units = list(units)
        self._instances = instances
        self._states = states
        self._running: list[Component] = []  # in the order in which they started
        self._failed: set[Component] = set()
        states.update({unit.name: "starting" for unit in self._units})

    async def start(self) -> None:
        """Start every unit.

        Raises:
            StartupError: a step took too long, or needs something that has not started.
            Exception: what a step raised, with a note that names it. What had started has stopped.
        """
        try:
            for unit in self._in_order():
                await self._start_unit(unit)
        except BaseException:
            await self._stop(self._running)
            raise
        finally:
            self._instances.is_open = False

    async def stop(self) -> None:
        """Stop everything that started.

        Raises:
            ExceptionGroup: what the steps raised.
        """
        units = [unit for unit in self._units if self._states[unit.name] == "started"]
        self._states.update({unit.name: "stopping" for unit in units})
        errors = await self._stop(self._running)
        self._states.update({unit.name: "stopped" for unit in units})
        if errors:
            raise ExceptionGroup("not everything stopped well", errors)

    def _in_order(self) -> list[MountedUnit]:
        """Return the units, each after those that it is connected with."""
        ordered: dict[str, MountedUnit] = {}

        def visit(unit: MountedUnit, above: tuple[str, ...]) -> None:
            if unit.name in ordered or unit.name in above:
                return
            for component in _components_of(unit):
                for needed in self._instances.needs[component]:
                    visit(needed.unit, (*above, unit.name))
            ordered[unit.name] = unit

        for unit in self._units:
            visit(unit, ())
        return list(ordered.values())

    async def _start_unit(self, unit: MountedUnit) -> None:
        try:
            for component in unit.services:
                await self._start(component)
            await self._start_integrated(unit)
            for component in unit.controllers:
                await self._start(component)
            await self._start_integrated(unit)
        except Exception as error:
            if not unit.degrade:
                raise
            unit.log.error("degraded: %s", error, exc_info=error)
            self._states[unit.name] = "degraded"
            own = [component for component in self._running if component.unit is unit]
            self._failed.update(_components_of(unit))
            await self._stop(own)
        else:
            self._states[unit.name] = "started"

    async def _start_integrated(self, unit: MountedUnit) -> None:
        """Start what the unit has integrated so far; a start may integrate more."""
        for component in unit.integrated:
            await self._start(component)

    async def _start(self, component: Component) -> None:
        if component in self._instances.started:
            return
        for needed in self._instances.needs[component]:
            if needed in self._failed:
                raise StartupError(
                    f"{label_of(component)} needs {label_of(needed)}, which has not started"
                )
            await self._start(needed)
        try:
            await _run(component, "on_startup", limit=component.start_timeout)
        except Exception:
            self._failed.add(component)
            raise
        self._instances.started.add(component)
        self._running.append(component)

    async def _stop(self, components: Iterable[Component]) -> list[Exception]:
        """Stop components, last started first, and return what went wrong, having logged it."""
        errors: list[Exception] = []
        for component in reversed(list(components)):
            self._running.remove(component)
            self._instances.started.discard(component)
            try:
                await _run(component, "on_shutdown", limit=component.stop_timeout)
            except Exception as error:  # the others have to stop, too
                _log.error("%s.on_shutdown: %s", label_of(component), _reason_of(error))
                errors.append(error)
        return errors


async def bounded(step: Awaitable[object], *, limit: float, name: str) -> None:
    """Wait for a step for ``limit`` seconds; then cancel it, and go on even if it does not end.

    Raises:
        StartupError: it took longer; the text has its name.
        Exception: what it raised.
    """
    task = asyncio.ensure_future(step)
    try:
        await asyncio.wait({task}, timeout=limit)
        is_late = not task.done()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=_CANCELLING)
    if is_late:
        stays = "" if task.done() else ", and ignores that it was cancelled"
        cause = None if not task.done() or task.cancelled() else task.exception()
        raise StartupError(f"{name} did not end within {limit:g} s{stays}") from cause
    if task.cancelled():
        raise StartupError(f"{name} was cancelled")
    task.result()


def _components_of(unit: MountedUnit) -> Iterator[Component]:
    yield from (*unit.services, *unit.integrated, *unit.controllers)


async def _run(component: Component, hook: str, *, limit: float) -> None:
    """Call a hook that the class of a component has written, with a limit."""
    if getattr(type(component), hook) is getattr(Component, hook):
        return
    name = f"{label_of(component)}.{hook}"
    try:
        found: Any = getattr(component, hook)()
        if inspect.isawaitable(found):
            await bounded(found, limit=limit, name=name)
    except Exception as error:
        error.add_note(f"in {name}")
        raise


def _reason_of(error: Exception) -> str:
    return str(error) or type(error).__name__
