"""DRF's tests of decorators, by their intent: rows 63 to 67 and 73 to 82 of the reference.

Rows 71 and 72, versions and renderers of a single view, are not carried over.
"""

import re
from http import HTTPMethod

import pytest
from aiohttp import web

from webkit.application import create_app, served_routes
from webkit.decorators import action
from webkit.endpoints import endpoint
from webkit.exceptions import ConfigurationError
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


@pytest.fixture
def serve(aiohttp_client):
    async def serve(*served, **options):
        routes = []
        for item in served:
            if isinstance(item, type):
                router = SimpleRouter()
                router.register("x", item)
                routes += router.routes
            else:
                routes.append(item)
        return await aiohttp_client(create_app(routes=routes, **options))

    return serve


def problems(viewset):
    router = SimpleRouter()
    router.register("x", viewset)
    with pytest.raises(ConfigurationError) as caught:
        create_app(routes=router.routes)
    return [re.sub(r" \(\S+:\d+\)", "", problem) for problem in caught.value.problems]


@endpoint
async def view() -> dict[str, str]:
    return {}


# 63
def test_endpoint_incorrect():
    @endpoint
    def not_async() -> dict[str, str]:
        return {}

    with pytest.raises(ConfigurationError, match="an endpoint is written `async def`"):
        create_app(routes=[web.get("/view", not_async)])


# 64
def test_endpoint_incorrect_arguments():
    with pytest.raises(ConfigurationError, match="@endpoint takes the function below it"):
        create_app(routes=[web.get("/view", endpoint("GET"))])


# 65
async def test_calling_method(serve):
    client = await serve(web.get("/view", view))

    assert (await client.get("/view")).status == 200
    assert (await client.post("/view")).status == 405


# 66
async def test_calling_put_method(serve):
    client = await serve(web.get("/view", view), web.put("/view", view))

    assert (await client.put("/view")).status == 200
    assert (await client.post("/view")).status == 405


# 67
async def test_calling_patch_method(serve):
    client = await serve(web.get("/view", view), web.patch("/view", view))

    assert (await client.patch("/view")).status == 200
    assert (await client.post("/view")).status == 405


# 73
async def test_metadata_class(serve):
    client = await serve(web.get("/view", view), options=False)

    answer = await client.options("/view")

    assert answer.status == 405
    assert (await answer.json(content_type=None))["detail"] == 'Method "OPTIONS" not allowed.'
    assert answer.headers["Allow"] == "GET, HEAD"


# 74
async def test_incorrect_decorator_order(serve):
    class Any(BaseViewSet):
        @action
        @staticmethod
        async def above(request):
            return web.json_response("above")

        @staticmethod
        @action
        async def below(request):
            return web.json_response("below")

    class Wrong(BaseViewSet):
        @classmethod
        @action
        async def of_all(cls, request):
            return web.json_response("")

    client = await serve(Any)

    assert await (await client.get("/x/above/")).json() == "above"
    assert await (await client.get("/x/below/")).json() == "below"
    assert problems(Wrong) == [
        "Wrong.of_all: a classmethod cannot be an action. Take `self`, or the request alone"
    ]


# 75
def test_defaults():
    class Defaults(BaseViewSet):
        @action(detail=True)
        async def test_action(self, id: str) -> str:
            """Description."""
            return id

    router = SimpleRouter()
    router.register("x", Defaults)

    (route,) = (item for item in served_routes(create_app(routes=router.routes)) if item.plan)

    assert (route.method, route.path, route.name) == (
        "GET",
        "/x/{id}/test-action/",
        "x-test-action",
    )
    assert route.handler.__doc__ == "Description."


# 76
async def test_detail_is_not_required(serve):
    class Lists(BaseViewSet):
        @action()
        async def test_action(self) -> str:
            return "the list's"

    client = await serve(Lists)

    assert (await client.get("/x/test-action/")).status == 200


# 77, 78
@pytest.mark.parametrize("verbs", [[getattr(HTTPMethod, verb) for verb in VERBS], VERBS])
async def test_method_mapping_http_methods(serve, verbs):
    class Every(BaseViewSet):
        @action(methods=verbs)
        async def test_action(self) -> web.Response:
            return web.Response(headers={"X-Method": self.request.method})

    client = await serve(Every)

    for verb in VERBS:
        answer = await client.request(verb, "/x/test-action/")
        assert (answer.status, answer.headers["X-Method"]) == (200, verb)


# 78
async def test_every_verb_can_be_mapped(serve):
    def method(verb):
        async def answer(self) -> web.Response:
            return web.Response(headers={"X-Method": verb})

        answer.__name__ = f"test_action_{verb.lower()}"
        return answer

    first = action(method("GET"))
    others = {verb: getattr(first.mapping, verb.lower())(method(verb)) for verb in VERBS[1:]}
    client = await serve(type("Every", (BaseViewSet,), {"first": first, **others}))

    for verb in VERBS:
        path = "first" if verb == "GET" else "test-action-get"
        answer = await client.request(verb, f"/x/{path}/")
        assert (answer.status, answer.headers["X-Method"]) == (200, verb)


# 79
def test_view_name_kwargs():
    class Named(BaseViewSet):
        @action(name="test name", suffix="Suffix")
        async def test_action(self) -> str:
            return ""

    assert [line.partition(". ")[0] for line in problems(Named)] == [
        "Named.test_action: @action has no option 'name'",
        "Named.test_action: @action has no option 'suffix'",
    ]


# 80
async def test_method_mapping(serve):
    class Mapped(BaseViewSet):
        @action
        async def test_action(self) -> str:
            return self.action

        @test_action.mapping.post
        async def test_action_post(self) -> str:
            return self.action

    client = await serve(Mapped)

    assert await (await client.get("/x/test-action/")).json() == "test_action"
    assert await (await client.post("/x/test-action/")).json() == "test_action_post"
    assert hasattr(Mapped.test_action, "mapping")
    assert not hasattr(Mapped.test_action_post, "mapping")


# 81
def test_method_mapping_already_mapped():
    class Twice(BaseViewSet):
        @action
        async def test_action(self) -> str:
            return ""

        @test_action.mapping.get
        async def test_action_get(self) -> str:
            return ""

    assert problems(Twice) == [
        "Twice.test_action_get: GET /x/test-action is served by 'test_action' already"
    ]


# 82
def test_method_mapping_overwrite():
    class Covered(BaseViewSet):
        @action
        async def test_action(self) -> str:
            return ""

        @test_action.mapping.post
        async def test_action(self) -> str:
            return ""

    assert problems(Covered) == [
        "Covered.test_action: 'test_action' takes the place of the action that it is mapped to."
        " Give it another name"
    ]
