"""Interpolation: ``${option}`` and ``${section:option}`` in the values of files.

``$$`` is a dollar.

1. An option is looked for in the table of the value, then in those around it, then in
   ``[DEFAULT]``.
2. What variables and the command line say is taken as it is, and so is every secret.
3. A value that is one reference and nothing else has the type of what it refers to.
"""

import dataclasses
import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from webkit.config.secrets import looks_secret
from webkit.config.sources import Sources
from webkit.config.values import Keys, Node, Table, Value, merged, spelling


__all__ = ("Fault", "Interpolation", "text_of")

_TOKEN = re.compile(r"\$(?:(\$)|\{([^{}]*)\}|(\{))")


class Fault(Exception):
    """Why a reference leads nowhere; the text is the end of a message that names its place."""


class Interpolation:
    """What references in the sections of some sources mean.

    ``shipped`` and ``defaults`` are layers below those of the sources, by section; ``defaults`` are
    asked for when a reference leads there.
    """

    def __init__(
        self,
        sources: Sources,
        *,
        shipped: Mapping[str, Table] | None = None,
        defaults: Mapping[str, Callable[[], Table]] | None = None,
    ) -> None:
        self._sources = sources
        self._shipped = shipped or {}
        self._defaults = defaults or {}
        self._tables: dict[str, Table] = {}

    def resolve(self, value: Value, path: Keys) -> Value:
        """Return the value at ``path`` with its references replaced.

        Raises:
            Fault: a reference is broken, unknown, or leads back to itself.
        """
        return self._resolved(value, path, trail=(path,))

    def _resolved(self, value: Value, path: Keys, *, trail: tuple[Keys, ...]) -> Value:
        if value.is_final or not _refers(value.raw):
            return value
        if not isinstance(value.raw, str):
            return dataclasses.replace(value, raw=self._within(value, path, trail))
        whole = _TOKEN.fullmatch(value.raw)
        if whole and whole[2] is not None:
            found = self._meant(whole[2], path, trail)
            return dataclasses.replace(found, origin=value.origin)
        hidden: list[bool] = []

        def replacement(token: re.Match[str]) -> str:
            if token[1]:
                return "$"
            if token[3]:
                raise Fault("'${' has no end. Write $$ for a dollar")
            found = self._meant(token[2], path, trail)
            hidden.append(found.is_hidden)
            return text_of(found.raw)

        text = _TOKEN.sub(replacement, value.raw)
        return dataclasses.replace(
            value, raw=text, is_text=True, is_final=True, is_hidden=any(hidden)
        )

    def _within(self, value: Value, path: Keys, trail: tuple[Keys, ...]) -> Any:
        """Return a list, or a mapping in one, with what its texts mean."""

        def inner(raw: Any) -> Any:
            return self._resolved(dataclasses.replace(value, raw=raw), path, trail=trail).raw

        if isinstance(value.raw, Mapping):
            return {key: inner(item) for key, item in value.raw.items()}
        return [inner(item) for item in value.raw]

    def _meant(self, reference: str, path: Keys, trail: tuple[Keys, ...]) -> Value:
        """Return what a reference means to a value at ``path``."""
        place, node = next(self._found(reference, path), ((), None))
        if node is None:
            raise Fault(f"${{{reference}}} is not known{self._hint(reference, path)}")
        if not isinstance(node, Value):
            raise Fault(f"${{{reference}}} is a section, and not a value")
        if place in trail:
            raise Fault(f"${{{reference}}} leads back to itself")
        found = self._resolved(node, place, trail=(*trail, place))
        is_hidden = found.is_hidden or looks_secret(place[-1])
        return dataclasses.replace(found, is_hidden=is_hidden)

    def _found(self, reference: str, path: Keys) -> Iterator[tuple[Keys, Node]]:
        section, colon, option = reference.rpartition(":")
        keys = tuple(option.split("."))
        places = [path[:length] for length in range(len(path) - 1, 0, -1)] + [("DEFAULT",)]
        if colon:
            places = [(section,), tuple(re.split(r"[/.]", section))]
        for place in places:
            node = self._at((*place, *keys))
            if node is not None:
                yield (*place, *keys), node

    def _at(self, path: Keys) -> Node | None:
        node: Node = self._table(path[0])
        for key in path[1:]:
            found = node.get(spelling(node, key)) if isinstance(node, Table) else None
            if found is None:
                return None
            node = found
        return node

    def _table(self, section: str) -> Table:
        if section not in self._tables:
            found = self._sources.table(section, shipped=self._shipped.get(section))
            self._tables[section] = merged(self._defaults.get(section, Table)(), found)
        return self._tables[section]

    def _hint(self, reference: str, path: Keys) -> str:
        section, colon, option = reference.rpartition(":")
        home = section if colon else path[0]
        known = [key for key in self._table(home) if (home, key) != path]
        near = difflib.get_close_matches(option, known, n=1)
        return f". Did you mean ${{{section}{colon}{near[0]}}}?" if near else ""


def text_of(raw: Any) -> str:
    """Return a value as it stands in a text."""
    if isinstance(raw, bool):
        return str(raw).lower()
    return "" if raw is None else str(raw)


def _refers(raw: Any) -> bool:
    if isinstance(raw, str):
        return "$" in raw
    if isinstance(raw, Mapping):
        return any(map(_refers, raw.values()))
    return isinstance(raw, list) and any(map(_refers, raw))
