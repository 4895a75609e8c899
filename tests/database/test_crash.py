"""A process that is killed while it writes: what it has said to be done is done, and no half."""

import asyncio
import sys

import pytest

from webkit.database import Database, DatabaseConfig


WRITER = """
import asyncio, sys
from webkit.database import Database, DatabaseConfig

INSERT = "INSERT INTO crash (pair) VALUES ({})"

async def write(database, place, task):
    for number in range(task * 1_000_000, 10**9):
        async with database.transaction():
            await database.write(INSERT.format(place), [number])
            await database.write(INSERT.format(place), [number])
        print(number, flush=True)

async def main(url):
    async with Database(DatabaseConfig(url=url)) as database:
        place = "?" if url.startswith("sqlite") else "$1"
        await asyncio.gather(*(write(database, place, task) for task in range(4)))

asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.parametrize("round", [1, 2])
async def test_what_was_acknowledged_is_there_and_nothing_is_there_in_part(
    open_database, kind, round
):
    database = await open_database(kind)
    url = database.config.url
    await database.write("CREATE TABLE crash (pair INTEGER NOT NULL)")
    await database.close()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, url, stdout=asyncio.subprocess.PIPE
    )
    done = [int(await process.stdout.readline()) for _ in range(40 * round)]
    process.kill()
    rest = await process.stdout.read()
    done += map(int, rest[: rest.rfind(b"\n") + 1].split())
    await process.wait()

    async with Database(DatabaseConfig(url=url)) as after:
        rows = await after.read("SELECT pair, count(*) FROM crash GROUP BY pair")

    assert {count for _, count in rows} == {2}
    assert set(done) <= {pair for pair, _ in rows}
