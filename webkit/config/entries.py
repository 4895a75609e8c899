"""Entries: what holds for every key of a section, and where it comes from, for people to read."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, get_args, get_origin

import msgspec

from webkit.config.conversion import holds_secret, members_of
from webkit.config.interpolation import Fault
from webkit.config.secrets import looks_secret
from webkit.config.values import Keys, Table, Value


__all__ = ("Entry", "entries_of", "raw_entries")


class Entry(NamedTuple):
    """A key of a section. ``problem`` tells why ``raw`` has references that lead nowhere."""

    keys: Keys
    raw: Any
    origin: str
    is_hidden: bool
    problem: str = ""


def entries_of(
    table: Table,
    section: str,
    *,
    schema: type[msgspec.Struct] | None,
    resolve: Callable[[Value, Keys], Value],
) -> Iterator[Entry]:
    """Yield the entries of a section; ``table`` has all its layers."""
    for keys, value in _leaves(table, ()):
        is_secret = schema is not None and _is_secret(schema, keys)
        problem = ""
        try:
            found = value if is_secret else resolve(value, (section, *keys))
        except Fault as fault:
            found, problem = value, f"{value.origin}: {'.'.join((section, *keys))}: {fault}"
        is_hidden = is_secret or found.is_hidden or looks_secret(keys[-1])
        raw = _typed(found.raw) if found.is_text else found.raw
        yield Entry(keys, raw, value.origin, is_hidden, problem)


def raw_entries(tree: Table) -> dict[str, list[Entry]]:
    """Return what stands in a file, section by section, as it is."""

    def resolve(value: Value, keys: Keys) -> Value:
        return value

    return {
        name: list(entries_of(table, name, schema=None, resolve=resolve))
        for name, table in tree.items()
        if isinstance(table, Table)
    }


def _typed(text: Any) -> Any:
    """Return the number or boolean that a text reads as, as far as people are concerned."""
    words = {"true": True, "false": False}
    if isinstance(text, str) and re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII):
        return float(text) if "." in text else int(text)
    return words.get(text, text) if isinstance(text, str) else text


def _leaves(table: Table, above: Keys) -> Iterator[tuple[Keys, Value]]:
    for key, node in table.items():
        if isinstance(node, Table):
            yield from _leaves(node, (*above, key))
        else:
            yield (*above, key), node


def _is_secret(wanted: Any, keys: Keys) -> bool:
    """Tell whether what stands at ``keys`` of a type is a secret, or may be."""
    if not keys:
        return holds_secret(wanted)
    first, *rest = keys
    for member in members_of(wanted):
        inner: Any = None
        if isinstance(member, type) and issubclass(member, msgspec.Struct):
            fields = {field.encode_name: field.type for field in msgspec.structs.fields(member)}
            inner = fields.get(first)
        elif get_origin(member) is dict:
            inner = get_args(member)[1]
        if inner is not None and _is_secret(inner, tuple(rest)):
            return True
    return False
