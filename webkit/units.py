"""Units: named bundles of what a part of a service is made of. Records only; nothing is assembled.

A unit belongs to no application. What an application makes of it is ``application.MountedUnit``.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from aiohttp import web

from webkit.exceptions import ConfigurationError
from webkit.references import import_module


__all__ = ("Unit", "UnitMeta", "unit_of")

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_RESERVED = ("webkit", "core")
_LONGEST_NAME = 50  # as long as the name of an app may be


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMeta:
    """What a unit is called, and what it is for.

    Raises:
        ConfigurationError: the name is reserved, too long, or not lower-case words with dashes.
    """

    name: str
    version: str = "0.0.0"
    description: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.name) > _LONGEST_NAME:
            reason = f"is not lower-case words with dashes, at most {_LONGEST_NAME} characters"
        elif self.name in _RESERVED:
            reason = "is reserved"
        else:
            return
        raise ConfigurationError([f"unit name {self.name!r} {reason}"])


class Unit:
    """A bundle of routes under one name; an app's ``__init__`` has one as ``export``.

    ``meta`` has ``name``, and optionally ``version`` and ``description``. Without it the unit is
    named after the module that makes it: ``apps.guest_book`` is ``guest-book``. ``templates`` and
    ``static`` are folders, seen from the ``home`` of that module; without them those are served
    that are there under these names.

    Raises:
        ConfigurationError: the name or a key of ``meta`` is not allowed.

    Source: aioli.
    """

    __slots__ = ("home", "meta", "routes", "static", "templates")

    def __init__(
        self,
        meta: Mapping[str, str] | None = None,
        *,
        routes: Iterable[web.AbstractRouteDef] = (),
        templates: str | Path | None = None,
        static: str | Path | None = None,
    ) -> None:
        caller = sys._getframe(1).f_globals
        self.meta = _meta(meta) if meta else _meta_of_caller(caller)
        self.routes = tuple(routes)
        self.templates, self.static = templates, static
        self.home = Path(caller["__file__"]).parent if caller.get("__file__") else None

    def __repr__(self) -> str:
        return f"<Unit {self.meta.name}>"


def unit_of(source: "str | ModuleType | Unit") -> Unit:
    """Return the unit itself, or the ``export`` of a module, or of the module of that name.

    Raises:
        ConfigurationError: there is no such module, or it exports no unit.
    """
    if isinstance(source, Unit):
        return source
    module = import_module(source) if isinstance(source, str) else source
    unit = getattr(module, "export", None)
    if not isinstance(unit, Unit):
        name = module.__name__
        file = getattr(module, "__file__", None) or name  # a folder without __init__ has none
        problem = f"{name}: has no unit. Write `export = Unit(...)` in {file}"
        raise ConfigurationError([problem])
    return unit


def _meta(given: Mapping[str, str]) -> UnitMeta:
    unknown = sorted(given.keys() - {"name", "version", "description"})
    if unknown or "name" not in given:
        what = f"does not know {unknown[0]!r}" if unknown else "needs a name"
        problem = f"unit meta {what}. It has name, version, description"
        raise ConfigurationError([problem])
    return UnitMeta(**given)


def _meta_of_caller(names: Mapping[str, object]) -> UnitMeta:
    module = str(names.get("__name__", ""))
    name = re.sub("_+", "-", module.rpartition(".")[2].strip("_")).lower()
    return UnitMeta(name=name, description=str(names.get("__doc__") or "").partition("\n")[0])
