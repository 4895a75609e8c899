import re
import warnings

import pytest
from aiohttp import web

from webkit.application import create_app, served_routes
from webkit.config import Config, Settings
from webkit.decorators import action
from webkit.exceptions import ConfigurationError
from webkit.routers import DefaultRouter, SimpleRouter
from webkit.viewsets import BaseViewSet


CONFIG = Config(settings=Settings(), environment="testing", origins={})


class ArtistViewSet(BaseViewSet):
    async def list(request):
        return web.json_response("list")

    async def detail(self):
        return web.json_response("detail")

    async def update(self):
        return web.json_response("update")

    @action(detail=True)
    async def google_it(self):
        return web.json_response("google_it")

    @action()
    async def top_ten(self):
        return web.json_response("top_ten")


class AlbumViewSet(BaseViewSet):
    async def list(self):
        return web.json_response("albums")


def _app(*routers):
    return create_app(
        config=CONFIG, routes=[route for router in routers for route in router.routes]
    )


def _served(*routers):
    return [
        (route.method, route.path, route.name)
        for route in served_routes(_app(*routers))
        if not route.hidden
    ]


def _problems(*routers):
    with pytest.raises(ConfigurationError) as caught:
        _app(*routers)
    return [re.sub(r" \(\S+:\d+\)", "", problem) for problem in caught.value.problems]


@pytest.fixture
def router():
    return SimpleRouter()


# -- how it is called ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "keywords", "path", "name"),
    [
        ((AlbumViewSet,), {"basename": "record"}, "/record/", "record-list"),
        ((AlbumViewSet, "record"), {}, "/record/", "record-list"),
        ((AlbumViewSet,), {}, "/album/", "album-list"),
        (("records", AlbumViewSet), {}, "/records/", "records-list"),
        (("records", AlbumViewSet), {"basename": "record"}, "/records/", "record-list"),
        (("/records/", AlbumViewSet), {}, "/records/", "records-list"),
        (("api/v1/records", AlbumViewSet), {}, "/api/v1/records/", "records-list"),
        ((AlbumViewSet,), {"basename": "api/record"}, "/api/record/", "api-record-list"),
        (("", AlbumViewSet), {"basename": "root"}, "/", "root-list"),
    ],
)
def test_a_viewset_is_registered_as_in_the_seed_or_as_in_drf(
    router, arguments, keywords, path, name
):
    assert router.register(*arguments, **keywords) is None

    assert _served(router) == [("GET", path, name)]


@pytest.mark.parametrize(
    ("name", "basename"),
    [
        ("ArtistViewSet", "artist"),
        ("TopArtistViewSet", "top-artist"),
        ("Artist", "artist"),
        ("ViewSet", "view-set"),
        ("Http2ViewSet", "http2"),
        ("ArtistViewset", "artist"),
    ],
)
def test_without_a_name_it_is_that_of_the_class(router, name, basename):
    router.register(type(name, (AlbumViewSet,), {}))

    assert _served(router) == [("GET", f"/{basename}/", f"{basename}-list")]


def test_the_routes_have_two_names_and_are_one_list(router):
    assert router.routes is router.routespatters

    router.register(AlbumViewSet)

    assert len(router.routespatters) == 1
    assert router.routes is router.routespatters


def test_a_list_taken_before_grows_with_what_is_registered_after(router):
    routes = router.routespatters
    router.register(AlbumViewSet)
    router.register(ArtistViewSet)

    assert len(routes) == 6


def test_the_routes_are_definitions_of_aiohttp(router):
    router.register(ArtistViewSet)

    assert all(isinstance(route, web.RouteDef) for route in router.routespatters)
    assert [(route.method, route.path) for route in router.routespatters][:2] == [
        ("GET", "/artist/"),
        ("GET", "/artist/top-ten/"),
    ]


# -- order, names and paths ---------------------------------------------------------------------


def test_literal_paths_stand_before_variables_and_methods_of_a_path_together(router):
    router.register(ArtistViewSet)

    assert _served(router) == [
        ("GET", "/artist/", "artist-list"),
        ("GET", "/artist/top-ten/", "artist-top-ten"),
        ("GET", "/artist/{id}/", "artist-detail"),
        ("PUT", "/artist/{id}/", "artist-detail"),
        ("GET", "/artist/{id}/google-it/", "artist-google-it"),
    ]


def test_all_methods_of_a_path_are_one_resource(router):
    router.register(ArtistViewSet)
    app = _app(router)

    resources = [item.canonical for item in app.router.resources()]

    assert resources.count("/artist/{id}/") == 1


async def test_an_action_is_not_taken_for_an_id_nor_an_id_for_an_action(router, aiohttp_client):
    class SongViewSet(BaseViewSet):
        @action(detail=True, url_path="{part}")
        async def part(self):
            return web.json_response("part")

        async def detail(self):
            return web.json_response("detail")

        @action(detail=True)
        async def play(self):
            return web.json_response("play")

        @action()
        async def newest(self):
            return web.json_response("newest")

    router.register(SongViewSet)
    client = await aiohttp_client(_app(router))

    for path, name in (
        ("newest", "newest"),
        ("7", "detail"),
        ("7/play", "play"),
        ("7/verse", "part"),
    ):
        assert await (await client.get(f"/song/{path}/")).json() == name


async def test_names_lead_to_urls(router):
    router.register(ArtistViewSet)
    named = _app(router).router

    assert str(named["artist-list"].url_for()) == "/artist/"
    assert str(named["artist-detail"].url_for(id="7")) == "/artist/7/"
    assert str(named["artist-google-it"].url_for(id="a b")) == "/artist/a%20b/google-it/"


async def test_slashes_at_the_end_may_be_left_out(aiohttp_client):
    router = SimpleRouter(trailing_slash=False)
    router.register(ArtistViewSet)
    router.register("", AlbumViewSet, basename="root")
    client = await aiohttp_client(_app(router))

    statuses = [
        (await client.get(path)).status
        for path in ("/", "/artist", "/artist/7", "/artist/7/google-it", "/artist/", "/artist/7/")
    ]

    assert statuses == [200, 200, 200, 200, 404, 404]


# -- applications -------------------------------------------------------------------------------


ROUTER = SimpleRouter()
ROUTER.register(ArtistViewSet)


async def test_a_router_of_a_module_serves_two_applications_that_share_nothing(aiohttp_client):
    apps = [_app(ROUTER), _app(ROUTER)]
    clients = [await aiohttp_client(app) for app in apps]

    for client in clients:
        assert await (await client.get("/artist/7/")).json() == "detail"
    first, second = (
        {route.handler for route in app.router.routes() if route.name == "artist-detail"}
        for app in apps
    )
    assert first.isdisjoint(second)


async def test_its_routes_work_in_any_application_of_aiohttp(aiohttp_client, router):
    router.register(ArtistViewSet)
    app = web.Application()
    app.add_routes(router.routespatters)
    client = await aiohttp_client(app)

    assert await (await client.get("/artist/7/google-it/")).json() == "google_it"
    assert (await client.get("/artist/a%2Fb/")).status == 404


async def test_a_method_of_the_request_alone_is_served_as_it_is(router):
    router.register(ArtistViewSet)
    app = web.Application()
    app.add_routes(router.routes)

    assert app.router["artist-list"]
    (handler,) = {route.handler for route in app.router.routes() if route.name == "artist-list"}
    assert handler is ArtistViewSet.list


async def test_swagger3_takes_the_routes_too(router, aiohttp_client):
    aiohttp_swagger3 = pytest.importorskip("aiohttp_swagger3")

    class DocumentedViewSet(BaseViewSet):
        async def list(request):
            """List.

            ---
            responses:
              "200":
                description: all of them.
            """
            return web.json_response("list")

        async def detail(self):
            """Show one.

            ---
            parameters:
              - {name: id, in: path, required: true, schema: {type: string}}
            responses:
              "200":
                description: it.
            """
            return web.json_response("detail")

    router.register(DocumentedViewSet)
    app = web.Application()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", web.NotAppKeyWarning)  # it has keys of text
        docs = aiohttp_swagger3.SwaggerDocs(
            app, swagger_ui_settings=aiohttp_swagger3.SwaggerUiSettings(path="/docs")
        )
        docs.add_routes(router.routes)
        client = await aiohttp_client(app)

        assert await (await client.get("/documented/")).json() == "list"
        assert await (await client.get("/documented/7/")).json() == "detail"
        document = await (await client.get("/docs/swagger.json")).json()
    assert {"/documented/", "/documented/{id}/"} <= document["paths"].keys()


# -- mistakes -----------------------------------------------------------------------------------


class Broken(BaseViewSet):
    def list(self): ...


def test_a_mistake_is_reported_when_an_application_takes_the_routes(router):
    router.register("broken", Broken)

    assert _problems(router) == ["Broken.list: an action is written `async def`"]


def test_an_application_of_aiohttp_refuses_them_too(router):
    router.register("broken", Broken)

    with pytest.raises(ConfigurationError, match=r"Broken\.list"):
        web.Application().add_routes(router.routes)


def test_what_is_right_beside_a_mistake_is_no_mistake(router):
    router.register(ArtistViewSet)
    router.register("broken", Broken)
    router.register(AlbumViewSet)

    assert len(_problems(router)) == 1


def test_a_basename_that_is_taken_is_refused_with_both_classes(router):
    router.register(ArtistViewSet, basename="artist")
    router.register("albums", AlbumViewSet, basename="artist")

    assert _problems(router) == [
        "AlbumViewSet: basename 'artist' is taken by ArtistViewSet."
        " Register it with another basename"
    ]


def test_one_viewset_may_be_registered_under_two_basenames(router):
    router.register(AlbumViewSet)
    router.register("records", AlbumViewSet)

    assert [path for _, path, _ in _served(router)] == ["/album/", "/records/"]


@pytest.mark.parametrize("basename", ["my artist", "2nd", "class", "käse!", ""])
def test_a_basename_that_gives_no_name_of_a_route_is_refused(router, basename):
    router.register("albums" if basename else "", AlbumViewSet, basename=basename)

    (problem,) = _problems(router)
    assert problem.startswith(f"AlbumViewSet: the route's name '{basename}-list' has the part")
    assert problem.endswith("Choose another basename or url_name")


def test_a_pattern_that_is_none_is_refused_with_its_class(router):
    router.register(type("ArtistViewSet", (ArtistViewSet,), {"lookup_regex": "("}))

    (problem,) = _problems(router)
    assert problem.endswith(
        ": lookup_regex: '(' is no regular expression: missing ), unterminated subpattern at"
        " position 0"
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((object,), "registered with builtins.object, which is no viewset. Derive a class from Ba"),
        (("artists", object), "'artists' is registered with builtins.object, which is no viewset"),
        (("artists",), "'artists' is registered with nothing, which is no viewset"),
        (("artists", ArtistViewSet()), "'artists' is registered with an instance. Register the c"),
    ],
    ids=["a class", "a class under a prefix", "nothing", "an instance"],
)
def test_what_is_no_viewset_is_refused_with_the_line(router, given, told):
    router.register(*given)

    (problem,) = _problems(router)
    assert re.match(r"tests/test_routers.py:\d+: ", problem)
    assert told in problem


def test_an_unknown_way_to_end_paths_is_refused():
    (problem,) = _problems(SimpleRouter(trailing_slash="no"))

    assert problem.endswith(": trailing_slash='no' is not True, False or 'both'")


def test_two_paths_of_one_name_are_refused(router):
    class Named(BaseViewSet):
        async def list(self): ...

        @action(url_name="list")
        async def top(self): ...

    router.register("named", Named)

    (problem,) = _problems(router)
    assert problem.endswith(
        ": the name 'list' is that of /named already. Give one of them another url_name"
    )


def test_a_path_that_is_no_template_is_refused_with_its_action(router):
    class Yearly(BaseViewSet):
        @action(url_path="<int:year>")
        async def top(self): ...

    router.register("yearly", Yearly)

    (problem,) = _problems(router)
    assert problem.startswith("Yearly.top")
    assert "'/yearly/<int:year>' has a variable as Django writes it" in problem


def test_two_viewsets_on_one_path_are_refused(router):
    router.register("artists", ArtistViewSet, basename="artist")
    router.register("artists", AlbumViewSet, basename="album")

    (problem,) = _problems(router)
    assert problem.startswith("GET /artists/: served by ")
    assert "ArtistViewSet.list" in problem
    assert "AlbumViewSet.list" in problem


def test_mistakes_of_several_routers_are_reported_together(router):
    other = SimpleRouter()
    router.register("broken", Broken)
    other.register("empty", type("Empty", (BaseViewSet,), {}))

    assert [problem.partition(":")[0] for problem in _problems(router, other)] == [
        "Broken.list",
        "Empty",
    ]


# -- other shapes -------------------------------------------------------------------------------


async def test_paths_may_be_served_with_and_without_their_slash(aiohttp_client):
    router = SimpleRouter(trailing_slash="both")
    router.register(ArtistViewSet)
    app = _app(router)
    client = await aiohttp_client(app)

    for path in ("/artist", "/artist/", "/artist/7", "/artist/7/", "/artist/top-ten"):
        assert (await client.get(path)).status == 200
    assert str(app.router["artist-detail"].url_for(id="7")) == "/artist/7/"
    shown = [route.path for route in served_routes(app) if not route.hidden]
    assert shown == [
        "/artist/",
        "/artist/top-ten/",
        "/artist/{id}/",
        "/artist/{id}/",
        "/artist/{id}/google-it/",
    ]


async def test_a_prefix_stands_before_every_path_of_a_router(aiohttp_client):
    router = SimpleRouter(prefix="/api/v1/")
    router.register(ArtistViewSet)
    client = await aiohttp_client(_app(router))

    assert (await client.get("/api/v1/artist/7/")).status == 200
    assert (await client.get("/artist/7/")).status == 404


async def test_a_nested_router_serves_what_lies_below(router, aiohttp_client):
    class SongViewSet(BaseViewSet):
        async def detail(self, artist_id: int, id: int):
            return web.json_response([artist_id, id])

    router.register("artists", ArtistViewSet)
    router.nested("artists/{artist_id}").register("songs", SongViewSet)
    client = await aiohttp_client(_app(router))

    assert await (await client.get("/artists/3/songs/7/")).json() == [3, 7]
    assert (await client.get("/artists/three/songs/7/")).status == 404
    assert (await client.get("/artists/3/")).status == 200


def test_a_nested_router_takes_no_name_that_is_taken(router):
    router.register("albums", AlbumViewSet)
    router.nested("artists/{artist_id}").register("albums", AlbumViewSet)

    (problem,) = _problems(router)
    assert "basename 'albums' is taken" in problem


def test_a_variable_that_two_actions_annotate_differently_is_refused(router):
    class SongViewSet(BaseViewSet):
        async def detail(self, id: int): ...

        async def destroy(self, id: str): ...

    router.register(SongViewSet)

    assert _problems(router) == [
        "SongViewSet.destroy: 'id' is str here and int in 'detail'. Annotate it alike"
    ]


async def test_a_default_router_lists_what_can_be_listed(aiohttp_client):
    class NothingToList(BaseViewSet):
        async def create(self): ...

    router = DefaultRouter(prefix="api")
    router.register("artists", ArtistViewSet)
    router.register("nothing", NothingToList)
    router.nested("artists/{artist_id}").register("albums", AlbumViewSet)
    app = _app(router)
    client = await aiohttp_client(app)

    resources = await (await client.get("/api/")).json()

    assert resources == {"artists": str(client.make_url("/api/artists/"))}
    assert [route.hidden for route in served_routes(app) if route.name == "api-root"] == [True]


async def test_its_root_may_have_no_slash_and_another_name(aiohttp_client):
    router = DefaultRouter(prefix="api", trailing_slash=False, root_name="home")
    router.register("albums", AlbumViewSet)
    client = await aiohttp_client(_app(router))

    resources = await (await client.get("/api")).json()

    assert resources == {"albums": str(client.make_url("/api/albums"))}
    assert str(client.app.router["home"].url_for()) == "/api"


async def test_without_a_prefix_it_is_the_root_of_the_application(aiohttp_client):
    client = await aiohttp_client(_app(DefaultRouter()))

    assert await (await client.get("/")).json() == {}
