import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from webkit.database.drivers import DatabaseUnavailable
from webkit.database.settings import address_of
from webkit.migrations.connections import connected


def make_table(connection):
    connection.execute(text("CREATE TABLE things (id INTEGER)"))


def count(connection):
    return connection.execute(text("SELECT count(*) FROM things")).scalar()


def test_what_is_done_is_kept(database):
    connected(database, make_table)

    assert connected(database, count) == 0


def test_an_error_takes_tables_back_as_well(database):
    def fail(connection):
        make_table(connection)
        raise LookupError

    with pytest.raises(LookupError):
        connected(database, fail)

    with pytest.raises(DBAPIError, match=r"no such table|does not exist"):
        connected(database, count)


def test_who_is_alone_keeps_the_next_one_waiting(database):
    order = []
    inside, waited = threading.Event(), threading.Event()

    def first(connection):
        connection.execute(text("SELECT 1"))
        inside.set()
        waited.wait(timeout=0.2)  # the other one stands before the door meanwhile
        order.append("first")

    def second(connection):
        connection.execute(text("SELECT 1"))
        order.append("second")

    thread = threading.Thread(target=connected, args=(database, first), kwargs={"alone": True})
    thread.start()
    inside.wait(timeout=10)
    connected(database, second, alone=True)
    thread.join(timeout=10)

    assert order == ["first", "second"]


@pytest.mark.parametrize(
    "url", ["sqlite:////no/such/folder/db.sqlite3", "postgresql://ann:secret@127.0.0.1:1/shop"]
)
def test_a_database_that_is_away_is_named_with_what_to_do(url):
    with pytest.raises(DatabaseUnavailable, match=r"cannot connect to .*webkit db init") as caught:
        connected(address_of(url), count)

    assert "secret" not in str(caught.value)
