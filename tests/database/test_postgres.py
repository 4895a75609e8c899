"""The driver for PostgreSQL, with a server that goes away and comes back."""

import asyncio
import contextlib
from urllib.parse import urlsplit

import asyncpg
import pytest

from webkit.database.drivers import LACKING, DatabaseUnavailable, Violation
from webkit.database.postgres import PostgresDriver
from webkit.database.settings import DatabaseConfig, address_of
from webkit.exceptions import ServiceUnavailable


pytestmark = pytest.mark.postgres

SLOW = "SELECT pg_sleep(30)"


class Line:
    """What is between a driver and the server, and can be cut."""

    def __init__(self, url):
        self.target = urlsplit(url)
        self.is_cut = False
        self.writers = set()

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        port = self.server.sockets[0].getsockname()[1]
        self.url = self.target._replace(netloc=f"postgres:postgres@127.0.0.1:{port}").geturl()
        return self

    async def __aexit__(self, *error):
        self.cut()
        self.server.close()
        await self.server.wait_closed()

    def cut(self):
        self.is_cut = True
        for writer in self.writers:
            writer.transport.abort()

    def mend(self):
        self.is_cut = False

    async def _pass_on(self, reader, writer):
        if self.is_cut:
            writer.transport.abort()
            return
        target = self.target
        there_reader, there = await asyncio.open_connection(target.hostname, target.port or 5432)
        self.writers |= {writer, there}
        await asyncio.gather(self._copy(reader, there), self._copy(there_reader, writer))
        self.writers -= {writer, there}

    async def _copy(self, reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
        writer.close()


def _driver(url, **settings):
    settings = {"connect_wait": 0, "pool_size": 2, "pool_timeout": 0.3, **settings}
    return PostgresDriver(address_of(url), DatabaseConfig(url=url, **settings))


@pytest.fixture
async def line(postgres_database):
    async with Line(postgres_database) as made:
        yield made


@pytest.fixture
async def driver(line):
    made = _driver(line.url)
    await made.open()
    await made.write("CREATE TABLE t (id serial PRIMARY KEY, name text NOT NULL)")
    yield made
    await made.close()


async def _add(driver, name):
    await driver.write("INSERT INTO t (name) VALUES ($1)", [name])


async def _names(driver):
    return [row["name"] for row in await driver.read("SELECT name FROM t ORDER BY id")]


async def test_what_was_written_can_be_read(driver):
    await _add(driver, "a")

    assert await _names(driver) == ["a"]


async def test_a_server_that_is_late_is_waited_for(line):
    line.cut()
    driver = _driver(line.url, connect_wait=5)
    task = asyncio.ensure_future(driver.open())
    await asyncio.sleep(0)
    line.mend()

    await task

    assert [tuple(row) for row in await driver.read("SELECT 1")] == [(1,)]
    await driver.close()


async def test_a_server_that_is_not_there_is_an_error_without_a_password(line):
    line.cut()

    with pytest.raises(DatabaseUnavailable) as caught:
        await _driver(line.url).open()

    assert "cannot connect to postgresql://postgres:***@127.0.0.1" in str(caught.value)


async def test_a_database_that_is_not_there_is_an_error_at_once(line):
    url = urlsplit(line.url)._replace(path="/missing").geturl()

    with pytest.raises(DatabaseUnavailable, match='database "missing" does not exist'):
        await _driver(url, connect_wait=60).open()


async def test_a_read_that_was_cut_off_is_done_once_more(driver, line):
    async with driver.lease():
        pass
    reads = [
        asyncio.ensure_future(driver.read("SELECT pg_sleep(0.2), $1::int", [n])) for n in range(2)
    ]
    await asyncio.sleep(0.05)  # they are under way
    line.cut()
    line.mend()

    assert [rows[0][1] for rows in await asyncio.gather(*reads)] == [0, 1]


async def test_with_one_connection_those_are_given_up_that_were_cut_with_it(driver, line):
    async with driver.lease(), driver.lease():
        pass
    read = asyncio.ensure_future(driver.read("SELECT pg_sleep(0.2), 1"))
    await asyncio.sleep(0.05)  # it is under way
    (other,) = driver._idle
    line.cut()
    line.mend()

    assert (await read)[0][1] == 1
    assert other.is_closed()


async def test_a_mistake_in_a_statement_stays_one(driver):
    for attempt in (driver.read("SELEC"), driver.write("SELEC")):
        with pytest.raises(asyncpg.PostgresSyntaxError):
            await attempt


async def test_what_lacks_a_table_or_column_is_told_how_they_are_made(driver):
    for attempt in (driver.read("SELECT a FROM missing"), driver.write("SELECT missing")):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await attempt
        assert caught.value.__notes__ == [LACKING]


async def test_a_state_that_asyncpg_does_not_expect_is_a_cut(driver):
    error = asyncpg.InternalClientError("another operation is in progress")

    assert driver.answer_of(error).status_code == 503


async def test_a_connection_that_was_cut_is_not_used_again(driver):
    driver._idle[-1].terminate()

    await _add(driver, "a")

    assert await _names(driver) == ["a"]
    assert driver._count == 1


async def test_while_the_server_is_away_it_is_said_and_it_is_used_when_it_is_back(driver, line):
    line.cut()

    for _ in range(3):
        with pytest.raises(ServiceUnavailable, match="away"):
            await _names(driver)
        with pytest.raises(ServiceUnavailable, match="away"):
            await _add(driver, "a")
    line.mend()

    await _add(driver, "a")
    assert await _names(driver) == ["a"]


async def test_a_write_that_was_cut_off_is_not_done_twice(driver, line):
    await _add(driver, "a")
    task = asyncio.ensure_future(driver.write(SLOW))
    await asyncio.sleep(0)
    line.cut()

    with pytest.raises(ServiceUnavailable, match="away"):
        await task


async def test_a_transaction_that_was_cut_off_is_undone(driver, line):
    with pytest.raises(ServiceUnavailable, match="away"):
        async with driver.lease() as lease:
            await lease.change("INSERT INTO t (name) VALUES ('a')")
            line.cut()
            await lease.change("INSERT INTO t (name) VALUES ('b')")
    line.mend()

    assert await _names(driver) == []


async def test_a_transaction_is_done_or_undone_as_a_whole(driver):
    async with driver.lease() as lease:
        await lease.change("INSERT INTO t (name) VALUES ($1)", ["a"])
        await lease.many("INSERT INTO t (name) VALUES ($1) RETURNING id", [["b"], ["c"]])
    with pytest.raises(LookupError):
        async with driver.lease() as lease:
            await lease.change("INSERT INTO t (name) VALUES ('d')")
            raise LookupError

    assert await _names(driver) == ["a", "b", "c"]
    assert len(driver._idle) == 1


async def test_a_statement_that_fails_undoes_nothing_else(driver):
    async with driver.lease() as lease:
        await lease.change("INSERT INTO t (name) VALUES ('a')")
        with pytest.raises(asyncpg.NotNullViolationError):
            await lease.change("INSERT INTO t (name) VALUES (NULL)")

    assert await _names(driver) == ["a"]


async def test_a_transaction_that_was_given_up_is_not_taken_for_done(driver):
    with pytest.raises(RuntimeError, match="nothing is done"):
        async with driver.lease() as lease:
            await lease.change("INSERT INTO t (name) VALUES ('a')")
            with pytest.raises(asyncpg.UndefinedTableError):
                await lease.fetch("SELECT * FROM missing")

    assert await _names(driver) == []


async def test_a_transaction_that_is_cancelled_is_undone(driver):
    begun = asyncio.Event()

    async def work():
        async with driver.lease() as lease:
            await lease.change("INSERT INTO t (name) VALUES ('a')")
            begun.set()
            await lease.fetch(SLOW)

    task = asyncio.ensure_future(work())
    await begun.wait()
    task.cancel()
    await asyncio.wait([task])

    assert await _names(driver) == []


async def test_who_waits_too_long_for_a_connection_is_turned_away(driver):
    async with driver.lease(), driver.lease():
        with pytest.raises(ServiceUnavailable, match="busy"):
            await _names(driver)


async def test_who_waits_gets_the_connection_of_who_leaves(driver):
    async with driver.lease():
        async with driver.lease():
            task = asyncio.ensure_future(_names(driver))
            await asyncio.sleep(0)
        assert await task == []


async def test_who_waits_makes_a_connection_in_the_place_of_one_that_was_cut(driver, line):
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(driver.lease())
        task = asyncio.ensure_future(_names(driver))
        await asyncio.sleep(0)
        for connection in line.writers:
            connection.transport.abort()
        with contextlib.suppress(ServiceUnavailable):
            await stack.aclose()

    assert await task == []


async def test_who_gives_up_waiting_takes_nothing_with_him(driver):
    async with driver.lease():
        async with driver.lease():
            tasks = [asyncio.ensure_future(_names(driver)) for _ in range(2)]
            await asyncio.sleep(0)
        tasks[0].cancel()  # it has the connection, and does not know yet
        assert await tasks[1] == []

    assert driver._count == len(driver._idle) == 2


async def test_who_gives_up_a_place_leaves_it_to_the_next(driver):
    async with driver.lease():
        with pytest.raises(ServiceUnavailable, match="away"):
            async with driver.lease() as lease:
                tasks = [asyncio.ensure_future(_names(driver)) for _ in range(2)]
                await asyncio.sleep(0)
                lease.raw.terminate()
        tasks[0].cancel()  # it may make a connection, and does not know yet
        assert await tasks[1] == []

    assert driver._count == len(driver._idle) == 2


async def test_who_gives_up_connecting_leaves_the_place(driver, line):
    async with driver.lease():
        task = asyncio.ensure_future(_names(driver))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

        assert driver._count == 1


async def test_many_clients_on_few_connections_are_all_answered(driver):
    async def ask():
        try:
            return (await driver.write("SELECT pg_sleep(0.005), 1"))[0][1]
        except ServiceUnavailable:
            return 503

    async with asyncio.timeout(20):
        answers = await asyncio.gather(*(ask() for _ in range(200)))

    assert len(answers) == 200
    assert set(answers) == {1, 503}
    assert await _names(driver) == []


async def test_a_statement_that_takes_too_long_is_given_up(line):
    driver = _driver(line.url, statement_timeout=0.1)
    await driver.open()

    for attempt in (driver.read(SLOW), driver.write(SLOW)):
        with pytest.raises(ServiceUnavailable, match="busy"):
            await attempt
    await driver.close()


async def test_a_lock_that_is_not_to_be_had_is_said(driver):
    async with driver.lease() as lease:
        await lease.fetch("LOCK TABLE t")
        with pytest.raises(ServiceUnavailable, match="busy"):
            await driver.write("DO $$ BEGIN LOCK TABLE t NOWAIT; END $$")


async def test_a_connection_that_is_in_use_is_closed_when_it_is_given_back(driver):
    async with driver.lease() as lease:
        await driver.close()
        raw = lease.raw

    assert raw.is_closed()


RULES = """
CREATE TABLE label (id int PRIMARY KEY, age int CONSTRAINT ck_age CHECK (age > 0));
CREATE TABLE album (
    id int NOT NULL, "Title" text, label_id int REFERENCES label (id), small smallint,
    UNIQUE ("Title", label_id)
);
INSERT INTO label VALUES (1, 1);
INSERT INTO album VALUES (1, 'a', 1);
CREATE UNIQUE INDEX ix_lower ON album (lower("Title"));
"""


@pytest.mark.parametrize(
    ("sql", "violation"),
    [
        ("""INSERT INTO album VALUES (1, 'a', 1)""", Violation("unique", ("Title", "label_id"))),
        ("INSERT INTO label VALUES (1, 1)", Violation("unique", ("id",))),
        ("INSERT INTO album VALUES (1, 'b', 9)", Violation("reference", ("label_id",))),
        ("DELETE FROM label", Violation("reference", ("id",))),
        ("INSERT INTO label VALUES (2, 0)", Violation("check", name="ck_age")),
        ("INSERT INTO album VALUES (NULL)", Violation("required", ("id",))),
        ("INSERT INTO album VALUES (1, 'c', 1, 99999)", Violation("value")),
        ("INSERT INTO missing VALUES (1)", None),
    ],
)
async def test_an_error_about_a_rule_is_known(driver, sql, violation):
    async with driver.lease() as lease:
        await lease.raw.execute(RULES)
    with pytest.raises(asyncpg.PostgresError) as caught:
        await driver.write(sql)

    assert driver.violation_of(caught.value) == violation
