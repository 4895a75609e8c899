"""One entry more or less in the list ``APPS`` of ``settings.py``, and no other byte changed.

The file is never written anew from its syntax tree, which would lose comments, quotes and layout.
The tree only says where things stand; the bytes are cut there, and what comes out is parsed again:
if it is not the same list with one entry more or less, it is not given back.
What `registered` adds, `unregistered` takes away byte for byte.
"""

import ast
import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

from webkit.exceptions import UsageError


__all__ = ("registered", "unregistered")

_REST_OF_LINE = re.compile(rb"[ \t]*,?[ \t]*(#[^\r\n]*)?(\r\n|\n|\r)")
_COMMA = re.compile(rb"\s*,[ \t]*")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One expression of the list: ``source[start:end]``, and what it says."""

    start: int
    end: int
    value: object


@dataclass(frozen=True, slots=True)
class _Apps:
    """The list literal; its closing bracket is ``source[close]``."""

    source: bytes
    close: int
    entries: tuple[_Entry, ...]

    @property
    def values(self) -> list[object]:
        return [entry.value for entry in self.entries]

    def line_of(self, position: int) -> int:
        """Return where the line of ``position`` begins."""
        return max(self.source.rfind(end, 0, position) for end in (b"\n", b"\r")) + 1

    def indent_of(self, position: int) -> bytes | None:
        """Return the white space before ``position``, or None if more than that is before it."""
        before = self.source[self.line_of(position) : position]
        return None if before.strip() else before

    def has_comma_after(self, entry: _Entry) -> bool:
        return b"," in re.sub(rb"#[^\r\n]*", b"", self.source[entry.end : self.close])


def registered(source: bytes, app: str) -> bytes | None:
    """Return ``source`` with ``app`` as the last entry of ``APPS``, unless it is in it already.

    None means that ``APPS`` is missing, computed, or written in a way that cannot be cut safely.

    Raises:
        UsageError: ``source`` is no Python.
    """
    apps = _apps(source)
    if apps is None or app in apps.values:
        return None if apps is None else source
    return _checked(_with(apps, app), [*apps.values, app])


def unregistered(source: bytes, app: str) -> bytes | None:
    """Return ``source`` without the entry ``app``; None and the error are those of `registered`."""
    apps = _apps(source)
    if apps is None or app not in apps.values:
        return None if apps is None else source
    index = apps.values.index(app)
    return _checked(_without(apps, index), apps.values[:index] + apps.values[index + 1 :])


def _apps(source: bytes) -> _Apps | None:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"settings.py cannot be read: {error}. Repair it first.") from None
    lists = [value for node in tree.body if (value := _assigned(node)) is not None]
    if len(lists) != 1 or not isinstance(lists[0], ast.List):
        return None
    span = _span_in(source)
    entries = (_Entry(*span(node), _value(node)) for node in lists[0].elts)
    return _Apps(source, span(lists[0])[1] - 1, tuple(entries))


def _assigned(node: ast.stmt) -> ast.expr | None:
    """Return what the statement assigns to ``APPS``, if it does."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    named = any(isinstance(target, ast.Name) and target.id == "APPS" for target in targets)
    return getattr(node, "value", None) if named else None


def _value(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else ast.dump(node)


def _span_in(source: bytes) -> Callable[[ast.expr], tuple[int, int]]:
    """Return a function from a node to where it starts and ends in ``source``, in bytes."""
    mark = len(codecs.BOM_UTF8) if source.startswith(codecs.BOM_UTF8) else 0
    starts = [mark]
    for line in source[mark:].splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def span(node: ast.expr) -> tuple[int, int]:
        end_line, end_column = node.end_lineno or 0, node.end_col_offset or 0
        return starts[node.lineno - 1] + node.col_offset, starts[end_line - 1] + end_column

    return span


def _checked(changed: bytes, values: list[object]) -> bytes | None:
    try:
        apps = _apps(changed)
    except UsageError:
        return None
    return changed if apps is not None and apps.values == values else None


def _with(apps: _Apps, app: str) -> bytes:
    source, last = apps.source, apps.entries[-1] if apps.entries else None
    quote = b"'" if last and source[last.start : last.start + 1] == b"'" else b'"'
    text = quote + app.encode() + quote
    outer = apps.indent_of(apps.close)
    if outer is None:  # the bracket shares its line: the new entry stands there too
        at, text = (last.end, b", " + text) if last else (apps.close, text)
        return source[:at] + text + source[at:]

    line = apps.line_of(apps.close)
    indent = apps.indent_of(last.start) if last else None
    end = b"\r\n" if source[:line].endswith(b"\r\n") else source[line - 1 : line]
    head, comma = source[:line], b","
    if last and not apps.has_comma_after(last):
        head, comma = source[: last.end] + b"," + source[last.end : line], b""
    return head + (indent or outer + b"    ") + text + comma + end + source[line:]


def _without(apps: _Apps, index: int) -> bytes:
    source, entry = apps.source, apps.entries[index]
    before = apps.entries[index - 1] if index else None
    rest = _REST_OF_LINE.match(source, entry.end)
    if rest and apps.indent_of(entry.start) is not None:
        head = source[: apps.line_of(entry.start)]
        if before and not apps.has_comma_after(entry) and source[before.end :].startswith(b","):
            head = head[: before.end] + head[before.end + 1 :]
        return head + source[rest.end() :]
    if before:
        commented = b"#" in source[before.end : entry.start]
        return source[: entry.start if commented else before.end] + source[entry.end :]
    comma = _COMMA.match(source, entry.end)
    return source[: entry.start] + source[comma.end() if comma else entry.end :]
