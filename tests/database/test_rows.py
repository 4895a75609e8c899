"""Objects of rows."""

import dataclasses
import enum
import re
import traceback
from typing import TypedDict

import msgspec
import pytest

from webkit.database.rows import Nested, Shown, converted, maker_of


class Genre(enum.Enum):
    JAZZ = "jazz"


class Label(msgspec.Struct):
    id: int
    name: str


class Artist(msgspec.Struct):
    id: int
    name: str
    label: Label | None = None


class Keyed(msgspec.Struct, kw_only=True):
    id: int
    name: str


@dataclasses.dataclass
class Plain:
    id: int
    name: str


class Loose(TypedDict):
    id: int
    name: str


FIELDS = (Shown("id", None), Shown("name", str.upper))


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (Artist, Artist(1, "NINA")),
        (Keyed, Keyed(id=1, name="NINA")),
        (Plain, Plain(1, "NINA")),
        (Loose, {"id": 1, "name": "NINA"}),
    ],
)
def test_a_row_becomes_an_object_of_any_kind(model, expected):
    assert maker_of(model, FIELDS)([(1, "Nina")]) == [expected]


def test_columns_before_the_first_are_passed_over():
    assert maker_of(Artist, FIELDS, first=1)([(99, 1, "Nina")]) == [Artist(1, "NINA")]


def test_an_object_in_an_object_is_none_without_its_key():
    label = Nested("label", Label, (Shown("id", None), Shown("name", None)))
    make = maker_of(Artist, (*FIELDS, label))

    assert make([(1, "a", 7, "Verve"), (2, "b", None, None)]) == [
        Artist(1, "A", Label(7, "Verve")),
        Artist(2, "B", None),
    ]


def test_a_traceback_shows_the_line_that_makes_objects():
    make = maker_of(Artist, (Shown("id", int), Shown("name", None)))

    with pytest.raises(ValueError, match="invalid literal") as caught:
        make([("x", "y")])

    assert re.search(r"return \[m\d\(", "".join(traceback.format_tb(caught.tb)))


def test_a_value_is_converted_where_its_type_asks_for_it():
    assert converted(int, is_json=False) is None
    assert converted(Genre | None, is_json=False)("jazz") is Genre.JAZZ
    assert converted(Label, is_json=True)('{"id":1,"name":"Verve"}') == Label(1, "Verve")
    assert converted(Label, is_json=True)(None) is None
    assert converted(float, is_json=True)(7) == 7.0
