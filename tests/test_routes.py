"""Route definitions."""

import functools
import re
from typing import Any

import pytest
from aiohttp import web

from webkit.endpoints import endpoint
from webkit.exceptions import ConfigurationError
from webkit.handlers import plan
from webkit.routers import SimpleRouter
from webkit.routes import ActionRoute, BrokenRoute, hide, is_hidden, route_problem
from webkit.viewsets import BaseViewSet


class ArtistViewSet:
    lookup_field = "id"

    async def detail(self, id: int) -> int:
        return id


def route(**options):
    found = plan(ArtistViewSet, "detail", variables=("id",), method="GET")
    return ActionRoute("GET", "/artist/{id:[0-9]+}/", plan=found, name="artist-detail", **options)


def test_a_route_shows_its_path_without_patterns_and_serves_it_with_them():
    definition = route()
    app = web.Application()

    (registered, *_) = app.router.add_routes([definition])

    assert definition.path == "/artist/{id}/"
    assert registered.resource.get_info()["pattern"].pattern == "/artist/(?P<id>[0-9]+)/"


def test_what_only_looks_like_a_router_gets_the_path_as_it_is_shown():
    class Documents:
        def add_get(self, path, handler, **options):
            return path

    assert route().register(Documents()) == ["/artist/{id}/"]


def test_so_does_a_router_of_another_kind():
    class Documenting(web.UrlDispatcher):
        """Documents the path that it gets, as that of aiohttp-swagger3 does."""

    (registered, *_) = route().register(Documenting())

    assert registered.resource.get_info()["pattern"].fullmatch("/artist/seven/")


def test_a_handler_looks_like_the_method_that_it_calls():
    handler = route().handler

    assert (handler.__name__, handler.__module__) == ("detail", ArtistViewSet.__module__)
    assert handler.__wrapped__ is ArtistViewSet.detail


def test_every_application_gets_a_handler_of_its_own():
    definition = route()
    handlers = [web.Application().router.add_routes([definition])[0].handler for _ in range(2)]

    assert handlers[0] is not handlers[1]


def test_a_route_is_no_twin_unless_it_is_said():
    assert not route().is_twin
    assert route(is_twin=True).is_twin


def test_a_broken_route_refuses_to_be_served_with_all_its_mistakes():
    with pytest.raises(ConfigurationError, match="one\ntwo"):
        web.Application().add_routes([BrokenRoute(("one", "two"))])


def test_a_handler_can_be_hidden():
    async def handler(request): ...

    assert not is_hidden(handler)
    assert hide(handler) is handler
    assert is_hidden(handler)


async def plain(request): ...
async def typed(request: web.Request) -> web.Response: ...
async def loose(request: Any, more: int = 1) -> web.Response: ...
async def needy(request, more): ...
async def number(id: int) -> int: ...
async def nothing(): ...


def decorated(function):
    @functools.wraps(function)
    async def inner(*args): ...

    return inner


class Shop(BaseViewSet):
    async def list(self): ...


class View(web.View): ...


@pytest.mark.parametrize(
    "handler",
    [
        *(
            plain,
            typed,
            loose,
            decorated(needy),
            endpoint(number),
            functools.partial(needy, more=1),
        ),
        *(View, Shop.as_view({"get": "list"}), Shop().list.__func__),
    ],
    ids=range(9),
)
def test_a_handler_takes_the_request(handler):
    assert route_problem(web.get("/", handler)) == ""


@pytest.mark.parametrize("handler", [needy, number, nothing])
def test_a_function_that_wants_more_needs_to_be_an_endpoint(handler):
    problem = route_problem(web.get("/", handler))

    assert re.fullmatch(
        rf"tests.test_routes.{handler.__name__} \(tests/test_routes.py:\d+\) is given the request"
        r" and nothing else. Put @endpoint above it, for parameters by their types",
        problem,
    )


def test_a_viewset_is_no_handler():
    assert route_problem(web.get("/", Shop)) == (
        "tests.test_routes.Shop is a viewset. Register it with a router, or write"
        ' Shop.as_view({"get": "list"})'
    )


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (SimpleRouter(), "an instance of webkit.routers.SimpleRouter"),
        (plain, "tests.test_routes.plain"),
    ],
    ids=["a router", "a function"],
)
def test_what_is_no_definition_is_told(given, shown):
    assert route_problem(given) == (
        f"{shown} is no route. Write web.get(path, handler), or router.routes"
    )


def test_any_definition_of_aiohttp_is_fine(tmp_path):
    assert route_problem(web.static("/files", tmp_path)) == ""


@pytest.mark.parametrize(
    ("handler", "shown"),
    [(None, "None"), ("views.index", "'views.index'"), (dict, "builtins.dict")],
    ids=["nothing", "a text", "a class"],
)
def test_what_cannot_answer_is_no_handler(handler, shown):
    assert route_problem(web.get("/", handler)) == (
        f"{shown} is no handler. Write a coroutine function, or a web.View"
    )
