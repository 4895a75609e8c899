"""Conditions in SQL: each means what it means in memory (``webkit.filters``).

1. A value is fitted to the column before the statement is made: what can never be true, as a text
   in a column of numbers, becomes ``NEVER``, and no database sees it.
2. Conditions of one shape have one statement; ``Part.shape`` has all that it depends on.
"""

import datetime as dt
import decimal
import enum
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, bindparam, cast, false, func, types

from webkit.database.columns import Column, Misfit
from webkit.filters import Condition


__all__ = ("Part", "clause_of", "parts_of", "term_clause", "term_value")

_Element = ColumnElement[Any]
_INT64 = 2**63
_RANGES = {"gt", "gte", "lt", "lte"}
_TEXTS = {"contains", "icontains", "iexact", "startswith"}
_ESCAPED = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


class Part(NamedTuple):
    """A condition whose values are fit for the driver."""

    column: Column
    operator: str
    values: tuple[Any, ...] = ()

    @property
    def shape(self) -> tuple[str, str, int]:
        """What its text depends on."""
        return self.column.name, self.operator, len(self.values)


def parts_of(
    conditions: Sequence[Condition], columns: Mapping[str, Column], *, dialect: str
) -> list[Part]:
    """Return conditions with values that the driver takes."""
    return [
        _part(columns[field], name, value, dialect=dialect) for field, name, value in conditions
    ]


def clause_of(part: Part, names: Iterator[str], *, dialect: str) -> _Element:
    """Return a condition in SQL; its values have the next ``names``."""
    column: _Element = part.column.declared
    kind = _kind_of(part)
    params = [bindparam(next(names), type_=kind) for _ in part.values]
    if part.operator in _TEXTS:
        return _text_clause(part, column, params[0], dialect=dialect)
    return _CLAUSES[part.operator](column, params)


def term_clause(columns: Sequence[Column], name: str, *, dialect: str) -> _Element:
    """Return that one of the columns has a text in it, without regard to case."""
    param = bindparam(name, type_=Text())
    clauses = [
        _text_clause(Part(column, "icontains"), column.declared, param, dialect=dialect)
        for column in columns
    ]
    found: _Element = false()
    for clause in clauses:
        found = found | clause
    return found


def term_value(text: str, *, dialect: str) -> str:
    """Return what the driver takes of a text that is searched for; NUL is in no column."""
    return _pattern("icontains", text, dialect=dialect)


def _kind_of(part: Part) -> Any:
    if part.operator in _TEXTS:
        return Text()
    kind = part.column.declared.type
    # A number that is compared may be one that the column cannot keep.
    if isinstance(kind, types.Integer):
        return types.BigInteger()
    return types.Numeric() if isinstance(kind, types.Numeric) else kind


def _part(column: Column, name: str, value: Any, *, dialect: str) -> Part:
    if isinstance(value, enum.Enum):
        value = value.value
    if value is None:
        return _never(column)
    if name == "isnull":
        return Part(column, "null" if value else "notnull")
    if name in _TEXTS:
        if column.is_json or not _is_text(str(value)):
            return _never(column)
        return Part(column, name, (_pattern(name, str(value), dialect=dialect),))
    if name == "in":
        fitted = [_fitted(column, "exact", item) for item in value]
        found = [item.values[0] for item in fitted if item.values]
        return Part(column, "in", _padded(found)) if found else _never(column)
    return _fitted(column, name, value)


def _padded(values: list[Any]) -> tuple[Any, ...]:
    """Repeat the last value until there are 1, 2, 4, 8 ... of them: few texts for all lengths."""
    length = 1 << (len(values) - 1).bit_length()
    return tuple(values + values[-1:] * (length - len(values)))


def _fitted(column: Column, name: str, value: Any) -> Part:
    """Return a comparison with a value of the column's own kind, or what it comes to."""
    kind = column.declared.type
    if isinstance(kind, types.Integer | types.Numeric | types.Float):
        return _number_part(column, name, value)
    if isinstance(value, str) and "\0" in value and name in _RANGES:
        # In a column there is no NUL: what is below "a\0" is "a", or below it.
        value, name = value.partition("\0")[0], _whole(name)
    try:
        return Part(column, name, (column.bound(_zoned(kind, value)),))
    except Misfit as misfit:
        return Part(column, name, (value,)) if misfit.code == "too_long" else _never(column)


def _number_part(column: Column, name: str, value: Any) -> Part:
    if not isinstance(value, int | float | decimal.Decimal) or _is_nan(value):
        return _never(column)
    if isinstance(column.declared.type, types.Integer):
        return _integer_part(column, name, value)
    return Part(column, name, (_bound(column, value),))


def _never(column: Column) -> Part:
    return Part(column, "never")


def _is_nan(value: Any) -> bool:
    return value.is_nan() if isinstance(value, decimal.Decimal) else bool(value != value)


def _whole(name: str) -> str:
    """Return the comparison with the whole number below one that is none itself."""
    return "gt" if name.startswith("g") else "lte"


def _bound(column: Column, value: Any) -> Any:
    """Return a number, however large, as the driver takes it for a column with a point."""
    try:
        if isinstance(column.declared.type, types.Float):
            return float(value)
        number = decimal.Decimal(value)
        return column.bind(number) if column.bind else number
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _integer_part(column: Column, name: str, value: Any) -> Part:
    whole = value if math.isinf(value) else math.floor(value)
    if whole != value:
        if name == "exact":
            return _never(column)
        name = _whole(name)
    if -_INT64 <= whole < _INT64:
        return Part(column, name, (int(whole),))
    is_above = whole > 0
    holds = name in _RANGES and name.startswith("l") is is_above
    return Part(column, "notnull" if holds else "never")


def _zoned(kind: Any, value: Any) -> Any:
    """Return a time with a zone where the column has one, and without where it has none: UTC."""
    if isinstance(kind, types.DateTime) and isinstance(value, dt.datetime):
        if kind.timezone and value.tzinfo is None:
            return value.replace(tzinfo=dt.UTC)
        if not kind.timezone and value.tzinfo is not None:
            return value.astimezone(dt.UTC).replace(tzinfo=None)
    return value


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _pattern(name: str, value: str, *, dialect: str) -> str:
    if dialect == "sqlite":
        return value.casefold() if name == "icontains" else value
    if name == "iexact":
        return value
    escaped = value.translate(_ESCAPED)
    return f"{escaped}%" if name == "startswith" else f"%{escaped}%"


def _text_clause(part: Part, column: _Element, param: _Element, *, dialect: str) -> _Element:
    text = column if isinstance(column.type, types.String) else cast(column, Text())
    if part.operator == "iexact":  # and not ILIKE, which no index on lower(...) serves
        folded = func.webkit_casefold if dialect == "sqlite" else func.lower
        return folded(text) == folded(param)
    if dialect != "sqlite":
        like = text.ilike if part.operator == "icontains" else text.like
        return like(param, escape="\\")
    if part.operator == "icontains":
        return func.instr(func.webkit_casefold(text), param) > 0
    place = func.instr(text, param)
    return place == 1 if part.operator == "startswith" else place > 0


_CLAUSES: Mapping[str, Callable[[_Element, list[Any]], _Element]] = {
    "exact": lambda column, params: column == params[0],
    "gt": lambda column, params: column > params[0],
    "gte": lambda column, params: column >= params[0],
    "lt": lambda column, params: column < params[0],
    "lte": lambda column, params: column <= params[0],
    "in": lambda column, params: column.in_(params),
    "null": lambda column, params: column.is_(None),
    "notnull": lambda column, params: column.is_not(None),
    "never": lambda column, params: false(),
}
