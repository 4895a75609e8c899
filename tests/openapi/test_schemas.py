import collections.abc
import dataclasses
import datetime as dt
import enum
from typing import Any, Generic, Literal, NamedTuple, NotRequired, TypedDict, TypeVar

import attrs
import msgspec
import pydantic
import pytest
from msgspec import UNSET, Struct, UnsetType

from webkit.models import Field
from webkit.openapi.schemas import Schemas, default_of


T = TypeVar("T")
N = TypeVar("N", bound=int)
REF = "#/components/schemas/"


class Genre(enum.Enum):
    """What it sounds like."""

    SOUL = "soul"
    JAZZ = "jazz"


class Size(enum.IntEnum):
    BIG = 1


class Page(Struct, Generic[T]):
    """A part of a list."""

    items: list[T]
    next: str | None = None


class Node(Struct):
    children: "list[Node]"


class Cat(Struct, tag="cat"):
    name: str


class Dog(Struct, tag="dog", forbid_unknown_fields=True):
    name: str = "Rex"


class Row(Struct, array_like=True, tag=1):
    x: int
    y: int = 0


class Point(NamedTuple):
    x: int
    y: int = 0


@pytest.fixture
def schemas():
    return Schemas({"Problem": {}})


def _component(schemas, tp):
    reference = schemas.of(tp)["$ref"]
    return schemas.components[reference.removeprefix(REF)]


@pytest.mark.parametrize(
    ("tp", "schema"),
    [
        (Any, {}),
        (object, {}),
        (T, {}),
        (N, {"type": "integer"}),
        (complex, {}),
        (list, {"type": "array"}),
        (set[int], {"type": "array", "items": {"type": "integer"}}),
        (
            collections.abc.Sequence[str],
            {"type": "array", "items": {"type": "string"}},
        ),
        (tuple, {"type": "array"}),
        (tuple[int, ...], {"type": "array", "items": {"type": "integer"}}),
        (
            tuple[int, str],
            {
                "type": "array",
                "prefixItems": [{"type": "integer"}, {"type": "string"}],
                "items": False,
                "minItems": 2,
                "maxItems": 2,
            },
        ),
        (dict, {"type": "object"}),
        (
            collections.abc.Mapping[str, int],
            {"type": "object", "additionalProperties": {"type": "integer"}},
        ),
        (int | None, {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        (None | int, {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        (int | UnsetType, {"type": "integer"}),
        (Literal["a", "b"], {"type": "string", "enum": ["a", "b"]}),
        (Literal[1, "b", None], {"enum": [1, "b", None]}),  # noqa: PYI061  # people write it
        (Literal[True], {"type": "boolean", "enum": [True]}),
    ],
)
def test_a_type_has_a_schema(schemas, tp, schema):
    assert schemas.of(tp) == schema


@pytest.mark.parametrize(
    ("key", "names"),
    [
        (str, None),
        (int, {"pattern": "^(?:0|-?[1-9][0-9]*)$"}),
        (dt.date, {"format": "date"}),
        (Literal[1, 2], {"enum": ["1", "2"]}),
    ],
)
def test_the_keys_of_a_mapping_are_texts(schemas, key, names):
    assert schemas.of(dict[key, Any]).get("propertyNames") == names


def test_an_enumeration_is_a_component_with_its_values_in_order(schemas):
    assert _component(schemas, Genre) == {
        "description": "What it sounds like.",
        "type": "string",
        "enum": ["soul", "jazz"],
    }
    assert _component(schemas, Size) == {"type": "integer", "enum": [1]}


def test_a_generic_model_is_one_component_for_each_argument(schemas):
    assert schemas.of(Page[Cat]) == schemas.of(Page[Cat]) == {"$ref": f"{REF}PageOfCat"}
    assert schemas.components["PageOfCat"] == {
        "description": "A part of a list.",
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"$ref": f"{REF}Cat"}},
            "next": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        },
        "required": ["items"],
    }


def test_a_model_may_refer_to_itself(schemas):
    assert _component(schemas, Node)["properties"] == {
        "children": {"type": "array", "items": {"$ref": f"{REF}Node"}}
    }


def test_a_field_that_may_be_unset_is_optional_and_no_null(schemas):
    class Patch(Struct, rename="camel"):
        first_name: str | UnsetType = UNSET
        tags: list[str] = msgspec.field(default_factory=list)

    assert _component(schemas, Patch) == {
        "type": "object",
        "properties": {
            "firstName": {"type": "string"},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
    }


@dataclasses.dataclass
class Data:
    x: int
    y: str = "a"


@attrs.define
class Attrs:
    x: int
    y: str = "a"


class Typed(TypedDict):
    x: int
    y: NotRequired[str]


@pytest.mark.parametrize("tp", [Data, Attrs, Typed])
def test_every_kind_of_model_is_an_object(schemas, tp):
    found = _component(schemas, tp)

    found["properties"]["y"].pop("default", None)
    assert found == {
        "type": "object",
        "properties": {"x": {"type": "integer"}, "y": {"type": "string"}},
        "required": ["x"],
    }


def test_models_with_tags_are_told_apart(schemas):
    assert schemas.of(Cat | Dog | None) == {
        "anyOf": [{"$ref": f"{REF}Cat"}, {"$ref": f"{REF}Dog"}, {"type": "null"}],
        "discriminator": {
            "propertyName": "type",
            "mapping": {"cat": f"{REF}Cat", "dog": f"{REF}Dog"},
        },
    }
    assert schemas.components["Dog"] == {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["dog"]},
            "name": {"type": "string", "default": "Rex"},
        },
        "required": ["type"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize("tp", [Cat | int, Cat | None, Cat | Node])
def test_where_there_is_no_tag_there_is_no_discriminator(schemas, tp):
    assert list(schemas.of(tp)) == ["anyOf"]


def test_rows_are_arrays_of_their_fields(schemas):
    integer = {"type": "integer"}

    assert _component(schemas, Row) == {
        "type": "array",
        "prefixItems": [{"type": "integer", "enum": [1]}, integer, {**integer, "default": 0}],
        "minItems": 2,
    }
    assert _component(schemas, Point) == {
        "type": "array",
        "prefixItems": [integer, {**integer, "default": 0}],
        "minItems": 1,
        "maxItems": 2,
    }


def test_a_name_that_is_taken_is_not_given_again(schemas):
    problem = msgspec.defstruct("Problem", [("x", int)], module="shop.views")
    cat = msgspec.defstruct("Cat", [("x", int)], module="shop.views")

    assert schemas.of(problem) == {"$ref": f"{REF}shop.views.Problem"}
    assert schemas.of(Cat) == {"$ref": f"{REF}Cat"}
    assert schemas.of(cat) == {"$ref": f"{REF}shop.views.Cat"}


def test_models_of_pydantic_write_their_own_schema(schemas):
    class Track(pydantic.BaseModel):
        seconds: int = pydantic.Field(ge=1)

    class Album(pydantic.BaseModel):
        tracks: list[Track]
        others: list["Album"] = []

    class Shelf(Struct):
        albums: list[Album]

    assert _component(schemas, Shelf)["properties"]["albums"]["items"] == {"$ref": f"{REF}Album"}
    album, track = schemas.components["Album"], schemas.components["Track"]
    assert album["properties"]["tracks"]["items"] == {"$ref": f"{REF}Track"}
    assert album["properties"]["others"]["items"] == {"$ref": f"{REF}Album"}
    assert track["properties"]["seconds"]["minimum"] == 1
    assert schemas.of(Track) == schemas.of(Track) == {"$ref": f"{REF}Track"}


def test_two_models_of_pydantic_with_one_name_are_two_components(schemas):
    one = pydantic.create_model("Cat", x=(int, ...))
    two = pydantic.create_model("Cat", y=(int, ...))

    assert schemas.of(one) == {"$ref": f"{REF}Cat"}
    assert schemas.of(two) == {"$ref": f"{REF}Cat2"}


@pytest.mark.parametrize(
    ("default", "shown"),
    [
        (msgspec.NODEFAULT, {}),
        (UNSET, {}),
        (None, {"default": None}),
        (Genre.SOUL, {"default": "soul"}),
        ((1, 2), {"default": [1, 2]}),
        (object(), {}),
    ],
)
def test_a_default_is_shown_as_it_is_written(default, shown):
    assert default_of(Field("x", "x", Any, False, default)) == shown
