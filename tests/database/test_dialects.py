"""Values across the types of a dialect."""

import datetime as dt
import sqlite3
from decimal import Decimal

import pytest
from sqlalchemy import DateTime, Numeric, create_engine, literal_column, select

from webkit.database.dialects import dialect_of


LONG_AGO = dt.datetime.fromisoformat("0001-01-01 05:00:00.000007")
EAST = dt.timezone(dt.timedelta(hours=5))


def _crossed(kind, value):
    """Bring a value into a column of SQLite and back."""
    dialect = dialect_of("sqlite")
    impl = kind.dialect_impl(dialect)
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE t (v {impl.compile(dialect)})")
    connection.execute("INSERT INTO t VALUES (?)", [impl.bind_processor(dialect)(value)])
    ((found,),) = connection.execute("SELECT v FROM t").fetchall()
    connection.close()
    return impl.result_processor(dialect, None)(found)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (DateTime(timezone=True), dt.datetime(2020, 1, 1, 5, tzinfo=EAST), "2020-01-01 00:00+00"),
        (DateTime(timezone=True), None, None),
        (DateTime(), LONG_AGO, LONG_AGO),
        (Numeric(15, 2), Decimal("9999999999999.99"), Decimal("9999999999999.99")),
        (Numeric(15, 2), Decimal("-0.1"), Decimal("-0.10")),
        (Numeric(12, 2), Decimal(5), Decimal("5.00")),
        (Numeric(12, 2), None, None),
        (Numeric(12, 2, asdecimal=False), 0.25, 0.25),
        (Numeric(12, 2, asdecimal=False), None, None),
    ],
    ids=str,
)
def test_a_value_crosses_sqlite_exactly(kind, value, expected):
    if isinstance(expected, str):
        expected = dt.datetime.fromisoformat(expected)

    assert str(_crossed(kind, value)) == str(expected)


def test_an_instant_comes_back_in_utc():
    found = _crossed(DateTime(timezone=True), dt.datetime(2020, 1, 1, 5, tzinfo=EAST))

    assert found.tzinfo is dt.UTC


def test_json_is_written_in_utf8():
    dialect = dialect_of("postgresql")

    assert dialect._json_serializer({"é": [1]}) == '{"é":[1]}'


def test_a_file_that_sqlalchemy_has_written_is_read_alike(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/db.sqlite3")
    with engine.connect() as connection:
        text = connection.scalar(select(literal_column("'2020-01-01 05:30:00.000000'")))
    engine.dispose()

    impl = DateTime(timezone=True).dialect_impl(dialect_of("sqlite"))
    read = impl.result_processor(dialect_of("sqlite"), None)

    assert read(text) == dt.datetime(2020, 1, 1, 5, 30, tzinfo=dt.UTC)
