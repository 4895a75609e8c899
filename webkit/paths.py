"""Path templates: ``/artists/{id}/`` with names, and what each variable may match.

An id never holds a slash, plain or encoded, and digits are ASCII: what does not match the pattern
of its variable reaches no handler.
"""

import datetime as dt
import enum
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from aiohttp import web

from webkit.models import bare


__all__ = (
    "SEGMENTS",
    "joined",
    "path_problems",
    "pattern_of",
    "regex_problem",
    "shown_path",
    "unslashed",
    "variables_of",
    "with_patterns",
)

_VARIABLE = re.compile(r"{(\w+)(?::((?:[^{}]|{[^{}]*})*))?}")
# Any segment without a slash; "%2F" is how aiohttp shows an encoded one to a pattern.
_SEGMENT = r"(?=[^/])[^/%]*(?:%(?!2[Ff])[^/%]*)*"
_PATTERNS = {
    int: "[0-9]{1,19}",
    uuid.UUID: "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",
    dt.date: "[0-9]{4}-[0-9]{2}-[0-9]{2}",
}
# Patterns of which it is known that they match a part of a path, never a slash, never nothing.
SEGMENTS = (*_PATTERNS.values(), _SEGMENT, web.DynamicResource.GOOD)


def joined(*parts: str) -> str:
    """Return the parts of a path with one slash between them, and none around."""
    return "/".join(filter(None, (part.strip("/") for part in parts)))


def variables_of(path: str) -> tuple[str, ...]:
    """Return the names of the variables in a path."""
    return tuple(found[1] for found in _VARIABLE.finditer(path))


def path_problems(path: str) -> Iterator[str]:
    """Yield why a path is no template, a line each."""
    names = variables_of(path)
    rest = _VARIABLE.sub("", path)
    if re.search(r"\(\?P<|<(\w+:)?\w+>", rest):
        yield f"{path!r} has a variable as Django writes it. Write {{name}}, or {{name:[0-9]+}}"
    elif "{" in rest or "}" in rest:
        yield f"{path!r} has a brace without the other. Write {{name}}, or {{name:[0-9]+}}"
    elif "?" in rest or "#" in rest:
        yield f"{path!r} has more than a path. Parameters of the query are those of the function"
    yield from (f"{path!r} {text}" for text in _variable_problems(names))
    for found in _VARIABLE.finditer(path):
        problem = regex_problem(found[2] or "")
        if problem:
            yield f"{path!r}: {problem}"


def _variable_problems(names: tuple[str, ...]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield f"has the variable {name!r} twice. Call one of them otherwise"
        if not name.isidentifier():
            yield f"has the variable {name!r}, which is no name in Python"


def regex_problem(pattern: object) -> str:
    """Return why something is no regular expression; nothing if it is one."""
    if not isinstance(pattern, str):
        return f"{pattern!r} is no text of a regular expression"
    try:
        re.compile(pattern)
    except re.error as error:
        return f"{pattern!r} is no regular expression: {error}"
    return ""


def shown_path(path: str) -> str:
    """Return a path without the patterns of its variables."""
    return _VARIABLE.sub(r"{\1}", path)


def with_patterns(path: str, patterns: Mapping[str, str]) -> str:
    """Return a path in which every variable has a pattern: its own, a given one, or a segment."""

    def pattern(found: re.Match[str]) -> str:
        own = unslashed(found[2]) if found[2] else patterns.get(found[1], _SEGMENT)
        return f"{{{found[1]}:{own}}}"

    return _VARIABLE.sub(pattern, path)


def unslashed(pattern: str) -> str:
    """Return the pattern for what it matches without an encoded slash."""
    return f"(?![^/]*%2[Ff])(?:{pattern})"


def pattern_of(tp: Any) -> str | None:
    """Return what a variable of a type may match in a path; None where any segment may."""
    kind = bare(tp)
    if get_origin(kind) is Literal:
        return _one_of(get_args(kind))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return _one_of(member.value for member in kind)
    return _PATTERNS.get(kind)


def _one_of(values: Iterable[object]) -> str:
    return "|".join(re.escape(str(value)) for value in values)
