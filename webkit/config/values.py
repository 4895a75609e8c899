"""Values as they were found, in a tree of sections that knows where each of them stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


__all__ = (
    "Keys",
    "Node",
    "Table",
    "Value",
    "leaves",
    "merged",
    "nested",
    "plain",
    "spelling",
    "tabled",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value as it was found, and where.

    ``is_text`` marks text that stands for another type; ``is_final`` one that is taken as it is,
    without interpolation; ``is_hidden`` one that no message may show.
    """

    raw: Any = field(repr=False)
    origin: str
    is_text: bool = False
    is_final: bool = False
    is_hidden: bool = False


class Table(dict[str, "Value | Table"]):
    """A section, or a part of one: values and further tables by key."""

    __slots__ = ("origin",)

    def __init__(self, items: Mapping[str, "Node"] | None = None, *, origin: str = "") -> None:
        super().__init__(items or {})
        self.origin = origin


Node: TypeAlias = Value | Table
Keys: TypeAlias = tuple[str, ...]


def tabled(
    tree: Mapping[str, Any], lines: Mapping[Keys, int], *, file: str, is_text: bool = False
) -> Table:
    """Return the tree of a file, with the line of each key as far as ``lines`` has it."""

    def node(raw: Any, path: Keys, origin: str) -> Node:
        if path in lines:
            origin = f"{file}:{lines[path]}"
        if not isinstance(raw, Mapping):
            return Value(raw=raw, origin=origin, is_text=is_text)
        items = {str(key): node(item, (*path, str(key)), origin) for key, item in raw.items()}
        return Table(items, origin=origin)

    return Table({key: node(raw, (key,), file) for key, raw in tree.items()})


def nested(path: Iterable[str], node: Node) -> Table:
    """Return a tree with this node alone."""
    first, *rest = path
    return Table({first: nested(rest, node) if rest else node}, origin=node.origin)


def merged(base: Table, over: Table) -> Table:
    """Return both trees as one, in which the second wins; the spelling of the first stays."""
    found = Table(base, origin=base.origin or over.origin)
    for name, node in over.items():
        key = spelling(found, name)
        below = found.get(key)
        are_tables = isinstance(below, Table) and isinstance(node, Table)
        found[key] = merged(below, node) if are_tables else node  # type: ignore[arg-type]  # just asked
    return found


def spelling(table: Mapping[str, Any], name: str) -> str:
    """Return the key of a table that means ``name``: dashes and underscores are one."""
    if name in table:
        return name
    wanted = name.replace("-", "_")
    return next((key for key in table if key.replace("-", "_") == wanted), name)


def plain(node: Node) -> Any:
    """Return what a node holds, without where it stands."""
    return node.raw if isinstance(node, Value) else {key: plain(item) for key, item in node.items()}


def leaves(table: Table, path: str = "") -> Iterator[tuple[str, Value]]:
    """Yield every value of a table with its dotted key."""
    for key, node in table.items():
        if isinstance(node, Value):
            yield f"{path}{key}", node
        else:
            yield from leaves(node, f"{path}{key}.")
