"""Operators: what a condition says of a value and the one that is wanted, whatever both are.

None is lower than every value, and no comparison is true of it; nor is one of values of two kinds.
"""

import datetime as dt
import decimal
import enum
import math
import operator
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from webkit.codec import encode


__all__ = ("OPERATORS", "SIMPLE", "Place", "comparable", "has_text")

Place = tuple[str, Any]
_NOWHERE: Place = ("", 0)
# What Python can put in order, by the name of the kind; all else is ordered by its JSON.
_KINDS: Mapping[type, str] = {
    **dict.fromkeys((bool, int, float, decimal.Decimal), "number"),
    **{kind: kind.__name__ for kind in (str, bytes, uuid.UUID, dt.date, dt.timedelta)},
    # A datetime is a date as well, and cannot be compared with one.
    **{kind: kind.__name__ for kind in (dt.datetime, dt.time)},
}
SIMPLE = frozenset((int, str, bool, uuid.UUID))


def comparable(value: Any) -> Place:
    """Return something to compare with that of any other value, whatever their types."""
    kind = type(value)
    if kind in SIMPLE:
        return _KINDS[kind], value
    if isinstance(value, enum.Enum):
        return comparable(value.value)
    if value is None or _is_nan(value):
        return _NOWHERE
    if isinstance(value, dt.datetime | dt.time) and value.tzinfo is None:
        value = value.replace(tzinfo=dt.UTC)
    known = next((_KINDS[base] for base in kind.__mro__ if base in _KINDS), "")
    return (known, value) if known else ("json", encode(value))


def _is_nan(value: Any) -> bool:
    if isinstance(value, float | decimal.Decimal):
        return math.isnan(value) if isinstance(value, float) else value.is_nan()
    return False


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Return a comparison that is false where one of both is nothing, or another kind of thing."""

    def test(value: Any, wanted: Any) -> bool:
        own, other = comparable(value), comparable(wanted)
        return own != _NOWHERE and own[0] == other[0] and compare(own[1], other[1])

    return test


_equal = _compared(operator.eq)


def _is_in(value: Any, wanted: Iterable[Any]) -> bool:
    return any(_equal(value, item) for item in wanted)


def has_text(value: Any, text: str) -> bool:
    """Tell whether a text is in a value, without regard to case."""
    return value is not None and text.casefold() in str(value).casefold()


def _contains(value: Any, wanted: Any) -> bool:
    """Tell whether a text has the text, or a container the value."""
    if isinstance(value, list | tuple | set | frozenset):
        return _is_in(wanted, value)
    return value is not None and str(wanted) in str(value)


def _is_text(value: Any, text: str) -> bool:
    return value is not None and str(value).casefold() == text.casefold()


def _starts(value: Any, text: str) -> bool:
    return value is not None and str(value).startswith(text)


# What may stand behind the name of a field, and what it says of the field's value and the given.
OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "exact": _equal,
    "iexact": _is_text,
    "gt": _compared(operator.gt),
    "gte": _compared(operator.ge),
    "lt": _compared(operator.lt),
    "lte": _compared(operator.le),
    "in": _is_in,
    "contains": _contains,
    "icontains": has_text,
    "startswith": _starts,
    "isnull": lambda value, wanted: (value is None) is wanted,
}
