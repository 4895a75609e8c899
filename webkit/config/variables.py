"""Variables: the lines of env files and the environment, and what they say to a section.

``GUEST_BOOK__VISITS_MAX`` is the key ``visits_max`` of the section ``guest-book``, and ``__``
stands also before a key of a table. An empty variable counts as one that is not there.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from webkit.config.values import Table, Value, merged, nested


__all__ = ("Variables", "prefix_of", "read_variables", "said_by")

# Names without a prefix, which compose files and hosting platforms set.
_PLAIN = {
    "PORT": ("webkit", "port"),
    "DATABASE_URL": ("database", "url"),
    "SENTRY_DSN": ("webkit", "sentry_dsn"),
}


class Variables(NamedTuple):
    """The variables of one source; ``origin`` stands before their names in a message."""

    origin: str
    values: Mapping[str, str]

    def __repr__(self) -> str:
        return f"<Variables of {self.origin or 'the environment'}>"


def read_variables(
    root: Path, environ: Mapping[str, str], problems: list[str]
) -> tuple[Variables, ...]:
    """Return the sources of variables of a project, lowest first."""
    is_testing = environ.get("ENVIRONMENT") == "testing"
    files = (".env", "env.testing" if is_testing else "local.env")
    found = [Variables(f"{name}: ", _from_file(root / name, problems)) for name in files]
    return (*found, Variables("", environ))


def prefix_of(section: str) -> str:
    """Return how the variables of a section begin."""
    return re.sub(r"\W", "_", section.upper(), flags=re.ASCII) + "__"


def said_by(variables: Variables, section: str) -> Table:
    """Return what variables say to a section; the longer name of a key wins."""
    found = Table()
    for path, value in _among(variables, section):
        found = merged(found, nested(path, value))
    return found


def _among(variables: Variables, section: str) -> Iterator[tuple[list[str], Value]]:
    def value(name: str) -> Value:
        origin = f"{variables.origin}{name}"
        return Value(raw=variables.values[name], origin=origin, is_text=True, is_final=True)

    for name, (wanted, key) in _PLAIN.items():
        if wanted == section and variables.values.get(name):
            yield [key], value(name)
    prefix = prefix_of(section)
    for name, text in variables.values.items():
        if name.startswith(prefix) and text:
            yield name.removeprefix(prefix).lower().split("__"), value(name)


def _from_file(path: Path, problems: list[str]) -> dict[str, str]:
    """Return the variables of a file with lines ``KEY=value``, as compose reads it."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: cannot be read: {error}")
        return {}
    variables = {}
    for number, line in enumerate(lines, 1):
        key, equals, value = line.strip().removeprefix("export ").partition("=")
        if not key or key.startswith("#"):
            continue
        if not equals:
            problems.append(f"{path.name}:{number}: is not KEY=value")
            continue
        variables[key.strip()] = _unquoted(value)
    return variables


def _unquoted(value: str) -> str:
    """Return a value without the comment behind it and the quotes around it."""
    quoted = re.fullmatch(r"""\s*(["'])(.*?)\1\s*(#.*)?""", value)
    return quoted[2] if quoted else value.partition(" #")[0].strip()
