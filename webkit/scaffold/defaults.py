"""The default of a field: text from the command line, and the Python literal that it becomes.

Every function takes text and returns code, or raises `ValueError` with what it should have been.
Code is ASCII, in double quotes, as a formatter leaves it.
"""

import datetime as dt
import decimal
import json
import re
import uuid
from collections.abc import Callable


__all__ = (
    "boolean",
    "date",
    "decimal_number",
    "instant",
    "integer",
    "literal",
    "number",
    "text_of",
    "unique_id",
    "wall_clock",
)

INTEGERS = range(-(2**63), 2**63)  # those of a BIGINT, and of SQLite
DIGITS, PLACES = 15, 2  # of a decimal, and those of them behind the point
LENGTH = 60  # characters of a default, so that its line can be read


def literal(text: str) -> str:
    """Return ``text`` as a literal of Python."""
    quoted = json.dumps(text)
    if text.count('"') <= text.count("'"):
        return quoted
    inner = quoted[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{inner}'"


def text_of(length: int, *, pattern: str = "", such_as: str = "") -> Callable[[str], str]:
    """Return what reads text of at most so many characters that fits the pattern."""
    longest = min(length, LENGTH)

    def read(text: str) -> str:
        if len(text) > longest or not text.isprintable():
            raise ValueError(f"at most {longest} characters that can be seen")
        if not re.search(pattern, text):
            raise ValueError(such_as)
        return literal(text)

    return read


def integer(text: str) -> str:
    """Return a whole number of 64 bits."""
    if re.fullmatch("[-+]?[0-9]{1,19}", text) and int(text) in INTEGERS:
        return str(int(text))
    raise ValueError("a whole number of 64 bits, such as 7")


def number(text: str) -> str:
    """Return a number with a point."""
    if re.fullmatch(r"[-+]?[0-9]{1,17}(\.[0-9]{1,17})?", text):
        return repr(float(text))
    raise ValueError("a number such as 0.5")


def decimal_number(text: str) -> str:
    """Return a decimal number."""
    if re.fullmatch(rf"[-+]?[0-9]{{1,{DIGITS - PLACES}}}(\.[0-9]{{1,{PLACES}}})?", text):
        return f'Decimal("{decimal.Decimal(text)}")'
    raise ValueError("a number such as 9.99")


def boolean(text: str) -> str:
    """Return true or false."""
    if text.lower() in ("true", "false"):
        return text.capitalize()
    raise ValueError("true or false")


def date(text: str) -> str:
    """Return a day."""
    return _read(text, dt.date.fromisoformat, _date, such_as="a date such as 2026-01-31")


def instant(text: str) -> str:
    """Return an instant, in UTC."""
    example = "an instant with its time zone, such as 2026-01-31T12:00:00Z"
    return _read(text, dt.datetime.fromisoformat, _instant, such_as=example)


def wall_clock(text: str) -> str:
    """Return a time of day, of no time zone."""
    return _read(text, dt.time.fromisoformat, _time, such_as="a time such as 12:30")


def unique_id(text: str) -> str:
    """Return a UUID."""
    example = "a UUID such as 12345678-1234-5678-1234-567812345678"
    return _read(text, uuid.UUID, lambda value: f'UUID("{value}")', such_as=example)


def _read(
    text: str, read: Callable[[str], object], show: Callable[..., str], *, such_as: str
) -> str:
    try:
        return show(read(text))
    except ValueError:
        raise ValueError(such_as) from None


def _date(value: dt.date) -> str:
    return f"dt.date({value.year}, {value.month}, {value.day})"


def _clock(value: dt.datetime | dt.time) -> list[int]:
    """Return hour, minute, and what is not zero of the rest."""
    parts = [value.hour, value.minute, value.second, value.microsecond]
    while len(parts) > 2 and not parts[-1]:
        parts.pop()
    return parts


def _instant(value: dt.datetime) -> str:
    if value.tzinfo is None:
        raise ValueError(value)
    try:
        value = value.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError(value) from None
    parts = ", ".join(map(str, (value.year, value.month, value.day, *_clock(value))))
    return f"dt.datetime({parts}, tzinfo=dt.UTC)"


def _time(value: dt.time) -> str:
    if value.tzinfo is not None:
        raise ValueError(value)
    return f"dt.time({', '.join(map(str, _clock(value)))})"
