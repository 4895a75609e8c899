"""The driver for SQLite."""

import asyncio
import sqlite3
import threading

import pytest

from webkit.database.drivers import LACKING, DatabaseUnavailable, Violation
from webkit.database.settings import DatabaseConfig, address_of
from webkit.database.sqlite import SQLiteDriver
from webkit.exceptions import ServiceUnavailable


MANY = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n"


def _driver(url, **settings):
    config = DatabaseConfig(url=url, **settings)
    return SQLiteDriver(address_of(url), config)


@pytest.fixture
async def driver(tmp_path):
    made = _driver(f"sqlite:///{tmp_path}/db.sqlite3", pool_size=2, pool_timeout=0.2)
    await made.open()
    await made.write("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)")
    yield made
    await made.close()


async def test_what_was_written_can_be_read(driver):
    assert await driver.write("INSERT INTO t (name) VALUES (?) RETURNING id", ["a"]) == [(1,)]
    assert await driver.read("SELECT name FROM t") == [("a",)]


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1)]
)
async def test_the_file_is_used_as_a_server_uses_it(driver, pragma, value):
    async with driver.lease() as lease:
        assert await lease.fetch(f"PRAGMA {pragma}") == [(value,)]


async def test_what_reads_cannot_write(driver):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        driver._here.execute("INSERT INTO t (name) VALUES ('a')")


async def test_a_short_read_stays_in_the_loop(driver):
    await driver.read("SELECT 1")

    assert driver._readers == []


async def test_a_long_read_is_done_by_a_thread(driver):
    rows = await driver.read(MANY, [20_000])

    assert len(rows) == 20_000
    assert len(driver._readers) == 1
    assert len(await driver.read(MANY, [3])) == 3  # it is known as long
    assert list(driver._long) == [MANY]


async def test_what_is_known_as_long_is_forgotten_when_there_is_too_much(driver):
    driver._long.update((str(number), float("inf")) for number in range(512))

    await driver.read(MANY, [20_000])

    assert list(driver._long) == [MANY]


async def test_long_reads_have_a_thread_each_up_to_the_size_of_the_pool(driver):
    await asyncio.gather(*(driver.read(f"{MANY} -- {n}", [20_000]) for n in range(4)))

    assert len(driver._readers) == 2
    await driver.read(MANY, [20_000])
    assert len(driver._readers) == 2


async def test_others_get_their_turn_between_short_reads(driver):
    turns = []

    async def other():
        turns.append(1)

    task = asyncio.ensure_future(other())
    for _ in range(64):
        await driver.read("SELECT 1")

    assert turns == [1]
    await task


async def test_a_transaction_is_undone_with_an_error(driver):
    with pytest.raises(LookupError):
        async with driver.lease() as lease:
            await lease.change("INSERT INTO t (name) VALUES ('a')")
            raise LookupError

    assert await driver.read("SELECT * FROM t") == []


async def test_a_transaction_that_is_cancelled_is_undone(driver):
    begun = asyncio.Event()

    async def work():
        async with driver.lease() as lease:
            await lease.change("INSERT INTO t (name) VALUES ('a')")
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.ensure_future(work())
    await begun.wait()
    task.cancel()
    await asyncio.wait([task])

    await driver.write("INSERT INTO t (name) VALUES ('b')")
    assert await driver.read("SELECT name FROM t") == [("b",)]


async def test_a_statement_with_several_arguments_is_run_in_one_hop(driver):
    async with driver.lease() as lease:
        sql = "INSERT INTO t (name) VALUES (?) RETURNING id"
        assert await lease.many(sql, [["a"], ["b"]]) == [(1,), (2,)]


async def test_who_waits_too_long_for_a_transaction_to_end_is_turned_away(driver):
    async with driver.lease():
        with pytest.raises(ServiceUnavailable):
            await driver.write("INSERT INTO t (name) VALUES ('b')")


async def test_who_waits_for_a_transaction_writes_when_it_has_ended(driver):
    async with driver.lease() as lease:
        task = asyncio.ensure_future(driver.write("INSERT INTO t (name) VALUES ('b')"))
        await asyncio.sleep(0)
        await lease.change("INSERT INTO t (name) VALUES ('a')")
    await task

    assert await driver.read("SELECT name FROM t ORDER BY id") == [("a",), ("b",)]


async def test_another_process_that_writes_for_too_long_is_not_waited_for(driver, tmp_path):
    other = sqlite3.connect(tmp_path / "db.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(ServiceUnavailable):
        await driver.write("INSERT INTO t (name) VALUES ('a')")
    other.close()

    await driver.write("INSERT INTO t (name) VALUES ('a')")


async def test_a_job_that_waits_too_long_is_turned_away(driver):
    gate = threading.Event()
    blocking = driver._writer.submit(lambda connection: gate.wait(0.5), timeout=5)

    with pytest.raises(ServiceUnavailable):
        await driver.write("INSERT INTO t (name) VALUES ('a')")
    await blocking


async def test_what_sqlite_has_undone_by_itself_is_not_gone_on_with(driver):
    with pytest.raises(sqlite3.OperationalError, match="is over"):
        async with driver.lease() as lease:
            await lease.fetch("ROLLBACK")
            await lease.fetch("SELECT 1")


async def test_an_error_of_the_statement_stays_one(driver):
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await driver.read("SELECT * FROM missing")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await driver.write("DELETE FROM missing")


@pytest.mark.parametrize(
    "sql",
    ["SELECT a FROM missing", "SELECT missing FROM shop", "INSERT INTO shop (missing) VALUES (1)"],
)
async def test_what_lacks_a_table_or_column_is_told_how_they_are_made(driver, sql):
    await driver.write("CREATE TABLE shop (id INTEGER)")

    with pytest.raises(sqlite3.OperationalError) as caught:
        await driver.write(sql)

    assert caught.value.__notes__ == [LACKING]


async def test_a_file_that_cannot_be_written_is_away(driver):
    async with driver.lease() as lease:
        await lease.fetch("PRAGMA query_only = ON")

    with pytest.raises(ServiceUnavailable, match="away"):
        await driver.write("INSERT INTO t (name) VALUES ('a')")


async def test_a_temporary_file_goes_away():
    driver = _driver("sqlite://")
    await driver.open()
    path = driver._path
    assert path.exists()

    await driver.close()

    assert not path.parent.exists()


async def test_a_file_that_cannot_be_opened_is_an_error(tmp_path):
    driver = _driver(f"sqlite:///{tmp_path}/missing/db.sqlite3")

    with pytest.raises(DatabaseUnavailable, match="unable to open database file"):
        await driver.open()


@pytest.mark.parametrize(
    ("message", "violation"),
    [
        ("UNIQUE constraint failed: t.name", Violation("unique", ("name",))),
        ("UNIQUE constraint failed: t.a, t.b", Violation("unique", ("a", "b"))),
        ("NOT NULL constraint failed: t.name", Violation("required", ("name",))),
        ("CHECK constraint failed: ck_t_age", Violation("check", name="ck_t_age")),
        ("FOREIGN KEY constraint failed", Violation("reference")),
        ("datatype mismatch", None),
    ],
)
def test_an_error_about_a_rule_is_known(message, violation):
    driver = _driver("sqlite://")

    assert driver.violation_of(sqlite3.IntegrityError(message)) == violation
    assert driver.violation_of(ValueError(message)) is None


async def test_texts_are_compared_without_regard_to_case_in_every_script(driver):
    sql = "SELECT webkit_casefold('ÉTÉ'), webkit_casefold(NULL)"

    assert await driver.read(sql) == [("été", None)]
