from sqlalchemy import inspect, text
from sqlalchemy.orm import Mapped

from webkit.database import Model, WithID
from webkit.migrations.connections import connected
from webkit.migrations.tables import create_tables, empty_tables


class Emptied(WithID, Model):
    """A table of this test."""

    __tablename__ = "emptied_by_a_test"

    name: Mapped[str]


def test_all_tables_are_made(database):
    create_tables(_url(database))

    names = connected(database, lambda connection: inspect(connection).get_table_names())
    assert Emptied.__tablename__ in names


def test_emptied_tables_count_from_one_again(database):
    if database.kind == "sqlite":  # has a new file instead
        return
    create_tables(_url(database))
    insert = text("INSERT INTO emptied_by_a_test (name) VALUES ('a') RETURNING id")
    connected(database, lambda connection: connection.execute(insert).scalar())

    empty_tables(_url(database))

    assert connected(database, lambda connection: connection.execute(insert).scalar()) == 1


def _url(address):
    return address.dsn or f"sqlite:///{address.path}"
