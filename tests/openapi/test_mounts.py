import pytest
from aiohttp import web

from webkit.application import create_app, served_routes
from webkit.config import Config, Settings
from webkit.openapi.mounts import mounted_apps, mounts_in, routes_below


async def _index(request): ...


@pytest.fixture
def make():
    def make(*routes, environment="local"):
        config = Config(settings=Settings(), environment=environment, origins={})
        return create_app(config=config, routes=routes)

    return make


@pytest.fixture
def versions(make):
    """Return an application with two versions, one of them in two parts, and a plain part."""
    parent, second, part = make(web.get("/", _index)), make(web.get("/b", _index)), make()
    second.add_subapp("/part", part)
    plain = web.Application()
    plain.router.add_get("/c", _index)
    plain.add_subapp("/deep", make(web.get("/d", _index)))
    parent.add_subapp("/v1", make(web.get("/a", _index)))
    parent.add_subapp("/v2", second)
    parent.add_subapp("/plain", plain)
    return parent


def _paths(routes):
    return [route.path for route in routes if not route.hidden]


def test_the_mounts_are_known_by_their_documents(versions):
    assert mounts_in(served_routes(versions)) == [
        "",
        "/v1",
        "/v2",
        "/v2/part",
        "/plain/deep",
    ]


def test_the_mounted_applications_are_those_that_webkit_made(versions):
    found = dict(mounted_apps(versions))

    assert list(found) == ["/v1", "/v2", "/plain/deep"]
    assert list(dict(mounted_apps(found["/v2"]))) == ["/v2/part"]


def test_an_application_for_another_host_is_no_mount(make):
    parent = make()
    parent.add_domain("shop.example", make())

    assert list(mounted_apps(parent)) == []


def test_routes_below_another_mount_are_left_out(versions):
    routes = served_routes(versions)

    assert _paths(routes_below("", routes, others=mounts_in(routes)[1:])) == ["/", "/plain/c"]
    assert routes_below("", routes, others=()) == routes


def test_paths_begin_at_the_mount(versions):
    second = dict(mounted_apps(versions))["/v2"]

    assert _paths(routes_below("/v2", served_routes(second), others=["/v2/part"])) == ["/b"]


def test_each_version_has_its_own_document(document, versions):
    found = {path: document(served_routes(app)) for path, app in mounted_apps(versions)}

    assert list(document(served_routes(versions))["paths"]) == ["/", "/plain/c"]
    assert "servers" not in document(served_routes(versions))
    assert list(found["/v1"]["paths"]) == ["/a"]
    assert found["/v2"]["servers"] == [{"url": "/v2"}]


async def test_each_version_serves_its_own_document(aiohttp_client, versions):
    client = await aiohttp_client(versions)

    async def document(path):
        async with client.get(f"{path}/openapi.json") as answer:
            return await answer.json()

    assert list((await document(""))["paths"]) == ["/", "/plain/c"]
    assert list((await document("/v2"))["paths"]) == ["/b"]
    assert (await document("/plain/deep"))["servers"] == [{"url": "/plain/deep"}]


def test_who_serves_no_documents_can_say_the_mount(document, make):
    parent, child = (
        make(environment="production"),
        make(web.get("/a", _index), environment="production"),
    )
    parent.add_subapp("/v1", child)

    assert list(document(served_routes(child))["paths"]) == ["/v1/a"]
    assert list(document(served_routes(child), mount="/v1")["paths"]) == ["/a"]
