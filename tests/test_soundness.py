"""Types that no value can be read as, or written from."""

import collections.abc
import datetime as dt
import enum
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, NewType, Protocol, TypedDict, TypeVar

import pytest
from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType
from pydantic import BaseModel

from webkit.filters import Ordering
from webkit.soundness import (
    default_problem,
    is_text,
    model_problems,
    reading_problems,
    writing_problems,
)


T = TypeVar("T")


class Odd:
    """A class that nothing is known of."""


class Slug(str):
    __slots__ = ()


class Named(Protocol):
    name: str


class Colour(enum.Enum):
    RED = "red"


class Record(BaseModel):
    name: str


class Tree(Struct):
    name: str
    leaves: "list[Tree]" = []


class Tagged(Struct, tag=True):
    a: int


class OtherTagged(Struct, tag=True):
    a: int


class Holder(Struct):
    odd: Odd


class Lost(Struct):
    value: "Missing"  # noqa: F821  # that is the mistake


class Box(Struct, Generic[T]):
    item: T


class Pair(TypedDict):
    left: int


@dataclass
class Point:
    x: int = 0


SOUND = [
    *(int, str, bytes, None, Any, dt.date, Colour, Record, Tree, Point, Pair, Box[int], Box[Tree]),
    *(list[int], Sequence[Record], Mapping[str, Tree], tuple[int, str], Literal["a", 1]),
    *(Tagged | OtherTagged, int | None, list[Tagged | OtherTagged], Record | None),
    *(Annotated[int, Meta(ge=1, le=1)], Annotated[list[int], Meta(max_length=3)]),
    *(int | UnsetType, NewType("Name", str)),
]


@pytest.mark.parametrize("tp", SOUND, ids=str)
def test_what_can_be_read_and_written_has_no_problem(tp):
    assert [*reading_problems(tp), *writing_problems(tp)] == []


@pytest.mark.parametrize(
    ("tp", "problem"),
    [
        (
            Tree | Holder,
            "Tree | Holder cannot be read: If a type union contains multiple Struct types, all"
            " Struct types must be tagged (via `tag` or `tag_field` kwarg). Write class"
            " Tree(Struct, tag=True), and so for the others",
        ),
        (
            list[int] | set[int],
            "list[int] | set[int] cannot be read: Type unions may not contain more than one"
            " array-like (list, set, tuple) type",
        ),
        (
            Annotated[str, Meta(ge=1)],
            "Annotated[str, Meta(ge=1)] cannot be read: Can only set `ge` on a numeric type. Put"
            " the constraint on a type that has it",
        ),
        (
            Lost,
            "Lost cannot be read: name 'Missing' is not defined. Import it where the module runs,"
            " not only under TYPE_CHECKING",
        ),
        (
            list[Odd],
            "Odd cannot be read from a request. Use a msgspec.Struct, a dataclass, or a type of"
            " Python's own that JSON has",
        ),
        (
            Holder,
            "Odd of the field 'odd' of Holder cannot be read from a request. Use a msgspec.Struct,"
            " a dataclass, or a type of Python's own that JSON has",
        ),
        (Slug, "Slug cannot be read from a request. Write str"),
        (Box, "nothing says what Box is of. Name it: Box[...]"),
        (list[Box[T]], "nothing says what Box is of. Name it: Box[...]"),
        (Annotated[int, Meta(ge=2, le=1)], "no value can be both ge=2 and le=1"),
    ],
    ids=lambda it: str(it)[:20],
)
def test_what_cannot_be_read_is_told_with_the_way_out(tp, problem):
    assert list(reading_problems(tp)) == [problem]


@pytest.mark.parametrize(
    ("tp", "problem"),
    [
        (
            list[Odd],
            "Odd cannot be written as JSON. Use a msgspec.Struct, a dataclass, or a type of"
            " Python's own that JSON has",
        ),
        (
            dict[str, Holder],
            "Odd of the field 'odd' of Holder cannot be written as JSON. Use a msgspec.Struct, a"
            " dataclass, or a type of Python's own that JSON has",
        ),
        (
            Iterator[int],
            "Iterator cannot be written as JSON. Return a list, or an AsyncIterator to send a"
            " stream",
        ),
        (Awaitable[int], "Awaitable cannot be written as JSON. Await it"),
        (Callable[[], int], "Callable cannot be written as JSON. Call it"),
        (
            Lost,
            "Lost cannot be written: name 'Missing' is not defined. Import it where the module"
            " runs, not only under TYPE_CHECKING",
        ),
    ],
    ids=lambda it: str(it)[:20],
)
def test_what_cannot_be_written_is_told_with_the_way_out(tp, problem):
    assert list(writing_problems(tp)) == [problem]


@pytest.mark.parametrize(
    "tp", [Tree | Holder.__mro__[1], web.Response, web.FileResponse, object, Named, Tree | Pair]
)
def test_more_can_be_written_than_read(tp):
    assert list(writing_problems(tp)) == []


@pytest.mark.parametrize(
    "tp",
    [
        *(str, bytes, int, bool, dt.timedelta, Colour, Literal["a"], NewType("Name", str), Any),
        *(int | None, int | UnsetType, list, list[int], set[Colour], tuple[int, ...]),
        *(
            Sequence[int],
            frozenset[str] | None,
            collections.abc.Set[int],
            Annotated[int, Meta(ge=1)],
        ),
    ],
    ids=str,
)
def test_texts_can_be_read_as_plain_types_and_arrays_of_them(tp):
    assert is_text(tp)


@pytest.mark.parametrize(
    "tp", [Tree, Odd, dict, dict[str, int], list[list[int]], list[Tree], int | Tree], ids=str
)
def test_texts_cannot_be_read_as_anything_else(tp):
    assert not is_text(tp)


def test_a_model_of_texts_has_fields_of_texts():
    problem = (
        "the field 'leaves' of Tree is list[Tree], which no text can be. Take it from a body of"
        " JSON"
    )

    assert list(model_problems(Tree | None)) == [problem]
    assert [*model_problems(Point), *model_problems(Record)] == []


@pytest.mark.parametrize(
    ("tp", "default"),
    [
        (int, 3),
        (int | None, None),
        (list[int], ()),
        (tuple[int, ...], [1]),
        (Colour, Colour.RED),
        (dt.date, dt.date(2026, 1, 1)),
        (Tree, Tree("a")),
        (Record, Record(name="a")),
        (dict[int, str], {1: "a"}),
        (int | UnsetType, UNSET),
        (Ordering[Literal["a"]], ("a",)),
    ],
)
def test_a_default_that_fits_is_fine(tp, default):
    assert default_problem(tp, default) == ""


@pytest.mark.parametrize(
    ("tp", "default", "problem"),
    [
        (int, "x", "its default 'x' is no int: Expected `int`, got `str`"),
        (int, None, "its default None is no int: Expected `int`, got `null`. Write int | None"),
        (Literal["a"], "b", "its default 'b' is no Literal['a']: Invalid enum value 'b'"),
        (
            Annotated[int, Meta(ge=1)],
            0,
            "its default 0 is no Annotated[int, Meta(ge=1)]: Expected `int` >= 1",
        ),
        (
            Ordering[Literal["a"]],
            ("b",),
            "its default ('b',) is no Annotated[tuple[Literal['a'], ...], Commas()]: Invalid enum"
            " value 'b'",
        ),
        (
            dt.date,
            "2026-01-01",
            "its default '2026-01-01' is a text. Write datetime.date(",
        ),
        (Colour, "red", "its default 'red' is a text. Write <Colour.RED: 'red'>"),
        (int, Odd, "its default <class 'tests.test_soundness.Odd'> is no int: type cannot"),
    ],
)
def test_a_default_that_does_not_fit_is_told(tp, default, problem):
    assert default_problem(tp, default).startswith(problem)


def test_what_is_no_key_is_read_and_written_all_the_same():
    tp = Annotated[int, []]

    assert [*reading_problems(tp), *writing_problems(tp)] == []
