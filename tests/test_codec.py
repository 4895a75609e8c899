"""From bytes to typed values, with every reason why not."""

import dataclasses
import datetime as dt
import uuid
from typing import Annotated, Any, NotRequired, TypedDict

import msgspec
import pydantic
import pytest

from webkit import codec
from webkit.codec import MISFITS, Walk, convert, decoder_of, encode, parse, pointer
from webkit.exceptions import ParseError


class Track(msgspec.Struct):
    title: Annotated[str, msgspec.Meta(min_length=1, pattern="^[a-z]*$")]
    seconds: Annotated[int, msgspec.Meta(ge=1)]


class Label(msgspec.Struct, forbid_unknown_fields=True, tag="label"):
    name: str


class Person(msgspec.Struct, forbid_unknown_fields=True, tag="person"):
    age: int


@dataclasses.dataclass
class Place:
    city: str
    since: dt.date


class Extra(TypedDict):
    note: str
    more: NotRequired[int]


class Model(pydantic.BaseModel):
    name: str
    age: int = pydantic.Field(ge=0)


class Node(msgspec.Struct):
    child: "Node | int"


class Album(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    released: dt.date
    tracks: list[Track] = []
    place: Place | None = None
    owner: Label | Person | None = None
    ids: list[uuid.UUID] = []
    scores: dict[str, int] = {}
    pair: tuple[int, str] = (1, "")
    extra: Extra | None = None
    mood: Any = None


def errors(value, tp):
    walk = Walk()
    walk.visit(value, tp)
    return [(item["pointer"], item["code"]) for item in walk.errors]


GOOD = {"name": "a", "released": "2020-01-01"}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"name": 1}, [("#/name", "type")]),
        ({"name": None}, [("#/name", "type")]),
        ({"released": "2020-99-01"}, [("#/released", "format")]),
        ({"tracks": {}}, [("#/tracks", "type")]),
        ({"tracks": [1]}, [("#/tracks/0", "type")]),
        (
            {"tracks": [{"title": "", "seconds": 0}, {"title": "A"}]},
            [
                ("#/tracks/0/title", "length"),
                ("#/tracks/0/seconds", "range"),
                ("#/tracks/1/title", "pattern"),
                ("#/tracks/1/seconds", "required"),
            ],
        ),
        ({"place": {"city": 1}}, [("#/place/city", "type"), ("#/place/since", "required")]),
        ({"owner": {"type": "label", "name": 1}}, [("#/owner/name", "type")]),
        (
            {"owner": {"type": "person", "age": "x", "other": 1}},
            [("#/owner/age", "type"), ("#/owner/other", "unknown")],
        ),
        ({"owner": {"type": "nobody"}}, [("#/owner/type", "enum")]),
        ({"ids": ["x", str(uuid.UUID(int=1)), 3]}, [("#/ids/0", "format"), ("#/ids/2", "type")]),
        ({"scores": {"a/b~c": "x"}}, [("#/scores/a~1b~0c", "type")]),
        ({"pair": ["x", 1]}, [("#/pair/0", "type"), ("#/pair/1", "type")]),
        ({"pair": [1]}, [("#/pair", "length")]),
        ({"extra": {"note": 1}}, [("#/extra/note", "type")]),
        ({"extra": {"more": "x"}}, [("#/extra/note", "required"), ("#/extra/more", "type")]),
        ({"what": 1}, [("#/what", "unknown")]),
    ],
)
def test_every_mistake_is_found_where_it_is(changes, found):
    assert errors({**GOOD, **changes}, Album) == found


def test_a_missing_field_and_one_that_is_not_there_are_told_apart():
    walk = Walk()

    walk.visit({"nam": "a"}, Album)

    assert walk.result().errors == [
        {"pointer": "#/name", "detail": "This field is required", "code": "required"},
        {"pointer": "#/released", "detail": "This field is required", "code": "required"},
        {"pointer": "#/nam", "detail": "There is no such field", "code": "unknown"},
    ]


def test_a_rule_of_the_model_itself_is_reported_at_the_model():
    class Span(msgspec.Struct):
        start: int
        end: int

        def __post_init__(self):
            if self.end < self.start:
                raise ValueError("ends before it starts")

    walk = Walk()
    walk.visit([{"start": 2, "end": 1}], list[Span])

    assert walk.errors == [{"pointer": "#/0", "detail": "ends before it starts", "code": "invalid"}]


def test_models_of_pydantic_are_read_and_explained():
    decode = decoder_of(list[Model])

    assert decode(b'[{"name": "a", "age": 1}]') == [Model(name="a", age=1)]
    assert [at for at, _ in errors([{"age": -1}], list[Model])] == ["#/0/name", "#/0/age"]


def test_models_of_pydantic_are_written():
    assert encode([Model(name="a", age=1)]) == b'[{"name":"a","age":1}]'


def test_what_is_no_json_is_not_written():
    with pytest.raises(NotImplementedError, match="object cannot be written as JSON"):
        encode(object())


def test_what_json_cannot_be_is_not_read():
    class Odd:
        pass

    with pytest.raises(NotImplementedError, match="cannot be read from JSON"):
        decoder_of(Odd)(b"{}")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "the body is empty"),
        (b"{", "Input data was truncated"),
        (b"[1,]", "trailing comma"),
        (b"nul", "Input data was truncated"),
        (b"NaN", "invalid character"),
        (b'"\xff"', "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"[{}," * 100_000, "nested too deeply"),
        (b"[" + b"{}," * 1000, "Input data was truncated"),
        (b"[" + b"[]," * 1000 + b'"\xff"]', "not UTF-8"),
        (b'{"a": 1} x', "trailing characters"),
        (b"\xef\xbb\xbf{}", "invalid character"),
    ],
)
def test_what_is_no_json_is_refused_with_the_reason(raw, reason):
    with pytest.raises(ParseError) as caught:
        parse(raw)

    assert caught.value.detail.startswith("Malformed JSON: ")
    assert reason in caught.value.detail


@pytest.mark.parametrize(
    "value",
    [[{}] * 5000, "[" * 5000, {"[{": ["[{" * 900] * 3}, [[[1]]] * 400],
    ids=["objects", "text", "names", "arrays"],
)
def test_many_brackets_are_not_taken_for_deep_ones(value):
    assert parse(encode(value)) == value


@pytest.mark.parametrize(
    ("text", "tp", "value"),
    [
        ("3", int, 3),
        ("true", bool, True),
        (["1", "2"], list[int], [1, 2]),
        ("2020-01-01", dt.date, dt.date(2020, 1, 1)),
        ("null", int | None, None),
    ],
)
def test_texts_are_read_as_their_type(text, tp, value):
    assert convert(text, tp) == value


@pytest.mark.parametrize(
    ("text", "tp"), [("1_0", int), (" 1", int), ("\u0661", int), ("yes", bool), ("1" * 5000, int)]
)
def test_texts_that_only_look_like_their_type_are_not(text, tp):
    with pytest.raises(MISFITS):
        convert(text, tp)


def test_a_walk_ends_at_its_number_of_errors_and_says_so():
    walk = Walk()

    walk.visit(["x"] * 1000, list[int])

    answer = walk.result()
    assert len(answer.errors) == codec.MAX_ERRORS
    assert answer.extensions == {"truncated": True}


def test_a_walk_that_has_ended_notes_nothing_more():
    walk = Walk()
    walk.visit(["x"] * 1000, list[int])

    walk.note("too late", "required", where={"parameter": "page"})

    assert len(walk.errors) == codec.MAX_ERRORS


def test_a_walk_ends_at_its_depth(monkeypatch):
    value = {"child": "x"}
    for _ in range(codec.MAX_DEPTH + 5):
        value = {"child": value}
    monkeypatch.setattr(codec, "MAX_SECONDS", 60)
    walk = Walk()

    walk.visit(value, Node)

    assert walk.truncated
    assert walk.errors == []


def test_a_walk_ends_when_its_time_is_up_but_not_without_a_mistake(monkeypatch):
    monkeypatch.setattr(codec, "MAX_SECONDS", -1)
    walk = Walk()

    walk.visit([["x"], ["y"]], list[list[int]])

    answer = walk.result()
    assert len(answer.errors) == 1
    assert answer.extensions == {"truncated": True}


def test_the_time_of_a_walk_begins_when_its_type_is_prepared(monkeypatch):
    clock = iter(range(100))
    monkeypatch.setattr(codec.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(codec, "MAX_SECONDS", 3)
    monkeypatch.setattr(codec, "checker_of", lambda tp: [next(clock) for _ in range(10)] and None)
    walk = Walk()

    walk.visit([["x"], ["y"]], list[list[set[int]]])

    assert len(walk.errors) == 2


def test_a_complete_walk_does_not_say_that_it_ended_early():
    walk = Walk()

    walk.visit("x", int)

    assert walk.result().extensions == {}


def test_a_place_is_a_json_pointer():
    assert pointer(()) == {"pointer": "#"}
    assert pointer(("a/b", 0, "~")) == {"pointer": "#/a~1b/0/~0"}


class _Cat(msgspec.Struct, tag="cat"):
    lives: int


class _Dog(msgspec.Struct, tag="dog"):
    bark: str


USE = "Invalid value. Use one of 'cat', 'dog'"


@pytest.mark.parametrize(
    ("tp", "value", "error"),
    [
        (_Cat | _Dog, {"lives": 9}, ("#/type", "This field is required", "required")),
        (
            _Cat | _Dog,
            {"type": "cow"},
            ("#/type", USE, "enum"),
        ),
        (_Cat | _Dog, {"type": []}, ("#/type", USE, "enum")),
        (_Cat | _Dog | None, {"type": "cat"}, ("#/lives", "This field is required", "required")),
        (_Cat, {"type": "cow", "lives": 9}, ("#/type", "Invalid value. Use one of 'cat'", "enum")),
        (
            list[_Cat | _Dog],
            [{"type": 3}],
            ("#/0/type", USE, "enum"),
        ),
    ],
)
def test_a_model_that_is_named_wrongly_is_told_at_its_name(tp, value, error):
    walk = Walk()

    walk.visit(value, tp)

    assert [(item["pointer"], item["detail"], item["code"]) for item in walk.errors] == [error]
