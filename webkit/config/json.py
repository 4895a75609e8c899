"""JSON."""

import re
from pathlib import Path
from typing import Any

from webkit.config.syntax import FormatError, Lines, Parsed


__all__ = ("parse_json",)

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?|([\[{])|([\]}])|(\n)')


def parse_json(text: str, path: Path) -> Parsed:
    """Return the tree, and the line of each key outside of lists.

    Raises:
        FormatError: it is no JSON, no object, or has a key twice.
    """
    import json  # only now: most projects have none

    try:
        tree = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise FormatError(error.msg, error.lineno) from None
    if not isinstance(tree, dict):
        raise FormatError("is no object of sections", 1)
    return tree, _lines_of(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FormatError(f"{key} is written twice")
        found[key] = value
    return found


def _refuse(name: str) -> None:
    raise FormatError(f"{name} is no JSON")


def _lines_of(text: str) -> Lines:
    """Return where keys stand, in a text that is known to be JSON."""
    lines: Lines = {}
    brackets: list[str] = []
    path: list[str] = []
    number = 1
    for token in _TOKEN.finditer(text):
        key, colon, opening, closing, newline = token.groups()
        if newline:
            number += 1
        elif opening:
            brackets.append(opening)
        elif closing:
            brackets.pop()
        elif colon and "[" not in brackets:
            path[len(brackets) - 1 :] = [key]
            lines[tuple(path)] = number
    return lines
