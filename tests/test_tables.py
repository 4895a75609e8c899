from aiohttp import web

from webkit.routers import SimpleRouter
from webkit.tables import Origin, RouteTable, origin_of
from webkit.viewsets import BaseViewSet


PROJECT = Origin()


async def first(request):
    return web.Response(text="first")


async def second(request):
    return web.Response(text="second")


class ArtistViewSet(BaseViewSet):
    async def list(request):
        return web.json_response([])

    async def detail(self):
        return web.json_response({})


def _table():
    app = web.Application()
    return RouteTable(app), app


def _paths(app):
    return [(route.method, route.resource.canonical) for route in app.router.routes()]


def _register(*basenames):
    router = SimpleRouter()
    for basename in basenames:
        router.register(ArtistViewSet, basename=basename)
    return router.routes


def test_a_definition_met_twice_is_served_once():
    table, app = _table()
    routes = [web.post("/a", first), *_register("artist")]

    table.add(routes, origin=Origin(unit="api"))
    table.add(routes, origin=PROJECT)

    assert table.problems == []
    assert _paths(app).count(("POST", "/a")) == 1
    assert _paths(app).count(("GET", "/artist/")) == 1


def test_an_equal_definition_of_the_same_handler_is_served_once_too():
    table, app = _table()

    table.add([web.post("/a", first)], origin=PROJECT)
    table.add([web.post("/a", first)], origin=PROJECT)

    assert table.problems == []
    assert _paths(app) == [("POST", "/a")]


def test_two_handlers_for_one_method_and_path_are_a_mistake():
    table, _ = _table()

    table.add([web.get("/a/{id}", first)], origin=Origin(unit="api"))
    table.add([web.get("/a/{key}", second)], origin=PROJECT)

    name = first.__module__
    assert table.problems == [
        f"GET /a/{{key}}: served by {name}.first of api"
        f" and by {name}.second of the project's routes. Remove one of them"
    ]


def test_an_action_and_a_handler_on_one_place_are_a_mistake():
    table, _ = _table()

    table.add(_register("artist"), origin=PROJECT)
    table.add([web.get("/artist/{key}/", second)], origin=PROJECT)

    (problem,) = table.problems
    assert "ArtistViewSet.detail of the project's routes and by" in problem


def test_a_route_of_all_methods_leaves_no_place_for_another():
    table, _ = _table()

    table.add([web.route("*", "/a", first, name="all")], origin=PROJECT)
    table.add([web.get("/a", second), web.get("/b", second)], origin=PROJECT)

    (problem,) = table.problems
    assert problem.startswith("GET /a: served by ")


def test_patterns_that_differ_are_different_places():
    table, app = _table()

    table.add(
        [
            web.get(r"/a/{id:[0-9]{4}}", first),
            web.get(r"/a/{id:[0-9]{2}}", second),
            web.get("/a/{id:[a-z]+}", second),
        ],
        origin=PROJECT,
    )

    assert table.problems == []
    assert len({route.resource for route in app.router.routes()}) == 3


def test_definitions_may_come_out_of_a_generator():
    table, app = _table()

    table.add((web.post(f"/{number}", first) for number in range(50)), origin=PROJECT)

    assert len(_paths(app)) == 50


def test_what_aiohttp_refuses_is_reported_with_what_was_to_be_served():
    table, _ = _table()

    table.add(
        [
            web.get("/a", first, name="a b"),
            web.get("/b/{", first),
            web.get("/c", first, name="taken"),
            web.get("/d", second, name="taken"),
            web.static("/static", "/nowhere/at/all"),
        ],
        origin=Origin(unit="api"),
    )

    name = first.__module__
    assert [problem.partition(" of api: ")[0] for problem in table.problems] == [
        f"GET /a: {name}.first",
        f"GET /b/{{: {name}.first",
        f"GET /d: {name}.second",
        "<StaticDef /static -> /nowhere/at/all>",
    ]
    assert "Duplicate 'taken'" in table.problems[2]


def test_two_routers_with_one_basename_cannot_be_told_apart_by_name():
    table, _ = _table()
    routers = [SimpleRouter(), SimpleRouter()]
    for prefix, router in zip(("a", "b"), routers, strict=True):
        router.register(prefix, ArtistViewSet, basename="artist")

    for router in routers:
        table.add(router.routes, origin=PROJECT)

    assert [problem.partition(": ")[0] for problem in table.problems] == ["GET /b/", "GET /b/{id}/"]
    assert "ArtistViewSet.list of the project's routes: Duplicate" in table.problems[0]


def test_free_places_are_those_that_nobody_has_taken():
    table, _ = _table()
    table.add([web.get("/a", first)], origin=PROJECT)

    free = table.free([web.get("/a", second), web.post("/a", second), web.get("/b", second)])

    assert [(route.method, route.path) for route in free] == [("POST", "/a"), ("GET", "/b")]


def test_a_route_knows_where_it_comes_from():
    table, app = _table()

    table.add([web.post("/a", first)], origin=Origin(unit="api"))
    table.add(_register("artist"), origin=Origin(unit="artists"))
    app.router.add_get("/late", first)

    origins = {route.resource.canonical: origin_of(route) for route in app.router.routes()}
    assert origins["/a"] == Origin(unit="api")
    assert origins["/artist/"].unit == "artists"
    assert origins["/artist/"].plan.action == "list"
    assert origins["/late"] == PROJECT


def test_what_is_no_list_of_routes_is_a_problem():
    table, _ = _table()

    table.add(SimpleRouter(), origin=Origin(unit="api"))
    table.add([first], origin=PROJECT)

    assert table.problems == [
        "api: webkit.routers.SimpleRouter is no list of routes. Write [web.get(...), ...], or the"
        " routes of a router: router.routes",
        "the project's routes: tests.test_tables.first is no route. Write web.get(path, handler),"
        " or router.routes",
    ]


def test_a_path_that_aiohttp_refuses_is_explained():
    table, _ = _table()

    table.add([web.get("/a/{id:[0-9}", first), web.get("b", first)], origin=PROJECT)

    assert table.problems == [
        "GET /a/{id:[0-9}: tests.test_tables.first of the project's routes: '/a/{id:[0-9}': '[0-9'"
        " is no regular expression: unterminated character set at position 0",
        "GET b: tests.test_tables.first of the project's routes: path should be started with / or"
        " be empty",
    ]
