"""Routes as an application would serve them, for tests that need no application."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiohttp import web
from openapi_spec_validator import OpenAPIV31SpecValidator

from webkit.openapi import build_document
from webkit.routers import SimpleRouter
from webkit.routes import ActionRoute, ServedRoute
from webkit.viewsets import BaseViewSet


def _route(handler: Callable[..., Any], path: str = "/", **facts: Any) -> ServedRoute:
    defaults = {"method": "GET", "name": None, "unit": "", "plan": None, "hidden": False}
    return ServedRoute(**defaults | facts, handler=handler, path=path)


def _actions(viewset: type[BaseViewSet], basename: str = "artist") -> Iterator[ServedRoute]:
    router = SimpleRouter()
    router.register(viewset, basename=basename)
    for entry in router.routes:
        assert isinstance(entry, ActionRoute)
        yield _route(
            entry.plan.function,
            entry.path,
            method=entry.method,
            name=entry.kwargs["name"],
            unit="artists",
            plan=entry.plan,
        )


@pytest.fixture
def route():
    """Return one served route, with defaults for what the test does not say."""
    return _route


@pytest.fixture
def actions():
    """Return the served routes of a viewset."""
    return lambda *args: list(_actions(*args))


@pytest.fixture
def document():
    """Build a document and see that it is OpenAPI 3.1."""

    def build(routes, **facts):
        found = build_document(routes, **{"title": "Shop", "version": "1.0"} | facts)
        assert list(OpenAPIV31SpecValidator(found).iter_errors()) == []
        return found

    return build


@pytest.fixture
def operations(document):
    """Return the operations of a viewset by the names of its actions."""

    def operations(viewset):
        found = document(_actions(viewset))["paths"]
        return {
            operation["operationId"].removeprefix("artist_"): operation
            for item in found.values()
            for operation in item.values()
        }

    return operations


@pytest.fixture
def artists():
    """Return a viewset with all six actions, two more, and no docstring on any of them."""

    class ArtistViewSet(BaseViewSet):
        async def list(self): ...
        async def create(self): ...
        async def detail(self, id): ...
        async def update(self, id): ...
        async def partial_update(self, id): ...
        async def destroy(self, id): ...

    return ArtistViewSet


@pytest.fixture
def index():
    async def index(request):
        return web.json_response({"hello": "world"})

    return index


@pytest.fixture(autouse=True)
def _with_docs(monkeypatch, _no_environment):
    """Serve the documents: production keeps them to itself."""
    monkeypatch.setenv("ENVIRONMENT", "testing")
