"""Bare functions and views that are compiled for the routes that they serve."""

from typing import Annotated

import msgspec
import pytest
from aiohttp import web

from webkit.application import create_app, served_routes
from webkit.endpoints import endpoint, planner_of
from webkit.exceptions import ConfigurationError
from webkit.middlewares import api_exception_handler
from webkit.parameters import Header
from webkit.viewsets import BaseViewSet


class New(msgspec.Struct):
    name: str


@endpoint
async def show(
    id: int, q: str = "", *, x_token: Annotated[str, Header()] = ""
) -> dict[str, object]:
    """Show one."""
    return {"id": id, "q": q, "token": x_token}


@endpoint
async def create(new: New, request: web.Request) -> New:
    return New(f"{new.name} by {request.method}")


@endpoint
async def lost(what) -> None: ...


@endpoint
def not_async() -> None: ...


class ArtistViewSet(BaseViewSet):
    greeting = "hello"

    async def list(self) -> str:
        return self.greeting

    async def create(self, new: New) -> New:
        return new


ROUTES = [web.get("/items/{id}", show), web.post("/items", create)]


@pytest.fixture(params=["create_app", "aiohttp alone"])
async def client(request, aiohttp_client):
    """Serve the routes from an application of webkit, and from one that knows nothing of it."""
    routes = [
        *ROUTES,
        web.get("/artists", ArtistViewSet.as_view({"get": "list"}, greeting="hi")),
        web.route("*", "/any", ArtistViewSet.as_view({"GET": "list", "post": "create"})),
    ]
    if request.param == "create_app":
        return await aiohttp_client(create_app(routes=routes))
    app = web.Application(middlewares=[api_exception_handler])
    app.add_routes(routes)
    return await aiohttp_client(app)


async def test_a_function_has_typed_parameters(client):
    answer = await client.get("/items/3?q=x", headers={"X-Token": "t"})

    assert await answer.json() == {"id": 3, "q": "x", "token": "t"}


async def test_a_function_has_a_body(client):
    answer = await client.post("/items", json={"name": "a"})

    assert (answer.status, await answer.json()) == (200, {"name": "a by POST"})


async def test_bad_input_is_explained(client):
    answer = await client.post("/items", json={})

    assert answer.status == 422
    assert [item["pointer"] for item in (await answer.json())["errors"]] == ["#/name"]


async def test_a_malformed_id_is_not_found(client):
    answer = await client.get("/items/x")

    assert answer.status == 404


async def test_a_view_serves_one_verb_with_its_own_attributes(client):
    answers = [await client.get("/artists"), await client.head("/artists")]

    assert [answer.status for answer in answers] == [200, 200]
    assert await answers[0].json() == "hi"


async def test_a_view_serves_several_verbs_on_one_route(client):
    listed = await client.get("/any")
    created = await client.post("/any", json={"name": "a"})

    assert await listed.json() == "hello"
    assert (created.status, await created.json()) == (201, {"name": "a"})


async def test_a_view_refuses_other_verbs(client):
    answer = await client.delete("/any")

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, POST"


async def test_the_routes_of_functions_are_known_with_their_plans():
    app = create_app(routes=ROUTES)

    (first, second) = [route for route in served_routes(app) if not route.hidden]
    assert (first.path, first.handler.__name__, first.plan.variables) == (
        "/items/{id}",
        "show",
        ("id",),
    )
    assert second.plan.output.type is New


def test_mistakes_in_functions_are_found_at_start_up_together():
    routes = [web.get("/a", lost), web.get("/b", not_async), web.get("/c", show)]

    with pytest.raises(ConfigurationError) as caught:
        create_app(routes=routes)

    first, second = caught.value.problems
    assert first.startswith("lost (")
    assert "parameter 'what' has no annotation" in first
    assert second.startswith("not_async (")
    assert "`async def`" in second


def test_an_ordinary_handler_is_not_compiled():
    async def handler(request): ...

    assert planner_of(handler) is None


def test_an_endpoint_keeps_the_name_and_the_text_of_its_function():
    assert (show.__name__, show.__doc__) == ("show", "Show one.")


@pytest.mark.parametrize(
    ("arguments", "attributes", "message"),
    [
        ({}, {}, "as_view needs actions"),
        ({"get": "lost"}, {}, "ArtistViewSet has no attribute 'lost'"),
        ({"get": "list"}, {"colour": 1}, "ArtistViewSet has no attribute 'colour'"),
    ],
)
def test_a_view_that_cannot_be_is_refused_at_once(arguments, attributes, message):
    with pytest.raises(TypeError, match=message):
        ArtistViewSet.as_view(arguments, **attributes)


@pytest.mark.parametrize("given", ["GET", ["GET"], None])
def test_anything_but_a_function_is_refused(given):
    with pytest.raises(TypeError, match="@endpoint takes the function below it"):
        endpoint(given)


async def test_mistakes_of_routes_that_are_added_later_are_found_before_the_first_request():
    app, inner = create_app(), web.Application()
    app.router.add_get("/lost", lost)
    inner.router.add_post("/async", not_async)
    inner.router.add_route("*", "/any", show)
    app.add_subapp("/inner", inner)

    with pytest.raises(ConfigurationError) as caught:
        await web.AppRunner(app).setup()

    assert [problem.partition(" ")[0] for problem in caught.value.problems] == [
        "lost",
        "not_async",
    ]
