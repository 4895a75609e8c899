import pytest
from aiohttp import web

from webkit.gates import close_gates, is_gate
from webkit.middlewares import api_exception_handler


async def answer(request):
    return web.Response(text=request.match_info.get("id", "answer"))


class Page(web.View):
    async def get(self):
        return web.Response(text="page")


@pytest.fixture
def serve(aiohttp_client):
    async def start(*routes, **options):
        app = web.Application(middlewares=[api_exception_handler])
        app.add_routes(routes)
        close_gates(app, **options)
        return await aiohttp_client(app)

    return start


async def test_a_method_that_a_path_does_not_offer_is_told_which_it_does(serve):
    client = await serve(web.get("/a", answer), web.post("/a", answer))

    response = await client.delete("/a")

    assert response.status == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert (await response.json(content_type=None))["detail"] == 'Method "DELETE" not allowed.'


async def test_options_are_answered_without_a_body(serve):
    client = await serve(web.put("/a", answer))

    response = await client.options("/a")

    assert (response.status, await response.read()) == (204, b"")
    assert response.headers["Allow"] == "OPTIONS, PUT"


async def test_options_may_be_left_to_others(serve):
    client = await serve(web.put("/a", answer), web.options("/b", answer), options=False)

    refused = await client.options("/a")

    assert (refused.status, refused.headers["Allow"]) == (405, "PUT")
    assert (await client.options("/b")).status == 200


async def test_a_literal_path_never_falls_through_to_a_variable(serve):
    client = await serve(web.get("/a/popular", answer), web.delete("/a/{id}", answer))

    refused = await client.delete("/a/popular")
    answered = await client.delete("/a/7")

    assert (refused.status, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert (answered.status, await answered.text()) == (200, "7")


async def test_resources_of_one_path_stand_behind_one_gate(serve):
    client = await serve(
        web.get("/a/{id}", answer, name="read"),
        web.get("/b", answer),
        web.delete("/a/{key}", answer, name="remove"),
    )

    refused = await client.put("/a/7")

    assert (await client.delete("/a/7")).status == 200
    assert refused.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS"


async def test_allow_has_only_what_fits_this_very_path(serve):
    client = await serve(
        web.get(r"/a/{id:\d+}", answer, name="number"),
        web.delete("/a/{id:[a-z]+}", answer, name="word"),
    )

    number, word = await client.put("/a/7"), await client.put("/a/b")

    assert number.headers["Allow"] == "GET, HEAD"  # of aiohttp: the gate is behind the last pattern
    assert word.headers["Allow"] == "DELETE, OPTIONS"


async def test_a_path_that_offers_all_methods_has_no_gate(serve):
    client = await serve(web.view("/page", Page), web.route("*", "/any", answer))

    assert (await client.get("/page")).status == 200
    assert (await client.request("PROPFIND", "/any")).status == 200
    refused = await client.delete("/page")
    assert (refused.status, refused.headers["Allow"]) == (405, "GET")


async def test_an_own_answer_to_options_is_left_alone(serve):
    client = await serve(web.options("/a", answer), web.get("/a", answer))

    response = await client.options("/a")

    assert await response.text() == "answer"


async def test_static_files_are_left_to_aiohttp(serve, tmp_path):
    (tmp_path / "a.txt").write_text("text")
    client = await serve(web.static("/static", tmp_path))

    assert await (await client.get("/static/a.txt")).text() == "text"
    assert (await client.post("/static/a.txt")).status == 405


async def test_a_resource_that_is_not_served_offers_nothing(aiohttp_client):
    app = web.Application(middlewares=[api_exception_handler])
    (first,) = app.add_routes([web.get("/", answer, name="old")])[:1]
    app.add_routes([web.post("/", answer, name="new")])
    app.router.unindex_resource(first.resource)
    close_gates(app, without=[first.resource])
    client = await aiohttp_client(app)

    response = await client.get("/")

    assert (response.status, response.headers["Allow"]) == (405, "OPTIONS, POST")


async def test_below_a_prefix_the_gates_know_the_whole_path(aiohttp_client):
    child = web.Application()
    child.add_routes([web.get("/{id}", answer)])
    app = web.Application(middlewares=[api_exception_handler])
    app.add_subapp("/api/", child)
    close_gates(child)
    client = await aiohttp_client(app)

    response = await client.post("/api/7")

    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_gate_can_be_told_from_a_route_that_somebody_wrote():
    app = web.Application()
    app.add_routes([web.get("/a", answer)])
    close_gates(app)

    gates = [route.method for route in app.router.routes() if is_gate(route)]

    assert gates == ["*"]
