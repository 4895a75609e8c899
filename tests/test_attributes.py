"""What is wrong with the attributes of a resource."""

from typing import Any, TypedDict

import pytest
from msgspec import UNSET, Struct, UnsetType
from pydantic import BaseModel

from webkit.attributes import attribute_problems, patch_problems
from webkit.operators import OPERATORS
from webkit.pagination import Cursor, LimitOffset, Page
from webkit.repositories import MemoryRepository
from webkit.resources import ReadOnlyViewSet


class Book(Struct):
    id: int
    title: str


class Row(TypedDict):
    id: int


class Other(Struct):
    id: int


class Filter(Struct):
    title__like: str | None = None
    title__contains: str | None = None


class Inside(Struct):
    book__title: str | None = None
    book__title__in: list[str] | None = None


class Outside(Struct):
    book__name: str | None = None
    book__name__in: list[str] | None = None
    book__title__like: str | None = None
    shelf__id: int | None = None


class Copy(Struct):
    id: int
    book: Book | None


class Base(ReadOnlyViewSet[Book, int]):
    repository = MemoryRepository(Book)


def problems(item: Any = Book, **attributes: Any) -> list[str]:
    return list(attribute_problems(type("Shop", (Base,), attributes), item))


@pytest.mark.parametrize("name", ["actions", "search_fields", "ordering", "ordering_fields"])
def test_one_value_where_there_should_be_several_is_told(name):
    assert problems(**{name: "title"}) == [f"{name}: 'title' is one value. Write ('title',)"]
    assert problems(**{name: 3}) == [f"{name}: 3 is one value. Write (3,)"]


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        ({"page": LimitOffset()}, "page: LimitOffset(...) is an instance. Write LimitOffset"),
        (
            {"page": Page},
            "page: webkit.pagination.Page is no style of pages. Write LimitOffset, PageNumber or"
            " Cursor",
        ),
        ({"page": 3}, "page: 3 is no style of pages. Write LimitOffset, PageNumber or Cursor"),
        ({"page_size": 0}, "page_size: 0 is not a number above 0"),
        ({"page_size": "10"}, "page_size: '10' is not a number above 0"),
        ({"max_page_size": True}, "max_page_size: True is not a number above 0"),
        ({"max_bulk_size": -1}, "max_bulk_size: -1 is not a number above 0"),
        (
            {"page_size": 20, "max_page_size": 10},
            "page_size: 20 is more than max_page_size, 10",
        ),
        (
            {"repository": MemoryRepository},
            "repository: MemoryRepository is a class. Write MemoryRepository(...)",
        ),
        (
            {"repository": object()},
            "repository: builtins.object is none. Write MemoryRepository(...), or so",
        ),
        ({"repository": MemoryRepository(Other)}, "repository: it has Other, and not Book"),
        (
            {"filters": Filter},
            "filters: 'title__like' ends with no operator. There are exact, iexact, gt, gte, lt,"
            " lte, in, contains, icontains, startswith, isnull",
        ),
        (
            {"actions": ("remove",)},
            "actions: there is no 'remove'. Write some of list, create, detail, update,"
            " partial_update, destroy",
        ),
    ],
    ids=range(13),
)
def test_a_mistake_in_an_attribute_is_told(attributes, problem):
    assert problems(**attributes) == [problem]


@pytest.mark.parametrize(
    ("item", "attributes"),
    [
        (Book, {"page": None, "page_size": 10, "max_page_size": 10, "ordering": ("-title",)}),
        (Book, {"page": Cursor, "repository": None, "search_fields": ["title"]}),
        (Row, {"repository": MemoryRepository(Row)}),
        (dict, {"repository": MemoryRepository(dict), "ordering_fields": ("whatever",)}),
        (None, {}),
        (Copy, {"repository": None, "filters": Inside, "search_fields": ("book__title",)}),
    ],
    ids=range(6),
)
def test_what_fits_has_no_problem(item, attributes):
    assert problems(item, **attributes) == []


def test_what_no_object_inside_has_is_told():
    operators = ", ".join(OPERATORS)

    assert problems(Copy, repository=None, filters=Outside, ordering=("book__title",)) == [
        "filters: book has no field 'name'. It has id, title",
        f"filters: 'book__title__like' ends with no operator. There are {operators}",
        "filters: Copy has no field 'shelf__id'. It has book, id",
        "ordering: Copy has no field 'book__title'. It has book, id",
    ]


def test_a_resource_with_a_mistake_has_none_of_what_it_inherits():
    class Shop(ReadOnlyViewSet[Book, int]):
        repository = MemoryRepository(Book)
        page_size = 0

    assert list(Shop.mistakes()) == ["page_size: 0 is not a number above 0"]


class Patch(Struct):
    title: str = ""
    id: int | UnsetType = UNSET
    tags: list[str] = []


class Needs(Struct):
    title: str


class Pydantic(BaseModel):
    title: str = ""


def test_a_default_that_a_patch_would_write_is_told():
    (problem,) = patch_problems(Patch)

    assert problem == (
        "Patch.title has the default '', which a PATCH without it would write. Write title: str |"
        " UnsetType = UNSET"
    )


@pytest.mark.parametrize("patch", [Needs, Row, Pydantic, None, int])
def test_a_patch_that_writes_what_is_sent_has_no_problem(patch):
    assert list(patch_problems(patch)) == []
