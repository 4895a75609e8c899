"""A table, in process: webkit's repository beside the engine and the sessions of SQLAlchemy.

python -m benchmarks.data [--url postgresql://...] [--rounds N] [--tasks N]
"""

import argparse
import asyncio
import datetime as dt
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import msgspec
import uvloop
from sqlalchemy import Date, String, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Mapped, mapped_column

from benchmarks.outcomes import Missing, finish
from benchmarks.tables import Target, machine, table
from webkit.database import Database, DatabaseConfig, Model, SQLRepository, WithID
from webkit.database.drivers import DatabaseUnavailable
from webkit.database.tables import create_tables, drop_tables
from webkit.filters import ListQuery


POSTGRES = "postgresql://postgres:postgres@127.0.0.1:5432/postgres"
_ROWS = 1000
_WARM_UP = 3
_TIMES = {"get": 20, "list100": 5, "create": 8, "update": 8}  # for each task in a round
_READS = {"sqlite": Target(first=5, goal=15, higher_is_better=True)}
_READS["postgresql"] = Target(first=2, goal=3, higher_is_better=True)
_WRITES = Target(first=1, goal=1.5, higher_is_better=True)


class ArtistRow(WithID, Model):
    """An artist as a row."""

    __tablename__ = "benchmark_artist"

    name: Mapped[str] = mapped_column(String(80))
    genre: Mapped[str] = mapped_column(String(20))
    born: Mapped[dt.date | None] = mapped_column(Date())
    rating: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    seen: Mapped[dt.datetime | None]


class Artist(msgspec.Struct):
    """An artist as clients see one."""

    id: int
    name: str
    genre: str
    born: dt.date | None
    rating: int
    is_active: bool
    seen: dt.datetime | None


_TABLE: Any = ArtistRow.__table__
_NEW = {"name": "Nina", "genre": "jazz", "born": dt.date(1933, 2, 21), "rating": 5}
_NEW = {**_NEW, "is_active": True, "seen": dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)}
_keys = itertools.cycle(range(1, _ROWS + 1))
_Side = Mapping[str, Callable[[], Awaitable[Any]]]


def webkit_side(database: Database) -> _Side:
    """Return what webkit does."""
    artists = SQLRepository(ArtistRow, Artist).on(database)
    query = ListQuery(limit=100)
    return {
        "get": lambda: artists.get(next(_keys)),
        "list100": lambda: artists.list(query),
        "create": lambda: artists.add(_NEW),
        "update": lambda: artists.update(next(_keys), {"rating": 7}),
    }


def core_side(engine: AsyncEngine) -> _Side:
    """Return the same statements through the asynchronous engine of SQLAlchemy."""

    async def get() -> Artist:
        async with engine.connect() as connection:
            found = await connection.execute(select(_TABLE).where(_TABLE.c.id == next(_keys)))
            return Artist(*found.one())

    async def list100() -> list[Artist]:
        async with engine.connect() as connection:
            found = await connection.execute(select(_TABLE).order_by(_TABLE.c.id).limit(100))
            return [Artist(*row) for row in found]

    async def create() -> Artist:
        async with engine.begin() as connection:
            made = await connection.execute(insert(_TABLE).values(_NEW).returning(_TABLE))
            return Artist(*made.one())

    async def change() -> Artist:
        changing = update(_TABLE).where(_TABLE.c.id == next(_keys)).values(rating=7)
        async with engine.begin() as connection:
            changed = await connection.execute(changing.returning(_TABLE))
            return Artist(*changed.one())

    return {"get": get, "list100": list100, "create": create, "update": change}


def session_side(engine: AsyncEngine) -> _Side:
    """Return the same through sessions and mapped objects."""
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    def seen(row: Any) -> Artist:
        return msgspec.convert(row, Artist, from_attributes=True)

    async def get() -> Artist:
        async with sessions() as session:
            return seen(await session.get(ArtistRow, next(_keys)))

    async def list100() -> list[Artist]:
        async with sessions() as session:
            rows = await session.scalars(select(ArtistRow).order_by(ArtistRow.id).limit(100))
            return list(map(seen, rows))

    async def create() -> Artist:
        async with sessions() as session:
            row = ArtistRow(**_NEW)
            session.add(row)
            await session.commit()
            return seen(row)

    async def change() -> Artist:
        async with sessions() as session:
            row: Any = await session.get(ArtistRow, next(_keys))
            row.rating = 7 if row.rating != 7 else 6
            await session.commit()
            return seen(row)

    return {"get": get, "list100": list100, "create": create, "update": change}


async def _seconds(call: Callable[[], Awaitable[Any]], *, tasks: int, times: int) -> float:
    """Return how long a call takes, when so many tasks call it so many times each."""

    async def work() -> None:
        for _ in range(times):
            await call()

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(tasks)))
    return (time.perf_counter() - started) / (tasks * times)


@asynccontextmanager
async def _sides(url: str) -> AsyncIterator[dict[str, _Side]]:
    """Give all sides on one database with one table."""
    scheme, _, place = url.partition("://")
    driver = "sqlite+aiosqlite" if scheme == "sqlite" else "postgresql+asyncpg"
    engine = create_async_engine(f"{driver}://{place}", pool_size=5, max_overflow=0)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(engine.dispose)
        database = await stack.enter_async_context(Database(DatabaseConfig(url=url)))
        await create_tables(database, [ArtistRow])
        stack.push_async_callback(drop_tables, database, [ArtistRow])
        await SQLRepository(ArtistRow, Artist).on(database).add_many([_NEW] * _ROWS)
        yield {
            "webkit": webkit_side(database),
            "engine": core_side(engine),
            "session": session_side(engine),
        }


async def measured(url: str, *, rounds: int, tasks: int) -> list[Sequence[str]]:
    """Return the rows of the table for one database."""
    kind = url.partition(":")[0]
    rows = []
    async with _sides(url) as sides:
        for name, times in _TIMES.items():
            found: dict[str, list[float]] = {side: [] for side in sides}
            for side, _ in itertools.product(sides, range(_WARM_UP)):
                await _seconds(sides[side][name], tasks=tasks, times=1)
            for _, side in itertools.product(range(rounds), sides):
                seconds = await _seconds(sides[side][name], tasks=tasks, times=times)
                found[side].append(seconds * 1e6)
            middle = {side: statistics.median(values) for side, values in found.items()}
            target = _READS[kind] if name in {"get", "list100"} else _WRITES
            rows.append(_row(f"{kind} {name}", middle, target))
    return rows


def _row(name: str, middle: Mapping[str, float], target: Target) -> Sequence[str]:
    own = middle["webkit"]
    ratios = [middle[side] / own for side in ("engine", "session")]
    cells = (f"{own:.0f}", *(f"{middle[side]:.0f}" for side in ("engine", "session")))
    shown = (f"{ratio:.2f}" for ratio in ratios)
    return (name, *cells, *shown, *target.cells, target.verdict(ratios[0]))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default=os.environ.get("TEST_POSTGRES_URL", POSTGRES))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tasks", type=int, default=32)
    options = parser.parse_args()
    print(machine("sqlalchemy", "asyncpg", "aiosqlite", "msgspec", "uvloop"))
    rows: list[Sequence[str]] = []
    with tempfile.TemporaryDirectory() as folder:
        for url in (f"sqlite:///{folder}/benchmark.sqlite3", options.url):
            try:
                rows += uvloop.run(measured(url, rounds=options.rounds, tasks=options.tasks))
            except DatabaseUnavailable as error:
                raise Missing(f"{error}\nOr name another one with --url") from None
    header = ("row", "webkit us", "engine us", "session us", "engine/webkit", "session/webkit")
    print(table((*header, "first", "goal", "result"), rows))


if __name__ == "__main__":
    finish(main)
