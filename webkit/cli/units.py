"""``webkit units``: the units of the project, and what one of them is made of."""

import difflib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from webkit.cli.projects import find_project, load_app
from webkit.cli.terminal import say, table
from webkit.exceptions import UsageError
from webkit.references import name_of


if TYPE_CHECKING:
    from aiohttp import web

    from webkit.components import MountedUnit

__all__ = ("command",)


@click.group("units", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List the units of the project: name, version, path, and how much there is of what."""
    if context.invoked_subcommand:
        return
    app = load_app(find_project())
    header = ("NAME", "VERSION", "PATH", "ROUTES", "SERVICES", "CONTROLLERS", "DESCRIPTION")
    rows = [
        (
            unit.name,
            unit.meta.version,
            unit.path or "/",
            str(len(_routes_of(app, unit))),
            str(len(unit.services)),
            str(len(unit.controllers)),
            unit.meta.description,
        )
        for unit in _units_of(app).values()
    ]
    say(*table(header, *rows))


@command.command("show")
@click.argument("name")
def _show(name: str) -> None:
    """Show a unit: its routes, services and controllers, and its settings with their origins."""
    app = load_app(find_project())
    units = _units_of(app)
    if name not in units:
        near = difflib.get_close_matches(name, units, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"There is {', '.join(units) or 'none'}"
        raise UsageError(f"There is no unit {name!r} in this project. {hint}")
    say(*_shown(app, units[name]))


def _units_of(app: "web.Application") -> dict[str, "MountedUnit"]:
    from webkit.application import UNITS

    found = app.get(UNITS, {})
    return dict(found)


def _shown(app: "web.Application", unit: "MountedUnit") -> Iterator[str]:
    from webkit.pages import folders_of

    folders, _ = folders_of(unit.unit)
    yield f"{unit.name} {unit.meta.version}"
    facts = {
        "description": unit.meta.description,
        "module": unit.unit.module,
        "path": unit.path or "/",
        "templates": str(folders.templates or ""),
        "static": str(folders.static or ""),
    }
    yield from table(*((f"  {name}", value) for name, value in facts.items() if value))
    yield from _part("routes", _routes_of(app, unit))
    for kind in ("services", "integrated", "controllers"):
        yield from _part(kind, [(name_of(type(item)),) for item in getattr(unit, kind)])
    yield from _part("settings", list(_settings_of(app, unit)))


def _part(name: str, rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield a part of what is shown, nothing if it is empty."""
    lines = table(*rows)
    if lines:
        yield from ("", f"{name}:", *(f"  {line}" for line in lines))


def _routes_of(app: "web.Application", unit: "MountedUnit") -> list[tuple[str, ...]]:
    from webkit.application import served_routes

    return [
        (route.method, route.path, route.name or "-", _first_line(route.handler))
        for route in served_routes(app)
        if route.unit == unit.name and not route.hidden
    ]


def _first_line(handler: object) -> str:
    return (getattr(handler, "__doc__", None) or "").strip().partition("\n")[0]


def _settings_of(app: "web.Application", unit: "MountedUnit") -> Iterator[tuple[str, ...]]:
    """Yield each key of the section of a unit, its value, and where that comes from."""
    from webkit.application import CONFIG

    schema, shipped = type(unit.config), unit.unit.shipped
    origins = app[CONFIG].section(unit.name, schema, shipped=shipped).origins
    for key, value in _leaves(unit.config):
        yield key, "=", repr(value), origins.get(key, "default")


def _leaves(record: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values of a record, those of records in it under dotted keys."""
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if hasattr(value, "__struct_fields__"):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
