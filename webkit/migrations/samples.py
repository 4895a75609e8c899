"""Sample data: what a unit has in ``sample.json``, put into tables that are empty.

The file has rows by table: ``{"artists": [{"name": "Nina Simone", "born": "1933-02-21"}]}``. Rows
go in as they stand there, tables as they refer to each other, and all of it or nothing.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import JSON, Column, Connection, MetaData, Table, func, insert, select

from webkit.exceptions import UsageError


__all__ = ("FILE", "insert_rows", "rows_in")

FILE = "sample.json"
_Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def rows_in(paths: Iterable[Path], metadata: MetaData) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of files, by table, in the types of their columns.

    Raises:
        UsageError: a file has something that its table cannot take; all of that, a line each.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    problems: list[str] = []
    for path in paths:
        for place, name, row in _rows_of(path, problems):
            table = metadata.tables.get(name)
            if table is None:
                known = ", ".join(metadata.tables) or "none"
                problems.append(f"{place}: there is no such table. There is {known}")
            else:
                values, mistakes = _converted(row, table)
                problems += (f"{place}{mistake}" for mistake in mistakes)
                found.setdefault(name, []).append(values)
    if problems:
        raise UsageError("\n".join(dict.fromkeys(problems)))
    return found


def insert_rows(connection: Connection, rows: _Rows, metadata: MetaData) -> dict[str, int]:
    """Insert rows into tables that are empty; return how many, by table."""
    done = {}
    for table in metadata.sorted_tables:
        if table.name in rows and connection.execute(select(1).select_from(table)).first() is None:
            for row in rows[table.name]:
                connection.execute(insert(table).values(row))
            _count_on(connection, table)
            done[table.name] = len(rows[table.name])
    return done


def _rows_of(path: Path, problems: list[str]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield the rows of a file, each with its place and its table."""
    shown = f"{path.parent.name}/{path.name}"
    try:
        tables = msgspec.json.decode(path.read_bytes(), type=dict[str, list[dict[str, Any]]])
    except (OSError, msgspec.DecodeError) as error:
        problems.append(f"{shown}: {error}")
        return
    for name, rows in tables.items():
        for number, row in enumerate(rows):
            yield f"{shown}: {name}[{number}]", name, row


def _converted(row: Mapping[str, Any], table: Table) -> tuple[dict[str, Any], list[str]]:
    """Return a row in the types of its table, and what is wrong with it."""
    values: dict[str, Any] = {}
    mistakes: list[str] = []
    for name, value in row.items():
        try:
            values[name] = _value(value, table.columns[name])
        except KeyError:
            mistakes.append(f": {table.name} has no column {name!r}")
        except msgspec.ValidationError as error:
            mistakes.append(f".{name}: {error}")
    return values, mistakes


def _value(value: Any, column: Column[Any]) -> Any:
    if value is None or isinstance(column.type, JSON):
        return value
    found = msgspec.convert(value, column.type.python_type, strict=False)
    if isinstance(found, dt.datetime) and found.tzinfo:
        return found.astimezone(dt.UTC)
    return found


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL count keys from behind those that the rows have brought."""
    key = table.autoincrement_column
    if connection.dialect.name == "postgresql" and key is not None:
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        largest = select(func.max(key)).scalar_subquery()
        connection.execute(select(func.setval(sequence, largest)))
