"""Dialects: SQLAlchemy's, with values that cross SQLite exactly, as they cross PostgreSQL.

1. A datetime with a time zone is kept as the instant in UTC, and comes back in UTC.
2. A decimal of up to 15 digits is kept as the number, whose text is exact, and comes back with the
   digits of its column.
3. Files that SQLAlchemy itself has written are read alike, and the other way round.
"""

import datetime as dt
import decimal
from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import Dialect, types
from sqlalchemy.dialects.postgresql.asyncpg import AsyncpgDateTime, PGDialect_asyncpg
from sqlalchemy.dialects.sqlite import DATETIME
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from webkit.database.settings import Kind


__all__ = (
    "EXACT_DIGITS",
    "Instant",
    "PostgresDialect",
    "PostgresInstant",
    "SQLiteDecimal",
    "SQLiteDialect",
    "dialect_of",
)

# A double has the text of every decimal of so many digits.
EXACT_DIGITS = 15

_Processor = Callable[[Any], Any]


class Instant(DATETIME):
    """A datetime in SQLite; with a time zone, its instant in UTC."""

    def bind_processor(self, dialect: Dialect) -> _Processor:
        """Return what makes the text that is kept."""
        write: Any = super().bind_processor(dialect)
        if not self.timezone:
            return write  # type: ignore[no-any-return]  # of SQLAlchemy

        def written(value: dt.datetime | None) -> Any:
            return value and write(value.astimezone(dt.UTC))

        return written

    def result_processor(self, dialect: Dialect, coltype: object) -> _Processor:
        """Return what makes the datetime of the text."""
        read: Any = super().result_processor(dialect, coltype)
        if not self.timezone:
            return read  # type: ignore[no-any-return]  # of SQLAlchemy
        return lambda text: read(text).replace(tzinfo=dt.UTC) if text else None


class SQLiteDecimal(types.Numeric[Any]):
    """A decimal in SQLite."""

    def bind_processor(self, dialect: Dialect) -> _Processor:
        """Return what makes the number that is kept."""
        return lambda value: None if value is None else float(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> _Processor | None:
        """Return what makes the decimal of the number."""
        scale, number = self._effective_decimal_return_scale, decimal.Decimal
        if not self.asdecimal:
            return lambda value: None if value is None else float(value)
        return lambda value: None if value is None else number(f"{value:.{scale}f}")


class PostgresInstant(AsyncpgDateTime):
    """A datetime in PostgreSQL.

    asyncpg keeps the first and the last that Python has as infinity, and gives them without a zone.
    """

    def result_processor(self, dialect: Dialect, coltype: object) -> _Processor | None:
        """Return what gives every datetime its zone."""
        if not self.timezone:
            return None
        utc = dt.UTC
        return lambda value: value and (value if value.tzinfo else value.replace(tzinfo=utc))


class PostgresDialect(PGDialect_asyncpg):
    """SQLAlchemy's dialect with this type, and with JSON as text."""

    supports_statement_cache = True
    supports_native_json_deserialization = False
    dialect_injects_custom_json_deserializer = False
    colspecs = {  # noqa: RUF012  # SQLAlchemy has it so
        **PGDialect_asyncpg.colspecs,
        types.DateTime: PostgresInstant,
    }


class SQLiteDialect(SQLiteDialect_pysqlite):
    """SQLAlchemy's dialect with these types."""

    supports_statement_cache = True
    colspecs = {  # noqa: RUF012  # SQLAlchemy has it so
        **SQLiteDialect_pysqlite.colspecs,
        types.DateTime: Instant,
        types.Numeric: SQLiteDecimal,
    }


def dialect_of(kind: Kind) -> Dialect:
    """Return a new dialect for a kind of database."""
    codec: Any = {"json_serializer": _json_of, "json_deserializer": msgspec.json.decode}
    if kind == "sqlite":
        return SQLiteDialect(paramstyle="qmark", **codec)
    dialect: Any = PostgresDialect
    made: Dialect = dialect(**codec)
    return made


def _json_of(value: object) -> str:
    return msgspec.json.encode(value).decode()
