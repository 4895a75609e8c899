"""Tables without migrations."""

import sqlite3

import pytest
from sqlalchemy.orm import Mapped

from webkit.database.models import Model, WithID
from webkit.database.tables import create_tables, drop_tables, empty_tables


class Guest(WithID, Model):
    __tablename__ = "tables_guest"

    name: Mapped[str]


async def test_tables_are_made_and_dropped(open_database):
    database = await open_database("sqlite")

    await create_tables(database, [Guest])
    assert await database.read("SELECT * FROM tables_guest") == []

    await drop_tables(database, [Guest.__table__])
    with pytest.raises(sqlite3.OperationalError):
        await database.read("SELECT * FROM tables_guest")


async def test_by_default_they_are_those_of_all_models(open_database):
    database = await open_database("sqlite")

    await create_tables(database)

    assert await database.read("SELECT * FROM tables_guest") == []


@pytest.mark.postgres
async def test_emptied_tables_count_from_one_again(open_database):
    database = await open_database("postgresql")
    await create_tables(database)
    insert = "INSERT INTO tables_guest (name) VALUES ('a') RETURNING id"
    await database.write(insert)

    await empty_tables(database)

    assert [tuple(row) for row in await database.write(insert)] == [(1,)]
