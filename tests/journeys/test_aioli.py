"""What aioli's documentation shows, with `webkit` for `aioli`, and its guestbook, rebuilt.

The guestbook keeps visits and visitors through a service of another unit, in memory or in tables.
A visitor is known by the address; each address may leave so many visits, and change its own alone.
"""

import sys
import textwrap
from typing import NamedTuple

import aiohttp
import msgspec
import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webkit.application import UNITS, create_app, served_routes
from webkit.config import Settings, load
from webkit.contracts import HttpParams, RequestProp
from webkit.controllers import BaseHttpController, Method, returns, route, takes
from webkit.database import DATABASE as APP_DATABASE
from webkit.database import Model, WithID
from webkit.database import services as tables
from webkit.database.services import DatabaseService as TableService
from webkit.exceptions import APIException, ConfigurationError, NotFound
from webkit.services import BaseService
from webkit.units import Unit, UnitConfig


# -- an extension: a unit whose service others use ----------------------------------------------


class DatabaseService(BaseService):
    """Keeps rows of one model, in memory; every unit that uses it has one of its own."""

    model = None

    def use_model(self, model):
        self.model = model
        self.rows = {}
        self.made = 0
        return self

    async def get_one(self, pk):
        if pk not in self.rows:
            raise NotFound(f"There is no {self.model.__name__} {pk}.")
        return self.rows[pk]

    async def get_many(self, limit=100, offset=0, sort="", query="", **where):
        del query
        rows = [row for row in self.rows.values() if _fits(row, where)]
        if sort:
            rows.sort(key=lambda row: getattr(row, sort.lstrip("-")), reverse=sort[0] == "-")
        return rows[offset:][:limit]

    async def create(self, **values):
        self.made += 1
        self.rows[self.made] = self.model(id=self.made, **values)
        return self.rows[self.made]

    async def update(self, row, values):
        self.rows[row.id] = msgspec.structs.replace(row, **values)
        return self.rows[row.id]

    async def delete(self, row):
        del self.rows[row.id]

    async def count(self, **where):
        return len(await self.get_many(limit=None, **where))


def _fits(row, where):
    return all(getattr(row, key) == value for key, value in where.items())


DATABASE = Unit({"name": "memory-database", "version": "1.0.0"}, services=[DatabaseService])


# -- the guestbook ------------------------------------------------------------------------------


class Visitor(msgspec.Struct):
    id: int
    name: str
    ip_addr: str


class Visit(msgspec.Struct):
    id: int
    message: str
    visitor_id: int
    ip_addr: str


class PublicVisitor(msgspec.Struct):
    id: int
    name: str


class PublicVisit(msgspec.Struct):
    id: int
    message: str
    visitor_id: int


class NewVisit(msgspec.Struct):
    visitor_name: str
    message: str


class ChangedVisit(msgspec.Struct):
    message: str


class VisitPath(msgspec.Struct):
    visit_id: int


class VisitorPath(msgspec.Struct):
    visitor_id: int


class GuestbookConfig(UnitConfig, frozen=True, kw_only=True):
    visits_max: int = 14


class VisitorRow(WithID, Model):
    __tablename__ = "guestbook_visitor"

    name: Mapped[str] = mapped_column(String(50))
    ip_addr: Mapped[str] = mapped_column(String(50))


class VisitRow(WithID, Model):
    __tablename__ = "guestbook_visit"

    message: Mapped[str] = mapped_column(Text())
    visitor_id: Mapped[int] = mapped_column(ForeignKey("guestbook_visitor.id"))
    ip_addr: Mapped[str] = mapped_column(String(50))


class Store(NamedTuple):
    """An extension, and what it is told to keep."""

    service: type[BaseService]
    visitor: tuple[type, ...]
    visit: tuple[type, ...]


MEMORY = Store(DatabaseService, (Visitor,), (Visit,))
TABLES = Store(TableService, (VisitorRow, Visitor), (VisitRow, Visit))
STORE = MEMORY


class VisitorService(BaseService):
    db: DatabaseService = None

    async def on_startup(self):
        self.db = self.integrate(STORE.service).use_model(*STORE.visitor)

    async def known(self, name, ip_addr):
        for visitor in await self.db.get_many(name=name, ip_addr=ip_addr):
            return visitor
        return await self.db.create(name=name, ip_addr=ip_addr)


class VisitService(BaseService):
    config: GuestbookConfig
    visitor: VisitorService
    db = None

    async def on_startup(self):
        self.db = self.integrate(STORE.service).use_model(*STORE.visit)

    async def get_authored(self, visit_id, remote_addr):
        visit = await self.db.get_one(pk=visit_id)
        if visit.ip_addr != remote_addr:
            raise APIException("Not allowed from your address.", status_code=403)
        return visit

    async def create(self, remote_addr, body):
        most = self.config.visits_max
        if await self.db.count(ip_addr=remote_addr) >= most:
            raise APIException(f"Max {most} entries per address.", status_code=400)
        visitor = await self.visitor.known(body["visitor_name"], remote_addr)
        return await self.db.create(
            message=body["message"], visitor_id=visitor.id, ip_addr=remote_addr
        )


class HttpController(BaseHttpController):
    """In the order in which the old one declared them: the variable first."""

    def __init__(self, unit):
        super().__init__(unit)
        self.visit = VisitService(unit)
        self.visitor = VisitorService(unit)
        self.requests = 0

    async def on_request(self, request):
        self.requests += 1

    @route("/", Method.GET, "List of visits")
    @takes(query=HttpParams)
    @returns(PublicVisit, many=True)
    async def visits_get(self, query):
        return await self.visit.db.get_many(**query)

    @route("/", Method.POST, "Create a visit")
    @takes(props=[RequestProp.client_addr], body=NewVisit)
    @returns(PublicVisit, status=201)
    async def visit_create(self, body, client_addr):
        return await self.visit.create(client_addr, body)

    @route("/{visit_id}", Method.GET, "Single visit")
    @takes(path=VisitPath)
    @returns(PublicVisit)
    async def visit_get(self, visit_id):
        return await self.visit.db.get_one(pk=visit_id)

    @route("/{visit_id}", Method.PUT, "Update a visit")
    @takes(props=[RequestProp.client_addr], path=VisitPath, body=ChangedVisit)
    @returns(PublicVisit)
    async def visit_update(self, body, visit_id, client_addr):
        visit = await self.visit.get_authored(visit_id, client_addr)
        return await self.visit.db.update(visit, body)

    @route("/{visit_id}", Method.DELETE, "Delete a visit")
    @takes(props=[RequestProp.client_addr], path=VisitPath)
    @returns(status=204)
    async def visit_delete(self, visit_id, client_addr):
        await self.visit.db.delete(await self.visit.get_authored(visit_id, client_addr))

    @route("/visitors", Method.GET, "List of visitors")
    @takes(query=HttpParams)
    @returns(PublicVisitor, many=True)
    async def visitors_get(self, query):
        return await self.visitor.db.get_many(**query)

    @route("/visitors/{visitor_id}", Method.GET, "Single visitor")
    @takes(path=VisitorPath)
    @returns(PublicVisitor)
    async def visitor_get(self, visitor_id):
        return await self.visitor.db.get_one(pk=visitor_id)

    @route("/visitors/{visitor_id}/visits", Method.GET, "Visits of a visitor")
    @takes(path=VisitorPath, query=HttpParams)
    @returns(PublicVisit, many=True)
    async def visitor_visits(self, visitor_id, query):
        return await self.visit.db.get_many(**query, visitor_id=visitor_id)


GUESTBOOK = Unit(
    {"name": "guestbook", "version": "0.1.0", "description": "Visits and visitors."},
    controllers=[HttpController],
    services=[VisitService, VisitorService],
    config=GuestbookConfig,
)


@pytest.fixture
def make_app(tmp_path):
    """Return a function that makes an application of the guestbook, told what the file says."""

    def make(text="[guestbook]\npath = '/api/guestbook'\n", units=(GUESTBOOK, DATABASE), **environ):
        (tmp_path / "webkit.toml").write_text(text)
        config = load(Settings, root=tmp_path, environ={"ENVIRONMENT": "local", **environ})
        return create_app(config=config, units=units)

    return make


class Guest:
    """Somebody at an address of the loopback network."""

    def __init__(self, server, session):
        self.server = server
        self.session = session

    async def ask(self, method, path, **options):
        url = self.server.make_url(f"/api/guestbook{path}")
        async with self.session.request(method, url, **options) as response:
            body = await response.read()
            return response.status, msgspec.json.decode(body) if body else None

    async def visit(self, name="Ann"):
        return await self.ask("POST", "", json={"visitor_name": name, "message": f"from {name}"})


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def guests(make_app, request, open_database, monkeypatch):
    """Return a function that starts the guestbook and gives two guests of different addresses."""
    servers, sessions = [], []
    if request.param != "memory":
        monkeypatch.setattr(sys.modules[__name__], "STORE", TABLES)

    async def start(**environ):
        app = make_app(units=(GUESTBOOK, DATABASE, tables), **environ)
        if request.param != "memory":
            app[APP_DATABASE] = await open_database(request.param, VisitorRow, VisitRow)
        server = TestServer(app)
        servers.append(server)
        await server.start_server()
        for address in ("127.0.0.1", "127.0.0.2"):
            connector = aiohttp.TCPConnector(local_addr=(address, 0))
            sessions.append(aiohttp.ClientSession(connector=connector))
        return [Guest(server, session) for session in sessions[-2:]]

    yield start
    for opened in (*sessions, *servers):
        await opened.close()


def test_it_has_its_eight_routes(make_app):
    routes = [route for route in served_routes(make_app()) if not route.hidden]

    assert sorted(f"{item.method} {item.path}" for item in routes) == [
        "DELETE /api/guestbook/{visit_id}",
        "GET /api/guestbook",
        "GET /api/guestbook/visitors",
        "GET /api/guestbook/visitors/{visitor_id}",
        "GET /api/guestbook/visitors/{visitor_id}/visits",
        "GET /api/guestbook/{visit_id}",
        "POST /api/guestbook",
        "PUT /api/guestbook/{visit_id}",
    ]


async def test_visits_are_left_listed_changed_and_deleted(guests):
    ann, _ = await guests()
    visit = {"id": 1, "message": "from Ann", "visitor_id": 1}

    assert await ann.visit() == (201, visit)
    assert await ann.ask("GET", "") == (200, [visit])
    assert await ann.ask("GET", "/1") == (200, visit)
    assert await ann.ask("PUT", "/1", json={"message": "again"}) == (
        200,
        {**visit, "message": "again"},
    )
    assert await ann.ask("DELETE", "/1") == (204, None)
    assert (await ann.ask("GET", "/1"))[0] == 404


async def test_visitors_are_reachable_though_the_variable_was_declared_first(guests):
    ann, bob = await guests()
    await ann.visit("Ann")
    await bob.visit("Bob")
    await ann.visit("Ann")

    assert await ann.ask("GET", "/visitors") == (
        200,
        [{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bob"}],
    )
    assert await ann.ask("GET", "/visitors/2") == (200, {"id": 2, "name": "Bob"})
    status, visits = await ann.ask("GET", "/visitors/1/visits?limit=5&sort=-id")
    assert (status, [visit["id"] for visit in visits]) == (200, [3, 1])


async def test_an_address_may_leave_so_many_visits(guests):
    ann, bob = await guests(GUESTBOOK__VISITS_MAX="2")

    assert [(await ann.visit())[0] for _ in range(3)] == [201, 201, 400]
    assert (await bob.visit())[0] == 201
    await ann.ask("DELETE", "/1")
    assert (await ann.visit())[0] == 201


@pytest.mark.parametrize(("method", "body"), [("PUT", {"message": "mine"}), ("DELETE", None)])
async def test_a_foreign_address_changes_nothing(guests, method, body):
    ann, bob = await guests()
    await ann.visit()

    status, answer = await bob.ask(method, "/1", json=body)

    assert (status, answer["detail"]) == (403, "Not allowed from your address.")
    assert (await ann.ask("GET", "/1"))[1]["message"] == "from Ann"


async def test_what_does_not_fit_is_refused_and_named(guests):
    ann, _ = await guests()

    status, answer = await ann.ask("GET", "?limit=-1")
    assert (status, answer["errors"][0]["parameter"]) == (422, "limit")
    assert (await ann.ask("POST", "", json={"message": 1}))[0] == 422
    assert (await ann.ask("POST", "", data=b"{", headers={"Content-Type": "application/json"}))[
        0
    ] == 400
    assert (await ann.ask("GET", "/visitor"))[0] == 404


async def test_the_controller_saw_every_request(guests):
    ann, _ = await guests()
    await ann.visit()
    await ann.ask("GET", "")

    controller = ann.server.app[UNITS]["guestbook"].controllers[0]

    assert controller.requests == 2


@pytest.mark.parametrize("guests", ["memory"], indirect=True)
async def test_two_guestbooks_in_one_process_share_nothing(guests):
    (ann, _), (other, _) = await guests(), await guests()
    await ann.visit()

    assert await other.ask("GET", "") == (200, [])
    assert await other.ask("GET", "/visitors") == (200, [])


def test_without_the_extension_the_start_names_it(make_app):
    class Needy(BaseService):
        def __init__(self, unit):
            super().__init__(unit)
            self.db = self.connect(DatabaseService)

    with pytest.raises(ConfigurationError, match=r"needy\.Needy: service .*: no unit"):
        make_app("", units=[Unit({"name": "needy"}, services=[Needy])])


# -- the example of the documentation -----------------------------------------------------------

FILES = {
    "pyproject.toml": """
        [project]
        name = "aioli-guestbook"
        version = "0.1.0"
        description = "Example guestbook"
    """,
    "guestbook_of_docs/__init__.py": """
        from webkit.units import Unit

        from .config import ConfigSchema
        from .controller import HttpController
        from .service import VisitorService, VisitService

        export = Unit(
            auto_meta=True,
            controllers=[HttpController],
            services=[VisitService, VisitorService],
            config=ConfigSchema,
        )
    """,
    "guestbook_of_docs/config.py": """
        from webkit.units import UnitConfig

        class ConfigSchema(UnitConfig, frozen=True, kw_only=True):
            visits_max: int = 14
    """,
    "guestbook_of_docs/service.py": """
        from webkit.services import BaseService

        class VisitorService(BaseService):
            pass

        class VisitService(BaseService):
            visitor: VisitorService
            db = None

            async def on_startup(self):
                self.visitor_again = self.connect(VisitorService)

            async def get_many(self, **query):
                return [query]
    """,
    "guestbook_of_docs/controller.py": """
        from webkit.contracts import HttpParams
        from webkit.controllers import BaseHttpController, Method, route, takes

        from .service import VisitService

        class HttpController(BaseHttpController):
            def __init__(self, unit):
                super(HttpController, self).__init__(unit)
                self.log.debug("Guestbook opening")
                self.visit = VisitService(unit)

            async def on_startup(self):
                self.log.debug("Guestbook opened")

            async def on_request(self, request):
                self.log.debug(f"Request received: {request}")

            @route("/", Method.GET, "List of entries")
            @takes(query=HttpParams)
            async def visits_get(self, query):
                return await self.visit.get_many(**query)
    """,
}


async def test_the_example_unit_of_the_documentation_runs(
    tmp_path, monkeypatch, make_app, aiohttp_client
):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(textwrap.dedent(text))
    monkeypatch.syspath_prepend(str(tmp_path))
    app = make_app("[aioli-guestbook]\npath = '/guestbook'\n", units=["guestbook_of_docs"])
    client = await aiohttp_client(app)

    response = await client.get("/guestbook?limit=5")

    assert await response.json() == [{"limit": 5, "offset": 0, "sort": "", "query": ""}]
    unit = app[UNITS]["aioli-guestbook"]
    assert (unit.meta.version, unit.meta.description) == ("0.1.0", "Example guestbook")
    assert unit.config.visits_max == 14
    assert unit.services[0].visitor is unit.services[1]
    assert unit.services[0].visitor_again is unit.services[1]
    for name in [name for name in sys.modules if name.startswith("guestbook_of_docs")]:
        monkeypatch.delitem(sys.modules, name)
