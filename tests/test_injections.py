from typing import Annotated, ClassVar

import pytest
from aiohttp import web

from webkit.application import create_app
from webkit.config import Config, Settings
from webkit.endpoints import endpoint
from webkit.exceptions import ConfigurationError
from webkit.injections import attributes_of
from webkit.parameters import Query
from webkit.routers import SimpleRouter
from webkit.services import BaseService, service_of
from webkit.units import Unit
from webkit.viewsets import BaseViewSet


class VisitService(BaseService):
    """Counts visits."""

    def __init__(self, unit):
        super().__init__(unit)
        self.count = 0

    def add(self):
        self.count += 1
        return self.count


class VisitViewSet(BaseViewSet):
    """Counts by an attribute, and by a parameter."""

    visits: VisitService

    async def list(self) -> dict[str, int]:
        return {"count": self.visits.add()}

    async def detail(self, id: int, visits: VisitService, *, by: int = 1) -> dict[str, int]:
        return {"count": visits.add(), "id": id, "by": by}


class SeedViewSet(BaseViewSet):
    """In the style of the request alone."""

    async def list(request, visits: VisitService):
        return web.json_response(visits.add())


@endpoint
async def count(visits: VisitService) -> dict[str, int]:
    """Count by a parameter."""
    return {"count": visits.add()}


router = SimpleRouter()
router.register(VisitViewSet, basename="visit")
router.register(SeedViewSet, basename="seed")
ROUTES = [*router.routes, web.get("/count", count)]
VISITS = Unit({"name": "visits"}, services=[VisitService], routes=ROUTES)


def _app(*units, **options):
    config = Config(settings=Settings(), environment="local", origins={})
    return create_app(config=config, units=units, **options)


async def _json(client, path):
    response = await client.get(path)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_services_come_by_attributes_and_by_parameters(aiohttp_client):
    client = await aiohttp_client(_app(VISITS))

    assert await _json(client, "/visit/") == {"count": 1}
    assert await _json(client, "/visit/7/?by=2") == {"count": 2, "id": 7, "by": 2}
    assert await _json(client, "/seed/") == 3
    assert await _json(client, "/count") == {"count": 4}
    assert service_of(client.app, VisitService).count == 4


async def test_one_router_serves_two_applications_that_share_nothing(aiohttp_client):
    one, two = await aiohttp_client(_app(VISITS)), await aiohttp_client(_app(VISITS))

    assert await _json(one, "/visit/") == {"count": 1}
    assert await _json(one, "/visit/") == {"count": 2}
    assert await _json(two, "/visit/") == {"count": 1}


async def test_routes_of_the_project_find_the_services_of_units(aiohttp_client):
    app = _app(Unit({"name": "visits"}, services=[VisitService]), routes=ROUTES)

    assert await _json(await aiohttp_client(app), "/visit/") == {"count": 1}


async def test_routes_that_are_added_by_hand_find_them_too(aiohttp_client):
    app = _app(Unit({"name": "visits"}, services=[VisitService]))
    app.add_routes(ROUTES)
    client = await aiohttp_client(app)

    assert await _json(client, "/visit/") == {"count": 1}
    assert await _json(client, "/count") == {"count": 2}


async def test_a_view_of_ones_own_finds_them(aiohttp_client):
    view = VisitViewSet.as_view({"get": "list"})
    app = _app(Unit({"name": "visits"}, services=[VisitService]), routes=[web.get("/", view)])

    assert await _json(await aiohttp_client(app), "/") == {"count": 1}


def test_a_missing_service_is_reported_for_each_action_with_its_place():
    with pytest.raises(ConfigurationError) as caught:
        _app(routes=ROUTES)

    where = "VisitService: no unit has it. Name it in `services` of a unit"
    problems = list(caught.value.problems)
    assert all(problem.endswith(where) for problem in problems)
    assert [problem.partition(" (")[0] for problem in problems] == [
        "VisitViewSet.list",
        "VisitViewSet.detail",
        "SeedViewSet.list",
        "count",
    ]


def test_an_application_that_was_made_by_hand_has_no_services():
    with pytest.raises(ConfigurationError) as caught:
        web.Application().add_routes(router.routes)

    assert caught.value.problems[0].startswith("VisitViewSet.list (")
    assert caught.value.problems[0].endswith(
        "only an application of create_app has services. Give it the routes and the units"
    )


async def test_nor_has_it_any_for_an_endpoint(aiohttp_client, caplog):
    app = web.Application()
    app.add_routes([web.get("/count", count)])
    client = await aiohttp_client(app)

    assert (await client.get("/count")).status == 500
    assert "only an application of create_app has services" in caplog.text


async def test_an_endpoint_that_was_added_by_hand_serves_each_application_its_own(aiohttp_client):
    clients = []
    for _ in range(2):
        app = _app(Unit({"name": "visits"}, services=[VisitService]))
        app.add_routes([web.get("/count", count)])
        clients.append(await aiohttp_client(app))

    answers = [await _json(client, "/count") for client in (*clients, *clients)]

    assert answers == [{"count": 1}, {"count": 1}, {"count": 2}, {"count": 2}]


def test_an_attribute_with_a_value_and_any_other_annotation_stay_as_they_are():
    class Mixed(BaseViewSet):
        visits: VisitService
        none: VisitService = None
        shared: ClassVar[int]
        name: "str"
        query: Annotated[str, Query()]

    assert attributes_of(Mixed) == {"visits": VisitService}


def test_an_annotation_of_a_viewset_that_cannot_be_read_is_a_mistake():
    class Wrong(BaseViewSet):
        visits: "VisitServis"  # noqa: F821  # that is the point

        async def list(self):
            """Do nothing."""

    wrong = SimpleRouter()
    wrong.register(Wrong)

    with pytest.raises(ConfigurationError, match="annotations cannot be read: name 'VisitServis'"):
        _app(routes=wrong.routes)
