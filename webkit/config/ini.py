"""INI and conf files. Every value is text; ``[schedule/backup]`` is a table in ``schedule``."""

import re
from pathlib import Path
from typing import Any

from webkit.config.syntax import FormatError, Lines, Parsed


__all__ = ("parse_ini",)

_HEADER = re.compile(r"\[(.+)\]")
_KEY = re.compile(r"([^\s#;\[=:][^=:]*?)\s*[=:]")


def parse_ini(text: str, path: Path) -> Parsed:
    """Return the tree, and the line of each section and key.

    Keys are in small letters. ``[DEFAULT]`` is a section like every other.

    Raises:
        FormatError: it is no INI.
    """
    import configparser  # only now: most projects have none

    parser = configparser.RawConfigParser(default_section="\0")
    try:
        parser.read_string(text)
    except configparser.DuplicateOptionError as error:
        raise FormatError(f"{error.option} is written twice", error.lineno or 0) from None
    except configparser.DuplicateSectionError as error:
        raise FormatError(f"[{error.section}] is written twice", error.lineno or 0) from None
    except configparser.MissingSectionHeaderError as error:
        raise FormatError("stands in no section", error.lineno) from None
    except configparser.ParsingError as error:
        raise FormatError("is not OPTION = VALUE", error.errors[0][0]) from None
    lines = _lines_of(text)
    tree: dict[str, Any] = {}
    for section in parser.sections():
        keys = _split(section)
        try:
            _enter(tree, keys, dict(parser.items(section)))
        except FormatError as error:
            raise FormatError(str(error), lines[keys]) from None
    return tree, lines


def _enter(tree: dict[str, Any], keys: tuple[str, ...], values: dict[str, str]) -> None:
    for key in keys:
        tree = tree.setdefault(key, {})
        if not isinstance(tree, dict):
            raise FormatError(f"{key} is a section, and a value of another")
    if tree.keys() & values.keys():
        raise FormatError(f"{keys[-1]} has a section and a value of one name")
    tree.update(values)


def _lines_of(text: str) -> Lines:
    lines: Lines = {}
    section: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            section = _split(header[1])
            for length in range(1, len(section) + 1):
                lines.setdefault(section[:length], number)
        elif key:
            lines.setdefault((*section, key[1].lower()), number)
    return lines


def _split(section: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in section.split("/"))
