"""The compiler: what it makes of a method, and what it refuses."""

import inspect
import linecache
import traceback
from typing import Annotated

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from webkit.exceptions import ConfigurationError, ValidationError
from webkit.handlers import place_of, plan, plan_function
from webkit.parameters import Marker
from webkit.sources import Source


class New(msgspec.Struct):
    name: str


class ArtistViewSet:
    lookup_field = "id"

    async def seed(request) -> web.Response:
        return web.Response(text=request.path)

    @staticmethod
    async def static(request) -> web.Response:
        return web.Response(text="static")

    async def bound(self) -> str:
        """Say hello."""
        return f"{self.action} {self.basename} {self.request.path}"

    async def failing(self) -> str:
        raise RuntimeError("lost")

    async def named(self, *, q: str = "x", request: web.Request) -> str:
        return q + request.method

    async def loose(self, request, *args, **kwargs) -> str:
        return f"{len(args)} {len(kwargs)}"

    @classmethod
    async def of_class(cls) -> None: ...

    def not_async(self) -> None: ...

    async def nothing() -> None: ...  # type: ignore[misc]

    async def only_keywords(*, request) -> None: ...  # type: ignore[misc]

    async def two_bodies(self, one: New, other: New) -> None: ...

    async def unreadable(self, x: "NoSuchName") -> None: ...  # type: ignore[name-defined]  # noqa: F821

    async def several(self, a, b: complex) -> None: ...

    number = 3


def made(name, *, method="GET", **options):
    return plan(ArtistViewSet, name, variables=(), method=method, **options)


async def asked(handler, path="/artist/"):
    return await handler(make_mocked_request("GET", path))


def test_a_method_of_the_request_alone_is_its_own_handler():
    assert made("seed").bind() is ArtistViewSet.seed
    assert made("static").bind() is ArtistViewSet.static


async def test_a_method_with_self_gets_an_instance_that_knows_its_request():
    handler = made("bound", basename="artist").bind()

    answer = await asked(handler, "/artist/?x=1")

    assert answer.body == b'"bound artist /artist/"'


def test_a_handler_is_known_by_the_name_and_text_of_its_method():
    handler = made("bound").bind()

    assert handler.__qualname__ == "ArtistViewSet.bound"
    assert (handler.__name__, handler.__doc__) == ("bound", "Say hello.")
    assert handler.__module__ == __name__
    assert inspect.unwrap(handler) is ArtistViewSet.bound


def test_each_application_has_a_handler_of_its_own():
    found = made("bound")

    assert found.bind() is not found.bind()
    assert found.bind().__globals__ is not found.bind().__globals__


async def test_arguments_are_passed_by_name_where_they_must_be():
    answer = await asked(made("named").bind(), "/?q=y")

    assert answer.body == b'"yGET"'


async def test_what_takes_anything_is_given_nothing():
    answer = await asked(made("loose").bind())

    assert answer.body == b'"0 0"'


async def test_a_traceback_shows_the_lines_of_the_handler():
    try:
        await asked(made("failing").bind())
    except RuntimeError as error:
        shown = "".join(traceback.format_exception(error))

    assert "result = await _function(self)" in shown
    assert "ArtistViewSet.failing GET>" in shown


def test_the_source_of_a_handler_can_be_read():
    code = made("bound").code

    assert code is not None
    lines = linecache.getlines(code.co_filename)
    assert lines[:2] == ["async def handler(request):\n", "    self = _viewset()\n"]


async def test_an_admission_comes_first():
    seen = []

    async def admit(request, view):
        seen.append((request.path, type(view)))

    await asked(made("bound", admit=admit).bind())
    await asked(made("seed", admit=admit).bind())

    assert seen == [("/artist/", ArtistViewSet), ("/artist/", type(None))]


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        ("of_class", ["a classmethod cannot be an action. Take `self`, or the request alone"]),
        ("not_async", ["an action is written `async def`"]),
        ("number", ["an action is written `async def`"]),
        ("nothing", ["an action takes `self`, or the request alone, as its first parameter"]),
        ("only_keywords", ["an action takes `self`, or the request alone, as its first parameter"]),
        (
            "two_bodies",
            ["parameters 'one' and 'other' both want the body. Put both into one model"],
        ),
        (
            "several",
            [
                "parameter 'a' has no annotation, and is neither the request nor a variable of the"
                " path. This route knows 'request'",
                "parameter 'b': nothing in a request is complex. Use a model, a plain"
                " type, or Annotated[..., Body()]",
            ],
        ),
    ],
)
def test_what_cannot_be_a_handler_is_refused_with_every_reason(name, problems):
    with pytest.raises(ConfigurationError) as caught:
        made(name, method="POST")

    assert [text.partition(": ")[2] for text in caught.value.problems] == problems


def test_annotations_that_cannot_be_read_are_a_mistake():
    with pytest.raises(
        ConfigurationError,
        match="parameter 'x': the annotation 'NoSuchName'",
    ):
        made("unreadable")


def test_a_mistake_says_where_it_is(monkeypatch, tmp_path):
    line = inspect.getsourcelines(ArtistViewSet.bound)[1]

    assert place_of(ArtistViewSet, "bound").endswith(f"test_handlers.py:{line})")
    assert place_of(ArtistViewSet, "number") == "ArtistViewSet.number"
    assert place_of(ArtistViewSet, "missing") == "ArtistViewSet.missing"


async def test_a_function_is_compiled_as_a_method_is():
    async def show(request, q: str = "x") -> str:
        return f"{request.path} {q}"

    found = plan_function(show, variables=(), method="GET")

    assert (await asked(found.bind(), "/a?q=y")).body == b'"/a y"'
    assert (found.viewset, found.action) == (None, "show")


def test_a_function_that_is_not_async_is_refused():
    def show(request): ...

    with pytest.raises(ConfigurationError, match="an endpoint is written `async def`"):
        plan_function(show, variables=(), method="GET")


async def test_a_value_that_no_source_can_explain_is_a_mistake_all_the_same():
    class Picky(Source):
        def write(self, script):
            return f"{script.bind(int)}('x')"

    class Mark(Marker):
        place = "query"
        source = Picky

    async def show(request, q: Annotated[str, Mark()]) -> str:
        return q

    found = plan_function(show, variables=(), method="GET")

    with pytest.raises(ValidationError) as caught:
        await asked(found.bind())
    assert "invalid literal for int" in caught.value.errors[0]["detail"]


def test_an_answer_without_a_body_returns_nothing():
    with pytest.raises(ConfigurationError) as caught:
        made("bound", status=204)

    (problem,) = caught.value.problems
    assert problem.endswith("an answer of 204 has no body. Return None, or take another status")
