# pyright: strict
"""Units, services and controllers, as an editor sees them."""

from typing import assert_type

from aiohttp import web
from msgspec import Struct

from webkit.application import UNITS
from webkit.contracts import HttpParams, RequestProp
from webkit.controllers import BaseHttpController, Method, returns, route, takes
from webkit.services import BaseService, service_of
from webkit.units import Unit
from webkit.viewsets import BaseViewSet


class MailConfig(Struct, frozen=True):
    """What mail can be told."""

    sender: str = "me"


class MailService(BaseService):
    """Sends mail."""

    config: MailConfig

    async def on_startup(self) -> None:
        self.outbox: list[str] = []
        assert_type(self.config.sender, str)

    def send(self, letter: str) -> int:
        self.outbox.append(letter)
        return len(self.outbox)


class VisitService(BaseService):
    """Counts visits, and tells of them."""

    mail: MailService

    async def on_startup(self) -> None:
        assert_type(self.mail.send("started"), int)
        assert_type(self.connect(MailService), MailService)
        assert_type(self.integrate(MailService, sender="you"), MailService)


class Visit(Struct):
    """A visit."""

    id: int


class VisitController(BaseHttpController):
    """Visits, by decorators and by annotations."""

    visits: VisitService

    @route("/", Method.GET, "List of visits")
    @takes(props=[RequestProp.client_addr], query=HttpParams)
    @returns(Visit, many=True)
    async def index(self, query: HttpParams, client_addr: str) -> list[Visit]:
        return [Visit(query.limit + self.visits.mail.send(client_addr))]

    @route("/{visit_id}", "delete")
    async def remove(self, visit_id: int) -> None:
        self.visits.mail.send(str(visit_id))


class VisitViewSet(BaseViewSet):
    """Visits, with a service as an attribute and as a parameter."""

    visits: VisitService

    async def detail(self, id: int, mail: MailService) -> Visit:
        return Visit(id + mail.send(self.visits.unit.name))


export = Unit(
    {"name": "visits"},
    controllers=[VisitController],
    services=[VisitService, MailService],
    config=MailConfig,
    path="/visits",
    degrade=True,
)


async def plain(request: web.Request) -> web.Response:
    """A plain handler."""
    assert_type(service_of(request.app, MailService), MailService)
    assert_type(request.app[UNITS]["visits"].connect(VisitService), VisitService)
    return web.Response()
