"""Statements: made once for each shape, and lists in their order."""

import itertools

import msgspec
import pytest
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webkit.cursors import read_cursor, write_cursor
from webkit.database import statements
from webkit.database.models import Model, WithID
from webkit.database.repositories import SQLRepository
from webkit.filters import ListQuery, Order, select, where


class PlaceRow(WithID, Model):
    __tablename__ = "statements_place"

    name: Mapped[str] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(20))


class Place(msgspec.Struct):
    id: int
    name: str
    city: str | None = None


PLACES = [
    Place(number, name, city)
    for number, (name, city) in enumerate(itertools.product("ba", ["y", None, "x", "X"]), 1)
]
ORDERINGS = [
    (),
    ("name",),
    ("-name", "-id"),
    ("city",),
    ("-city",),
    ("name", "-city"),
    ("-city", "name"),
    ("-city", "-name"),
]


def _orders(keys):
    return tuple(Order(key.removeprefix("-"), key.startswith("-")) for key in keys)


@pytest.fixture
async def places(open_database, kind):
    repository = SQLRepository(PlaceRow, Place).on(await open_database(kind, PlaceRow))
    await repository.add_many([msgspec.structs.asdict(place) for place in PLACES])
    return repository


@pytest.mark.parametrize("ordering", ORDERINGS, ids=",".join)
async def test_a_list_has_the_order_that_it_has_in_memory(places, ordering):
    query = ListQuery(ordering=_orders(ordering)).keyed("id")

    assert (await places.list(query)).items == select(PLACES, query).items


@pytest.mark.parametrize("ordering", ORDERINGS, ids=",".join)
async def test_what_comes_behind_a_place_is_what_comes_there_in_memory(places, ordering):
    query = ListQuery(ordering=_orders(ordering)).keyed("id")

    for place in PLACES:
        cursor = write_cursor(place, query.ordering)
        _, after = read_cursor(cursor, query.ordering, model=Place)
        behind = msgspec.structs.replace(query, after=after)
        assert (await places.list(behind)).items == select(PLACES, behind).items


@pytest.mark.parametrize("limit", [None, 0, 3])
@pytest.mark.parametrize("offset", [0, 2, 99])
async def test_a_part_of_a_list_knows_how_long_the_list_is(places, limit, offset):
    query = ListQuery(
        conditions=where(name="a"), ordering=_orders(["id"]), limit=limit, offset=offset, count=True
    )

    rows, expected = await places.list(query), select(PLACES, query)

    assert (rows.items, rows.total) == (expected.items, expected.total)


async def test_queries_of_one_shape_have_one_statement(places):
    kept = places._plan.statements._kept
    before = len(kept)

    for name in "abcdef":
        await places.list(ListQuery(conditions=where(name=name), ordering=_orders(["id"])))
    assert len(kept) == before + 2  # and the one that counts

    await places.list(ListQuery(conditions=where(name__gt=name), ordering=_orders(["id"])))
    assert len(kept) == before + 4


async def test_the_oldest_statement_goes_when_there_are_too_many(places, monkeypatch):
    monkeypatch.setattr(statements, "_KEPT", 4)
    for count in range(3):
        await places.list(ListQuery(search=("a",) * count, search_fields=("name",)))

    kept = places._plan.statements._kept
    await places.list(ListQuery(ordering=_orders(["name"])))

    assert [("get" in shape) for shape in kept] == [False] * 4
