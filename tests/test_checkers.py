"""Checkers: what they note is what a walk of shapes notes, and they know when they know nothing."""

import dataclasses
import datetime as dt
import enum
import linecache
from typing import Annotated, Any, Generic, Literal, NotRequired, TypedDict, TypeVar

import attrs
import msgspec
import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, Meta, UnsetType

from webkit import codec
from webkit.checkers import checker_of
from webkit.codec import MAX_DEPTH, MAX_ERRORS, Walk
from webkit.shapes import Shape, shape_of


T = TypeVar("T")


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Track(msgspec.Struct, rename={"length": "a/b~c"}):
    title: Annotated[str, Meta(min_length=1, max_length=3, pattern="^[a-z]*$")]
    length: Annotated[int, Meta(ge=1, lt=4)] = 1


class Closed(msgspec.Struct, forbid_unknown_fields=True):
    name: str | None
    price: Annotated[float, Meta(gt=0, le=2)] = 1.0


@dataclasses.dataclass
class Place:
    city: str
    open: bool = True


class Extra(TypedDict):
    note: str
    more: NotRequired[int]


class Node(msgspec.Struct):
    size: Annotated[int, Meta(ge=0)]
    child: "Node | None" = None


class Branch(msgspec.Struct):
    leaf: "Leaf"
    left: "Branch | None" = None
    right: "Branch | None" = None
    more: list["Branch"] = []


class Leaf(msgspec.Struct):
    size: Annotated[int, Meta(ge=0)] = 0
    words: list[str] = []
    branches: dict[str, Branch] = {}


class Cat(msgspec.Struct, tag="cat"):
    lives: int


class Dog(msgspec.Struct, tag="dog"):
    name: str


class Span(msgspec.Struct):
    start: int
    end: int = 0

    def __post_init__(self):
        if self.end < self.start:
            raise ValueError("ends before it starts")


class Row(msgspec.Struct, array_like=True):
    first: int
    second: str


class Box(msgspec.Struct, Generic[T]):
    inner: T


@attrs.define
class Even:
    number: int = attrs.field(default=0)


class Person(pydantic.BaseModel):
    age: int = pydantic.Field(ge=0)


class Album(msgspec.Struct):
    name: str
    track: Track
    price: float | None = None
    done: bool | UnsetType = UNSET
    year: int | UnsetType | None = UNSET
    tracks: Annotated[list[Track], Meta(max_length=2)] = []
    closed: list[Closed] = []
    scores: dict[str, Annotated[int, Meta(ge=0)]] = {}
    place: Place | None = None
    extra: Extra | None = None
    anything: Any = None
    released: dt.date | None = None
    colour: Colour = Colour.RED
    kind: Literal["a", "b"] = "a"
    pet: Cat | Dog | None = None
    span: Span | None = None
    row: Row | None = None
    tree: Node | None = None
    box: Box[int] | None = None
    even: Annotated[int, Meta(multiple_of=2)] = 0
    attrs: Even | None = None
    person: Person | None = None
    pair: tuple[int, str] = (1, "")
    codes: set[int] = set()
    plain: list = []
    numbers: dict[int, int] = {}
    either: int | str = 0
    nested: list[list[int]] = []


WORDS = st.sampled_from(
    ["", "a", "abcd", "A", "a/b", "~", "red", "cat", "b", "2020-01-01", "x\u00e9"]
)
NUMBERS = st.sampled_from(
    [-1, 0, 1, 2, 3, 4, 2**53, 2**53 + 1, 2**63, -(2**63), 2**64, 10**30, -0.5, 1.0, 1.5, 1e300]
)
PLAIN = st.none() | st.booleans() | NUMBERS | WORDS


def objects(**fields):
    keys = st.dictionaries(WORDS, PLAIN, max_size=2)
    return st.builds(lambda more, own: own | more, keys, st.fixed_dictionaries({}, optional=fields))


def several(items):
    return st.lists(items, max_size=4) | items.map(lambda item: [item] * 40)


JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3)
)
TRACK = objects(**{"title": WORDS | JSON, "a/b~c": NUMBERS | JSON})
CLOSED = objects(name=PLAIN, price=PLAIN)
ALBUM = objects(
    name=WORDS | JSON,
    track=TRACK | JSON,
    price=PLAIN,
    done=PLAIN,
    year=PLAIN,
    tracks=several(TRACK | JSON),
    closed=several(CLOSED | JSON),
    scores=st.dictionaries(WORDS, PLAIN, max_size=20),
    place=objects(city=PLAIN, open=PLAIN) | JSON,
    extra=objects(note=PLAIN, more=PLAIN) | JSON,
    anything=JSON,
    released=PLAIN,
    colour=PLAIN,
    kind=PLAIN,
    pet=objects(type=WORDS, lives=PLAIN, name=PLAIN) | JSON,
    span=objects(start=NUMBERS, end=NUMBERS) | JSON,
    row=st.lists(PLAIN, max_size=3) | JSON,
    tree=st.recursive(PLAIN, lambda child: objects(size=PLAIN, child=child), max_leaves=4),
    box=objects(inner=PLAIN) | JSON,
    even=PLAIN,
    attrs=objects(number=PLAIN) | JSON,
    person=objects(age=PLAIN) | JSON,
    pair=st.lists(PLAIN, max_size=3) | JSON,
    codes=several(PLAIN) | JSON,
    plain=JSON,
    numbers=st.dictionaries(WORDS, PLAIN, max_size=2) | JSON,
    either=PLAIN,
    nested=several(several(NUMBERS)) | JSON,
)


LEAF = objects(size=NUMBERS, words=several(WORDS | JSON))
BRANCH = st.recursive(
    objects(leaf=LEAF | JSON),
    lambda inner: objects(
        leaf=LEAF | objects(size=NUMBERS, branches=st.dictionaries(WORDS, inner | PLAIN)),
        left=inner | PLAIN,
        right=inner | PLAIN,
        more=several(inner | PLAIN),
    ),
    max_leaves=6,
)


@pytest.fixture(autouse=True, scope="module")
def _enough_time():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codec, "MAX_SECONDS", 60)
        yield


def walked(value, tp):
    """What the shapes say."""
    walk = Walk()
    shape = shape_of(tp)
    misfit = shape.misfit(value)
    if misfit:
        shape.explain(value, misfit, at=(), notes=walk)
    return walk.errors, walk.truncated


def checked(value, tp):
    """What the checker says."""
    walk = Walk()
    check = checker_of(tp)
    assert check is not None
    check(value, "#", walk)
    walk.is_over()
    return walk.errors, walk.truncated


@pytest.mark.untraced
@settings(deadline=None, max_examples=400)
@given(ALBUM | JSON)
def test_a_checker_notes_what_the_shapes_note(value):
    assert checked(value, Album) == walked(value, Album)


@pytest.mark.untraced
@settings(deadline=None, max_examples=100)
@given(several(CLOSED | JSON) | JSON)
def test_so_it_does_where_an_array_is_wanted(value):
    assert checked(value, list[Closed]) == walked(value, list[Closed])


@pytest.mark.untraced
@settings(deadline=None, max_examples=200)
@given(BRANCH | JSON)
def test_so_it_does_where_models_contain_themselves(value):
    assert checked(value, Branch) == walked(value, Branch)


def chain(sizes):
    value = None
    for size in reversed(sizes):
        value = {"size": size, "child": value}
    return value


@pytest.mark.parametrize("depth", [1, 63, 64, 65, 66, 300])
@pytest.mark.parametrize("good", [0, -1])
def test_a_model_in_itself_is_followed_as_deep_as_shapes_go(depth, good):
    value = chain([*[good] * (depth - 1), -1])

    errors, is_truncated = checked(value, Node)

    assert is_truncated == (depth > MAX_DEPTH)
    assert (errors, is_truncated) == walked(value, Node)


def test_a_model_in_itself_ends_at_the_number_of_errors():
    value = {"leaf": {}, "more": [{"leaf": 1, "left": 1, "right": {}}] * 40, "left": {}}

    errors, is_truncated = checked(value, Branch)

    assert len(errors) == MAX_ERRORS
    assert is_truncated
    assert (errors, is_truncated) == walked(value, Branch)


@pytest.mark.parametrize("wrong", [[0], [0, 29], [29]])
def test_when_time_is_up_a_model_in_itself_is_left_to_its_shape(monkeypatch, wrong):
    monkeypatch.setattr(codec, "MAX_SECONDS", -1)
    value = chain([-1 if index in wrong else 0 for index in range(30)])

    errors, is_truncated = checked(value, Node)

    assert [item["pointer"] for item in errors] == ["#" + "/child" * wrong[0] + "/size"]
    assert is_truncated == (len(wrong) > 1)


def test_what_is_wide_and_fits_is_not_gone_through_when_time_is_up(monkeypatch):
    checked({}, Branch)  # writes the checker, which tries some values
    monkeypatch.setattr(codec, "MAX_SECONDS", -1)
    branch = {"leaf": {}}
    for _ in range(10):
        branch = {"leaf": {}, "left": branch, "right": branch}
    tried = []
    misfit = Shape.misfit
    monkeypatch.setattr(
        Shape, "misfit", lambda self, part: tried.append(part) or misfit(self, part)
    )

    errors, _ = checked({"leaf": {}, "left": branch, "right": {}}, Branch)

    assert [item["pointer"] for item in errors] == ["#/right/leaf"]
    assert len(tried) < 10


@pytest.mark.parametrize("part", ["x", 1, None, True, [], 1.5])
@pytest.mark.parametrize("tp", [list[str], list[bool], Annotated[list[str], Meta(max_length=2)]])
def test_an_array_of_plain_values_is_checked_as_any_other(tp, part):
    for value in ([], [part], ["x", "x", part], [*["x"] * 20, part, "x", part]):
        assert checked(value, tp) == walked(value, tp)


@pytest.mark.parametrize(
    ("tp", "value", "found"),
    [
        (str, 1, [("#", "type")]),
        (list[int], "x", [("#", "type")]),
        (Track, {}, [("#/title", "required")]),
        (Track, {"title": "a", "a/b~c": 4}, [("#/a~1b~0c", "range")]),
        (Closed, {"name": None, "a/b": 1, "~": 2}, [("#/a~1b", "unknown"), ("#/~0", "unknown")]),
        (dict[str, int], {"a/b": "x", "c": 1}, [("#/a~1b", "type")]),
        (Annotated[list[int], Meta(min_length=2)], [1], [("#", "length")]),
        (Annotated[list[int], Meta(min_length=2)], ["x"], [("#/0", "type")]),
        (int | None, None, []),
        (Any, {"a": 1}, []),
    ],
)
def test_a_mistake_is_told_where_it_is(tp, value, found):
    errors, _ = checked(value, tp)

    assert [(item["pointer"], item["code"]) for item in errors] == found
    assert errors == walked(value, tp)[0]


@pytest.mark.parametrize(
    "tp",
    [
        *(dt.date, Colour, Literal["a"], Cat, Cat | Dog, Span, Row, Even, Person),
        *(int | str, tuple[int, ...], set[int], list, dict[int, int], complex),
        Annotated[int, Meta(multiple_of=2)],
        Annotated[int | None, []],
        Annotated[str, []],
    ],
)
def test_there_is_no_checker_for_what_a_shape_knows_better(tp):
    assert checker_of(tp) is None


def test_a_checker_is_made_once():
    assert checker_of(Album) is checker_of(Album)


@pytest.mark.parametrize("bad", [{0}, {199}, {3, 4, 5}, {15, 16, 17}, {0, 31, 32, 100}, set()])
@pytest.mark.parametrize("tp", [list[Track], dict[str, Track]])
def test_what_does_not_fit_is_found_among_many_that_do(tp, bad):
    items = [{"title": "X" if index in bad else "x"} for index in range(200)]
    value = items if tp == list[Track] else {str(index): item for index, item in enumerate(items)}

    errors, is_truncated = checked(value, tp)

    assert [item["pointer"] for item in errors] == [f"#/{index}/title" for index in sorted(bad)]
    assert not is_truncated
    assert (errors, is_truncated) == walked(value, tp)


def test_many_that_fit_are_tried_at_once(monkeypatch):
    items = [{"title": "x"}] * 10_000
    check = checker_of(list[Track])
    tried = []
    misfit = Shape.misfit
    monkeypatch.setattr(
        Shape, "misfit", lambda self, part: tried.append(part) or misfit(self, part)
    )

    check([*items, {}], "#", walk := Walk())

    assert [item["pointer"] for item in walk.errors] == ["#/10000/title"]
    assert len(tried) < 15


@pytest.mark.parametrize("number", [MAX_ERRORS - 1, MAX_ERRORS, MAX_ERRORS + 1, 1000])
@pytest.mark.parametrize("between", [0, 1, 20])
def test_a_check_ends_at_its_number_of_errors_and_says_so(number, between):
    value = [*[{}, *[{"title": "x"}] * between] * number]

    errors, is_truncated = checked(value, list[Track])

    assert len(errors) == min(number, MAX_ERRORS)
    assert is_truncated == (number > MAX_ERRORS)
    assert (errors, is_truncated) == walked(value, list[Track])


@pytest.mark.parametrize("number", [MAX_ERRORS, MAX_ERRORS + 1])
def test_fields_that_must_not_be_there_are_told_as_far_as_there_is_room(number):
    value = {"name": "x", **{f"k{index}": 1 for index in range(number)}}

    errors, is_truncated = checked(value, Closed)

    assert len(errors) == MAX_ERRORS
    assert is_truncated == (number > MAX_ERRORS)


def test_a_check_that_was_truncated_inside_goes_no_further():
    value = {"closed": [{"x": 1, **{f"k{index}": 1 for index in range(200)}}, {}]}

    assert checked(value, Album) == walked(value, Album)


def test_a_type_that_cannot_be_a_key_has_no_checker():
    assert checker_of(Annotated[str, {}]) is None


def test_a_traceback_shows_the_lines_of_a_checker():
    code = checker_of(Closed).__code__

    assert "<webkit checker of" in code.co_filename
    assert linecache.getline(code.co_filename, 1) == "def check(item, at, notes):\n"
