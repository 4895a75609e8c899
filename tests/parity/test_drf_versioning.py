"""DRF's tests of versioning, reversed URLs and metadata: rows 162 to 164 of the reference.

A version is a part of the path here; versions by query, host and ``Accept`` are not carried over.
"""

from typing import Literal

import pytest
from aiohttp import web

from webkit.application import create_app
from webkit.routers import SimpleRouter
from webkit.urls import reverse
from webkit.viewsets import BaseViewSet


class VersionViewSet(BaseViewSet):
    """Knows its version from the path."""

    async def list(self, version: Literal["v1", "v2"]) -> dict[str, str]:
        return {"version": version}

    async def detail(self, version: Literal["v1", "v2"], id: int) -> dict[str, str]:
        return {"url": str(self.reverse("detail", version=version, id=id + 1))}


class FirstViewSet(BaseViewSet):
    async def list(self) -> dict[str, str]:
        return {"version": "v1", "url": str(self.reverse("list"))}


class SecondViewSet(BaseViewSet):
    async def list(self) -> dict[str, str]:
        return {"version": "v2", "url": str(self.reverse("list"))}


async def unversioned(request):
    return web.json_response({"url": str(reverse(request, "endpoint-list", version="v2"))})


@pytest.fixture
async def client(aiohttp_client):
    by_variable = SimpleRouter(prefix="{version}")
    by_variable.register("endpoint", VersionViewSet)
    first, second = SimpleRouter(prefix="api/v1"), SimpleRouter(prefix="api/v2")
    first.register("other", FirstViewSet, basename="v1-other")
    second.register("other", SecondViewSet, basename="v2-other")
    routes = [
        *by_variable.routes,
        *first.routes,
        *second.routes,
        web.get("/endpoint/", unversioned),
    ]
    return await aiohttp_client(create_app(routes=routes))


def host(client):
    return f"http://{client.host}:{client.port}"


# 162
@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_url_path_versioning(client, version):
    by_variable = await client.get(f"/{version}/endpoint/")
    by_router = await client.get(f"/api/{version}/other/")

    assert await by_variable.json() == {"version": version}
    assert (await by_router.json())["version"] == version


# 162
@pytest.mark.parametrize(
    "path", ["/v3/endpoint/", "/V1/endpoint/", "/v11/endpoint/", "/api/v3/other/"]
)
async def test_invalid_url_path_versioning(client, path):
    assert (await client.get(path)).status == 404


# 162
async def test_reverse_url_path_versioning(client):
    by_variable = await client.get("/v1/endpoint/1/")
    by_router = await client.get("/api/v2/other/")

    assert await by_variable.json() == {"url": f"{host(client)}/v1/endpoint/2/"}
    assert (await by_router.json())["url"] == f"{host(client)}/api/v2/other/"


# 162
async def test_namespace_versioning(aiohttp_client):
    app = web.Application()
    for version, viewset in (("v1", FirstViewSet), ("v2", SecondViewSet)):
        router = SimpleRouter()
        router.register("other", viewset)
        app.add_subapp(f"/{version}/", create_app(routes=router.routes))
    client = await aiohttp_client(app)

    for version in ("v1", "v2"):
        found = await (await client.get(f"/{version}/other/")).json()
        assert found == {"version": version, "url": f"{host(client)}/{version}/other/"}
    assert (await client.get("/v3/other/")).status == 404


# 163
async def test_reversed_urls_are_fully_qualified(client):
    answer = await client.get("/endpoint/", headers={"Host": "testserver"})

    assert await answer.json() == {"url": "http://testserver/v2/endpoint/"}


# 164
async def test_metadata(client):
    answer = await client.options("/v1/endpoint/1/")

    assert (answer.status, await answer.read()) == (204, b"")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert "Allow" not in (await client.get("/v1/endpoint/1/")).headers
