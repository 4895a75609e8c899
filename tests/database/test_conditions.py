"""Conditions in SQL: what they find is what they find in memory."""

import datetime as dt
import enum
import uuid
from decimal import Decimal

import msgspec
import pytest
from sqlalchemy import JSON, BigInteger, DateTime, Float, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from webkit.database.models import Model, WithID
from webkit.database.repositories import SQLRepository
from webkit.filters import Condition, ListQuery, select, where


NOON = dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)
NAIVE = NOON.replace(tzinfo=None)


class Genre(enum.Enum):
    JAZZ = "Jazz"


class ThingRow(WithID, Model):
    __tablename__ = "conditions_thing"

    text: Mapped[str | None] = mapped_column(String(20))
    number: Mapped[int | None] = mapped_column(BigInteger())
    ratio: Mapped[float | None] = mapped_column(Float())
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    flag: Mapped[bool | None]
    day: Mapped[dt.date | None]
    time: Mapped[dt.time | None]
    moment: Mapped[dt.datetime | None]
    local: Mapped[dt.datetime | None] = mapped_column(DateTime())
    code: Mapped[uuid.UUID | None]
    data: Mapped[dict | None] = mapped_column(JSON())


class Thing(msgspec.Struct):
    id: int
    text: str | None = None
    number: int | None = None
    ratio: float | None = None
    price: Decimal | None = None
    flag: bool | None = None
    day: dt.date | None = None
    time: dt.time | None = None
    moment: dt.datetime | None = None
    local: dt.datetime | None = None
    code: uuid.UUID | None = None


THINGS = [
    Thing(1),
    Thing(
        2,
        text="Jazz",
        number=-(2**63),
        ratio=0.5,
        price=Decimal("-0.10"),
        flag=False,
        day=dt.date(1, 1, 1),
        time=dt.time(0),
        moment=NOON,
        local=NAIVE,
        code=uuid.UUID(int=7),
    ),
    Thing(
        3,
        text="100%_\\ É jazz'",
        number=2**63 - 1,
        ratio=-1e300,
        price=Decimal("9999999999.99"),
        flag=True,
        day=dt.date(9999, 12, 31),
        time=dt.time(23, 59, 59, 999999),
        moment=NOON + dt.timedelta(microseconds=1),
        local=NAIVE + dt.timedelta(days=1),
        code=uuid.UUID(int=2**128 - 1),
    ),
    Thing(4, text="", number=0, ratio=0.0, price=Decimal(0), flag=True, day=dt.date(2020, 1, 1)),
]
VALUES = {
    "text": ["Jazz", "jazz", "", "É", "%", "_", "\\", "'", Genre.JAZZ, 5, "Jazz\0", "z" * 99],
    "number": [0, 2**63 - 1, 2**63, -(2**63), -(2**70), 0.5, -0.5, Decimal("1e30"), True, "0"],
    "ratio": [0, 0.5, -1e300, 10**400, -(10**400), Decimal("0.5"), float("inf"), float("nan")],
    "price": [0, Decimal("-0.10"), Decimal("0.001"), 10**12, 0.5, Decimal("NaN"), "0"],
    "flag": [True, False],
    "day": [dt.date(1, 1, 1), dt.date(2020, 1, 1), NOON, "2020-01-01"],
    "time": [dt.time(0), dt.time(12)],
    "moment": [NOON, NAIVE, NOON + dt.timedelta(1), dt.date(2020, 1, 1)],
    "local": [NAIVE, NOON, NAIVE + dt.timedelta(1)],
    "code": [uuid.UUID(int=7), uuid.UUID(int=2**127), "7"],
}
COMPARISONS = ("exact", "gt", "gte", "lt", "lte")


@pytest.fixture
async def things(open_database, kind):
    database = await open_database(kind, ThingRow)
    repository = SQLRepository(ThingRow, Thing).on(database)
    for thing in THINGS:
        await repository.add(msgspec.structs.asdict(thing))
    return repository


async def _ids(things, query):
    return sorted(item.id for item in (await things.list(query)).items)


def _expected(query):
    return sorted(item.id for item in select(THINGS, query).items)


def _is_text(value):
    return isinstance(value, str)


async def _differences(things, conditions):
    """Return the conditions that find something else than in memory."""
    wrong = []
    for condition in conditions:
        query = ListQuery(conditions=(condition,))
        found, expected = await _ids(things, query), _expected(query)
        if found != expected:
            wrong.append((condition, found, expected))
    return wrong


@pytest.mark.parametrize("field", sorted(VALUES))
async def test_a_comparison_finds_what_it_finds_in_memory(things, field):
    conditions = [
        Condition(field, operator, value) for operator in COMPARISONS for value in VALUES[field]
    ]
    conditions += [Condition(field, "isnull", wanted) for wanted in (True, False)]
    conditions += [Condition(field, "exact", None)]

    assert await _differences(things, conditions) == []


@pytest.mark.parametrize("field", sorted(VALUES))
async def test_one_of_several_finds_what_it_finds_in_memory(things, field):
    values = VALUES[field]
    conditions = [Condition(field, "in", values[:count]) for count in range(len(values) + 1)]

    assert await _differences(things, conditions) == []


async def test_texts_in_texts_are_found_as_in_memory(things):
    conditions = [
        Condition("text", operator, value)
        for operator in ("contains", "icontains", "iexact", "startswith")
        for value in [
            *filter(_is_text, VALUES["text"]),
            "JAZZ",
            "é",
            "100%",
            "az",
            "100%_\\ é JAZZ'",
        ]
    ]

    assert await _differences(things, conditions) == []


async def test_texts_are_found_in_what_is_none(things):
    conditions = [
        Condition("number", "contains", "92"),
        Condition("number", "icontains", "-9"),
        Condition("day", "startswith", "2020"),
    ]

    assert await _differences(things, conditions) == []


async def test_a_search_finds_what_it_finds_in_memory(things):
    for search in (("jazz",), ("JAZZ", "é"), ("%",), ("2020",), ("nothing",)):
        query = ListQuery(search=search, search_fields=("text", "day"))

        assert await _ids(things, query) == _expected(query), search


async def test_all_conditions_must_hold(things):
    query = ListQuery(conditions=where(text__icontains="jazz", number__gt=0))

    assert await _ids(things, query) == [3]


async def test_no_text_is_in_json(things):
    assert await _ids(things, ListQuery(conditions=where(data__contains="x"))) == []


@pytest.mark.parametrize("operator", ["exact", "gt", "contains", "in"])
async def test_half_a_character_is_in_no_column(things, operator):
    wanted = ["\ud800"] if operator == "in" else "\ud800"

    assert await _ids(things, ListQuery(conditions=(Condition("text", operator, wanted),))) == []
