"""Type variables of generic bases."""

import sys
from typing import Annotated, Any, Generic, TypeVar

import pytest

from webkit.exceptions import ConfigurationError
from webkit.generics import UNREADABLE, filled, hints_of, type_arguments
from webkit.pagination import Page
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


T = TypeVar("T")
K = TypeVar("K")


class Pair(Generic[K, T]):
    pass


class Named(Pair[str, list[T]]):
    pass


class Twice(Pair[T, T], Generic[T]):
    pass


class Numbers(Named[int]):
    pass


class MoreNumbers(Numbers):
    pass


@pytest.mark.parametrize(
    ("hint", "found"),
    [
        (T, int),
        (K, K),
        (T | None, int | None),
        (list[T], list[int]),
        (dict[K, T], dict[K, int]),
        (Annotated[T, "unit"], Annotated[int, "unit"]),
        (str, str),
        (Page, Page),
        (Page[T], Page[int]),
        (Any, Any),
    ],
)
def test_a_variable_is_filled_wherever_it_stands_in_a_type(hint, found):
    assert filled(hint, {T: int}) == found


def test_the_arguments_of_every_base_are_known():
    known = type_arguments(MoreNumbers)

    assert known[Named] == {T: int}
    assert known[Pair] == {K: str, T: list[int]}


def test_one_variable_may_stand_for_two_things_in_two_bases():
    class Flags(Twice[bool], Named[int]):
        pass

    known = type_arguments(Flags)

    assert known[Twice] == {T: bool}
    assert known[Named] == {T: int}


def test_a_class_that_names_nothing_knows_nothing():
    class Plain(Pair):
        pass

    assert type_arguments(Plain) == {}


class Shelf(BaseViewSet, Generic[K, T]):
    async def detail(self, id: K) -> T: ...
    async def destroy(self, id: int) -> None: ...


def test_the_actions_of_a_generic_viewset_have_the_types_of_the_subclass():
    class Books(Shelf[int, str]):
        pass

    hints, problems = hints_of(Shelf.detail, Books, method="detail")

    assert (hints, problems) == ({"id": int, "return": str}, [])


@pytest.mark.parametrize("cls", [None, Shelf])
def test_hints_without_variables_stay_as_they_are(cls):
    hints, problems = hints_of(Shelf.destroy, cls, method="destroy")

    assert (hints, problems) == ({"id": int, "return": type(None)}, [])


def test_an_annotation_that_cannot_be_read_is_a_mistake():
    async def function(x: "Nowhere", y: "int") -> "1 +": ...  # noqa: F821, F722  (the mistakes)

    assert hints_of(function) == (
        {"x": UNREADABLE, "y": int},
        [
            "parameter 'x': the annotation 'Nowhere' cannot be read: name 'Nowhere' is not defined."
            " Import it where the module runs, not only under TYPE_CHECKING",
            "what it returns: the annotation '1 +' cannot be read: Forward reference must be an"
            " expression -- got '1 +'.",
        ],
    )


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is that of Python 3.12")
def test_type_parameters_of_a_class_may_stand_in_texts():
    names = {}
    exec(
        "from __future__ import annotations\n"
        "class Shelf[K, T]:\n"
        "    async def detail(self, id: K) -> T: ...\n"
        "class Books(Shelf[int, str]): ...\n",
        names,
    )

    hints, problems = hints_of(names["Shelf"].detail, names["Books"], method="detail")

    assert (hints, problems) == ({"id": int, "return": str}, [])


def test_a_variable_that_nobody_names_is_a_mistake_at_registration():
    class Books(Shelf):
        pass

    router = SimpleRouter()
    router.register(Books, basename="book")
    [broken] = router.routes

    with pytest.raises(ConfigurationError) as caught:
        broken.register(None)

    found = "\n".join(caught.value.problems)
    assert "Books.detail" in found
    assert "'id' is ~K, and nothing says what that is. Name it: Shelf[...]" in found
    assert "'return' is ~T" in found


def test_the_path_has_the_pattern_of_the_type_that_the_subclass_names():
    class Books(Shelf[int, str]):
        pass

    router = SimpleRouter()
    router.register(Books, basename="book")

    assert "[0-9]" in router.routes[0].pattern
