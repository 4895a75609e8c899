"""A schema of a plain type takes what the codec takes: each value here is tried on both."""

import datetime as dt
import decimal
import json
import uuid
from typing import Annotated, Any

import msgspec
import pytest
from jsonschema import Draft202012Validator
from msgspec import Meta

from webkit.codec import MISFITS, decoder_of
from webkit.openapi.scalars import PLAIN, constrained, sized
from webkit.openapi.schemas import Schemas


# By type: what fits and what does not.
VALUES = {
    bool: ([True, False], [0, 1, "true", None]),
    int: ([0, -1, 10**30], [1.5, "1", True, None]),
    float: ([0.5, 1, -1e300], ["1", True, None]),
    str: (["", "a", "\0"], [1, None, ["a"]]),
    bytes: (["", "YQ==", "YWI=", "YWJj", "-/8=".replace("-", "+")], ["YQ", "Y", "-_==", "Y Q=", 1]),
    uuid.UUID: (["12345678-1234-1234-1234-12345678901A"], ["1234", 1]),
    decimal.Decimal: (["1", "-1.50", ".5", "5.", "+1E+5", 1, 1.5], ["", "a", "1,5", "--1", True]),
    dt.date: (["2020-02-29"], ["2020-02-30", "20200101", 1]),
    dt.datetime: (
        ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00.5+23:59"],
        ["2020-01-01", "2020-01-01T00:00Z", 1577836800],
    ),
    dt.time: (
        ["00:00:00", "23:59:59.5", "00:00:00Z", "00:00:00+01:00"],
        ["24:00:00", "00:00", "00:00:60", "00:00:00+24:00", 1],
    ),
    dt.timedelta: (
        ["P1D", "-PT1.5S", "+P1DT2H3M4S", "PT0S", "PT5M"],
        ["P", "PT", "P1Y", "P1W", "P1DT", "1", "P1,5D", 1],
    ),
    Annotated[dt.datetime, Meta(tz=True)]: (["2020-01-01T00:00:00Z"], ["2020-01-01T00:00:00"]),
    Annotated[dt.datetime, Meta(tz=False)]: (["2020-01-01T00:00:00.5"], ["2020-01-01T00:00:00Z"]),
    Annotated[dt.time, Meta(tz=True)]: (["00:00:00Z"], ["00:00:00"]),
    Annotated[dt.time, Meta(tz=False)]: (["00:00:00"], ["00:00:00Z"]),
    Annotated[int, Meta(ge=1, le=9)]: ([1, 9], [0, 10]),
    Annotated[float, Meta(gt=0, lt=1)]: ([0.5], [0, 1]),
    Annotated[int, Meta(multiple_of=3)]: ([0, 3], [1]),
    Annotated[str, Meta(min_length=1, max_length=2)]: (["a", "äö"], ["", "abc"]),
    Annotated[str, Meta(pattern="^[a-z]+$")]: (["abc"], ["ABC", ""]),
    Annotated[bytes, Meta(min_length=3, max_length=3)]: (["YWJj"], ["", "YWJjYWJj"]),
    Annotated[list[int], Meta(min_length=1, max_length=2)]: ([[1]], [[], [1, 2, 3]]),
    Annotated[dict[str, int], Meta(max_length=1)]: ([{}, {"a": 1}], [{"a": 1, "b": 2}]),
}
CASES = [
    pytest.param(tp, value, fits, id=f"{getattr(tp, '__name__', tp)} {json.dumps(value)}")
    for tp, values in VALUES.items()
    for fits, group in zip((True, False), values, strict=True)
    for value in group
]


def _schema(tp: Any) -> dict[str, Any]:
    return Schemas({}).of(tp)


@pytest.mark.parametrize(("tp", "value", "fits"), CASES)
def test_a_schema_takes_what_the_codec_takes(tp, value, fits):
    checker = Draft202012Validator.FORMAT_CHECKER
    by_schema = Draft202012Validator(_schema(tp), format_checker=checker).is_valid(value)

    try:
        decoder_of(tp)(json.dumps(value).encode())
        by_codec = True
    except MISFITS:
        by_codec = False

    assert (by_schema, by_codec) == (fits, fits)


@pytest.mark.parametrize("tp", [tp for tp in PLAIN if tp not in (Any, object, msgspec.Raw)])
def test_a_schema_says_all_that_msgspec_would_say(tp):
    theirs = msgspec.json.schema(tp)

    ours = _schema(tp)

    refined = {dt.timedelta: {"format"}, decimal.Decimal: {"type"}}  # see the module for both
    for key, value in theirs.items():
        assert ours.get(key) == value or key in refined[tp]


@pytest.mark.parametrize(
    "value", [dt.timedelta(-1, 5, 7), dt.timedelta(0), dt.time(1, 2, 3), decimal.Decimal("1E+5")]
)
def test_what_is_written_fits_the_schema(value):
    written = msgspec.json.decode(msgspec.json.encode(value))

    assert Draft202012Validator(_schema(type(value))).is_valid(written)


def test_what_stands_outside_overrules_what_stands_inside():
    short = Annotated[str, Meta(max_length=3, description="short")]

    assert _schema(Annotated[short, Meta(max_length=5)]) == {
        "type": "string",
        "maxLength": 5,
        "description": "short",
    }


def test_a_schema_has_what_a_user_adds():
    meta = Meta(title="Age", examples=[7], extra_json_schema={"deprecated": True})

    assert constrained({"type": "integer"}, [meta]) == {
        "type": "integer",
        "title": "Age",
        "examples": [7],
        "deprecated": True,
    }


@pytest.mark.parametrize(
    ("least", "most", "name"),
    [
        (0, 10, "int32"),
        (-(2**31), 2**31 - 1, "int32"),
        (0, 2**31, "int64"),
        (-(2**63), 2**63 - 1, "int64"),
    ],
)
def test_an_integer_with_limits_has_the_format_of_its_size(least, most, name):
    schema = {"type": "integer", "minimum": least, "maximum": most}

    assert sized(schema) == {**schema, "format": name}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 0},
        {"type": "integer", "minimum": 0, "maximum": 2**63},
        {"type": "number", "minimum": 0, "maximum": 1},
    ],
)
def test_any_other_number_has_no_format(schema):
    assert sized(schema) == schema
