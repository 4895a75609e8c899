"""Databases: statements and transactions."""

import asyncio
import sys

import pytest

from webkit.database.databases import Database
from webkit.database.settings import DatabaseConfig
from webkit.exceptions import ConfigurationError, MissingExtraError, WebkitError


INSERT = {
    "sqlite": "INSERT INTO t (name) VALUES (?)",
    "postgresql": "INSERT INTO t (name) VALUES ($1)",
}
TABLE = "CREATE TABLE t (id INTEGER {} PRIMARY KEY, name TEXT NOT NULL)"
COUNTED = {"sqlite": "", "postgresql": "GENERATED ALWAYS AS IDENTITY"}
NAMES = "SELECT name FROM t ORDER BY id"


@pytest.fixture
async def database(kind, open_database):
    opened = await open_database(kind, pool_timeout=0.5)
    await opened.write(TABLE.format(COUNTED[kind]))
    return opened


async def _add(database, name):
    await database.write(INSERT[database.address.kind], [name])


async def _names(database):
    return [name for (name,) in await database.read(NAMES)]


async def test_it_shows_no_password():
    database = Database(DatabaseConfig(url="postgresql://shop:secret@db/shop"))

    assert repr(database) == "<Database postgresql://shop:***@db/shop>"


def test_an_url_that_is_not_understood_is_a_mistake():
    with pytest.raises(ConfigurationError):
        Database(DatabaseConfig(url="mysql://db/shop"))


async def test_before_it_is_open_it_says_so():
    database = Database(DatabaseConfig(url="sqlite://"))

    with pytest.raises(WebkitError, match="the database is not open"):
        await database.read("SELECT 1")
    await database.close()


async def test_it_can_be_asked_whether_it_is_there(database):
    await database.check()


async def test_a_statement_alone_is_done_for_good(database):
    await _add(database, "a")

    assert await _names(database) == ["a"]


async def test_a_transaction_is_done_as_a_whole(database):
    async with database.transaction():
        await _add(database, "a")
        assert await _names(database) == ["a"]

    with pytest.raises(LookupError):
        async with database.transaction():
            await _add(database, "b")
            raise LookupError

    assert await _names(database) == ["a"]


async def test_a_transaction_in_another_is_undone_alone(database):
    async with database.transaction():
        await _add(database, "a")
        with pytest.raises(LookupError):
            async with database.transaction():
                await _add(database, "b")
                async with database.transaction():
                    await _add(database, "c")
                raise LookupError
        async with database.transaction():
            await _add(database, "d")

    assert await _names(database) == ["a", "d"]


async def test_many_are_written_all_or_none(database):
    sql = INSERT[database.address.kind]

    await database.write_many(sql, [["a"], ["b"]])
    with pytest.raises(Exception, match=r"(?i)null"):
        await database.write_many(sql, [["c"], [None]])

    assert await _names(database) == ["a", "b"]


async def test_transactions_that_are_parts_of_one_wait_for_each_other(database):
    async def work(name):
        async with database.transaction():
            await _add(database, name)
            await asyncio.sleep(0)
            await _add(database, name)

    async with database.transaction():
        await asyncio.gather(*map(work, "abc"))

    assert await _names(database) == list("aabbcc")


async def test_what_lives_longer_than_its_savepoint_belongs_to_the_transaction_around(database):
    over = asyncio.Event()

    async def late():
        await over.wait()
        await _add(database, "late")

    with pytest.raises(LookupError):
        async with database.transaction():
            async with database.transaction():
                task = asyncio.ensure_future(late())
                await asyncio.sleep(0)
            over.set()
            await task
            raise LookupError

    assert await _names(database) == []


async def test_what_is_under_way_when_a_transaction_ends_is_a_part_of_it(database):
    async with database.transaction():
        task = asyncio.ensure_future(_add(database, "a"))
        await asyncio.sleep(0)
    await task

    assert await _names(database) == ["a"]


async def test_what_comes_too_late_is_done_on_its_own(database):
    begun, over = asyncio.Event(), asyncio.Event()

    async def late():
        begun.set()
        await over.wait()
        await _add(database, "b")
        return await _names(database)

    async with database.transaction():
        await _add(database, "a")
        task = asyncio.ensure_future(late())
        await begun.wait()
    over.set()

    assert await task == ["a", "b"]


async def test_without_the_extra_of_postgresql_it_says_which_one_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    monkeypatch.delitem(sys.modules, "webkit.database.postgres", raising=False)

    with pytest.raises(MissingExtraError, match=r"webkit\[postgres\]"):
        await Database(DatabaseConfig(url="postgresql://db/shop")).open()
