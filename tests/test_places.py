"""What can stand where in a request."""

from collections.abc import Sequence
from typing import Annotated, Literal

import pytest
from aiohttp import web
from msgspec import Meta, Struct

from webkit.places import is_file, only, place_problem
from webkit.websockets import WebSocket


class New(Struct):
    name: str


def problem(place, hint, *, alias="id", method="POST"):
    return place_problem(alias, place, hint, variables=["id"], method=method)


@pytest.mark.parametrize(
    ("place", "hint"),
    [
        ("path", int),
        ("query", list[int]),
        ("query", New | None),
        ("header", list[str]),
        ("cookie", int | None),
        ("form", New),
        ("file", web.FileField),
        ("file", Sequence[web.FileField] | None),
        ("body", New),
    ],
)
def test_what_fits_has_no_problem(place, hint):
    assert problem(place, hint) == ""


@pytest.mark.parametrize(
    ("place", "hint", "told"),
    [
        ("path", list[int], "a variable of the path has one value, not list[int]"),
        ("path", New, "no variable of the path can be New. Take single values"),
        ("query", dict[str, int], "no parameter can be dict[str, int]. Take single values"),
        ("cookie", list[int], "a cookie has one value, not list[int]"),
        ("cookie", New, "no cookie can be New. Take single values"),
        ("file", str, "a file is a web.FileField, or a list of them, and not str"),
        ("file", list[str], "a file is a web.FileField, or a list of them, and not list[str]"),
        ("socket", WebSocket[int, int], "a WebSocket is opened by GET, not by POST"),
    ],
)
def test_what_does_not_fit_is_told(place, hint, told):
    assert problem(place, hint) == told


@pytest.mark.parametrize("place", ["body", "form", "file"])
def test_there_is_no_body_where_none_is_sent(place):
    told = "GET has no body. Take it from the query, or serve POST"

    assert problem(place, web.FileField, method="GET") == told


def test_a_variable_is_in_the_path():
    assert problem("path", int, alias="pk") == "the path has no variable 'pk'. It has 'id'"


@pytest.mark.parametrize("alias", ["X Y", "", "X:Y", "Ä"])
def test_a_header_has_a_name_that_can_be_sent(alias):
    assert problem("header", str, alias=alias) == f"{alias!r} is no name of a header"


def test_the_only_type_is_that_of_an_optional():
    assert only(int | None) is int
    assert only(Annotated[int, Meta(ge=1)]) is int
    assert only(int | str) == int | str


def test_a_file_is_one_or_a_list():
    assert is_file(web.FileField | None)
    assert is_file(list[web.FileField])
    assert not is_file(Literal["file"])
