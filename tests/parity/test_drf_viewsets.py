"""DRF's tests of viewsets, by their intent: rows 45 to 51, 53 to 55 and 60 to 62 of the reference.

Row 52 is a middleware of Django's; rows 56 to 59 are about the links of DRF's HTML pages.
"""

import functools

import pytest
from aiohttp import web

from webkit.application import create_app, served_routes
from webkit.decorators import action
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


class BasicViewSet(BaseViewSet):
    async def list(self) -> dict[str, str]:
        return {"ACTION": "LIST"}


def decorate(function):
    @functools.wraps(function)
    async def wrapper(self, *args, **kwargs):
        return await function(self, *args, **kwargs)

    return wrapper


class ActionViewSet(BaseViewSet):
    async def list(self) -> web.Response:
        return self.seen()

    async def detail(self, id: str) -> web.Response:
        return self.seen()

    @action
    async def list_action(self) -> web.Response:
        return self.seen()

    @action(url_name="list-custom")
    async def custom_list_action(self) -> web.Response:
        return self.seen()

    @action(detail=True)
    async def detail_action(self, id: str) -> web.Response:
        return self.seen()

    @action(detail=True, url_name="detail-custom")
    async def custom_detail_action(self, id: str) -> web.Response:
        return self.seen()

    @action
    @decorate
    async def wrapped_list_action(self) -> web.Response:
        return self.seen()

    def seen(self):
        names = ("list", "list-action", "list-custom")
        urls = {name: str(self.reverse(name)) for name in names}
        names = ("detail", "detail-action", "detail-custom")
        urls |= {name: str(self.reverse(name, id="1")) for name in names}
        urls["relative"] = str(self.reverse("list").relative())
        return web.json_response(urls, headers={"X-Action": self.action})


class ThingWithMapping:
    def __init__(self):
        self.mapping = {}


class MappingActionViewSet(ActionViewSet):
    mapper = ThingWithMapping()


@pytest.fixture
def serve(aiohttp_client):
    async def serve(*routes):
        return await aiohttp_client(create_app(routes=routes))

    return serve


def actions_of(viewset):
    router = SimpleRouter()
    router.register(viewset)
    routes = served_routes(create_app(routes=router.routes))
    return {route.plan.action for route in routes if route.plan}


# 45
async def test_initialize_view_set_with_actions(serve):
    client = await serve(web.get("/view", BasicViewSet.as_view({"get": "list"})))

    answer = await client.get("/view")

    assert (answer.status, await answer.json()) == (200, {"ACTION": "LIST"})


# 46
async def test_head_request_against_viewset(serve):
    client = await serve(web.get("/view", BasicViewSet.as_view({"get": "list"})))

    answer = await client.head("/view")

    assert (answer.status, await answer.read()) == (200, b"")


# 47
def test_initialize_view_set_with_empty_actions():
    with pytest.raises(TypeError, match=r'as_view needs actions, as in as_view\({"get": "list"}\)'):
        BasicViewSet.as_view({})


# 48
@pytest.mark.parametrize("attributes", [{"name": ""}, {"suffix": ""}, {"get": "list"}, {"nam": 1}])
def test_initialize_view_set_with_attributes_that_it_does_not_have(attributes):
    with pytest.raises(TypeError, match="BasicViewSet has no attribute"):
        BasicViewSet.as_view({"get": "list"}, **attributes)


# 49
async def test_kwargs_request_and_action_on_self(serve):
    class Instance(BaseViewSet):
        async def dummy(self, kind: str) -> list[str]:
            return [type(self.request).__name__, self.action, self.kwargs["kind"]]

    client = await serve(web.get("/{kind}/view", Instance.as_view({"get": "dummy"})))

    answer = await client.get("/some/view")

    assert await answer.json() == ["Request", "dummy", "some"]
    assert not [name for name in ("request", "action", "kwargs") if hasattr(Instance(), name)]


# 50
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_viewset_action_attr(serve, method):
    router = SimpleRouter()
    router.register("actions", ActionViewSet)
    client = await serve(*router.routes)

    answer = await client.request(method, "/actions/")

    assert answer.headers["X-Action"] == "list"


# 51
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_viewset_action_attr_for_extra_action(serve, method):
    router = SimpleRouter()
    router.register("actions", ActionViewSet)
    client = await serve(*router.routes)

    answer = await client.request(method, "/actions/list-action/")

    assert answer.headers["X-Action"] == "list_action"


ACTIONS = {
    *("list", "detail", "list_action", "custom_list_action"),
    *("detail_action", "custom_detail_action", "wrapped_list_action"),
}


# 53
def test_extra_actions():
    assert actions_of(ActionViewSet) == ACTIONS


# 54
def test_should_only_return_decorated_methods():
    assert actions_of(MappingActionViewSet) == ACTIONS


# 55
async def test_a_decorator_without_wraps_needs_no_excuse(serve):
    def careless(function):
        async def wrapper(self):
            return await function(self)

        return wrapper

    class Wrapped(BaseViewSet):
        @action
        @careless
        async def wrapped_list_action(self):
            return self.action

    router = SimpleRouter()
    router.register("x", Wrapped)
    client = await serve(*router.routes)

    answer = await client.get("/x/wrapped-list-action/")

    assert await answer.json() == "wrapped_list_action"


# 60, 61
@pytest.mark.parametrize("basename", [None, "actions-alt"])
async def test_reverse_with_a_default_and_a_custom_basename(serve, basename):
    router = SimpleRouter()
    router.register("actions", ActionViewSet, basename=basename)
    router.register("other", ActionViewSet)
    client = await serve(*router.routes)

    urls = await (await client.get("/actions/")).json()

    host = f"http://{client.host}:{client.port}"
    assert urls["list"] == f"{host}/actions/"
    assert urls["list-action"] == f"{host}/actions/list-action/"
    assert urls["list-custom"] == f"{host}/actions/custom-list-action/"
    assert urls["detail"] == f"{host}/actions/1/"
    assert urls["detail-action"] == f"{host}/actions/1/detail-action/"
    assert urls["detail-custom"] == f"{host}/actions/1/custom-detail-action/"


# 62
async def test_request_passing(serve):
    router = SimpleRouter()
    router.register("actions", ActionViewSet)
    client = await serve(*router.routes)

    urls = await (await client.get("/actions/", headers={"Host": "example.org"})).json()

    assert urls["list"] == "http://example.org/actions/"
    assert urls["relative"] == "/actions/"
