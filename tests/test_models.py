"""Models of every kind, under one shape."""

import dataclasses
from typing import Annotated, Any, Generic, NotRequired, Required, TypedDict, TypeVar

import attrs
import msgspec
import pydantic
import pytest

from webkit.models import (
    Commas,
    Field,
    bare,
    fields_of,
    has_commas,
    is_model,
    is_pydantic,
    members,
    refuses_unknown,
    values_of,
)


T = TypeVar("T")
Name = Annotated[str, msgspec.Meta(min_length=1)]


class Struct(msgspec.Struct, rename="camel"):
    first_name: Name
    age: int | None = None


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    name: str


@dataclasses.dataclass
class Record:
    name: Name
    tags: list[str] = dataclasses.field(default_factory=list)


@attrs.define
class Attrs:
    name: Name
    age: int = 3


class Typed(TypedDict):
    name: Required[Name]
    age: NotRequired[int]


class Model(pydantic.BaseModel):
    name: str = pydantic.Field(alias="n", min_length=1)
    tags: list[str] = pydantic.Field(default_factory=list)
    age: int = 3


class Page(msgspec.Struct, Generic[T]):
    results: list[T]


@dataclasses.dataclass
class Box(Generic[T]):
    item: T
    items: list[T]


NONE = msgspec.NODEFAULT


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (
            Struct,
            [
                Field("first_name", "firstName", Name, True, NONE),
                Field("age", "age", int | None, False, None),
            ],
        ),
        (
            Record,
            [
                Field("name", "name", Name, True, NONE),
                Field("tags", "tags", list[str], False, NONE),
            ],
        ),
        (Attrs, [Field("name", "name", Name, True, NONE), Field("age", "age", int, False, 3)]),
        (
            Typed,
            [
                Field("name", "name", Name, True, NONE),
                Field("age", "age", int, False, NONE),
            ],
        ),
        (Page[int], [Field("results", "results", list[int], True, NONE)]),
        (
            Box[int],
            [
                Field("item", "item", int, True, NONE),
                Field("items", "items", list[int], True, NONE),
            ],
        ),
        (
            Box,
            [
                Field("item", "item", Any, True, NONE),
                Field("items", "items", list[Any], True, NONE),
            ],
        ),
    ],
)
def test_the_fields_of_every_kind_of_model_have_one_shape(model, fields):
    found = fields_of(model)

    assert list(found) == fields


def test_the_fields_of_a_pydantic_model_have_that_shape_too():
    name, tags, age = fields_of(Model)

    assert (name.name, name.alias, name.required) == ("name", "n", True)
    assert bare(name.type) is str
    assert tags == Field("tags", "tags", list[str], False, NONE)
    assert age == Field("age", "age", int, False, 3)


@pytest.mark.parametrize("tp", [Struct, Record, Attrs, Typed, Model, Page[int], Box[int]])
def test_models_are_models(tp):
    assert is_model(tp)
    assert is_model(Annotated[tp, "note"])


@pytest.mark.parametrize("tp", [int, list[int], dict, list[Struct], Struct | None, Any, "Struct"])
def test_nothing_else_is_a_model(tp):
    assert not is_model(tp)


def test_pydantic_is_recognised_without_an_import():
    assert is_pydantic(Model)
    assert not is_pydantic(Struct)


def test_a_model_says_whether_it_takes_unknown_fields():
    assert refuses_unknown(Strict)
    assert not refuses_unknown(Struct)
    assert not refuses_unknown(Record)


def test_members_are_those_of_nested_unions():
    assert members(Annotated[int | str, "note"] | None) == (int, str, type(None))
    assert members(int) == (int,)


def test_bare_takes_every_wrapper_off():
    assert bare(Annotated[Required[Annotated[int, 1]], 2]) is int


class Patch(msgspec.Struct, rename="camel"):
    first_name: str | msgspec.UnsetType = msgspec.UNSET
    age: int | msgspec.UnsetType | None = msgspec.UNSET


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (Struct("Nina"), {"first_name": "Nina", "age": None}),
        (Patch(), {}),
        (Patch(age=None), {"age": None}),
        (Record("Nina"), {"name": "Nina", "tags": []}),
        (Attrs("Nina"), {"name": "Nina", "age": 3}),
        (Typed(name="Nina"), {"name": "Nina"}),
        (Model(n="Nina"), {"name": "Nina", "tags": [], "age": 3}),
    ],
)
def test_the_values_of_a_model_go_by_their_names_in_python(value, found):
    assert values_of(value) == found


def test_the_values_that_were_given_are_without_defaults():
    assert values_of(Model(n="Nina"), given=True) == {"name": "Nina"}


@pytest.mark.parametrize(
    ("tp", "found"),
    [
        (Annotated[list[int], Commas()], True),
        (Annotated[list[int], Commas()] | None, True),
        (Annotated[list[int] | None, Commas()], True),
        (Annotated[list[int], "commas"], False),
        (list[int], False),
        (int, False),
    ],
)
def test_a_container_may_stand_in_one_text(tp, found):
    assert has_commas(tp) is found
