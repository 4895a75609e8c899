"""Cursors."""

import base64
import dataclasses
import datetime as dt
import decimal
import enum
import json
import uuid

import msgspec
import pytest

from webkit.cursors import read_cursor, write_cursor
from webkit.exceptions import ParseError
from webkit.filters import Order


class Genre(enum.Enum):
    JAZZ = "jazz"


class Everything(msgspec.Struct):
    text: str = 'ä"\0'
    number: int = 2**80
    ratio: float = 0.1
    price: decimal.Decimal = decimal.Decimal("1.10")
    flag: bool = True
    day: dt.date = dt.date(1933, 2, 21)
    moment: dt.datetime = dt.datetime(1933, 2, 21, 12, 0, 0, 123456, dt.UTC)
    naive: dt.datetime = dt.datetime.fromisoformat("1933-02-21")
    hour: dt.time = dt.time(1, 2)
    span: dt.timedelta = dt.timedelta(seconds=1)
    id: uuid.UUID = uuid.UUID(int=7)
    genre: Genre = Genre.JAZZ
    raw: bytes = b"\xff"
    nothing: int | None = None


FIELDS = Everything.__struct_fields__


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("back", [False, True])
def test_a_value_comes_back_as_it_was(field, back):
    orders = (Order(field, True), Order("id"))
    text = write_cursor(Everything(), orders, back=back)

    found = read_cursor(text, orders, model=Everything)

    assert found == (back, (getattr(Everything(), field), uuid.UUID(int=7)))


def test_a_cursor_can_stand_in_a_url():
    text = write_cursor(Everything(), [Order(field) for field in FIELDS])

    assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def test_the_end_is_a_place_too():
    orders = (Order("id"),)

    assert read_cursor(write_cursor(None, orders, back=True), orders, model=Everything) == (
        True,
        None,
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_json_does_not_have_is_none(value):
    orders = (Order("ratio"),)
    text = write_cursor(Everything(ratio=value), orders)

    assert read_cursor(text, orders, model=Everything) == (False, (None,))


@dataclasses.dataclass
class Song:
    title: str


@pytest.mark.parametrize(
    ("item", "model", "value"),
    [
        (Song("So What"), Song, "So What"),
        ({"title": "So What"}, dict, "So What"),
        ({"title": dt.date(2020, 1, 1)}, None, "2020-01-01"),
    ],
)
def test_a_value_of_unknown_type_is_what_json_has(item, model, value):
    orders = (Order("title"),)

    assert read_cursor(write_cursor(item, orders), orders, model=model) == (False, (value,))


def _cursor(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "ä",
        "====",
        "e30",
        _cursor(),
        _cursor(2, False, [["number", False]], [1]),
        _cursor(1, False, [["number", True]], [1]),
        _cursor(1, False, [["text", False]], [1]),
        _cursor(1, False, [["number", False]], ["1"]),
        _cursor(1, False, [["number", False]], [1.5]),
        _cursor(1, False, [["number", False]], []),
        _cursor(1, False, [["number", False]], [1, 2]),
        _cursor(1, "no", [["number", False]], [1]),
        _cursor(1, False, [["number", False]], [1], 1),
        _cursor(1, False, [["number", False]], [1]) + " ",
        _cursor(1, False, [["number", False]], [[[]]] * 1000),
        base64.b64encode(b"[" * 5000).decode(),
    ],
)
def test_whatever_else_is_no_cursor(text):
    with pytest.raises(ParseError, match="Invalid cursor"):
        read_cursor(text, (Order("number"),), model=Everything)
