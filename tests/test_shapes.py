"""Why a value does not fit: every reason once, in its place, and no more work than that takes."""

import enum
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec
import pydantic
import pytest

from webkit import shapes
from webkit.codec import MAX_DEPTH, Walk, decoder_of
from webkit.shapes import MISFITS, Shape, boxed, shape_of


Positive = Annotated[int, msgspec.Meta(ge=1)]


class Item(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    size: Positive = 1


class Tree(msgspec.Struct):
    size: Positive
    left: "Tree | None" = None
    right: "Tree | None" = None


class Dotted(msgspec.Struct):
    plain: Item = msgspec.field(name="a")
    dotted: Positive = msgspec.field(name="a.size")


class Cat(msgspec.Struct, tag="cat"):
    lives: int


class Dog(msgspec.Struct, tag="dog"):
    name: str


class Person(pydantic.BaseModel):
    name: str
    age: int = pydantic.Field(ge=0)


Many = enum.Enum("Many", {f"M{index}": index for index in range(30)})


def told(value, tp):
    walk = Walk()
    walk.visit(value, tp)
    return [(item["pointer"], item["code"]) for item in walk.errors]


def details(value, tp):
    walk = Walk()
    walk.visit(value, tp)
    return [item["detail"] for item in walk.errors]


@pytest.mark.parametrize(
    "tp", [list[Positive], set[Positive], tuple[Positive, ...], Sequence[Positive]]
)
@pytest.mark.parametrize("bad", [{0}, {199}, {3, 4, 5}, {15, 16, 17}, {0, 31, 32, 100}, set()])
def test_every_item_that_does_not_fit_is_found_among_those_that_do(tp, bad):
    items = [-index - 1 if index in bad else index + 1 for index in range(200)]

    assert told(items, tp) == [(f"#/{index}", "range") for index in sorted(bad)]


@pytest.mark.parametrize("tp", [dict[str, Positive], Mapping[str, Positive]])
@pytest.mark.parametrize("bad", [{0}, {99}, {3, 4, 50}])
def test_every_value_of_a_mapping_that_does_not_fit_is_found(tp, bad):
    values = {f"k{index}": -1 if index in bad else 1 for index in range(100)}

    assert told(values, tp) == [(f"#/k{index}", "range") for index in sorted(bad)]


def test_a_key_that_does_not_fit_is_told_at_its_mapping():
    assert told([{"x": 1, "2": -1}], list[dict[int, int]]) == [("#/0", "type")]


@pytest.mark.parametrize("order", [["name", "size", "other"], ["other", "size", "name"]])
def test_the_order_of_a_value_changes_nothing(order):
    value = {"name": 1, "size": 0, "other": 2}
    shuffled = {name: value[name] for name in order}

    assert told(shuffled, Item) == [("#/name", "type"), ("#/size", "range"), ("#/other", "unknown")]


def test_what_stands_before_and_behind_the_first_mistake_is_found_too():
    value = {
        "left": {"size": 0, "left": {"size": 0}, "right": {"size": 1}},
        "right": {"right": {"size": "x"}, "size": 1},
        "size": 0,
    }

    found = told(value, Tree)

    assert sorted(found) == [
        ("#/left/left/size", "range"),
        ("#/left/size", "range"),
        ("#/right/right/size", "type"),
        ("#/size", "range"),
    ]


@pytest.mark.parametrize("is_last", [True, False])
def test_however_deep_a_value_is_nothing_is_tried_again_and_again(monkeypatch, is_last):
    value = {"size": 0}
    for _ in range(50):
        branches = [("left", value), ("right", {"size": 1, "left": {"size": 2}})]
        value = {"size": 1, **dict(branches if is_last else reversed(branches))}
    tried = []
    misfit = Shape.misfit
    monkeypatch.setattr(
        Shape, "misfit", lambda self, part: tried.append(part) or misfit(self, part)
    )

    found = told(value, Tree)

    assert found == [("#" + "/left" * 50 + "/size", "range")]
    assert len(tried) < 3 * 50


def test_a_name_with_a_dot_is_not_taken_for_a_path():
    value = {"a": {"name": "x", "size": 1}, "a.size": 0}

    assert told(value, Dotted) == [("#/a.size", "range")]


@pytest.mark.parametrize("name", ["x` - at `$.size", "x` - at `$[0].size", "$[0]", "`", ""])
def test_a_name_out_of_a_value_is_not_taken_for_a_path(name):
    assert told({"name": "n", "size": 1, name: 1}, Item) == [(f"#/{name}", "unknown")]


def test_fields_that_must_not_be_there_are_told_as_far_as_there_is_room():
    found = told({"name": "x", **{f"k{index}": 1 for index in range(200)}}, Item)

    assert found == [(f"#/k{index}", "unknown") for index in range(100)]


def test_text_out_of_a_value_is_no_code():
    found = told(["x >= 1, of length, matching regex"], list[Literal["a"]])

    assert found == [("#/0", "enum")]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"type": "cat", "lives": "x"}, [("#/lives", "type")]),
        ({"type": "dog"}, [("#/name", "required")]),
        ({"type": "cow"}, [("#/type", "enum")]),
        ({"type": ["cat"]}, [("#/type", "enum")]),
        ({}, [("#/type", "required")]),
        ([{"type": "cat"}], [("#", "type")]),
    ],
)
def test_a_member_of_a_union_is_the_one_that_the_value_names(value, found):
    codes = [
        (place, "required" if code == "invalid" else code) for place, code in told(value, Cat | Dog)
    ]

    assert codes == found


@pytest.mark.parametrize("tp", [Literal["a", "b"], Literal["a"] | list[int], list, dict, tuple])
@pytest.mark.parametrize("value", [["x"], {"a": 1}, [["x"]], 1.5])
def test_nothing_that_a_type_cannot_tell_is_looked_into(tp, value):
    walk = Walk()

    walk.visit(value, tp)

    assert len(walk.errors) <= 1


def test_places_of_a_tuple_have_types_of_their_own():
    assert told([0, 1, {"name": 1}], tuple[Positive, str, Item]) == [
        ("#/0", "range"),
        ("#/1", "type"),
        ("#/2/name", "type"),
    ]


@pytest.mark.parametrize(
    ("tp", "value", "code"),
    [
        (int, "x", "type"),
        (Positive, 0, "range"),
        (Annotated[int, msgspec.Meta(multiple_of=2)], 3, "range"),
        (Annotated[str, msgspec.Meta(min_length=2)], "x", "length"),
        (Annotated[list[int], msgspec.Meta(max_length=1)], [1, 2], "length"),
        (tuple[int, int], [1], "length"),
        (Annotated[str, msgspec.Meta(pattern="[<>] of length")], "x", "pattern"),
        (Many, 99, "enum"),
        (Literal["a"], "b", "enum"),
    ],
)
def test_a_reason_has_a_code(tp, value, code):
    assert told(value, tp) == [("#", code)]


def test_choices_are_shown_and_not_too_many_of_them():
    assert details("c", Literal["a", "b"]) == ["Invalid enum value 'c'. Use one of 'a', 'b'"]
    assert details(99, Many)[0].endswith(", 18, 19, ...")


def test_a_reason_does_not_repeat_a_long_value():
    (detail,) = details("x" * 100_000, Literal["a"])

    assert len(detail) < 400
    assert detail.endswith(".... Use one of 'a'")


def test_a_value_that_is_nested_too_deeply_is_told_so():
    value = None
    for _ in range(100_000):
        value = {"size": 1, "left": value}

    assert told(value, Tree) == [("#" + "/left" * MAX_DEPTH, "depth")]


def test_a_type_with_anything_in_its_annotation_is_understood():
    tp = Annotated[Positive, ["not", "a", "key"]]

    assert told(0, tp) == [("#", "range")]
    assert shape_of(tp) is not shape_of(tp)
    assert shape_of(Positive) is shape_of(Positive)


def test_all_mistakes_of_a_model_of_pydantic_are_found():
    value = [{"age": -1}, 5, {"name": "x", "age": 1}]

    found = told(value, list[Person])

    assert [place for place, _ in found] == ["#/0/name", "#/0/age", "#/1"]


def test_a_flood_of_mistakes_of_pydantic_is_told_in_one(monkeypatch):
    monkeypatch.setattr(shapes, "_MOST_FAULTS", 1)

    assert details([{"age": -1}], list[Person]) == ["This is no Person"]


def test_a_type_in_a_box_is_read_as_before():
    found: Any = msgspec.convert((3,), boxed(Positive))

    assert found.value == 3


@pytest.mark.parametrize(
    "tp", [list[Item], dict[str, Item], tuple[Item, int], Tree, Cat | Dog, list[Cat | Dog | None]]
)
@pytest.mark.parametrize(
    "value",
    [
        [],
        [1],
        [{"name": "x"}],
        [{"type": "dog", "name": "x"}, None],
        {},
        {"a": {"name": "x"}},
        {"a": {"name": 1}},
        {"size": 1, "left": {"size": 0}},
        {"type": "cat", "lives": 9},
        [{"name": "x"}, 1],
        None,
    ],
)
def test_a_walk_finds_something_where_reading_does(tp, value):
    raw = msgspec.json.encode(value)
    try:
        decoder_of(tp)(raw)
    except MISFITS:
        fits = False
    else:
        fits = True

    assert fits == (told(value, tp) == [])
