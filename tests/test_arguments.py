"""All parameters of a function, beside each other and the path."""

import inspect
from typing import Annotated

import pytest
from aiohttp import web
from msgspec import Struct

from webkit.arguments import arguments_of
from webkit.generics import hints_of
from webkit.parameters import Body, Cookie, File, Form, Header, Path, Query
from webkit.users import CurrentUser
from webkit.websockets import WebSocket


class New(Struct):
    name: str
    size: int = 1


class Odd:
    """A class that nothing is known of."""


def found_in(function, *, variables=(), method="POST", is_method=False):
    hints, _ = hints_of(function)
    return arguments_of(
        function,
        inspect.signature(function).parameters.values(),
        hints,
        variables=variables,
        method=method,
        is_method=is_method,
    )


def problems_in(function, **options):
    return found_in(function, **options)[1]


def test_every_parameter_has_its_source():
    async def function(id: int, new: New, q: str = "", *args: int, **more: int) -> None: ...

    sources, problems = found_in(function, variables=["id"])

    assert [(item.name, item.place) for item in sources] == [
        ("id", "path"),
        ("new", "body"),
        ("q", "query"),
    ]
    assert problems == []


def test_what_a_type_or_default_is_wrong_with_is_told_for_each_parameter():
    async def function(
        a: int = "x",  # type: ignore[assignment]  # the mistake
        b: Annotated[list[Odd], Body()] = (),  # type: ignore[assignment]  # a mistake too
        *,
        c: complex,
        d: Annotated[New | None, Query()] = None,
        raw: bytes = b"",
    ) -> None: ...

    assert problems_in(function) == [
        "parameter 'a': its default 'x' is no int: Expected `int`, got `str`",
        "parameter 'b': Odd cannot be read from a request. Use a msgspec.Struct, a dataclass, or a"
        " type of Python's own that JSON has",
        "parameter 'c': nothing in a request is complex. Use a model, a plain type, or"
        " Annotated[..., Body()]",
    ]


def test_the_fields_of_a_model_of_texts_are_looked_at():
    class Deep(Struct):
        new: New

    async def function(deep: Annotated[Deep, Form()]) -> None: ...

    assert problems_in(function) == [
        "parameter 'deep': the field 'new' of Deep is New, which no text can be. Take it from a"
        " body of JSON"
    ]


def test_messages_of_a_websocket_are_looked_at():
    async def function(ws: WebSocket[Odd, Odd], other: WebSocket[int, int]) -> None: ...

    assert [problem.partition(". ")[0] for problem in problems_in(function, method="GET")] == [
        "parameter 'ws': Odd cannot be read from a request",
        "parameter 'ws': Odd cannot be written as JSON",
        "parameters 'ws' and 'other' both want the socket",
    ]


def test_what_is_taken_twice_is_told():
    async def function(
        a: Annotated[int, Query("x")],
        b: Annotated[int, Query("x")],
        c: Annotated[str, Header("X-A")],
        d: Annotated[str, Header("x-a")],
        e: Annotated[New, Query()],
        name: str,
        f: Annotated[str, Cookie("x")],
        g: Annotated[str, Form("x")],
        h: Annotated[web.FileField, File("y")],
        i: Annotated[web.FileField, File("y")],
    ) -> None: ...

    twice = "Give one of them another name"
    assert problems_in(function) == [
        f"parameters 'a' and 'b' are the same parameter of the query 'x'. {twice}",
        f"parameters 'c' and 'd' are the same header 'x-a'. {twice}",
        f"parameters 'e' and 'name' are the same parameter of the query 'name'. {twice}",
        f"parameters 'h' and 'i' are the same file 'y'. {twice}",
    ]


def test_a_body_is_json_or_a_form():
    async def function(new: New, photo: web.FileField) -> None: ...

    assert problems_in(function) == [
        "parameter 'new' wants the body as JSON, and 'photo' as a form. Annotate both with Form()"
        " or File()"
    ]


def test_one_model_is_the_body():
    async def function(one: New, other: New) -> None: ...

    assert problems_in(function) == [
        "parameters 'one' and 'other' both want the body. Put both into one model"
    ]


async def _ignores(q: str = "") -> None: ...
async def _renames(pk: int) -> None: ...
async def _asks(pk: Annotated[int, Query()]) -> None: ...
async def _takes(request: web.Request, pk: int) -> None: ...
async def _knows(user: Annotated[str, CurrentUser()]) -> None: ...
async def _aliases(pk: Annotated[int, Path("id")]) -> None: ...
async def _unreadable(pk: "Nowhere") -> None: ...  # noqa: F821  # the mistake is another one
async def _wrong(pk: complex) -> None: ...


async def _looks(self, pk: int) -> object:
    return self.kwargs["id"], pk


FORGOTTEN = "the path has 'id', which no parameter takes. "
RENAME = f"{FORGOTTEN}Call 'pk' so, or say that it is another value: Annotated[..., Query()]"
ADD = f"{FORGOTTEN}Add the parameter, or take `request`"


@pytest.mark.parametrize(
    ("function", "alone", "as_method"),
    [
        (_ignores, [ADD], []),
        (_renames, [RENAME], [RENAME]),
        (_asks, [ADD], []),
        (_takes, [], []),
        (_knows, [], []),
        (_aliases, [], []),
        (_unreadable, [], []),
    ],
)
def test_a_variable_of_the_path_that_nobody_takes_is_told(function, alone, as_method):
    found = [
        problems_in(function, variables=["id"], method="GET", is_method=is_method)
        for is_method in (False, True)
    ]

    assert found == [alone, as_method]


def test_a_method_may_look_into_the_path_itself():
    parameters = list(inspect.signature(_looks).parameters.values())[1:]

    _, problems = arguments_of(
        _looks, parameters, {"pk": int}, variables=["id"], method="GET", is_method=True
    )

    assert problems == []


class Window(Struct):
    start: int


async def _windowed(window: Window) -> None: ...


def test_a_model_of_the_query_is_not_meant_for_a_variable_of_the_path():
    found, problems = arguments_of(
        _windowed,
        inspect.signature(_windowed).parameters.values(),
        {"window": Window},
        variables=["id"],
        method="GET",
        is_method=True,
    )

    assert [source.place for source in found] == ["query"]
    assert problems == []


def test_a_mistake_in_a_parameter_comes_first():
    assert problems_in(_wrong, variables=["id"]) == [
        "parameter 'pk': nothing in a request is complex. Use a model, a plain type, or"
        " Annotated[..., Body()]"
    ]
