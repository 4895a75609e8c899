import logging
import re
import sys
import types
from pathlib import Path

import msgspec
import pytest
from aiohttp import web

from webkit.application import CONFIG, UNITS, create_app, served_routes
from webkit.config import Config, Settings, load
from webkit.database import DATABASE
from webkit.decorators import action
from webkit.exceptions import ConfigurationError, NotFound
from webkit.health import READINESS
from webkit.routers import SimpleRouter
from webkit.units import Unit
from webkit.viewsets import BaseViewSet


def _config(environment="local", **settings):
    return Config(settings=Settings(**settings), environment=environment, origins={})


def _answering(text):
    async def answer(request):
        return web.Response(text=text)

    return answer


first, second, third = map(_answering, ("first", "second", "third"))


class ArtistViewSet(BaseViewSet):
    async def list(self):
        return web.json_response({"artists": []})

    async def detail(self):
        raise NotFound

    @action(detail=True)
    async def google_it(self):
        return web.json_response({})


def _artist_routes():
    router = SimpleRouter()
    router.register(ArtistViewSet, basename="artist")
    return router.routes


def _app(*routes, **options):
    return create_app(**{"config": _config(), "routes": routes, **options})


async def _text(client, path):
    return await (await client.get(path)).text()


def _problems(**options):
    with pytest.raises(ConfigurationError) as caught:
        create_app(**{"config": _config(), **options})
    return list(caught.value.problems)


# -- the configuration --------------------------------------------------------------------------


async def test_the_configuration_is_on_the_application():
    config = _config(title="Shop")

    assert _app(config=config)[CONFIG] is config


@pytest.mark.parametrize("environment", ["local", "testing", "production"])
def test_without_one_the_environment_is_what_the_process_says(monkeypatch, environment):
    monkeypatch.setenv("ENVIRONMENT", environment)

    config = create_app()[CONFIG]

    assert (config.environment, config.settings) == (environment, Settings())


def test_without_any_word_of_it_the_environment_is_production(monkeypatch):
    monkeypatch.delenv("ENVIRONMENT", raising=False)

    assert create_app()[CONFIG].environment == "production"


def test_an_unknown_environment_is_not_taken_for_another(monkeypatch):
    monkeypatch.setenv("ENVIRONMENT", "prod")

    with pytest.raises(ConfigurationError, match="'prod' is not known"):
        create_app()


async def test_the_limit_of_bodies_is_that_of_the_settings(aiohttp_client):
    async def read(request):
        return web.Response(text=await request.text())

    client = await aiohttp_client(_app(web.post("/", read), config=_config(client_max_size=10)))

    assert (await client.post("/", data=b"x" * 10)).status == 200
    assert (await client.post("/", data=b"x" * 11)).status == 413


async def test_middlewares_of_the_project_run_inside_the_one_that_answers_errors(aiohttp_client):
    @web.middleware
    async def refuse(request, handler):
        raise NotFound("Not here.")

    client = await aiohttp_client(_app(web.get("/a", first), middlewares=[refuse]))

    response = await client.get("/a")

    assert (response.status, (await response.json(content_type=None))["detail"]) == (
        404,
        "Not here.",
    )


# -- units --------------------------------------------------------------------------------------


@pytest.fixture
def module(monkeypatch):
    """Return a function that makes an importable module with a unit of its own."""

    def make(name, *routes):
        made = types.ModuleType(name)
        made.export = Unit({"name": name.rpartition(".")[2]}, routes=routes)
        monkeypatch.setitem(sys.modules, name, made)
        return made

    return make


async def test_units_are_given_by_name_as_modules_and_as_themselves(aiohttp_client, module):
    module("apps_of_test.one", web.get("/one", first))
    two = module("apps_of_test.two", web.get("/two", second))
    three = Unit({"name": "three"}, routes=[web.get("/three", third)])

    client = await aiohttp_client(_app(units=["apps_of_test.one", two, three]))

    assert [await _text(client, path) for path in ("/one", "/two", "/three")] == [
        "first",
        "second",
        "third",
    ]
    assert list(client.app[UNITS]) == ["one", "two", "three"]


def test_units_stand_in_the_order_of_the_list_and_the_project_behind_them():
    units = [Unit({"name": name}, routes=[web.get(f"/{name}", first)]) for name in ("b", "c", "a")]

    served = served_routes(_app(web.get("/project", first), units=units))

    assert [(route.path, route.unit) for route in served if not route.hidden] == [
        ("/b", "b"),
        ("/c", "c"),
        ("/a", "a"),
        ("/project", ""),
    ]


def test_what_an_application_makes_of_a_unit_is_its_own():
    unit = Unit({"name": "visits", "version": "1.2.0"})

    one, two = _app(units=[unit]), _app(units=[unit])

    assert one[UNITS]["visits"] is not two[UNITS]["visits"]
    assert one[UNITS]["visits"].app is one
    assert one[UNITS]["visits"].unit is unit
    assert one[UNITS]["visits"].meta.version == "1.2.0"
    assert one[UNITS]["visits"].log is logging.getLogger("webkit.unit.visits")


def test_a_unit_listed_twice_is_there_once():
    unit = Unit({"name": "visits"}, routes=[web.get("/visits", first)])

    app = _app(units=[unit, unit])

    assert list(app[UNITS]) == ["visits"]
    assert [route.path for route in served_routes(app) if not route.hidden] == ["/visits"]


async def test_two_applications_share_nothing(aiohttp_client):
    routes = _artist_routes()

    one, two = _app(*routes), _app(*routes, config=_config(title="Other"))
    clients = [await aiohttp_client(app) for app in (one, two)]

    assert [(await client.get("/artist/")).status for client in clients] == [200, 200]
    assert one[CONFIG] is not two[CONFIG]
    handlers = [
        {route.handler for route in app.router.routes() if route.name == "artist-list"}
        for app in (one, two)
    ]
    assert handlers[0].isdisjoint(handlers[1])


# -- mistakes -----------------------------------------------------------------------------------


def test_the_mistakes_of_all_units_and_routers_are_reported_at_once(module):
    class Wrong(BaseViewSet):
        def list(self):
            """Not async."""

        @action(method="fetch")
        async def popular(self):
            """No verb."""

    class Empty(BaseViewSet):
        """No action."""

    routers = [SimpleRouter(), SimpleRouter()]
    routers[0].register("wrong", Wrong)
    routers[1].register("empty", Empty)
    bare = types.ModuleType("bare")

    problems = _problems(
        units=[
            "apps_of_nobody.artists",
            bare,
            Unit({"name": "one"}, routes=routers[0].routes),
            Unit({"name": "one"}),
        ],
        routes=[*routers[1].routes, web.get("/a", first), web.get("/a", second)],
    )

    assert [problem.partition(": ")[0].partition(" (")[0] for problem in problems] == [
        "apps_of_nobody.artists",
        "bare",
        "<Unit one>",
        "Wrong.popular",
        "Wrong.list",
        "Empty",
        "GET /a",
    ]


def test_two_units_of_one_name_are_told_what_to_do():
    assert _problems(units=[Unit({"name": "one"}), Unit({"name": "one"})]) == [
        "<Unit one>: two units have this name. Give one of them another in `meta`"
    ]


def test_an_error_inside_a_module_is_passed_on(tmp_path, monkeypatch):
    (tmp_path / "broken_unit_of_test.py").write_text("1 / 0")
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(ZeroDivisionError):
        _app(units=["broken_unit_of_test"])


# -- webkit's own routes ------------------------------------------------------------------------


async def test_health_is_served_unless_the_project_serves_it(aiohttp_client):
    plain = await aiohttp_client(_app())
    own = await aiohttp_client(_app(web.get("/health", first)))

    assert (await (await plain.get("/health")).json()) == {"status": "ok"}
    assert await _text(own, "/health") == "first"


async def test_a_unit_may_serve_health_too(aiohttp_client):
    unit = Unit({"name": "checks"}, routes=[web.get("/health", first)])

    assert await _text(await aiohttp_client(_app(units=[unit])), "/health") == "first"


async def test_the_name_health_is_free_for_the_project(aiohttp_client):
    client = await aiohttp_client(_app(web.get("/healthz", first, name="health")))

    assert [await _text(client, path) for path in ("/healthz", "/health")] == [
        "first",
        '{"status":"ok"}',
    ]


async def test_a_check_of_the_project_is_asked_by_ready(aiohttp_client):
    async def check():
        raise ConnectionError

    app = _app()
    client = await aiohttp_client(app)
    assert (await client.get("/ready")).status == 200

    app[READINESS].checks["mail"] = check

    assert (await client.get("/ready")).status == 503


async def test_an_application_that_shuts_down_is_ready_no_more():
    runner = web.AppRunner(_app())
    await runner.setup()

    await runner.shutdown()

    assert runner.app[READINESS].is_stopping
    await runner.cleanup()


@pytest.mark.parametrize(
    ("environment", "status"), [("local", 200), ("testing", 200), ("production", 404)]
)
async def test_a_fresh_project_is_welcomed_except_in_production(
    aiohttp_client, environment, status
):
    client = await aiohttp_client(_app(config=_config(environment, title="Shop")))

    response = await client.get("/")

    assert response.status == status
    assert ("<h1>Shop</h1>" in await response.text()) is (status == 200)


async def test_the_welcome_page_gives_way_to_a_route_of_the_project(aiohttp_client):
    assert await _text(await aiohttp_client(_app(web.get("/", first))), "/") == "first"


@pytest.mark.parametrize("method", ["GET", "*"])
async def test_it_gives_way_to_a_route_added_after_create_app(aiohttp_client, method):
    app = _app()
    app.router.add_route(method, "/", first)

    assert await _text(await aiohttp_client(app), "/") == "first"


@pytest.mark.parametrize("is_late", [False, True])
async def test_it_leaves_nothing_behind_where_it_gave_way(aiohttp_client, is_late):
    app = _app() if is_late else _app(web.post("/", first))
    if is_late:
        app.router.add_post("/", first)
    client = await aiohttp_client(app)

    refused = await client.get("/")

    assert (await client.post("/")).status == 200
    assert (refused.status, refused.headers["Allow"]) == (405, "OPTIONS, POST")


async def test_a_redirect_at_the_root_replaces_it_too(aiohttp_client):
    async def move(request):
        raise web.HTTPFound("/artist/")

    client = await aiohttp_client(_app(web.get("/", move), *_artist_routes()))

    assert await (await client.get("/")).json() == {"artists": []}


@pytest.mark.parametrize(
    ("environment", "docs", "status"),
    [
        ("local", None, 200),
        ("production", None, 404),
        ("production", True, 200),
        ("local", False, 404),
    ],
)
async def test_the_documents_are_open_as_the_configuration_says(
    aiohttp_client, environment, docs, status
):
    config = _config(environment, title="Shop", docs=docs)
    client = await aiohttp_client(_app(*_artist_routes(), config=config))

    response = await client.get("/openapi.json")

    assert response.status == status
    if status == 200:
        document = await response.json()
        assert document["info"]["title"] == "Shop"
        assert list(document["paths"]) == ["/artist/", "/artist/{id}/", "/artist/{id}/google-it/"]


def test_a_broken_docstring_is_a_mistake_where_the_documents_are_open():
    async def described(request):
        """Describe.

        ---
        tags: [
        """

    routes = [web.get("/described", described), web.get("/described", first)]

    docstring, conflict = sorted(_problems(routes=routes), key=lambda line: "GET" in line)
    assert "described" in docstring
    assert conflict.startswith("GET /described")
    _app(routes[0], config=_config("production"))


def test_the_names_of_webkits_own_routes_are_no_names_of_a_project():
    names = {route.name for route in served_routes(_app()) if route.hidden}

    assert all(name is None or name.startswith("webkit.") for name in names)


# -- what is served -----------------------------------------------------------------------------


def _served(app):
    return [
        (route.method, route.path, route.name) for route in served_routes(app) if not route.hidden
    ]


def test_served_routes_have_a_method_a_path_and_a_name():
    app = _app(
        web.get("/", first, name="index"),
        *_artist_routes(),
        web.post(r"/number/{n:\d+}", second),
        web.view("/page", web.View),
    )

    assert _served(app) == [
        ("GET", "/", "index"),
        ("GET", "/artist/", "artist-list"),
        ("GET", "/artist/{id}/", "artist-detail"),
        ("GET", "/artist/{id}/google-it/", "artist-google-it"),
        ("POST", "/number/{n}", None),
        ("*", "/page", None),
    ]


async def test_starting_changes_nothing_about_them(aiohttp_client):
    app = _app(web.get("/", first), *_artist_routes())
    before = served_routes(app)

    await aiohttp_client(app)

    assert served_routes(app) == before


def test_their_handler_is_the_function_that_somebody_wrote():
    app = _app(web.get("/", first), *_artist_routes(), config=_config("production"))

    assert [route.handler for route in served_routes(app) if not route.hidden] == [
        first,
        ArtistViewSet.list,
        ArtistViewSet.detail,
        ArtistViewSet.google_it,
    ]


def test_only_actions_have_a_plan():
    app = _app(web.get("/", first), *_artist_routes())

    plans = [route.plan for route in served_routes(app) if not route.hidden]

    assert plans[0] is None
    assert [plan.action for plan in plans[1:]] == ["list", "detail", "google_it"]


def test_webkits_own_routes_are_marked_as_hidden():
    app = _app(config=_config("production"))

    assert [(route.path, route.hidden) for route in served_routes(app)] == [
        ("/health", True),
        ("/ready", True),
    ]


def test_a_head_that_somebody_wrote_is_a_route():
    app = _app(web.head("/a", first), web.get("/b", second))

    assert _served(app) == [("HEAD", "/a", None), ("GET", "/b", None)]


def test_static_files_are_served_routes(tmp_path):
    served = _served(_app(web.static("/static", tmp_path, name="static")))

    assert ("GET", "/static", "static") in served


# -- sub-applications ---------------------------------------------------------------------------


async def test_an_application_may_be_mounted_in_another(aiohttp_client):
    app = _app(web.get("/", first))
    app.add_subapp("/api/", _app(*_artist_routes(), web.get("/", second)))
    client = await aiohttp_client(app)

    assert [await _text(client, path) for path in ("/", "/api/")] == ["first", "second"]
    assert (await client.get("/api/artist/")).status == 200
    refused = await client.delete("/api/artist/")
    assert (refused.status, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert (await client.get("/api/nowhere")).content_type == "application/problem+json"


def test_its_routes_are_served_below_its_prefix():
    app = _app(web.get("/", first))
    app.add_subapp("/api/", _app(*_artist_routes()))

    assert _served(app)[:3] == [
        ("GET", "/", None),
        ("GET", "/api/artist/", "artist-list"),
        ("GET", "/api/artist/{id}/", "artist-detail"),
    ]


async def test_the_outer_format_of_errors_counts_where_the_inner_says_nothing(aiohttp_client):
    app = _app(config=_config(error_format="detail"))
    plain = web.Application()
    plain.router.add_get("/", first)
    app.add_subapp("/plain/", plain)
    client = await aiohttp_client(app)

    response = await client.get("/plain/nowhere")

    assert await response.json() == {"detail": "Not found."}


LATE = {
    "a route": lambda app: app.router.add_get("/late", answer),
    "the same path again": lambda app: app.router.add_delete("/first", answer),
    "a definition": lambda app: app.add_routes([web.get("/late", answer)]),
    "files": lambda app: app.router.add_static("/late", Path(__file__).parent),
    "an application": lambda app: app.add_subapp("/late", web.Application()),
}


async def answer(request):
    return web.Response()


@pytest.mark.parametrize("add", LATE.values(), ids=LATE)
async def test_a_route_that_comes_too_late_is_refused_with_its_line(add):
    async def add_late(app):
        add(app)

    app = create_app(routes=[web.get("/first", answer)])
    app.on_startup.append(add_late)

    with pytest.raises(ConfigurationError) as caught:
        await web.AppRunner(app).setup()

    (problem,) = caught.value.problems
    assert re.match(
        r"tests/test_application.py:\d+: a route for /(late|first) is added to an application that"
        r" is starting already. Give it to create_app\(routes=...\)",
        problem,
    )


async def test_a_route_that_is_added_while_an_application_runs_is_refused(aiohttp_client):
    client = await aiohttp_client(create_app())

    with pytest.raises(ConfigurationError, match="a route for /late is added"):
        client.app.router.add_get("/late", answer)


def test_mistakes_of_the_configuration_are_told_with_all_others(tmp_path):
    (tmp_path / "webkit.toml").write_text("[webkit]\nport = 0\n[shp]\n")
    config = load(Settings, root=tmp_path, environ={"ENVIRONMENT": "local"})

    problems = _problems(config=config, units=["no.such.module", Unit({"name": "shop"})])

    assert problems == [
        "webkit.toml:2: webkit.port: 0 does not fit: Expected `int` >= 1",
        "webkit.toml:3: shp: unknown section. Did you mean 'shop'?",
        "no.such.module: there is no module 'no'",
    ]


def _with_database(tmp_path, line):
    (tmp_path / "webkit.toml").write_text(f"[database]\n{line}\n")
    return load(Settings, root=tmp_path, environ={"ENVIRONMENT": "local"})


async def test_what_has_a_database_in_its_configuration_opens_it(aiohttp_client, tmp_path):
    config = _with_database(tmp_path, f'url = "sqlite:///{tmp_path}/db.sqlite3"')
    app = create_app(config=config)

    client = await aiohttp_client(app)

    assert app[DATABASE].address.path == tmp_path / "db.sqlite3"
    assert (await client.get("/ready")).status == 200


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("pool_size = 0", "database.pool_size: 0 does not fit: Expected `int` >= 1"),
        ("pol_size = 3", "database.pol_size: unknown key. Did you mean 'pool_size'?"),
        (
            'url = "oracle://x"',
            "database.url: 'oracle://x' is not understood."
            " Write sqlite:///db.sqlite3, or postgresql://user:password@host:5432/name",
        ),
    ],
)
@pytest.mark.parametrize("is_used", [True, False])
def test_a_mistake_in_the_section_of_the_database_is_reported(
    monkeypatch, tmp_path, line, problem, is_used
):
    config = _with_database(tmp_path, line)
    if not is_used:
        monkeypatch.delitem(sys.modules, "sqlalchemy", raising=False)

    assert _problems(config=config) == [f"webkit.toml:2: {problem}"]


def test_the_section_of_a_unit_called_database_is_the_unit_s(tmp_path):
    class Shelves(msgspec.Struct, frozen=True):
        shelves: int

    unit = Unit({"name": "database"}, config=Shelves)

    app = create_app(config=_with_database(tmp_path, "shelves = 3"), units=[unit])

    assert app[UNITS]["database"].config.shelves == 3
    assert DATABASE not in app


def test_what_uses_no_database_opens_none(monkeypatch, tmp_path):
    config = _with_database(tmp_path, "pool_size = 3")
    monkeypatch.delitem(sys.modules, "sqlalchemy", raising=False)

    assert DATABASE not in create_app(config=config)


def test_without_a_section_there_is_no_database():
    assert DATABASE not in _app()
