"""Instances: the components of one application, and how they find each other.

1. There is one instance of each service that a unit lists, made with the application, and one more
   for each ``integrate``.
2. What a component is connected with is made before it. A circle has no beginning: it is refused.
3. Every mistake is found while they are made, and names both sides.
"""

import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar, cast

import msgspec

from webkit.components import Component, MountedUnit
from webkit.exceptions import ConfigurationError
from webkit.injections import Finder, Wanted, attributes_of
from webkit.references import name_of
from webkit.services import BaseService


__all__ = ("Instances", "label_of")

T = TypeVar("T", bound=Component)


class _Key(NamedTuple):
    unit: str
    cls: type[Component]

    def __str__(self) -> str:
        return f"{self.unit}.{self.cls.__name__}"


def label_of(component: Component) -> str:
    """Return what a component is called in logs and errors: ``visits.VisitService``."""
    return f"{component.unit.name}.{type(component).__name__}"


class Instances:
    """The components of the units of one application.

    ``needs`` has what each is connected with, ``started`` those that have started. New ones are
    made as long as it ``is_open``.
    """

    def __init__(self) -> None:
        self.needs: dict[Component, list[Component]] = {}
        self.started: set[Component] = set()
        self.is_open = True
        self._units: dict[str, MountedUnit] = {}
        self._offered: dict[type, list[_Key]] = {}
        self._made: dict[_Key, Component] = {}
        self._failed: dict[_Key, ConfigurationError] = {}
        self._path: list[_Key] = []  # what is being made, each for the one before it

    def build(self, units: Mapping[str, MountedUnit]) -> list[str]:
        """Make the components of all units; return what is wrong, one line each."""
        self._units.update(units)
        for name, unit in units.items():
            for cls in _enabled(unit, "services"):
                for base in cls.__mro__:
                    self._offered.setdefault(base, []).append(_Key(name, cls))
        problems: list[str] = []
        for unit in units.values():
            unit.services[:] = self._all(unit, "services", problems)
            unit.controllers[:] = self._all(unit, "controllers", problems)
        return list(dict.fromkeys(problems))

    def _all(self, unit: MountedUnit, kind: str, problems: list[str]) -> Iterator[Component]:
        """Yield the components of one kind that a unit lists; note what is wrong with others."""
        for cls in _enabled(unit, kind):
            try:
                yield self._shared(_Key(unit.name, cls))
            except ConfigurationError as error:
                problems += error.problems

    def connect(self, cls: type[T], *, by: Component | None = None, unit: str = "") -> T:
        """Return the shared instance of a service; of the unit's own, if several have it.

        Raises:
            ConfigurationError: no unit has it, several have it, or it needs ``by`` itself.
        """
        found = self._shared(self._key_of(cls, unit=unit, asking=by))
        if by is not None:
            self.needs.setdefault(by, []).append(found)
            if self.is_open and not self._path and found not in self.started:
                by.log.warning(
                    "%s connects to %s, which has not started yet. Annotate the class with it, and"
                    " it starts first",
                    label_of(by),
                    label_of(found),
                )
        return cast("T", found)

    def integrate(self, cls: type[T], *, by: Component, changes: Mapping[str, Any]) -> T:
        """Return a new instance of a service, which belongs to the unit of ``by``.

        Raises:
            ConfigurationError: no unit has it, or its configuration has no such keys.
            RuntimeError: everything has started.
        """
        key = self._key_of(cls, unit=by.unit.name, asking=by)
        if not self.is_open:
            raise RuntimeError(
                f"{label_of(by)} integrates {key} too late. Do it in __init__ or on_startup"
            )
        config = self._units[key.unit].config
        if changes:
            try:
                config = msgspec.structs.replace(config, **changes)
            except (TypeError, AttributeError) as error:
                problem = f"{label_of(by)} integrates {key}: {error}"
                raise ConfigurationError([problem]) from None
        made = self._make(_Key(by.unit.name, key.cls), config)
        by.unit.integrated.append(made)
        return cast("T", made)

    def finder(self, unit: str = "") -> Finder:
        """Return what finds the instances that the plans of a unit's routes want."""

        def find(wanted: Wanted) -> Component:
            if issubclass(wanted.cls, BaseService):
                return self._shared(self._key_of(wanted.cls, unit=unit, asking=None))
            return self._shared(_Key(wanted.unit, wanted.cls))

        return find

    def _key_of(self, cls: Any, *, unit: str, asking: Component | None) -> _Key:
        """Return which instance is meant by a class."""
        who = f"{label_of(asking)}: " if asking else ""
        if not (isinstance(cls, type) and issubclass(cls, BaseService)):
            raise ConfigurationError([f"{who}{cls!r} is no service. Name a class of BaseService"])
        offers = self._offered.get(cls, [])
        exact = [key for key in offers if key.cls is cls] or offers
        own = [key for key in exact if key.unit == unit] or exact
        if len(own) == 1:
            return own[0]
        if own:
            names = " and ".join(map(str, own))
            problem = f"{who}service {name_of(cls)}: it may be {names}. Ask for the class of one"
        else:
            problem = f"{who}service {name_of(cls)}: no unit has it. {_hint(cls)}"
        raise ConfigurationError([problem])

    def _shared(self, key: _Key) -> Component:
        if key in self._failed:
            raise self._failed[key]
        if key not in self._made:
            try:
                self._made[key] = self._make(key, self._units[key.unit].config)
            except ConfigurationError as error:
                self._failed[key] = error
                raise
        return self._made[key]

    def _make(self, key: _Key, config: Any) -> Component:
        """Make an instance, after what its annotations ask for."""
        if key in self._path:
            circle = " → ".join(map(str, (*self._path[self._path.index(key) :], key)))
            problem = f"{circle}: they need each other. Let one of them connect when it is asked"
            raise ConfigurationError([problem])
        unit = self._units[key.unit]
        cls: Any = key.cls
        made: Component = cls.__new__(cls)
        made.unit, made.config = unit, config
        self._path.append(key)
        try:
            for name, wanted in attributes_of(cls).items():
                setattr(made, name, self.connect(wanted, by=made, unit=unit.name))
            takes_unit = len(inspect.signature(cls.__init__).parameters) > 1
            cls.__init__(made, *([unit] if takes_unit else []))
        except Exception as error:
            error.add_note(f"while {key} was made")
            raise
        finally:
            self._path.pop()
        self.needs.setdefault(made, [])
        return made


def _enabled(unit: MountedUnit, kind: str) -> Iterable[type[Component]]:
    """Return the classes of a kind that a unit lists, unless its section says that it has none."""
    classes: Iterable[type[Component]] = getattr(unit.unit, kind)
    return classes if getattr(unit.config, f"{kind}_enable", True) else ()


def _hint(cls: type) -> str:
    """Return what to do about a service that no unit has: which module has a unit with it."""
    parts = cls.__module__.split(".")
    for length in range(len(parts), 0, -1):
        module = sys.modules.get(".".join(parts[:length]))
        if cls in getattr(getattr(module, "export", None), "services", ()):
            return f"Add {'.'.join(parts[:length])!r} to the units"
    return "Name it in `services` of a unit"
