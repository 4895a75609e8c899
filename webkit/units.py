"""Units: named bundles of what a part of a service is made of. Records only; nothing is assembled.

A unit belongs to no application. What an application makes of it is ``components.MountedUnit``.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
from aiohttp import web

from webkit.controllers import BaseHttpController, routes_of
from webkit.exceptions import ConfigurationError
from webkit.metadata import UnitMeta, meta_from, meta_of_distribution, meta_of_module
from webkit.references import import_module, shown
from webkit.services import BaseService


__all__ = ("Unit", "UnitConfig", "path_problem", "unit_of")

_PATH = re.compile(r"(/[\w.~-]+)*", re.ASCII)


class UnitConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every unit can be told in its section, beside the fields of its own schema.

    ``path`` stands before the paths of its routes, ``degrade`` lets the others start without it,
    ``debug`` lets its log tell everything; None leaves each as the unit has it. With
    ``services_enable = false`` or ``controllers_enable = false`` it has none.

    Source: aioli.
    """

    path: str | None = None
    degrade: bool | None = None
    debug: bool | None = None
    controllers_enable: bool = True
    services_enable: bool = True


class Unit:
    """A bundle under one name; an app's ``__init__`` has one as ``export``.

    - ``meta`` has ``name``, and optionally ``version`` and ``description``. With ``auto_meta`` they
      are those of the ``pyproject.toml`` or the distribution of the module that makes the unit.
      Without either it is named after that module: ``apps.guest_book`` is ``guest-book``.
    - ``controllers`` and ``services`` are classes; each application has an instance of each.
    - ``config`` is the schema of the section that is called as the unit is: a ``msgspec.Struct``.
    - ``routes`` are what aiohttp takes as such. ``path`` stands before the paths of all of them.
    - ``templates`` and ``static`` are folders, seen from the ``home`` of the module; without them
      those are served that are there under these names.
    - ``degrade``: where it cannot start, the others start without it.

    Raises:
        ConfigurationError: every mistake in the arguments, one line each.

    Source: aioli.
    """

    __slots__ = (
        *("config", "controller_routes", "controllers", "degrade", "home", "meta", "module"),
        *("path", "routes", "services", "static", "templates"),
    )

    def __init__(
        self,
        meta: Mapping[str, Any] | None = None,
        auto_meta: bool = False,
        *,
        controllers: Iterable[type[BaseHttpController]] | None = None,
        services: Iterable[type[BaseService]] | None = None,
        config: type[msgspec.Struct] | None = None,
        routes: Iterable[web.AbstractRouteDef] = (),
        path: str = "",
        templates: str | Path | None = None,
        static: str | Path | None = None,
        degrade: bool = False,
    ) -> None:
        caller = sys._getframe(1).f_globals
        self.module = str(caller.get("__name__", ""))
        self.home = Path(caller["__file__"]).parent if caller.get("__file__") else None
        self.services = tuple(services or ())
        self.controllers = tuple(controllers or ())
        self.config = config
        given: Any = routes
        self.routes = tuple(routes) if isinstance(given, Iterable) else ()
        self.path, self.degrade = path, degrade
        self.templates, self.static = templates, static
        problems = _class_problems("services", self.services, of=BaseService)
        problems += _class_problems("controllers", self.controllers, of=BaseHttpController)
        problems += _config_problems(config)
        if not isinstance(given, Iterable):
            problems.append(f"routes: {shown(given)} is no list of routes. Write router.routes")
        problems += [f"path {path_problem(path)}"] if path_problem(path) else []
        problems = [f"{self.module}: Unit: {text}" for text in problems]
        try:
            self.meta = _meta_of(meta, auto_meta, caller)
        except ConfigurationError as error:
            problems += error.problems
        if problems:
            raise ConfigurationError(problems)
        self.controller_routes = tuple(routes_of(self.controllers, unit=self.name))

    @property
    def name(self) -> str:
        """The name of the unit."""
        return self.meta.name

    @property
    def shipped(self) -> Path | None:
        """The file with defaults for its section, if its package has one: ``webkit.toml``."""
        is_package = self.home is not None and self.home.name == self.module.rpartition(".")[2]
        file = self.home / "webkit.toml" if self.home else None
        return file if file and is_package and file.is_file() else None

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
        name = getattr(module, "__name__", repr(module))
        file = getattr(module, "__file__", None) or name  # a folder without __init__ has none
        problem = f"{name}: has no unit. Write `export = Unit(...)` in {file}"
        raise ConfigurationError([problem])
    return unit


def path_problem(path: object) -> str:
    """Return why a text cannot stand before paths, or nothing."""
    if isinstance(path, str) and _PATH.fullmatch(path):
        return ""
    return f"{path!r} cannot stand before paths. Write /visits, or /api/visits"


def _meta_of(
    given: Mapping[str, Any] | None, auto_meta: bool, caller: Mapping[str, Any]
) -> UnitMeta:
    if given is not None and auto_meta:
        raise ConfigurationError(["unit meta is given, and auto_meta too. Leave one of them out"])
    if given is not None:
        return meta_from(given)
    return meta_of_distribution(caller) if auto_meta else meta_of_module(caller)


def _class_problems(key: str, classes: Iterable[object], *, of: type) -> list[str]:
    """Return what is wrong with a list of classes of components."""
    problems = []
    met: set[object] = set()
    for item in classes:
        if not (isinstance(item, type) and issubclass(item, of)):
            problems.append(f"{key}: {item!r} is no class of {of.__name__}")
        elif item in met:
            problems.append(f"{key}: {item.__name__} is there twice")
        met.add(item if isinstance(item, type) else id(item))
    return problems


def _config_problems(config: object) -> list[str]:
    if config is None or (isinstance(config, type) and issubclass(config, msgspec.Struct)):
        return []
    return [f"config: {config!r} is no schema. Write a class of msgspec.Struct"]
