"""Columns: which values one can keep, how they cross the driver, and what is made when none comes.

A value that a column cannot keep exactly is refused here, before any database sees it, so that all
of them refuse the same.
"""

import datetime as dt
import decimal
import enum
import math
import uuid
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Column as Declared
from sqlalchemy import Dialect, types

from webkit.database.dialects import EXACT_DIGITS
from webkit.exceptions import ConfigurationError


__all__ = ("MISSING", "Column", "Misfit", "column_of")

MISSING = msgspec.UNSET

# What asyncpg calls the types of numbers, of which it gives two kinds.
_OIDS = {types.Numeric: 1700, types.Float: 701}
_BITS = {types.SmallInteger: 16, types.BigInteger: 64, types.Integer: 32}
_Check = Callable[[Any], None]


class Misfit(ValueError):
    """A value that a column cannot keep; ``code`` is a word for programs."""

    def __init__(self, text: str, code: str) -> None:
        self.code = code
        super().__init__(text)


class Column(NamedTuple):
    """A column of a table as a repository uses it.

    ``name`` is that of the attribute of the model, ``bind`` makes what the driver takes of a value
    and ``read`` the value of what it gives; None for what stays as it is. ``check`` raises
    ``Misfit``. ``made`` and ``remade`` make what is not given, for a new row and a changed one.
    """

    name: str
    declared: Declared[Any]
    check: _Check
    bind: Callable[[Any], Any] | None
    read: Callable[[Any], Any] | None
    made: Callable[[], Any] | None
    remade: Callable[[], Any] | None
    is_json: bool

    def bound(self, value: Any) -> Any:
        """Return what the driver takes of a value.

        Raises:
            Misfit: the column cannot keep it.
        """
        if isinstance(value, enum.Enum) and not isinstance(self.declared.type, types.Enum):
            value = value.value
        if value is not None:
            self.check(value)
            if self.is_json:
                return _json_of(value)
        return self.bind(value) if self.bind else value


def column_of(name: str, declared: Declared[Any], *, dialect: Dialect) -> Column:
    """Return a column in a dialect.

    Raises:
        ConfigurationError: the dialect cannot keep its values exactly.
    """
    kind = declared.type.dialect_impl(dialect)
    is_json = isinstance(kind, types.JSON)
    bind: Any = kind.bind_processor(dialect)
    oid = next((oid for base, oid in _OIDS.items() if isinstance(kind, base)), None)
    read: Any = kind.result_processor(dialect, oid)
    return Column(
        name=name,
        declared=declared,
        check=_check_of(declared, dialect=dialect),
        bind=bind,
        read=None if is_json else read,
        made=_maker_of(declared.default),
        remade=_maker_of(declared.onupdate),
        is_json=is_json,
    )


def _check_of(declared: Declared[Any], *, dialect: Dialect) -> _Check:
    """Return the check of the kind of a column, which is the same in every dialect."""
    plain: Any = declared.type
    if isinstance(plain, types.Numeric) and dialect.name == "sqlite":
        digits = plain.precision
        if digits is None or digits > EXACT_DIGITS:
            where = f"{declared.table.name}.{declared.name}"
            text = f"a decimal in SQLite has at most {EXACT_DIGITS} digits. Write Numeric(12, 2)"
            raise ConfigurationError([f"{where}: {text}"])
    for base, maker in _CHECKS.items():
        if isinstance(plain, base):
            return maker(plain)
    return _anything


def _anything(value: Any) -> None:
    """Take what the driver takes."""


def _integers(kind: Any) -> _Check:
    bits = next(bits for base, bits in _BITS.items() if isinstance(kind, base))
    least, greatest = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1

    def check(value: Any) -> None:
        _expect(value, int, "an integer")
        if not least <= value <= greatest:
            raise Misfit(f"Not between {least} and {greatest}.", "out_of_range")

    return check


def _floats(kind: Any) -> _Check:
    def check(value: Any) -> None:
        _expect(value, (int, float), "a number")
        if isinstance(value, float) and not math.isfinite(value):
            raise Misfit("Not a finite number.", "out_of_range")
        if isinstance(value, int) and not _is_double(value):
            raise Misfit("Cannot be kept exactly.", "out_of_range")

    return check


def _is_double(value: int) -> bool:
    try:
        return float(value) == value
    except OverflowError:
        return False


def _decimals(kind: Any) -> _Check:
    digits, scale = kind.precision or 1000, kind.scale or 0
    limit = decimal.Decimal(10) ** (digits - scale)

    def check(value: Any) -> None:
        _expect(value, (int, decimal.Decimal) if kind.asdecimal else (int, float), "a decimal")
        number = decimal.Decimal(str(value))
        if not number.is_finite() or abs(number) >= limit:
            raise Misfit(f"Not within {digits - scale} digits before the point.", "out_of_range")
        if kind.scale is not None and _places(number) > scale:
            raise Misfit(f"More than {scale} digits behind the point.", "out_of_range")

    return check


def _places(number: decimal.Decimal) -> int:
    """Return how many digits there are behind the point, zeros at the end not counted."""
    return -int(number.normalize().as_tuple().exponent)


def _texts(kind: Any) -> _Check:
    length = kind.length or math.inf

    def check(value: Any) -> None:
        _expect(value, str, "a text")
        if len(value) > length:
            raise Misfit(f"Longer than {length} characters.", "too_long")
        _check_text(value)

    return check


def _check_text(value: str) -> None:
    if "\0" in value:
        raise Misfit("Has a character NUL.", "invalid")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Misfit("Has half of a character.", "invalid") from None


# The first and the last moment, which asyncpg takes for PostgreSQL's infinities.
_ENDS = frozenset((dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)))


def _datetimes(kind: Any) -> _Check:
    def check(value: Any) -> None:
        _expect(value, dt.datetime, "a time")
        if (value.tzinfo is not None) is not bool(kind.timezone):
            raise Misfit(f"Has {'no' if kind.timezone else 'a'} time zone.", "invalid")
        try:
            moments = (value.replace(tzinfo=dt.UTC), value.astimezone(dt.UTC))
        except OverflowError:
            raise Misfit("Not within the years 1 to 9999 in UTC.", "out_of_range") from None
        if not _ENDS.isdisjoint(moments):
            raise Misfit("Not within the years 1 to 9999 in UTC.", "out_of_range")

    return check


def _times(kind: Any) -> _Check:
    def check(value: Any) -> None:
        _expect(value, dt.time, "a time")
        if value.tzinfo is not None and not kind.timezone:
            raise Misfit("Has a time zone.", "invalid")

    return check


def _dates(kind: Any) -> _Check:
    def check(value: Any) -> None:
        if isinstance(value, dt.datetime):
            raise Misfit("Not a date.", "invalid")
        _expect(value, dt.date, "a date")

    return check


def _plain(tp: Any, what: str) -> Callable[[Any], _Check]:
    return lambda kind: lambda value: _expect(value, tp, what)


def _jsons(kind: Any) -> _Check:
    def check(value: Any) -> None:
        try:
            text = msgspec.json.encode(value)
        except (TypeError, ValueError, RecursionError):
            raise Misfit("Cannot be written in JSON.", "invalid") from None
        if b"\\u0000" in text:
            raise Misfit("Has a character NUL.", "invalid")
        if type(value) is int and not -(2**63) <= value < 2**63:  # SQLite makes a double of it
            raise Misfit("Not an integer of 64 bits.", "out_of_range")

    return check


def _expect(value: Any, tp: Any, what: str) -> None:
    if not isinstance(value, tp) or (isinstance(value, bool) and tp is not bool):
        raise Misfit(f"Not {what}.", "invalid")


_CHECKS: Mapping[Any, Callable[[Any], _Check]] = {
    types.Enum: lambda kind: _anything,
    types.Integer: _integers,
    types.Float: _floats,
    types.Numeric: _decimals,
    types.String: _texts,
    types.Boolean: _plain(bool, "true or false"),
    types.DateTime: _datetimes,
    types.Time: _times,
    types.Date: _dates,
    types.Uuid: _plain(uuid.UUID, "a UUID"),
    types.LargeBinary: _plain(bytes, "bytes"),
    types.JSON: _jsons,
}


def _maker_of(default: Any) -> Callable[[], Any] | None:
    """Return what makes a value that SQLAlchemy makes in Python; None where the database does."""
    if default is None or not (default.is_scalar or default.is_callable):
        return None
    # SQLAlchemy calls it with a context of a statement, which there is not here.
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)


def _json_of(value: object) -> str:
    return msgspec.json.encode(value).decode()
