"""A table over HTTP: requests per second of the server's CPU time, webkit beside its peers.

python -m benchmarks.data_http [--url postgresql://...] [--rounds N] [--seconds S] [row ...]
"""

import argparse
import asyncio
import itertools
import json
import os
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from benchmarks.data import POSTGRES
from benchmarks.loads import Request, Server, need_wrk, running
from benchmarks.outcomes import Different, Missing, finish
from benchmarks.servers.artists import TABLE, values
from benchmarks.servers.artists_webkit import Artist, ArtistRow
from benchmarks.tables import Target, machine, table
from webkit.database import Database, DatabaseConfig, SQLRepository
from webkit.database.drivers import DatabaseUnavailable
from webkit.database.tables import create_tables, drop_tables


_SIDES = ("artists_webkit", "artists_fastapi", "artists_drf")
_HEADER = ("row", "against", "webkit", "it", "ratio", "quartiles", "first", "goal", "result")
_TARGET = Target(first=1, goal=1, higher_is_better=True)
_PORT = re.compile(r"127\.0\.0\.1:\d+")
_NEW = {"name": "Nina", "genre": "soul", "born": "1933-02-21", "rating": 5, "is_active": True}
_LATER = Request(path="/artists/?ordering=-rating")
_EMPTYING = {
    "sqlite": (f"DELETE FROM {TABLE}", f"DELETE FROM sqlite_sequence WHERE name = '{TABLE}'"),
    "postgresql": (f"TRUNCATE {TABLE} RESTART IDENTITY",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One request, and how many artists there are before the first: for each second of load."""

    request: Request
    artists: int = 1000
    per_second: int = 0

    def filled(self, seconds: int) -> int:
        """Return how many artists a load of so many seconds needs."""
        return self.artists + self.per_second * seconds


_FILTERED = "/artists/?born__gte=1950-01-01&genre=jazz&ordering=-rating"
ROWS = {
    "detail": Row(request=Request(path="/artists/$id/")),
    "page20": Row(request=Request(path=_FILTERED)),
    "create": Row(request=Request(method="POST", path="/artists/", body=json.dumps(_NEW))),
    "patch": Row(
        # A number that no row has: a session writes nothing where nothing changes.
        request=Request(method="PATCH", path="/artists/$id/", body='{"rating": 7$next}')
    ),
    "delete": Row(request=Request(method="DELETE", path="/artists/$next/"), per_second=20_000),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A database with the table, which all sides serve."""

    url: str

    @property
    def kind(self) -> str:
        """What it is: ``sqlite`` or ``postgresql``."""
        return "sqlite" if self.url.startswith("sqlite") else "postgresql"

    def make(self) -> None:
        """Make the table, with nothing in it, whatever a run that was ended has left."""
        asyncio.run(self._make())

    def fill(self, artists: int) -> None:
        """Leave so many artists in the table, with the keys from 1 on."""
        asyncio.run(self._fill(artists))

    def drop(self) -> None:
        """Remove the table."""
        asyncio.run(self._drop())

    async def _fill(self, artists: int) -> None:
        async with self._opened() as database:
            async with database.transaction(), database.session() as session:
                for statement in _EMPTYING[self.kind]:
                    await session.execute(text(statement))
            rows = [values(number) for number in range(1, artists + 1)]
            await SQLRepository(ArtistRow, Artist).on(database).add_many(rows)

    async def _make(self) -> None:
        async with self._opened() as database:
            await database.write(f"DROP TABLE IF EXISTS {TABLE}")
            await create_tables(database, [ArtistRow])

    async def _drop(self) -> None:
        async with self._opened() as database:
            await drop_tables(database, [ArtistRow])

    def _opened(self) -> Database:
        return Database(DatabaseConfig(url=self.url, connect_wait=0))


def main() -> None:
    """Measure the rows that the command line names, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.data_http", description=__doc__)
    parser.add_argument("--url", default=os.environ.get("TEST_POSTGRES_URL", POSTGRES))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=1, help="of load per side and round")
    parser.add_argument("rows", nargs="*", metavar="row", help=", ".join(ROWS))
    options = parser.parse_args()
    unknown = set(options.rows) - ROWS.keys()
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}. There are {', '.join(ROWS)}")
    need_wrk()
    print(machine("sqlalchemy", "uvloop", "fastapi", "django", "djangorestframework", "gunicorn"))
    print(f"{options.rounds} rounds of {options.seconds} s; requests per CPU-second, medians\n")
    rows = {name: ROWS[name] for name in options.rows or ROWS}
    lines: list[Sequence[str]] = []
    with tempfile.TemporaryDirectory() as folder:
        for url in (f"sqlite:///{folder}/benchmark.sqlite3", options.url):
            try:
                lines += measured(Place(url=url), rows, options.rounds, seconds=options.seconds)
            except DatabaseUnavailable as error:
                raise Missing(f"{error}\nOr name another one with --url") from None
    print(table(_HEADER, lines, labels=2))


def measured(
    place: Place, rows: Mapping[str, Row], rounds: int, *, seconds: int
) -> Iterator[Sequence[str]]:
    """Yield the lines of the table for one database."""
    found: dict[tuple[str, str], list[float]] = {}
    place.make()
    try:
        names = _checked(place, rows)
        for number in range(1, rounds + 1):
            print(f"{place.kind}, round {number} of {rounds}", file=sys.stderr)
            order = names if number % 2 else names[::-1]
            for key, figure in _round(place, rows, order, seconds=seconds):
                found.setdefault(key, []).append(figure)
    finally:
        place.drop()
    own, *peers = names
    for name, peer in itertools.product(rows, peers):
        yield _line((f"{place.kind} {name}", peer), found[name, own], found[name, peer])


@contextmanager
def _running_all(place: Place, names: Sequence[str]) -> Iterator[list[Server]]:
    """Run the sides whose packages are installed."""
    with ExitStack() as stack:
        servers = [stack.enter_context(running(name, place.url)) for name in names]
        yield [server for server in servers if server]


def _checked(place: Place, rows: Mapping[str, Row]) -> list[str]:
    """Return the sides that can be measured, having checked that all answer the same.

    Raises:
        Different: two of them do not.
    """
    with _running_all(place, _SIDES) as servers:
        for (name, row), later in itertools.product(rows.items(), (False, True)):
            answers = {side.name: _answer(place, row, side, later=later) for side in servers}
            if len(set(answers.values())) > 1:
                lines = (f"{side}: {answer}" for side, answer in answers.items())
                raise Different("\n".join((f"{name}, {row.request}: answers differ", *lines)))
        return [server.name for server in servers]


def _answer(place: Place, row: Row, side: Server, *, later: bool) -> tuple[int, str]:
    """Return what a side answers; ``later``, what it answers to a reader afterwards."""
    place.fill(row.artists)
    answer = side.answer(row.request)
    if later:
        answer = side.answer(_LATER)
    # Links have the port. For a refusal, each side has its own words.
    data: Any = None if answer.status >= 400 else answer.data
    return answer.status, _PORT.sub("", json.dumps(data, sort_keys=True))


def _round(
    place: Place, rows: Mapping[str, Row], names: Sequence[str], *, seconds: int
) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield row and side, and the figure, of everything there is, once."""
    # New processes each round: two of the same program can differ by some percent.
    with _running_all(place, names) as servers:
        for (name, row), side in itertools.product(rows.items(), servers):
            place.fill(row.filled(seconds))
            figure = side.per_cpu_second(row.request, is_error=False, seconds=seconds)
            yield (name, side.name), figure
            side.rest()  # Django puts a row that has gone meanwhile into the table again


def _line(labels: Sequence[str], ours: Sequence[float], theirs: Sequence[float]) -> Sequence[str]:
    """Return the line of the table for one row and one peer."""
    ratio = statistics.median(ours) / statistics.median(theirs)
    each = [one / other for one, other in zip(ours, theirs, strict=True)]
    low, _, high = statistics.quantiles(each, n=4) if len(each) > 1 else each * 3
    figures = (f"{statistics.median(side):,.0f}" for side in (ours, theirs))
    spread = f"{low:.2f}-{high:.2f}"
    return (*labels, *figures, f"{ratio:.2f}", spread, *_TARGET.cells, _TARGET.verdict(ratio))


if __name__ == "__main__":
    finish(main)
