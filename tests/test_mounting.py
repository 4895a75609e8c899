import logging

import msgspec
import pytest
from aiohttp import web

from webkit.application import UNITS, create_app, served_routes
from webkit.config import Settings, load
from webkit.endpoints import endpoint
from webkit.exceptions import ConfigurationError
from webkit.routers import SimpleRouter
from webkit.services import BaseService
from webkit.units import Unit, UnitConfig
from webkit.viewsets import BaseViewSet


class VisitConfig(msgspec.Struct, frozen=True):
    visits_max: int = 14


class VisitService(BaseService):
    loggers = ("library_of_test",)


class ArtistViewSet(BaseViewSet):
    async def detail(self, id: int) -> dict[str, int]:
        return {"id": id}


async def index(request):
    return web.Response(text="index")


@endpoint
async def show(id: int) -> dict[str, int]:
    return {"id": id}


router = SimpleRouter()
router.register(ArtistViewSet)


@pytest.fixture
def config(tmp_path):
    """Return a function that reads a project file."""

    def read(text="", **environ):
        (tmp_path / "webkit.toml").write_text(text)
        return load(Settings, root=tmp_path, environ={"ENVIRONMENT": "local", **environ})

    return read


def _visits(**options):
    return Unit({"name": "guest-book"}, services=[VisitService], **options)


# -- configuration ------------------------------------------------------------------------------


def test_a_unit_has_the_values_of_its_section(config):
    app = create_app(
        config=config("[guest-book]\nvisits_max = 3"), units=[_visits(config=VisitConfig)]
    )

    unit = app[UNITS]["guest-book"]

    assert isinstance(unit.config, VisitConfig)
    assert unit.config.visits_max == 3
    assert unit.services[0].config is unit.config


def test_without_a_section_it_has_the_defaults(config):
    app = create_app(config=config(), units=[_visits(config=VisitConfig)])

    assert app[UNITS]["guest-book"].config.visits_max == 14


def test_the_environment_wins_and_is_converted(config):
    settings = config("[guest-book]\nvisits_max = 3", GUEST_BOOK__VISITS_MAX="5")

    assert (
        create_app(config=settings, units=[_visits(config=VisitConfig)])[UNITS][
            "guest-book"
        ].config.visits_max
        == 5
    )


def test_a_file_in_the_package_stands_below_that_of_the_project(config, tmp_path, monkeypatch):
    package = tmp_path / "shipping_of_test"
    package.mkdir()
    (package / "__init__.py").write_text(
        "import msgspec\n"
        "from webkit.units import Unit\n"
        "class C(msgspec.Struct, frozen=True):\n"
        "    one: int = 1\n    two: int = 1\n    three: int = 1\n"
        "export = Unit(config=C)\n"
    )
    (package / "webkit.toml").write_text("[shipping-of-test]\ntwo = 2\nthree = 2\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    app = create_app(config=config("[shipping-of-test]\nthree = 3"), units=["shipping_of_test"])

    found = app[UNITS]["shipping-of-test"].config
    assert (found.one, found.two, found.three) == (1, 2, 3)


def test_mistakes_in_two_sections_and_in_routes_are_reported_together(config):
    units = [_visits(config=VisitConfig), Unit({"name": "mail"}, path="/mail")]
    text = '[guest-book]\nvisits_max = "many"\n[mail]\npaht = "/post"\n[nobody]\na = 1\n'

    with pytest.raises(ConfigurationError) as caught:
        create_app(
            config=config(text), units=units, routes=[web.get("/", index), web.get("/", show)]
        )

    problems = "\n".join(caught.value.problems)
    assert "guest-book.visits_max" in problems
    assert "mail.paht" in problems
    assert "nobody: unknown section" in problems
    assert "GET /: served by" in problems


def test_a_service_is_not_looked_for_where_a_section_is_wrong(config):
    class Needy(BaseViewSet):
        visits: VisitService

        async def list(self):
            """Do nothing."""

    needy = SimpleRouter()
    needy.register(Needy)
    unit = _visits(config=VisitConfig, routes=needy.routes)

    with pytest.raises(ConfigurationError) as caught:
        create_app(config=config('[guest-book]\nvisits_max = "many"'), units=[unit])

    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(("debug", "level"), [("true", "DEBUG"), ("false", "INFO")])
def test_the_level_of_its_log_and_of_its_libraries_is_set(config, debug, level):
    create_app(config=config(f"[guest-book]\ndebug = {debug}"), units=[_visits()])

    for name in ("webkit.unit.guest-book", "library_of_test"):
        assert logging.getLevelName(logging.getLogger(name).level) == level
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.mark.parametrize(
    ("text", "own", "degrade"),
    [
        ("", False, False),
        ("", True, True),
        ("[guest-book]\ndegrade = true", False, True),
        ("[guest-book]\ndegrade = false", True, False),
    ],
)
def test_whether_it_may_degrade_is_said_by_the_unit_and_overruled_by_its_section(
    config, text, own, degrade
):
    app = create_app(config=config(text), units=[_visits(degrade=own)])

    assert app[UNITS]["guest-book"].degrade is degrade


def test_a_schema_may_be_based_on_what_every_unit_has(config):
    class Schema(UnitConfig, frozen=True, kw_only=True):
        visits_max: int = 14

    app = create_app(
        config=config("[guest-book]\nvisits_max = 1\npath = '/g'"), units=[_visits(config=Schema)]
    )

    unit = app[UNITS]["guest-book"]
    assert type(unit.config) is Schema
    assert (unit.config.visits_max, unit.path) == (1, "/g")


def test_a_field_of_its_own_that_is_called_path_is_no_prefix(config):
    class Schema(msgspec.Struct, frozen=True):
        path: str = "data/visits.db"

    app = create_app(config=config(), units=[_visits(config=Schema)])

    unit = app[UNITS]["guest-book"]
    assert (unit.config.path, unit.path) == ("data/visits.db", "")


# -- paths --------------------------------------------------------------------------------------


def _paths(app):
    return [route.path for route in served_routes(app) if not route.hidden]


def _all_kinds(tmp_path):
    return [
        web.get("/", index),
        web.get("/show/{id}", show),
        *router.routes,
        web.static("/files", tmp_path),
    ]


async def test_without_a_path_routes_are_served_as_they_are(config, tmp_path):
    app = create_app(config=config(), units=[_visits(routes=_all_kinds(tmp_path))])

    assert _paths(app) == ["/", "/show/{id}", "/artist/{id}/", "/files", "/files"]


@pytest.mark.parametrize(
    ("text", "own"), [("", "/api/visits"), ("[guest-book]\npath = '/api/visits'", "/other")]
)
async def test_a_path_stands_before_all_of_them(config, tmp_path, aiohttp_client, text, own):
    (tmp_path / "a.txt").write_text("a")
    unit = _visits(routes=_all_kinds(tmp_path), path=own)
    client = await aiohttp_client(create_app(config=config(text), units=[unit]))

    answers = [
        (path, (await client.get(f"/api/visits{path}")).status)
        for path in ("/", "/show/7", "/show/x", "/artist/7/", "/artist/x/", "/files/a.txt")
    ]

    assert dict(answers) == {
        "/": 200,
        "/show/7": 200,
        "/show/x": 404,
        "/artist/7/": 200,
        "/artist/x/": 404,
        "/files/a.txt": 200,
    }
    assert (await client.get("/artist/7/")).status == 404


async def test_an_unknown_kind_of_definition_stays_where_it_is(config, aiohttp_client):
    class Own(web.AbstractRouteDef):
        def register(self, router):
            return [router.add_get("/own", index)]

    unit = _visits(routes=[Own()], path="/api")
    client = await aiohttp_client(create_app(config=config(), units=[unit]))

    assert (await client.get("/own")).status == 200


def test_a_path_in_the_section_is_checked(config):
    with pytest.raises(ConfigurationError) as caught:
        create_app(config=config("[guest-book]\npath = 'api'"), units=[_visits()])

    assert caught.value.problems == (
        "guest-book.path: 'api' cannot stand before paths. Write /visits, or /api/visits",
    )


# -- units that did not start -------------------------------------------------------------------


class Broken(BaseService):
    async def on_startup(self):
        raise ConnectionError("away")


@pytest.mark.parametrize("middlewares", [[], [web.normalize_path_middleware()]])
async def test_the_routes_of_a_degraded_unit_are_503_and_the_others_answer(
    config, aiohttp_client, middlewares
):
    degraded = Unit(
        {"name": "broken"}, services=[Broken], routes=[web.get("/broken", index)], degrade=True
    )
    fine = Unit({"name": "fine"}, routes=[web.get("/fine", index)])
    app = create_app(config=config(), units=[degraded, fine], middlewares=middlewares)

    client = await aiohttp_client(app)

    refused = await client.get("/broken")
    assert (refused.status, refused.content_type) == (503, "application/problem+json")
    assert "Retry-After" in refused.headers
    assert (await client.get("/fine")).status == 200
    assert (await client.post("/broken")).status == 405
    health = await (await client.get("/health")).json()
    assert health == {"status": "degraded", "units": {"broken": "degraded", "fine": "started"}}


# -- mistakes -----------------------------------------------------------------------------------


def test_the_same_unit_twice_is_mounted_once(config):
    unit = _visits()

    assert list(create_app(config=config(), units=[unit, unit])[UNITS]) == ["guest-book"]


def test_two_applications_have_components_of_their_own(config):
    unit = _visits(config=VisitConfig)
    one, two = (create_app(config=config(), units=[unit]) for _ in range(2))

    assert one[UNITS]["guest-book"].services[0] is not two[UNITS]["guest-book"].services[0]
    assert one[UNITS]["guest-book"].services[0].app is one
