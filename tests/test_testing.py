"""The client for tests, and what it expects of errors."""

from typing import Annotated

import msgspec
import pytest
from aiohttp import web

from webkit.application import create_app
from webkit.decorators import action
from webkit.exceptions import Conflict
from webkit.permissions import IsAuthenticated
from webkit.routers import SimpleRouter
from webkit.testing import APIClient, problem
from webkit.users import CurrentUser
from webkit.viewsets import BaseViewSet
from webkit.websockets import WebSocket


class Thing(msgspec.Struct):
    name: str


class ThingViewSet(BaseViewSet):
    async def list(self, user: Annotated[str | None, CurrentUser()] = None) -> str:
        return user or "nobody"

    async def create(self, thing: Thing) -> Thing:
        return thing

    async def detail(self, id: int) -> int:
        return id

    async def update(self, id: int, thing: Thing) -> Thing:
        return thing

    async def partial_update(self, id: int, thing: Thing) -> Thing:
        return thing

    async def destroy(self, id: int) -> None:
        raise Conflict("still needed")

    @action(permissions=[IsAuthenticated])
    async def secret(self) -> str:
        return "42"

    @action()
    async def talk(self, ws: WebSocket[str, str], user: Annotated[str, CurrentUser()]) -> None:
        await ws.send(user)


@pytest.fixture
async def api():
    router = SimpleRouter()
    router.register(ThingViewSet, basename="thing")
    async with APIClient(create_app(routes=router.routes)) as client:
        yield client


async def test_it_asks_as_nobody(api):
    answer = await api.get("/thing/")

    assert await answer.json() == "nobody"


async def test_it_asks_as_anybody(api):
    ann, bob = api.as_user("ann"), api.as_user("bob")

    answers = [await (await client.get("/thing/")).json() for client in (ann, bob, api)]

    assert answers == ["ann", "bob", "nobody"]


async def test_a_user_passes_where_one_is_needed(api):
    refused = await api.get("/thing/secret/")
    answer = await api.as_user("ann").get("/thing/secret/")

    assert refused.status in {401, 403}
    assert await answer.json() == "42"


async def test_a_websocket_has_the_user_too(api):
    async with api.as_user("ann").ws_connect("/thing/talk/") as ws:
        assert await ws.receive_json() == "ann"


@pytest.mark.parametrize("method", ["post", "put", "patch"])
async def test_every_verb_has_a_method(api, method):
    path = "/thing/" if method == "post" else "/thing/1/"

    answer = await getattr(api, method)(path, json={"name": "a"})

    assert await answer.json() == {"name": "a"}


async def test_headers_of_the_test_stay(api):
    answer = await api.get("/nowhere", headers={"X-Request-ID": "mine"})

    assert answer.headers["X-Request-ID"] == "mine"


def test_a_route_has_its_path_by_name(api):
    assert str(api.url("thing-detail", id=3)) == "/thing/3/"


def test_an_unknown_name_is_named(api):
    with pytest.raises(LookupError, match="no route is named 'nobody'"):
        api.url("nobody")


async def test_a_problem_is_returned_when_it_is_the_one(api):
    body = await problem(await api.delete("/thing/1/"), 409, code="conflict")

    assert body["detail"] == "still needed"


async def test_another_status_is_shown(api):
    with pytest.raises(
        AssertionError, match=r"expected a problem with status 404, got 409 .*needed"
    ):
        await problem(await api.delete("/thing/1/"), 404)


async def test_an_answer_that_is_no_problem_is_shown(api):
    with pytest.raises(AssertionError, match=r"got 200 application/json: \"nobody\""):
        await problem(await api.get("/thing/"), 200)


async def test_another_code_is_shown(api):
    with pytest.raises(AssertionError, match="expected the code 'gone', got 409"):
        await problem(await api.delete("/thing/1/"), 409, code="gone")


async def test_a_plain_application_can_be_asked():
    async def handler(request):
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_get("/", handler)
    async with APIClient(app) as client:
        answer = await client.get("/")

        assert await answer.text() == "ok"
