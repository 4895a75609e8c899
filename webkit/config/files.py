"""Files of configuration: which one is the project's, and how each kind is read."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from webkit.config.syntax import FormatError, Parsed
from webkit.config.toml import parse_toml
from webkit.config.values import Table, tabled


__all__ = ("FORMATS", "Format", "read_file")


class Format(NamedTuple):
    """How to read files of one kind; in some every value is text."""

    parse: Callable[[str], Parsed]
    is_text: bool = False


FORMATS = {
    ".toml": Format(parse_toml),
}


def read_file(path: Path, *, shown: str, problems: list[str]) -> Table:
    """Return the tree of a file that messages call ``shown``; one with mistakes is empty."""
    format = FORMATS.get(path.suffix)
    if format is None:
        problems.append(f"{shown}: is of no known kind. Known: {', '.join(FORMATS)}")
        return Table()
    try:
        tree, lines = format.parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{shown}: cannot be read: {_reason(error)}")
    except FormatError as error:
        place = f"{shown}:{error.line}" if error.line else shown
        problems.append(f"{place}: cannot be read: {error}")
    else:
        return tabled(tree, lines, file=shown, is_text=format.is_text)
    return Table()


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return str(error) if isinstance(error, UnicodeDecodeError) else str(error.strerror)
