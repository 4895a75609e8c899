import asyncio
import datetime as dt
import sys
from types import SimpleNamespace
from typing import Annotated, Any, NamedTuple

import pytest
from aiohttp import web
from msgspec import Meta, Struct

from webkit.application import create_app
from webkit.decorators import action
from webkit.exceptions import UsageError
from webkit.filters import Many
from webkit.openapi import conformance
from webkit.openapi.conformance import schemathesis_findings
from webkit.pagination import Cursor
from webkit.parameters import Form
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet
from webkit.websockets import WebSocket


Numbers = list[int]


class New(Struct):
    size: Annotated[int, Meta(ge=0, le=9)]


class HonestViewSet(BaseViewSet):
    async def list(self, page: Cursor, ids: Many[int] = ()) -> int:
        return len(ids)

    async def create(self, new: New) -> New:
        return new

    @action("post")
    async def form(self, sizes: Annotated[Numbers, Form()], big: Annotated[bool, Form()]) -> int:
        return len(sizes)

    @action
    async def chat(self, ws: WebSocket[New, New]) -> None: ...


class Place(NamedTuple):
    row: int
    name: str


class LooseViewSet(BaseViewSet):
    """What a document says more strictly than texts are read, and what schemathesis misreads."""

    async def list(self, size: int | None = None, since: dt.timedelta = dt.timedelta()) -> Place:
        return Place(1, "a")

    async def create(self, names: Annotated[dict[int, str], Meta(max_length=2)]) -> Any:
        return next(iter(names.values()), None)


class LyingViewSet(BaseViewSet):
    async def list(self) -> New:
        return web.json_response({"size": "S"})

    @action
    async def broken(self) -> New:
        raise RuntimeError


@pytest.fixture
def findings(aiohttp_server):
    """Serve a viewset, and return what schemathesis finds wrong with it."""

    async def findings(viewset, path="/openapi.json", **options):
        router = SimpleRouter()
        router.register(viewset, basename="thing")
        server = await aiohttp_server(create_app(routes=router.routes))
        url = str(server.make_url(path))
        return await asyncio.to_thread(schemathesis_findings, url, examples=5, **options)

    return findings


async def test_what_no_service_can_mend_is_no_finding(findings):
    assert await findings(LooseViewSet) == []


async def test_nothing_is_found_where_the_document_is_right(findings):
    assert await findings(HonestViewSet) == []


async def test_a_finding_names_the_operation_and_the_way_to_see_it(findings):
    schema, server = sorted(await findings(LyingViewSet, headers={"X-Seen": "yes"}))

    assert schema.startswith("GET /thing/: Response violates schema")
    assert "curl -X GET -H 'X-Seen: yes' http://127.0.0.1:" in schema
    assert server.startswith("GET /thing/broken/: Server error")


async def test_a_document_that_is_not_there_is_a_mistake_of_usage(findings):
    with pytest.raises(UsageError, match=r"/nothing\.json: "):
        await findings(HonestViewSet, "/nothing.json")


async def test_an_error_of_schemathesis_is_a_finding(aiohttp_server):
    async def document(request):
        operation = {"parameters": [{"$ref": "#/nowhere"}], "responses": {}}
        info = {"title": "Odd", "version": "1"}
        return web.json_response(
            {"openapi": "3.1.0", "info": info, "paths": {"/": {"get": operation}}}
        )

    app = web.Application()
    app.router.add_get("/openapi.json", document)
    url = str((await aiohttp_server(app)).make_url("/openapi.json"))

    (finding,) = await asyncio.to_thread(schemathesis_findings, url)

    assert finding.startswith("GET /: ")
    assert "#/nowhere" in finding


@pytest.mark.parametrize(
    ("query", "counts"), [({"ids": "1,2"}, True), ({"ids": "1,,2"}, False), (None, True)]
)
def test_an_empty_part_between_commas_may_be_taken(query, counts):
    ids = {"name": "ids", "in": "query", "explode": False}
    operation = SimpleNamespace(definition=SimpleNamespace(raw={"parameters": [ids]}))
    case = SimpleNamespace(query=query, media_type=None, operation=operation)
    failure = type("AcceptedNegativeData", (), {"message": "no reason"})()

    assert conformance._counts(None, failure, case, None) is counts


def test_a_text_that_is_read_loosely_is_no_failure():
    message = "Parameter `size` in query - incorrect type"
    failure = type("AcceptedNegativeData", (), {"message": message})()

    assert conformance._counts(None, failure, None, None) is False


def test_who_has_no_schemathesis_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "schemathesis", None)

    with pytest.raises(UsageError, match="pip install schemathesis"):
        schemathesis_findings("http://127.0.0.1:1/openapi.json")
