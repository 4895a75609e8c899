"""Values from JSON to a table and back: each comes back as it was, or is refused."""

import datetime as dt
import json
import uuid
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec import UNSET, UnsetType
from sqlalchemy import JSON, BigInteger, Float, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webkit.application import create_app
from webkit.database import DATABASE, Model, SQLRepository, WithID
from webkit.resources import ResourceViewSet
from webkit.routers import SimpleRouter
from webkit.testing import APIClient


pytestmark = pytest.mark.untraced  # hundreds of values through everything


class ValueRow(WithID, Model):
    __tablename__ = "values_value"

    name: Mapped[str | None] = mapped_column(String(255))
    text: Mapped[str | None] = mapped_column(Text())
    number: Mapped[int | None] = mapped_column(Integer())
    long: Mapped[int | None] = mapped_column(BigInteger())
    ratio: Mapped[float | None] = mapped_column(Float())
    price: Mapped[Decimal | None] = mapped_column(Numeric(15, 2))
    flag: Mapped[bool | None]
    day: Mapped[dt.date | None]
    moment: Mapped[dt.datetime | None]
    clock: Mapped[dt.time | None]
    code: Mapped[uuid.UUID | None]
    data: Mapped[Any | None] = mapped_column(JSON())


class NewValue(msgspec.Struct, kw_only=True, omit_defaults=True):
    name: str | None = None
    text: str | None = None
    number: int | None = None
    long: int | None = None
    ratio: float | None = None
    price: Decimal | None = None
    flag: bool | None = None
    day: dt.date | None = None
    moment: dt.datetime | None = None
    clock: dt.time | None = None
    code: uuid.UUID | None = None
    data: Any = None


class Value(NewValue, kw_only=True):
    id: int


class PatchValue(msgspec.Struct):
    name: str | UnsetType = UNSET


class ValueViewSet(ResourceViewSet[Value, NewValue, PatchValue, int]):
    repository = SQLRepository(ValueRow, Value)


@pytest.fixture
async def api(open_database, kind):
    router = SimpleRouter()
    router.register(ValueViewSet)
    app = create_app(routes=router.routes)
    app[DATABASE] = await open_database(kind, ValueRow)
    async with APIClient(app) as client:
        yield client


EXACT = [
    ("name", "Été 🎷 'quoted' \"too\" \\ %_ -- ; DROP TABLE values_value"),
    ("name", "x" * 255),
    ("name", ""),
    ("name", " \t\r\n "),
    ("name", "\u202e\ufeff\u0301"),
    ("text", "🎷" * 10_000),
    ("number", 2**31 - 1),
    ("number", -(2**31)),
    ("long", 2**63 - 1),
    ("long", -(2**63)),
    ("ratio", 0.1),
    ("ratio", -1.7976931348623157e308),
    ("ratio", 5e-324),
    ("price", "9999999999999.99"),
    ("price", "-0.01"),
    ("flag", True),
    ("flag", False),
    ("day", "0001-01-01"),
    ("day", "9999-12-31"),
    ("moment", "2020-02-29T23:59:59.999999Z"),
    ("moment", "0001-01-01T00:00:00.000001Z"),
    ("moment", "9999-12-31T23:59:59.999998Z"),
    ("clock", "00:00:00"),
    ("clock", "23:59:59.999999"),
    ("code", "00000000-0000-0000-0000-000000000000"),
    ("code", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
    ("data", {"a": [1, None, True, 0.5, "é🎷'\""], "b": {}}),
    ("data", []),
    ("data", "text"),
    ("data", 2**53),
    ("data", False),
    ("data", 0.1),
    ("data", 1.7976931348623157e308),
]
CHANGED = [
    ("price", "1.5", "1.50"),
    ("price", 7, "7.00"),
    ("moment", "2020-01-01T02:00:00+02:00", "2020-01-01T00:00:00Z"),
    ("ratio", 3, 3.0),
]
REFUSED = [
    ("name", "x" * 256),
    ("name", "a\0b"),
    ("name", 5),
    ("text", "\0"),
    ("number", 2**31),
    ("number", -(2**31) - 1),
    ("number", 10**40),
    ("number", 1.5),
    ("number", True),
    ("long", 2**63),
    ("ratio", 10**400),
    ("price", "0.001"),
    ("price", "10000000000000"),
    ("price", "NaN"),
    ("price", "Infinity"),
    ("price", "1e400"),
    ("flag", 1),
    ("day", "0000-12-31"),
    ("day", "2021-02-29"),
    ("day", "10000-01-01"),
    ("moment", "2020-01-01T00:00:00"),
    ("moment", "0001-01-01T00:00:00Z"),
    ("moment", "9999-12-31T23:59:59.999999Z"),
    ("moment", "0001-01-01T00:00:00+01:00"),
    ("moment", "9999-12-31T23:59:59-01:00"),
    ("clock", "24:00:00"),
    ("clock", "12:00:00+01:00"),
    ("code", "not-one"),
    ("data", {"a": "\0"}),
    ("data", 2**63),
]


def _names(cases):
    return [f"{case[0]}-{number}" for number, case in enumerate(cases)]


async def _stored(api, field, value):
    created = await api.post("/value/", json={field: value})
    assert created.status == 201, await created.text()
    made = await created.json()
    found = await (await api.get(f"/value/{made['id']}/")).json()
    assert found == made
    return found.get(field)


@pytest.mark.parametrize(("field", "value"), EXACT, ids=_names(EXACT))
async def test_a_value_comes_back_as_it_was(api, field, value):
    assert await _stored(api, field, value) == value


@pytest.mark.parametrize(("field", "value", "expected"), CHANGED, ids=_names(CHANGED))
async def test_a_value_comes_back_in_the_form_of_its_column(api, field, value, expected):
    assert await _stored(api, field, value) == expected


@pytest.mark.parametrize(("field", "value"), REFUSED, ids=_names(REFUSED))
async def test_a_value_that_cannot_come_back_is_refused(api, field, value):
    answer = await api.post("/value/", json={field: value})

    assert answer.status == 422, await answer.text()
    assert [item["pointer"] for item in (await answer.json())["errors"]] == [f"#/{field}"]
    assert (await (await api.get("/value/")).json())["count"] == 0


@pytest.mark.parametrize("text", ["NaN", "Infinity", '"\\ud800"'])
async def test_what_json_does_not_have_is_no_value(api, text):
    for field in ("ratio", "name", "data"):
        body = f'{{"{field}": {text}}}'
        answer = await api.post("/value/", data=body, headers={"Content-Type": "application/json"})

        assert answer.status in {400, 422}, body


@pytest.mark.parametrize(
    "path",
    [
        "/value/99999999999999999999/",
        "/value/-1/",
        "/value/9223372036854775807/",
        "/value/?offset=9007199254740991",
    ],
)
async def test_numbers_in_an_url_may_be_anything(api, path):
    answer = await api.get(path)

    assert answer.status in {200, 404}
    json.loads(await answer.text())


def test_every_type_is_tried():
    fields = {field for field, _ in EXACT}

    assert fields == set(NewValue.__struct_fields__)
