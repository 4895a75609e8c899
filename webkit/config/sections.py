"""Sections: what was read for a project, and the part of it that belongs to one unit."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from webkit.config.conversion import Conversion, defaults_of
from webkit.config.entries import Entry, entries_of
from webkit.config.files import read_file
from webkit.config.interpolation import Fault, Interpolation
from webkit.config.logs import Plan, is_part, plan_of
from webkit.config.secrets import placeholder_problems
from webkit.config.settings import SECTION, Environment, Settings
from webkit.config.sources import Sources
from webkit.config.values import Keys, Table, leaves, merged


__all__ = ("Config", "Section")

_CLAIMED = (SECTION, "logging", "commands")
# Sections of older systems, and of webkit.
_FORMERLY = {"aio": SECTION, "aioli-core": SECTION, "aioli_core": SECTION}

S = TypeVar("S", bound=Settings)
T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Generic[T]):
    """A section in its type. ``values`` is None where ``problems`` has something.

    ``origins`` has the keys that are not defaults: ``{"visits_max": "webkit.toml:12"}``;
    ``list_entries`` gives all of them, for people to read.
    """

    name: str
    values: T | None
    problems: tuple[str, ...]
    origins: Mapping[str, str]
    schema: type[T]
    list_entries: Callable[[], Iterator[Entry]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(Generic[S]):
    """What was read: the typed settings, the environment, and where each value came from.

    ``origins`` has the keys that are not defaults: ``{"port": ".env: PORT"}``. Where ``problems``
    has something, ``settings`` has what could be read, and None for what is missing. ``root`` is
    the directory of the project, None where nothing was read.
    """

    settings: S
    environment: Environment
    origins: Mapping[str, str]
    root: Path | None = None
    problems: tuple[str, ...] = ()
    sources: Sources = field(default_factory=Sources, repr=False)

    @property
    def is_production(self) -> bool:
        """Whether this is what the public uses."""
        return self.environment == "production"

    @property
    def has_docs(self) -> bool:
        """Whether the documentation pages are open."""
        docs = self.settings.docs
        return not self.is_production if docs is None else docs

    def table(self, name: str) -> Mapping[str, Any]:
        """Return the values of a section without a type; empty if there is none.

        A reference that leads nowhere stays as it is.
        """
        interpolation = self._interpolation()
        return _understood(self.sources.table(name), interpolation, (name,))

    def plan_logging(self) -> Plan:
        """Return what the sections about logging say."""
        names = {*filter(is_part, self.sources.tree), *filter(is_part, self.sources.overrides)}
        names |= {"logging"} if self.sources.table("logging") else set()
        sections = {name: list(self.list_entries(name)) for name in sorted(names)}
        return plan_of(sections, level=self.settings.log_level)

    def section(self, name: str, schema: type[T], *, shipped: Path | None = None) -> Section[T]:
        """Return a section in the type of its schema.

        ``shipped`` is a file with the section ``name`` that comes with a unit, below all others.
        """
        problems: list[str] = []
        below = Table()
        if shipped is not None:
            below = read_file(shipped, shown=str(shipped), problems=problems)
        table = self.sources.table(name, shipped=below)
        resolve = self._interpolation({name: below}, {name: partial(defaults_of, schema)}).resolve
        conversion = Conversion(name, file=self.sources.file, resolve=resolve)
        values = conversion.record(table, schema)
        problems += _strangers(below, [name])
        problems += conversion.problems
        if values is not None and self.is_production:
            problems += placeholder_problems(values, name)
        return Section(
            name=name,
            values=None if problems else values,
            problems=tuple(problems),
            origins={key: value.origin for key, value in leaves(table)},
            schema=schema,
            list_entries=lambda: entries_of(
                _over_defaults(table, schema), name, schema=schema, resolve=resolve
            ),
        )

    def list_entries(self, name: str) -> Iterator[Entry]:
        """Return what a section without a type has, or that of webkit, for people to read."""
        schema = type(self.settings) if name == SECTION else None
        resolve = self._interpolation().resolve
        table = self.sources.table(name)
        if schema:
            table = _over_defaults(table, schema)
        return entries_of(table, name, schema=schema, resolve=resolve)

    def _interpolation(
        self, shipped: Mapping[str, Table] = {}, defaults: Mapping[str, Callable[[], Table]] = {}
    ) -> Interpolation:
        core = {SECTION: partial(defaults_of, type(self.settings))}
        return Interpolation(self.sources, shipped=shipped, defaults={**core, **defaults})

    def leftovers(self, claimed: Iterable[str]) -> tuple[str, ...]:
        """Return what is wrong with the sections of the file that nobody claims."""
        return tuple(_strangers(self.sources.tree, [*_CLAIMED, *claimed]))


def _over_defaults(table: Table, schema: type[msgspec.Struct]) -> Table:
    """Return a table with the defaults that it lies on, in the order of the schema."""
    whole = merged(defaults_of(schema), table)
    known = [field.encode_name for field in msgspec.structs.fields(schema)]
    order = [key for key in known if key in whole] + [key for key in whole if key not in known]
    return Table({key: whole[key] for key in order}, origin=whole.origin)


def _understood(table: Table, interpolation: Interpolation, path: Keys) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, node in table.items():
        place = (*path, key)
        if isinstance(node, Table):
            found[key] = _understood(node, interpolation, place)
            continue
        try:
            found[key] = interpolation.resolve(node, place).raw
        except Fault:
            found[key] = node.raw
    return found


def _strangers(tree: Table, known: list[str]) -> list[str]:
    """Return what is wrong with the sections of a tree that are not known."""
    names = {name.replace("-", "_"): name for name in known}
    return [
        f"{node.origin}: {name}: unknown section. {_hint(name, known)}"
        for name, node in tree.items()
        if isinstance(node, Table)
        and name.replace("-", "_") not in names
        and not (name == "DEFAULT" or is_part(name))
    ]


def _hint(name: str, known: list[str]) -> str:
    if name in _FORMERLY:
        return f"It is {_FORMERLY[name]} here"
    near = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(known))}"
