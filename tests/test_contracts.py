import dataclasses
from typing import Annotated, Any, TypedDict

import msgspec
import pytest
from aiohttp import web

from webkit.application import create_app, served_routes
from webkit.config import Config, Settings
from webkit.contracts import Count, HttpParams, RequestProp, contract_of, returns, takes
from webkit.controllers import BaseHttpController, Method, route
from webkit.endpoints import endpoint
from webkit.exceptions import ConfigurationError
from webkit.openapi import build_document
from webkit.replies import Reply
from webkit.routers import SimpleRouter
from webkit.units import Unit
from webkit.viewsets import BaseViewSet


class VisitPath(msgspec.Struct):
    visit_id: int


class NewVisit(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(min_length=1)]
    message: str = ""


class Visit(msgspec.Struct):
    id: int
    name: str


class Headers(msgspec.Struct):
    key: str = msgspec.field(name="X-Key")


@dataclasses.dataclass
class Row:
    """What a database gives: more than anybody should see."""

    id: int
    name: str
    password: str = "secret"


class VisitController(BaseHttpController):
    @route("/", Method.GET, "List of visits")
    @takes(query=HttpParams)
    @returns(Visit, many=True)
    async def index(self, query):
        assert isinstance(query, dict)
        return [Row(query["offset"], f"{query['limit']}{query['sort']}{query['query']}")]

    @route("/", Method.POST, "Visit entry")
    @takes(props=[RequestProp.client_addr], body=NewVisit)
    @returns(Visit, status=201)
    async def add(self, body, client_addr):
        return {"id": 1, "name": f"{body['name']} from {client_addr}", "password": "secret"}

    @route("/{visit_id}", Method.PUT)
    @takes(path=VisitPath, body=NewVisit, header=Headers, props=["method"])
    @returns(Visit)
    async def change(self, **kwargs):
        assert set(kwargs) == {"visit_id", "body", "header", "method"}
        name = f"{kwargs['body']['name']} {kwargs['header']['key']} {kwargs['method']}"
        return Row(kwargs["visit_id"], name)

    @route("/{visit_id}", Method.DELETE)
    @takes(path=VisitPath)
    @returns(status=204)
    async def remove(self, visit_id):
        return {"not": "sent", "id": visit_id}

    @route("/count", Method.GET)
    @returns(Count)
    async def count(self) -> Count:
        return Count(5)

    @route("/typed", Method.GET)
    @takes(query=HttpParams)
    @returns()
    async def typed(self, query: HttpParams) -> dict[str, int]:
        return {"limit": query.limit}

    @route("/own/{how}", Method.GET)
    @returns(Visit, status=202)
    async def own(self, how: str) -> Any:
        answers = {"response": web.Response(text="own"), "reply": Reply({}, status=418)}
        return answers.get(how)


def _app(*controllers, **options):
    config = Config(settings=Settings(), environment="local", origins={})
    return create_app(
        config=config, units=[Unit({"name": "visits"}, controllers=controllers)], **options
    )


@pytest.fixture
async def client(aiohttp_client):
    return await aiohttp_client(_app(VisitController))


async def _problem(response):
    return response.status, await response.json(content_type=None)


# -- what is taken ------------------------------------------------------------------------------


async def test_a_query_has_its_defaults_and_drops_what_is_unknown(client):
    assert await (await client.get("/?unknown=1")).json() == [{"id": 0, "name": "100"}]
    assert await (await client.get("/?limit=5&offset=2&sort=a")).json() == [{"id": 2, "name": "5a"}]


async def test_a_value_that_does_not_fit_is_422_and_named(client):
    status, body = await _problem(await client.get("/?limit=-1&offset=x"))

    assert status == 422
    assert [error["parameter"] for error in body["errors"]] == ["limit", "offset"]


async def test_a_body_and_the_address_are_taken_and_the_schema_alone_is_sent(client):
    response = await client.post("/", json={"name": "Ann", "unknown": 1})

    assert response.status == 201
    assert await response.json() == {"id": 1, "name": "Ann from 127.0.0.1"}


async def test_a_body_that_is_no_json_is_400_and_one_that_does_not_fit_422(client):
    headers = {"Content-Type": "application/json"}

    assert (await client.post("/", data=b"{", headers=headers)).status == 400
    status, body = await _problem(await client.post("/", json={"name": ""}))
    assert (status, body["errors"][0]["pointer"]) == (422, "#/name")


async def test_everything_may_come_as_keywords(client):
    response = await client.put("/7", json={"name": "Ann"}, headers={"X-Key": "k"})

    assert await response.json() == {"id": 7, "name": "Ann k PUT"}


async def test_a_missing_header_is_422_and_an_id_that_does_not_fit_404(client):
    status, body = await _problem(await client.put("/7", json={"name": "Ann"}))

    assert (status, body["errors"][0]["header"]) == (422, "X-Key")
    assert (await client.put("/x", json={"name": "Ann"})).status == 404


async def test_a_parameter_with_the_schema_as_its_type_gets_that(client):
    assert await (await client.get("/typed?limit=3")).json() == {"limit": 3}


# -- what is returned ---------------------------------------------------------------------------


async def test_a_status_without_a_body_has_none(client):
    response = await client.delete("/7")

    assert (response.status, await response.read()) == (204, b"")
    assert "Content-Type" not in response.headers


async def test_a_stock_schema_is_returned(client):
    assert await (await client.get("/count")).json() == {"count": 5}


async def test_a_response_of_ones_own_passes(client):
    assert await (await client.get("/own/response")).text() == "own"
    assert (await client.get("/own/reply")).status == 418
    assert (await client.get("/own/nothing")).status == 204


async def test_what_does_not_fit_the_schema_is_the_services_own_fault(aiohttp_client, caplog):
    class Wrong(BaseHttpController):
        @route("/")
        @returns(Visit)
        async def get(self):
            return {"id": "one"}

    client = await aiohttp_client(_app(Wrong))

    assert (await client.get("/")).status == 500
    assert "Expected `int`, got `str` - at `$.id`" in caplog.text


async def test_without_a_schema_an_object_does_not_show_its_attributes(aiohttp_client):
    class Hidden:
        password = "secret"

    class Loose(BaseHttpController):
        @route("/")
        @returns()
        async def get(self):
            return Hidden()

    response = await (await aiohttp_client(_app(Loose))).get("/")

    assert response.status == 500
    assert "secret" not in await response.text()


# -- the same everywhere ------------------------------------------------------------------------


async def test_viewsets_and_endpoints_take_and_return_alike(aiohttp_client):
    class VisitViewSet(BaseViewSet):
        @takes(query=HttpParams)
        @returns(Visit, many=True)
        async def list(self, query):
            return [Row(query["limit"], self.action)]

        @takes(body=NewVisit)
        @returns(Visit)
        async def create(self, body):
            return Row(2, body["name"])

    @endpoint
    @takes(path=VisitPath)
    @returns(Visit)
    async def show(visit_id):
        return Row(visit_id, "shown")

    router = SimpleRouter()
    router.register(VisitViewSet)
    routes = [*router.routes, web.get("/show/{visit_id}", show)]
    client = await aiohttp_client(_app(routes=routes))

    assert await (await client.get("/visit/?limit=3")).json() == [{"id": 3, "name": "list"}]
    created = await client.post("/visit/", json={"name": "Ann"})
    assert (created.status, await created.json()) == (200, {"id": 2, "name": "Ann"})
    assert await (await client.get("/show/4")).json() == {"id": 4, "name": "shown"}


class Typed(TypedDict):
    name: str


@dataclasses.dataclass
class Plain:
    name: str


@pytest.mark.parametrize("schema", [Typed, Plain], ids=["TypedDict", "dataclass"])
async def test_schemas_are_models_of_any_kind(aiohttp_client, schema):
    class Anything(BaseHttpController):
        @route("/", Method.POST)
        @takes(body=schema)
        @returns(schema)
        async def post(self, body: dict):
            return {**body, "more": 1}

    response = await (await aiohttp_client(_app(Anything))).post("/", json={"name": "Ann"})

    assert await response.json() == {"name": "Ann"}


async def test_a_body_that_is_no_model_comes_as_its_type(aiohttp_client):
    class Listed(BaseHttpController):
        @route("/", Method.POST)
        @takes(body=list[int])
        async def post(self, body):
            return sum(body)

    response = await (await aiohttp_client(_app(Listed))).post("/", json=[1, 2])

    assert await response.json() == 3


def test_the_document_is_made_of_the_same():
    app = _app(VisitController)

    paths = build_document(served_routes(app), title="Visits", version="1.0.0")["paths"]

    index = paths["/"]["get"]
    assert [item["name"] for item in index["parameters"]] == ["limit", "offset", "sort", "query"]
    schema = index["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["items"] == {"$ref": "#/components/schemas/Visit"}
    assert "201" in paths["/"]["post"]["responses"]
    assert "content" not in paths["/{visit_id}"]["delete"]["responses"]["204"]
    header = [item for item in paths["/{visit_id}"]["put"]["parameters"] if item["in"] == "header"]
    assert [item["name"] for item in header] == ["X-Key"]


# -- mistakes -----------------------------------------------------------------------------------


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    key: str


def _problems(method):
    controller = type("Wrong", (BaseHttpController,), {"get": route("/{visit_id}", "put")(method)})
    with pytest.raises(ConfigurationError) as caught:
        _app(controller)
    return [problem.partition("): ")[2] for problem in caught.value.problems]


def test_what_no_parameter_takes_is_a_mistake():
    @takes(props=[RequestProp.host], path=VisitPath)
    async def get(self): ...

    assert _problems(get) == [
        "@takes gives 'host', which no parameter takes. Add it, or **kwargs",
        "@takes gives 'visit_id', which no parameter takes. Add it, or **kwargs",
    ]


def test_a_type_that_contradicts_the_schema_is_a_mistake():
    @takes(body=NewVisit, path=VisitPath)
    async def get(self, body: Visit, visit_id: Any): ...

    assert _problems(get) == [
        "parameter 'body' is annotated with Visit, and @takes gives NewVisit. Say it once"
    ]


def test_what_is_no_model_is_a_mistake():
    @takes(query=int, header=Strict, path=VisitPath)
    async def get(self, query, header, visit_id): ...

    problems = _problems(get)

    assert problems[0] == "@takes: query is int, and no model. Use a msgspec.Struct"
    assert problems[1] == (
        "@takes: header refuses unknown fields, and every request has other headers"
    )


def test_what_is_wrong_in_the_parentheses_is_told_together():
    @takes(["colour", RequestProp.host], 5, quary=VisitPath, body=6)
    @returns(Visit, "ok", True, 7, code=201)
    async def get(self, host, visit_id): ...

    assert _problems(get) == [
        "@returns takes schema_cls, status and many, and no 7",
        "@returns takes schema_cls, status and many, and no code",
        "@returns: 'ok' is no status. Write 200, or another number",
        "@takes takes props, header, path, query and body, and no 5",
        "@takes takes props, header, path, query and body, and no quary",
        "@takes: 'colour' is none of client_addr, host, method, path, scheme",
        "@takes: body: 6 is no type",
    ]


@pytest.mark.parametrize("decorator", [takes, returns])
def test_parentheses_that_are_missing_are_told(decorator):
    @decorator
    async def get(self, visit_id): ...

    name = f"@{decorator.__name__}"
    assert _problems(get) == [f"{name} stands without parentheses. Write {name}(...)"]


@pytest.mark.parametrize("props", ["colour", 5])
def test_one_property_may_be_given_alone_and_is_told_as_a_whole(props):
    @takes(props)
    async def get(self, visit_id): ...

    (problem,) = _problems(get)
    assert problem.startswith(f"@takes: {props!r} is none of client_addr")


def test_nothing_is_recorded_where_nothing_was_said():
    assert contract_of(len) is None
