import dataclasses
import enum
import sys
from typing import Annotated, Any, Final, NamedTuple, NewType, Required

import msgspec
import pytest
from msgspec import Meta, Struct

from webkit.exceptions import ConfigurationError
from webkit.openapi.declarations import declared_fields, description_of, tag_of, unwrapped


class Point(NamedTuple):
    x: int
    y: Annotated[int, Meta(ge=0)] = 0


class Odd(Struct):
    value: "Missing"  # noqa: F821  # that is the test


class Tagged(Struct, tag_field="kind", tag="odd"): ...


class Row(Struct, tag=True, array_like=True): ...


@pytest.mark.parametrize("tp", [int, Required[int], Final[int], NewType("Id", int)])
def test_a_type_stands_alone_when_it_is_unwrapped(tp):
    assert unwrapped(tp) == (int, [])


def test_what_is_said_of_a_type_comes_from_inside_to_outside():
    inner, outer = Meta(ge=0), Meta(le=9)

    assert unwrapped(Annotated[Annotated[int, inner, "else"], outer]) == (int, [inner, outer])


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the statement `type` came with 3.12")
def test_an_alias_is_what_it_stands_for():
    names: dict[str, Any] = {}
    exec("type Plain = int\ntype Several[T] = list[T]", names)

    assert unwrapped(names["Plain"]) == (int, [])
    assert unwrapped(names["Several"][str]) == (list[str], [])


def test_a_named_tuple_has_fields():
    first, second = declared_fields(Point)

    assert first == ("x", "x", int, True, msgspec.NODEFAULT)
    assert second == ("y", "y", Annotated[int, Meta(ge=0)], False, 0)


def test_an_annotation_that_is_not_there_is_a_mistake_of_the_model():
    with pytest.raises(ConfigurationError, match=r"Odd: its fields cannot be read: .*Missing"):
        declared_fields(Odd)


def test_a_tag_is_a_field_and_its_value():
    assert tag_of(Annotated[Tagged, "x"]) == ("kind", "odd")
    assert tag_of(Odd) == tag_of(Row) == tag_of(int) == ("", None)


def test_a_description_is_what_somebody_wrote():
    class Written(Struct):
        """Of the label.

        Since ever.
        """

    assert description_of(Written) == {"description": "Of the label.\n\nSince ever."}


def test_a_docstring_that_python_made_is_no_description():
    made = dataclasses.make_dataclass("Made", ["x"])

    assert description_of(made) == description_of(Point) == description_of(Tagged) == {}
    assert description_of(enum.Enum("Kind", "A", type=None)) == {}
