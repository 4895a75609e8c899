"""The client for tests, and what it expects of errors."""

import threading
import urllib.request
from typing import Annotated

import msgspec
import pytest
from aiohttp import web

from webkit.application import create_app
from webkit.decorators import action
from webkit.exceptions import Conflict
from webkit.permissions import IsAuthenticated
from webkit.routers import SimpleRouter
from webkit.testing import APIClient, problem, served
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


async def test_head_and_options_have_methods(api):
    head = await api.head("/thing/")
    options = await api.options("/thing/")

    assert (head.status, await head.read()) == (200, b"")
    assert (options.status, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")


async def test_head_shows_a_redirect():
    async def redirect(request):
        raise web.HTTPFound("/elsewhere")

    async with APIClient(create_app(routes=[web.get("/", redirect)])) as client:
        answer = await client.head("/")

    assert answer.status == 302


async def test_headers_of_the_test_stay(api):
    answer = await api.get("/nowhere", headers={"X-Request-ID": "mine"})

    assert answer.headers["X-Request-ID"] == "mine"


def test_a_route_has_its_path_by_name(api):
    assert str(api.url("thing-detail", id=3)) == "/thing/3/"


def test_a_path_has_a_query(api):
    assert str(api.url("thing-list", query={"page": 2, "q": "a b"})) == "/thing/?page=2&q=a+b"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nobody", "no route is named 'nobody'"),
        ("thing-lists", "no route is named 'thing-lists'. Did you mean 'thing-list'?"),
        ("thing-detail", "route 'thing-detail' needs id; nothing was given"),
    ],
)
def test_a_url_that_cannot_be_made_is_explained(api, name, message):
    with pytest.raises(LookupError) as caught:
        api.url(name)

    assert str(caught.value) == message


async def test_a_route_without_variables_is_asked_by_its_name(api):
    answer = await api.get("thing-list", params={"page": 2})

    assert answer.url.path_qs == "/thing/?page=2"


async def test_a_websocket_is_opened_by_the_name_of_its_route(api):
    async with api.as_user("ann").ws_connect("thing-talk") as ws:
        assert await ws.receive_json() == "ann"


async def test_it_logs_in_and_out(api):
    other = api.as_user("bob")
    answers = []
    for step in (lambda: api.log_in("ann"), api.log_out):
        step()
        answers += [await (await client.get("/thing/")).json() for client in (api, other)]

    assert answers == ["ann", "bob", "nobody", "bob"]


async def test_who_logs_out_has_no_cookies_left():
    async def cookies(request):
        answer = web.json_response(dict(request.cookies))
        answer.set_cookie("session", "1")
        return answer

    async with APIClient(create_app(routes=[web.get("/", cookies)])) as client:
        await client.get("/")
        known = await (await client.get("/")).json()
        client.log_out()
        forgotten = await (await client.get("/")).json()

    assert (known, forgotten) == ({"session": "1"}, {})


async def test_headers_of_a_client_go_with_each_of_its_requests(api):
    other = api.with_headers({"X-Request-ID": "mine"}).as_user("ann")

    answers = [await client.get("/nowhere") for client in (other, api)]

    assert [answer.headers["X-Request-ID"] == "mine" for answer in answers] == [True, False]


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


async def test_an_application_without_middlewares_of_webkit_can_be_asked_by_anybody():
    app = web.Application()
    router = SimpleRouter()
    router.register(ThingViewSet, basename="thing")
    app.add_routes(router.routes)

    async with APIClient(app) as client:
        answers = [await (await who.get("/thing/")).json() for who in (client, client.as_user("a"))]

    assert answers == ["nobody", "a"]
    assert list(app.middlewares) == []


async def test_an_application_can_be_asked_by_several_clients():
    router = SimpleRouter()
    router.register(ThingViewSet, basename="thing")
    app = create_app(routes=router.routes)

    async with APIClient(app) as first, APIClient(app) as second:
        answers = [await client.as_user("ann").get("/thing/") for client in (first, second)]

    assert [answer.status for answer in answers] == [200, 200]


async def _hello(request):
    return web.Response(text="hello")


def _app():
    return create_app(routes=[web.get("/", _hello)])


async def _app_later():
    return _app()


@pytest.mark.parametrize("make", [_app, _app_later])
def test_an_application_is_served_in_a_thread_for_clients_without_a_loop(make):
    with served(make) as url, urllib.request.urlopen(url) as answer:
        assert answer.read() == b"hello"

    assert not [thread for thread in threading.enumerate() if thread.name == "webkit-served"]


def test_an_application_that_does_not_start_raises_its_error_where_it_is_wanted():
    async def fail(app):
        raise LookupError("no shelf")

    def make():
        app = _app()
        app.on_startup.append(fail)
        return app

    with pytest.raises(LookupError, match="no shelf"), served(make):
        raise AssertionError("it was served")
