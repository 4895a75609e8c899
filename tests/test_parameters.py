"""From a name and an annotation to a place in a request."""

import datetime as dt
import decimal
import enum
import inspect
import uuid
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NewType, get_type_hints

import msgspec
import pytest
from aiohttp import web

from webkit.parameters import (
    Body,
    Cookie,
    File,
    Form,
    Header,
    ParameterError,
    Path,
    Query,
    source_of,
)
from webkit.sources import MISSING
from webkit.websockets import WebSocket


class Artist(msgspec.Struct):
    name: str


@dataclass
class Record:
    name: str


class Colour(enum.Enum):
    RED = "red"


class Other:
    pass


Name = NewType("Name", str)
Positive = Annotated[int, msgspec.Meta(gt=0)]


def source(hint, *, name="x", method="POST", variables=("id",), default=MISSING, keyword=False):
    kind = inspect.Parameter.KEYWORD_ONLY if keyword else inspect.Parameter.POSITIONAL_OR_KEYWORD
    empty = inspect.Parameter.empty
    parameter = inspect.Parameter(name, kind, default=empty if default is MISSING else default)
    return source_of(parameter, hint, variables=variables, method=method)


@pytest.mark.parametrize(
    ("hint", "place"),
    [
        (str, "query"),
        (int | None, "query"),
        (Positive, "query"),
        (list[int], "query"),
        (set[Colour] | None, "query"),
        (tuple[int, ...], "query"),
        (Literal["a", "b"], "query"),
        (Colour, "query"),
        (uuid.UUID, "query"),
        (dt.datetime, "query"),
        (dt.timedelta, "query"),
        (decimal.Decimal, "query"),
        (Name, "query"),
        (Any, "query"),
        (Artist, "body"),
        (Record | None, "body"),
        (list[Artist], "body"),
        (dict[str, int], "body"),
        (dict, "body"),
        (Artist | Record, "body"),
        (web.FileField, "file"),
        (web.FileField | None, "file"),
        (Annotated[Artist, Query()], "query"),
        (Annotated[int, Body()], "body"),
        (Annotated[bytes, Body], "body"),
        (Annotated[Artist, Form()], "form"),
        (Annotated[int, Form()], "form"),
        (Annotated[str, Header()], "header"),
        (Annotated[str, Cookie()], "cookie"),
        (Annotated[web.FileField, File("photo")], "file"),
        (web.Request, ""),
    ],
)
def test_an_annotation_has_a_place(hint, place):
    assert source(hint).place == place


@pytest.mark.parametrize("hint", [WebSocket[Artist, Artist], WebSocket])
def test_a_websocket_is_the_connection(hint):
    assert source(hint, method="GET").place == "socket"


def test_a_variable_of_the_path_may_have_another_name():
    found = source(Annotated[Positive, Path("id")], name="number")

    assert (found.place, found.alias, found.type) == ("path", "id", Positive)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_model_is_a_query_where_there_is_no_body(method):
    assert source(Artist, method=method).place == "query"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_model_is_the_body_where_there_can_be_one(method):
    assert source(Artist, method=method).place == "body"


@pytest.mark.parametrize("hint", [int, str, Annotated[int, Path()], inspect.Parameter.empty])
def test_a_variable_of_the_path_is_taken_from_it(hint):
    assert source(hint, name="id").place == "path"


def test_a_variable_without_an_annotation_is_text():
    assert source(inspect.Parameter.empty, name="id").type is str


@pytest.mark.parametrize("hint", [inspect.Parameter.empty, int])
def test_what_is_called_request_is_the_request(hint):
    assert source(hint, name="request").place == ""


@pytest.mark.parametrize(
    ("hint", "alias"),
    [
        (str, "x_token"),
        (Annotated[str, Query("token")], "token"),
        (Annotated[str, Header()], "x-token"),
        (Annotated[str, Header("X-Secret")], "X-Secret"),
        (Annotated[str, Cookie()], "x_token"),
    ],
)
def test_a_parameter_has_a_name_in_the_request(hint, alias):
    assert source(hint, name="x_token").alias == alias


def test_constraints_stay_and_markers_go():
    found = source(Annotated[int, msgspec.Meta(gt=0), Query("n")])

    assert found.type == Positive


def test_defaults_and_keywords_are_known():
    assert source(int).required
    assert not source(int, default=3).required
    assert source(int, keyword=True).keyword


@pytest.mark.parametrize(
    ("hint", "options", "message"),
    [
        (inspect.Parameter.empty, {}, "has no annotation, and is neither the request nor a var"),
        (Other, {}, "nothing in a request is Other"),
        (int | Other, {}, "nothing in a request is"),
        (list[Other], {}, "nothing in a request is"),
        (list[Artist], {"method": "GET"}, "GET has no body that could fill"),
        (Annotated[list[str], Cookie()], {}, "a cookie has one value, not list\\[str\\]"),
        (list[int], {"name": "id"}, "a variable of the path has one value, not list\\[int\\]"),
        (Artist, {"name": "id"}, "no variable of the path can be Artist. Take single values"),
        (Annotated[int, Path()], {}, "the path has no variable 'x'. It has 'id'"),
        (Annotated[Artist, Cookie()], {}, "no cookie can be Artist"),
        (Annotated[dict[str, int], Query()], {}, "no parameter can be dict"),
        (list[list[int]], {}, "nothing in a request is list"),
        (Annotated[Artist, Body()], {"method": "GET"}, "GET has no body. Take it from the query"),
        (Annotated[Artist, Form()], {"method": "HEAD"}, "HEAD has no body"),
        (web.FileField, {"method": "GET"}, "GET has no body"),
        (Annotated[int, File()], {}, "a file is a web.FileField, or a list of them, and not int"),
        (WebSocket[str, str], {}, "a WebSocket is opened by GET, not by POST"),
        (Annotated[str, Header("X Y")], {}, "'X Y' is no name of a header"),
        (
            Query,
            {},
            "belongs into the annotation. Write x: Annotated\\[..., Query\\(\\)\\]",
        ),
        (int, {"default": Query("n")}, "Write x: Annotated\\[int, Query\\('n'\\)\\]"),
        (Annotated[Artist, Body("artist")], {}, "a body has no name. Write Body"),
        (Annotated[int, Query(), Header("n")], {}, "has Query\\(\\) and Header\\('n'\\). It comes"),
    ],
)
def test_what_nothing_can_fill_is_a_mistake_that_says_why(hint, options, message):
    with pytest.raises(ParameterError, match=message):
        source(hint, **options)


def test_annotations_that_are_text_are_read_by_the_compiler():
    def function(x: "Annotated[int, Query('n')]") -> None: ...

    hints = get_type_hints(function, include_extras=True)

    assert source(hints["x"]).alias == "n"
