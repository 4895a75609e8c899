"""Limits: what ``msgspec.Meta`` says of a value, as conditions in Python.

Each condition comes with the reason that msgspec gives for a value that breaks it: it was asked.
"""

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, NamedTuple, get_args, get_origin

import msgspec

from webkit.models import bare
from webkit.reasons import reason_of
from webkit.shapes import shape_of


__all__ = ("Limit", "LimitError", "limits_of")

# When a limit is broken, and how far beyond it the nearest value is that breaks it.
_BOUNDS = {"gt": ("<=", 0), "ge": ("<", -1), "lt": (">=", 0), "le": (">", 1)}
_LENGTHS = {"min_length": ("<", -1), "max_length": (">", 1)}
_NAMES = (*_BOUNDS, "multiple_of", *_LENGTHS, "pattern")  # in the order in which msgspec tries them
_CODES = ("range", "length", "pattern")
_LONGEST = 100_000  # characters or items of a value that is made to break a limit
_CHARACTERS = "x A0-_\t\0\u00e9"  # of which one, it is hoped, does not match a pattern

# The condition, a value for which it is true, and what it calls as ``search``.
_Condition = tuple[str, Any, Callable[[str], Any] | None]


class Limit(NamedTuple):
    """A condition over ``item`` that is true where a limit is broken, and what to tell then.

    ``search`` is what the condition calls by this name, if it does.
    """

    condition: str
    detail: str
    code: str
    search: Callable[[str], Any] | None


class LimitError(Exception):
    """There is a limit that cannot be written as a condition."""


def limits_of(tp: Any, part: Any) -> list[Limit]:
    """Return the limits of values of the type ``part``.

    ``tp`` is ``part``, or the union with it that the values are held against.

    Raises:
        LimitError: not all of them can be written as conditions.
    """
    extras = get_args(part)[1:] if get_origin(part) is Annotated else ()
    metas = [extra for extra in extras if isinstance(extra, msgspec.Meta)]
    given = {name: value for name in _NAMES for value in _values(metas, name)}
    found = []
    for condition, sample, search in _conditions(bare(part), given):
        misfit = shape_of(tp).misfit(sample)
        detail, code = reason_of(misfit[0]) if misfit else ("", "")
        if code not in _CODES:
            raise LimitError
        found.append(Limit(condition, detail, code, search))
    return found


def _values(metas: list[msgspec.Meta], name: str) -> Iterator[Any]:
    for meta in metas:
        if (value := getattr(meta, name)) is not None:
            yield value


def _conditions(kind: Any, given: dict[str, Any]) -> Iterator[_Condition]:
    for name, value in given.items():
        if name in _BOUNDS:
            sign, step = _BOUNDS[name]
            yield f"item {sign} {value!r}", value + step, None
        elif name in _LENGTHS and value <= _LONGEST:
            sign, step = _LENGTHS[name]
            sample = "x" if kind is str else [None]
            yield f"len(item) {sign} {value!r}", sample * (value + step), None
        elif name == "pattern":
            yield _pattern(value, length=given.get("min_length", 1))
        else:
            raise LimitError


def _pattern(pattern: str, *, length: int) -> _Condition:
    search = re.compile(pattern).search
    for character in _CHARACTERS:
        if not search(character * length):
            return "not search(item)", character * length, search
    raise LimitError
