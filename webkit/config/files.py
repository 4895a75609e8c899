"""Files of configuration: which one is the project's, and how each kind is read."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from webkit.config.ini import parse_ini
from webkit.config.json import parse_json
from webkit.config.python import parse_python
from webkit.config.syntax import FormatError, Parsed
from webkit.config.toml import parse_toml
from webkit.config.values import Table, tabled
from webkit.config.yaml import parse_yaml


__all__ = ("FORMATS", "PLACES", "Format", "find_file", "read_file")


class Format(NamedTuple):
    """How to read files of one kind; in some every value is text, and some count only by name."""

    parse: Callable[[str, Path], Parsed]
    is_text: bool = False
    is_found: bool = True


FORMATS = {
    ".toml": Format(parse_toml),
    ".yaml": Format(parse_yaml),
    ".yml": Format(parse_yaml),
    ".ini": Format(parse_ini, is_text=True),
    ".conf": Format(parse_ini, is_text=True),
    ".json": Format(parse_json),
    ".py": Format(parse_python, is_found=False),
}

# Where the file of a project is looked for, in this order.
PLACES = (".", "config", "etc", "/etc/webkit")


def find_file(root: Path, *, problems: list[str], places: Iterable[str] = PLACES) -> str | None:
    """Return the file of the project in ``root``, as messages call it; None if there is none.

    The first place that has one counts. Two in one place are a mistake, and the first is taken.
    """
    names = [f"webkit{suffix}" for suffix, format in FORMATS.items() if format.is_found]
    for place in places:
        found = [name for name in names if (root / place / name).is_file()]
        shown = [(Path(place) / name).as_posix() for name in found]
        if len(found) > 1:
            problems.append(f"{shown[0]}: {shown[1]} is there as well. Keep one of them")
        if found:
            return shown[0]
    return None


def read_file(path: Path, *, shown: str, problems: list[str]) -> Table:
    """Return the tree of a file that messages call ``shown``; one with mistakes is empty."""
    format = FORMATS.get(path.suffix)
    if format is None:
        problems.append(f"{shown}: is of no known kind. Known: {', '.join(FORMATS)}")
        return Table()
    try:
        tree, lines = format.parse(path.read_text(encoding="utf-8-sig"), path)
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{shown}: cannot be read: {_reason(error)}")
    except FormatError as error:
        place = f"{shown}:{error.line}" if error.line else shown
        problems.append(f"{place}: cannot be read: {error}")
    except RecursionError:
        problems.append(f"{shown}: cannot be read: it is nested too deeply")
    else:
        return tabled(tree, lines, file=shown, is_text=format.is_text)
    return Table()


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return str(error) if isinstance(error, UnicodeDecodeError) else str(error.strerror)
