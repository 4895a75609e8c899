"""Columns: which values one can keep."""

import datetime as dt
import enum
import math
import uuid
from decimal import Decimal

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    Uuid,
    func,
)
from sqlalchemy import Column as Declared
from sqlalchemy.schema import MetaData

from webkit.database.columns import Misfit, column_of
from webkit.database.dialects import dialect_of
from webkit.exceptions import ConfigurationError


KINDS = ("sqlite", "postgresql")
NOON = dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)
NAIVE = NOON.replace(tzinfo=None)


class Genre(enum.Enum):
    JAZZ = "jazz"


def _column(kind, tp, **facts):
    declared = Declared("v", tp, **facts)
    Table("t", MetaData(), declared)
    return column_of("value", declared, dialect=dialect_of(kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("tp", "value"),
    [
        (SmallInteger(), 32767),
        (Integer(), -(2**31)),
        (BigInteger(), 2**63 - 1),
        (BigInteger().with_variant(Integer(), "sqlite"), 2**63 - 1),
        (Float(), 1.5),
        (Float(), 3),
        (Numeric(5, 2), Decimal("999.99")),
        (Numeric(5, 2), Decimal("1E+2")),
        (Numeric(5, 2), 7),
        (Numeric(5, 2, asdecimal=False), 7.25),
        (Boolean(), False),
        (String(3), "été"),
        (Text(), "🎷" * 100),
        (Date(), dt.date(1, 1, 1)),
        (DateTime(timezone=True), NOON),
        (DateTime(), NAIVE),
        (Time(), dt.time(23, 59)),
        (Uuid(), uuid.UUID(int=7)),
        (LargeBinary(), b"\0"),
        (JSON(), {"a": [1, None, "é"]}),
        (String(5), Genre.JAZZ),
        (Interval(), dt.timedelta(1)),
        (String(5), None),
    ],
    ids=repr,
)
def test_what_a_column_can_keep_is_taken(kind, tp, value):
    _column(kind, tp).bound(value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("tp", "value", "code"),
    [
        (SmallInteger(), 32768, "out_of_range"),
        (Integer(), 2**31, "out_of_range"),
        (BigInteger(), -(2**63) - 1, "out_of_range"),
        (Integer(), True, "invalid"),
        (Integer(), "1", "invalid"),
        (Integer(), 1.0, "invalid"),
        (Float(), math.nan, "out_of_range"),
        (Float(), math.inf, "out_of_range"),
        (Float(), 10**400, "out_of_range"),
        (Float(), 2**53 + 1, "out_of_range"),
        (Numeric(5, 2), Decimal("NaN"), "out_of_range"),
        (Numeric(5, 2), Decimal(1000), "out_of_range"),
        (Numeric(5, 2), Decimal("0.001"), "out_of_range"),
        (Numeric(5, 2), 1.5, "invalid"),
        (Boolean(), 1, "invalid"),
        (String(3), "four", "too_long"),
        (Text(), "a\0b", "invalid"),
        (Text(), "\ud800", "invalid"),
        (Text(), 5, "invalid"),
        (Date(), NOON, "invalid"),
        (Date(), "2020-01-01", "invalid"),
        (DateTime(timezone=True), NAIVE, "invalid"),
        (DateTime(), NOON, "invalid"),
        (
            DateTime(timezone=True),
            dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1))),
            "out_of_range",
        ),
        (
            DateTime(timezone=True),
            dt.datetime.min.replace(tzinfo=dt.UTC),
            "out_of_range",
        ),
        (
            DateTime(timezone=True),
            dt.datetime.max.replace(tzinfo=dt.UTC),
            "out_of_range",
        ),
        (Time(), dt.time(12, tzinfo=dt.UTC), "invalid"),
        (Uuid(), "7", "invalid"),
        (LargeBinary(), "text", "invalid"),
        (JSON(), {"a": "\0"}, "invalid"),
        (JSON(), {"a": 1j}, "invalid"),
        (JSON(), 2**63, "out_of_range"),
    ],
    ids=repr,
)
def test_what_a_column_cannot_keep_exactly_is_refused(kind, tp, value, code):
    with pytest.raises(Misfit) as caught:
        _column(kind, tp).bound(value)

    assert caught.value.code == code


@pytest.mark.parametrize("tp", [Numeric(16, 2), Numeric()], ids=repr)
def test_a_decimal_that_sqlite_cannot_keep_exactly_is_a_mistake(tp):
    with pytest.raises(ConfigurationError, match=r"t\.v: a decimal in SQLite has at most 15"):
        _column("sqlite", tp)
    _column("postgresql", tp)


def test_an_enumeration_is_left_to_its_own_type():
    assert _column("postgresql", Enum(Genre)).bound(Genre.JAZZ) == "JAZZ"


def test_json_is_text_for_the_driver():
    assert _column("sqlite", JSON()).bound({"a": 1}) == '{"a":1}'


def test_what_sqlalchemy_makes_in_python_is_made():
    column = _column("sqlite", Integer(), default=7, onupdate=lambda: 8)

    assert (column.made(), column.remade()) == (7, 8)


def test_what_the_database_makes_is_left_to_it():
    column = _column("sqlite", DateTime(), default=func.now(), server_default=func.now())

    assert (column.made, column.remade) == (None, None)
