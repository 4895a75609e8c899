"""TOML: what templates generate and the documentation uses."""

import re
import tomllib
from pathlib import Path

from webkit.config.syntax import FormatError, Lines, Parsed


__all__ = ("parse_toml",)

_PART = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")
_LONG = re.compile("\"\"\"|'''")


def parse_toml(text: str, path: Path) -> Parsed:
    """Return the tree, and the line of each key outside of inline tables.

    Raises:
        FormatError: it is no TOML.
    """
    try:
        return tomllib.loads(text), _lines_of(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        reason = re.sub(r" \(at .*\)$", "", str(error))
        raise FormatError(reason, line) from None


def _lines_of(text: str) -> Lines:
    lines: Lines = {}
    section: tuple[str, ...] = ()
    is_inside = False  # of a text over several lines
    for number, line in enumerate(text.splitlines(), 1):
        was_inside = is_inside
        is_inside ^= len(_LONG.findall(line)) % 2 == 1
        header, key = _HEADER.match(line), _KEY.match(line)
        if was_inside or not (header or key):
            continue
        path = section + _split(key[1]) if key else ()
        if header:
            path = section = _split(header[1])
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], number)
    return lines


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
