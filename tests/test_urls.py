"""URLs of named routes."""

import pytest
from aiohttp import web

from webkit.urls import reverse


async def show(request):
    name, *pairs = request.query_string.split("&")
    try:
        url = reverse(request, name, **dict(pair.split("=") for pair in pairs))
    except LookupError as error:
        return web.Response(text=str(error), status=400)
    return web.Response(text=url.raw_path)


def application(name):
    app = web.Application()
    app.router.add_get("/show", show)
    app.router.add_get(f"/{name}/{{id}}/", show, name=f"{name}-detail")
    app.router.add_get(f"/same-{name}", show, name="same")
    return app


@pytest.fixture
async def client(aiohttp_client):
    outer, inner, other = map(application, ("outer", "inner", "other"))
    outer.add_subapp("/in/", inner)
    outer.add_subapp("/other/", other)
    return await aiohttp_client(outer)


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/show?outer-detail&id=3", "/outer/3/"),
        ("/show?inner-detail&id=3", "/in/inner/3/"),
        ("/in/show?outer-detail&id=3", "/outer/3/"),
        ("/in/show?inner-detail&id=3", "/in/inner/3/"),
        ("/in/show?other-detail&id=3", "/other/other/3/"),
        ("/show?same", "/same-outer"),
        ("/in/show?same", "/in/same-inner"),
        ("/show?outer-detail&id=a%20b", "/outer/a%20b/"),
    ],
)
async def test_a_name_is_found_near_first(client, asked, path):
    answer = await client.get(asked)

    assert await answer.text() == path


async def test_the_url_is_the_one_that_the_client_sees(aiohttp_client):
    async def link(request):
        return web.Response(text=str(reverse(request, "artist-detail", id=3)))

    app = web.Application()
    app.router.add_get("/link", link)
    app.router.add_get("/artist/{id}/", link, name="artist-detail")
    client = await aiohttp_client(app)

    answer = await client.get("/link")

    assert await answer.text() == str(client.make_url("/artist/3/"))


async def test_an_unknown_name_is_named(client):
    answer = await client.get("/show?nobody")

    assert await answer.text() == "no route is named 'nobody'"


async def test_a_missing_variable_is_named(client):
    answer = await client.get("/show?outer-detail&name=x")

    assert await answer.text() == "route 'outer-detail' needs id; name was given"


async def test_a_variable_that_the_path_does_not_have_is_named(client):
    answer = await client.get("/show?same&id=3")

    assert await answer.text() == "route 'same' needs nothing; id was given"


async def test_a_file_has_its_url(aiohttp_client, tmp_path):
    async def link(request):
        return web.Response(text=reverse(request, "static", filename="a b.css").raw_path)

    app = web.Application()
    app.router.add_get("/link", link)
    app.router.add_static("/static", tmp_path, name="static")
    client = await aiohttp_client(app)

    answer = await client.get("/link")

    assert await answer.text() == "/static/a%20b.css"
