import pytest
from aiohttp import web

from webkit.application import UNITS, create_app, served_routes
from webkit.config import Config, Settings, load
from webkit.controllers import BaseHttpController, Method, route
from webkit.exceptions import ConfigurationError, PermissionDenied
from webkit.openapi import build_document
from webkit.permissions import BasePermission
from webkit.services import BaseService
from webkit.units import Unit
from webkit.websockets import WebSocket


class VisitService(BaseService):
    """Counts visits."""

    def __init__(self, unit):
        super().__init__(unit)
        self.count = 0


class VisitController(BaseHttpController):
    """Visits."""

    service: VisitService

    @route("/", Method.GET, "Count of visits")
    async def show(self) -> dict[str, int]:
        return {"count": self.service.count}

    @route("/{visit_id}", "delete")
    async def remove(self, visit_id: int) -> None:
        self.service.count -= 1

    @route("//newest/", Method.GET, name="newest")
    @route("/latest")
    async def newest(self, by: int = 1) -> dict[str, int]:
        return {"newest": self.service.count - by}

    @route("/{visit_id}", Method.GET)
    async def detail(self, visit_id: int) -> dict[str, int]:
        return {"id": visit_id}

    @route("/", Method.POST)
    async def create(self, request: web.Request) -> dict[str, object]:
        self.service.count += 1
        return {"path": request.path}


def _unit(*controllers, name="visits", **options):
    return Unit({"name": name}, controllers=controllers, services=[VisitService], **options)


def _app(*units):
    config = Config(settings=Settings(), environment="local", origins={})
    return create_app(config=config, units=units)


def _problems(*controllers):
    with pytest.raises(ConfigurationError) as caught:
        _app(_unit(*controllers))
    return [problem.replace(str(__file__), "") for problem in caught.value.problems]


# -- routes -------------------------------------------------------------------------------------


async def test_methods_with_a_route_answer(aiohttp_client):
    client = await aiohttp_client(_app(_unit(VisitController, path="/api/visits")))

    created = await client.post("/api/visits/")
    assert created.status == 404
    created = await client.post("/api/visits")
    assert (created.status, await created.json()) == (200, {"path": "/api/visits"})
    assert await (await client.get("/api/visits")).json() == {"count": 1}
    assert await (await client.get("/api/visits/7")).json() == {"id": 7}
    assert (await client.get("/api/visits/x")).status == 404
    assert (await client.delete("/api/visits/7")).status == 204
    assert await (await client.get("/api/visits")).json() == {"count": 0}
    refused = await client.put("/api/visits/7")
    assert (refused.status, refused.headers["Allow"]) == (405, "DELETE, GET, HEAD, OPTIONS")


async def test_a_literal_path_wins_over_a_variable_whatever_stands_first(aiohttp_client):
    client = await aiohttp_client(_app(_unit(VisitController)))

    assert await (await client.get("/newest?by=0")).json() == {"newest": 0}
    assert await (await client.get("/latest")).json() == {"newest": -1}


def test_routes_have_their_paths_names_and_unit():
    routes = [route for route in served_routes(_app(_unit(VisitController))) if not route.hidden]

    assert [(item.method, item.path, item.name, item.unit) for item in routes] == [
        ("GET", "/", None, "visits"),
        ("POST", "/", None, "visits"),
        ("GET", "/latest", None, "visits"),
        ("GET", "/newest", "newest", "visits"),
        ("DELETE", "/{visit_id}", None, "visits"),
        ("GET", "/{visit_id}", None, "visits"),
    ]


async def test_two_controllers_with_methods_of_one_name_both_answer(aiohttp_client):
    class One(BaseHttpController):
        @route("/one")
        async def get(self) -> str:
            return "one"

    class Two(BaseHttpController):
        @route("/two")
        async def get(self) -> str:
            return "two"

    client = await aiohttp_client(_app(_unit(One, Two)))

    assert [await (await client.get(path)).json() for path in ("/one", "/two")] == ["one", "two"]


async def test_two_units_may_have_one_controller_each_its_own(aiohttp_client):
    class Named(BaseHttpController):
        @route("/")
        async def get(self) -> str:
            return self.unit.name

    units = [_unit(Named, name="one", path="/one"), _unit(Named, name="two", path="/two")]
    client = await aiohttp_client(_app(*units))

    assert [await (await client.get(path)).json() for path in ("/one", "/two")] == ["one", "two"]


async def test_routes_are_inherited(aiohttp_client):
    class Base(BaseHttpController):
        @route("/")
        async def get(self) -> str:
            return self.word

    class Sub(Base):
        word = "sub"

    assert await (await (await aiohttp_client(_app(_unit(Sub)))).get("/")).json() == "sub"


async def test_a_static_method_takes_the_request_alone(aiohttp_client):
    class Static(BaseHttpController):
        @route("/")
        @staticmethod
        async def get(request):
            return web.json_response(request.path)

    assert await (await (await aiohttp_client(_app(_unit(Static)))).get("/")).json() == "/"


def test_what_is_wrong_with_routes_is_reported_together():
    class Wrong(BaseHttpController):
        @route("no-slash", "SHOUT")
        async def one(self): ...

        @route("/", Method.GET)
        async def two(self, body: dict[str, int]): ...

        @route("/x")
        def three(self): ...

    class Empty(BaseHttpController):
        """Has no route."""

    problems = _problems(Wrong, Empty)

    assert [problem.partition(" (")[0] for problem in problems[:4]] == [
        *("Wrong.one", "Wrong.one", "Wrong.two", "Wrong.three"),
    ]
    assert "'SHOUT' is no method. Write one of Method.GET, Method.POST" in problems[0]
    assert "the path 'no-slash' does not start with a slash" in problems[1]
    assert "an action is written `async def`" in problems[3]
    assert problems[4] == "Empty: has no route. Write @route over a method"


def test_what_is_wrong_in_the_parentheses_of_a_route_is_reported():
    class Wrong(BaseHttpController):
        @route()
        async def one(self): ...

        @route("/x", Method.GET, "", 4, name=5, methods=["get"])
        async def two(self): ...

        @route
        async def three(self): ...

        @route("/y")
        @property
        def four(self): ...

    problems = [problem.partition("): ")[2] for problem in _problems(Wrong)]

    assert problems == [
        "'four' is a decorator, and no method. Write @route(\"/path\") above an `async def`",
        "'three' is a decorator, and no method. Write @route(\"/path\") above an `async def`",
        "@route: the path '' does not start with a slash. Write @route(\"/path\")",
        "@route takes path, method, description and name, and no 4",
        "@route takes path, method, description and name, and no methods",
        "@route: name: 5 is no text",
    ]


def test_a_missing_service_is_reported_with_the_controller():
    with pytest.raises(ConfigurationError) as caught:
        _app(Unit({"name": "visits"}, controllers=[VisitController]))

    assert caught.value.problems == (
        f"visits.VisitController: service {__name__}.VisitService: no unit has it."
        " Name it in `services` of a unit",
    )


def test_a_section_may_say_that_a_unit_has_no_controllers(tmp_path):
    (tmp_path / "webkit.toml").write_text("[visits]\ncontrollers_enable = false\n")
    config = load(Settings, root=tmp_path, environ={"ENVIRONMENT": "local"})

    app = create_app(config=config, units=[_unit(VisitController)])

    assert app[UNITS]["visits"].controllers == []
    assert [route for route in served_routes(app) if not route.hidden] == []


# -- life ---------------------------------------------------------------------------------------


async def test_controllers_start_last_and_stop_first(aiohttp_client):
    events = []

    class Service(BaseService):
        async def on_startup(self):
            events.append("service starts")

        async def on_shutdown(self):
            events.append("service stops")

    class Controller(BaseHttpController):
        @route("/")
        async def get(self) -> None:
            """Do nothing."""

        async def on_startup(self):
            events.append("controller starts")

        async def on_shutdown(self):
            events.append("controller stops")

    unit = Unit({"name": "a"}, controllers=[Controller], services=[Service])
    client = await aiohttp_client(_app(unit))
    await client.close()

    assert events == [
        *("service starts", "controller starts", "controller stops", "service stops"),
    ]


async def test_it_has_its_services_as_aioli_gave_them(aiohttp_client):
    class Old(BaseHttpController):
        def __init__(self, unit):
            super().__init__(unit)
            self.visit = VisitService(unit)

        @route("/")
        async def get(self) -> bool:
            return self.visit is self.connect(VisitService)

    assert await (await (await aiohttp_client(_app(_unit(Old)))).get("/")).json() is True


async def test_on_request_sees_every_request_first(aiohttp_client):
    class Guarded(BaseHttpController):
        async def on_request(self, request):
            if "X-Key" not in request.headers:
                raise PermissionDenied("No key.")

        @route("/{id}")
        async def get(self, id: int, by: int) -> int:
            return id * by

    client = await aiohttp_client(_app(_unit(Guarded)))

    refused = await client.get("/2?by=x")
    assert (refused.status, (await refused.json(content_type=None))["detail"]) == (403, "No key.")
    assert await (await client.get("/2?by=3", headers={"X-Key": ""})).json() == 6


async def test_policies_are_those_of_a_viewset(aiohttp_client):
    class HasKey(BasePermission):
        def has_permission(self, request, view):
            return "X-Key" in request.headers

    class Answer(KeyError):
        """An error of other code."""

    async def not_there(request, error):
        return web.json_response({}, status=410)

    class Closed(BaseHttpController):
        permissions = HasKey
        exception_handlers = {Answer: not_there}  # noqa: RUF012  # as a user writes it

        @route("/")
        async def get(self) -> None:
            raise Answer

    client = await aiohttp_client(_app(_unit(Closed)))

    assert (await client.get("/")).status == 403
    assert (await client.get("/", headers={"X-Key": ""})).status == 410


async def test_a_method_may_talk_over_a_websocket(aiohttp_client):
    class Chat(BaseHttpController):
        service: VisitService

        @route("/chat")
        async def chat(self, ws: WebSocket[int, int]) -> None:
            async for number in ws:
                self.service.count += number
                await ws.send(self.service.count)

    client = await aiohttp_client(_app(_unit(Chat)))

    async with client.ws_connect("/chat") as socket:
        await socket.send_str("2")
        assert await socket.receive_str() == "2"
        await socket.send_str("3")
        assert await socket.receive_str() == "5"


def test_the_document_has_the_description_and_the_unit():
    app = _app(_unit(VisitController))

    document = build_document(served_routes(app), title="Visits", version="1.0.0")

    operation = document["paths"]["/"]["get"]
    assert (operation["summary"], operation["tags"]) == ("Count of visits", ["visits"])
    assert operation["operationId"] == "visits_show"
    parameters = document["paths"]["/{visit_id}"]["get"]["parameters"]
    assert [(item["name"], item["in"]) for item in parameters] == [("visit_id", "path")]
