"""Forks: every path leads where it led before, with the same match."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given, settings
from hypothesis import strategies as st

from webkit.application import create_app
from webkit.decorators import action
from webkit.forks import fork_paths
from webkit.routers import SimpleRouter
from webkit.unlisted import UnlistedResource
from webkit.viewsets import BaseViewSet


INT = "[0-9]{1,19}"
WORD = r"(?=[^/])[^/%]*(?:%(?!2[Ff])[^/%]*)*"
PATHS = [
    "/a/",
    f"/a/{{id:{INT}}}/",
    f"/a/{{id:{INT}}}",
    f"/a/{{id:{INT}}}/one/",
    f"/a/{{id:{INT}}}/one/two/",
    "/a/one/",  # a literal path that is no number
    f"/a/{{name:{WORD}}}/",  # another variable
    f"/a/{{name:{WORD}}}/three/",
    "/a/{tail:.*}",  # may hold anything
    "/a",
    f"/b/{{id:{WORD}}}/",
    f"/b/{{id:{WORD}}}/one/",
    f"/b/{{id:{WORD}}}/{{other:{INT}}}/",
    f"/b/x-{{id:{INT}}}/",
    f"/b/x-{{id:{INT}}}/one/",
    f"/b/{{id:{INT}}}-x/",
    "/c/{id}",
    "/c/{id}/",
    "/c/{id}/\u00fc/",
    "/c/",
    "/{id}/",
    "/{id}/one/",
    "/",
]
PARTS = [
    "a",
    "b",
    "c",
    "1",
    "42",
    "x-1",
    "1-x",
    "one",
    "two",
    "three",
    "%2F",
    "1%2F2",
    "%25",
    "\u00fc",
]


async def get(request): ...


async def post(request): ...


async def anything(request): ...


def router(paths, *, has_forks):
    app = web.Application()
    for path in paths:
        app.router.add_get(path, get)
        app.router.add_post(path, post)
        if "one" in path:
            app.router.add_route("*", path, anything)
    if has_forks:
        fork_paths(app)
    return app.router


async def found(routes, method, path):
    match = await routes.resolve(make_mocked_request(method, path))
    if match.http_exception:
        allowed = getattr(match.http_exception, "allowed_methods", None)
        return match.http_exception.status, allowed
    resource = match.route.resource
    return match.route.method, match.handler, dict(match), resource.canonical, resource.get_info()


LINEAR, FORKED = (router(PATHS, has_forks=has_forks) for has_forks in (False, True))


@pytest.mark.untraced
@settings(deadline=None, max_examples=400)
@given(
    st.sampled_from(["GET", "HEAD", "POST", "DELETE", "OPTIONS"]),
    st.lists(st.sampled_from(PARTS), max_size=4),
    st.sampled_from(["", "/"]),
)
async def test_every_path_leads_where_it_led(method, parts, slash):
    path = "/" + "/".join(parts) + slash

    assert await found(FORKED, method, path) == await found(LINEAR, method, path)


@pytest.mark.parametrize("path", ["/c/1%2F2/", "/c/%25/", "/c/1%2F2/\u00fc/"])
async def test_what_is_quoted_in_a_value_is_read_as_it_was(path):
    assert await found(FORKED, "GET", path) == await found(LINEAR, "GET", path)


def forks_in(routes):
    return [
        item
        for items in routes._resource_index.values()
        for item in items
        if isinstance(item, UnlistedResource)
    ]


def test_what_stands_together_is_one():
    plain = sum(map(len, LINEAR._resource_index.values()))
    forked = sum(map(len, FORKED._resource_index.values()))

    assert len(forks_in(FORKED)) > 3
    assert forked < plain - 8


def test_resources_and_names_stay_as_they_are():
    app = web.Application()
    app.router.add_get("/a/", get, name="list")
    app.router.add_get("/a/{id}/", get, name="detail")
    before = list(app.router.resources())

    fork_paths(app)

    assert list(app.router.resources()) == before
    assert str(app.router["detail"].url_for(id="1")) == "/a/1/"
    assert len(forks_in(app.router)) == 1


@pytest.mark.parametrize("paths", [["/a/"], ["/a/", "/a"], ["/a/{id}/"], ["/a/{x}-{y}/", "/a/"]])
def test_there_is_no_fork_where_it_saves_nothing(paths):
    assert forks_in(router(paths, has_forks=True)) == []


async def test_two_resources_of_one_path_are_tried_in_their_order():
    app = web.Application()
    app.router.add_get("/a/{id}/", get, name="first")
    app.router.add_post("/a/{id}/", post, name="second")
    app.router.add_get("/a/{id}/one/", get)
    fork_paths(app)

    matches = [await found(app.router, method, "/a/1/") for method in ("GET", "POST", "PUT")]

    assert [match[0] for match in matches] == ["GET", "POST", 405]
    assert matches[2][1] == {"GET", "HEAD", "POST"}


def test_nothing_changes_where_the_inside_of_aiohttp_is_another():
    class Other:
        router = object()

    fork_paths(Other())


class ArtistViewSet(BaseViewSet):
    async def list(self) -> str:
        return "list"

    async def detail(self, id: int) -> str:
        return f"detail {id}"

    @action(detail=True, method="get")
    async def top_tracks(self, id: int) -> str:
        return f"tracks {id}"

    @action(detail=True, method="post")
    async def publish(self, id: int) -> str:
        return f"publish {id}"

    @action(detail=False, method="get")
    async def popular(self) -> str:
        return "popular"


async def test_an_application_forks_below_each_viewset(aiohttp_client):
    routes = SimpleRouter()
    routes.register(ArtistViewSet, basename="artist")
    client = await aiohttp_client(create_app(routes=routes.routespatters))

    answers = {
        path: await (await client.get(f"/artist/{path}")).json()
        for path in ("", "7/", "7/top-tracks/", "popular/")
    }
    refused = await client.get("/artist/7/publish/")
    missing = [await client.get(f"/artist/{path}") for path in ("x/", "7/nothing/", "7/top-tracks")]

    assert answers == {
        "": "list",
        "7/": "detail 7",
        "7/top-tracks/": "tracks 7",
        "popular/": "popular",
    }
    assert (refused.status, refused.headers["Allow"]) == (405, "OPTIONS, POST")
    assert [answer.status for answer in missing] == [404, 404, 404]
    assert len(forks_in(client.app.router)) > 0
