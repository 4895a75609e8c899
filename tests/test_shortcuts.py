"""The shortcut: taken where it can be, and seen by nobody."""

from aiohttp import web

from webkit.application import create_app
from webkit.exceptions import Conflict
from webkit.middlewares import hardening
from webkit.shortcuts import take_shortcut


async def good(request):
    return web.Response(text="good")


async def bad(request):
    raise Conflict("taken")


async def worse(request):
    raise RuntimeError("lost")


async def nothing(request): ...


class View(web.View):
    async def get(self):
        return web.Response(text="view")


@web.middleware
async def tag(request, handler):
    response = await handler(request)
    response.headers["X-Tag"] = "1"
    return response


def application(tmp_path, *, middlewares=()):
    routes = [
        web.get("/good", good),
        web.get("/bad", bad),
        web.get("/worse", worse),
        web.get("/nothing", nothing),
        web.get("/old", moved),
        web.view("/view", View),
        web.static("/static", tmp_path),
    ]
    return create_app(routes=routes, middlewares=middlewares)


async def moved(request):
    raise web.HTTPFound("/good")


REQUESTS = [
    ("GET", "/good"),
    ("HEAD", "/good"),
    ("POST", "/good"),
    ("OPTIONS", "/good"),
    ("GET", "/bad"),
    ("GET", "/worse"),
    ("GET", "/nothing"),
    ("GET", "/old"),
    ("GET", "/view"),
    ("POST", "/view"),
    ("GET", "/static/file.txt"),
    ("POST", "/static/file.txt"),
    ("GET", "/static/none.txt"),
    ("GET", "/nowhere"),
    ("GET", "/nowhere/at/all"),
    ("DELETE", "/"),
]
# What differs from one answer to the next anyway, and what the other middleware adds.
VARYING = ("Date", "X-Request-ID", "X-Tag", "Etag", "Last-Modified")


async def _answers(client):
    answers = []
    for method, path in REQUESTS:
        answer = await client.request(method, path, allow_redirects=False)
        headers = {name: value for name, value in answer.headers.items() if name not in VARYING}
        answers.append((method, path, answer.status, headers, await answer.text()))
    return answers


async def test_every_answer_is_the_same_with_and_without_it(aiohttp_client, tmp_path):
    (tmp_path / "file.txt").write_text("file")
    short = await aiohttp_client(application(tmp_path))
    long = await aiohttp_client(application(tmp_path, middlewares=[tag]))

    assert list(short.app.middlewares) == []
    assert list(long.app.middlewares) == [hardening, tag]
    for mine, theirs in zip(await _answers(short), await _answers(long), strict=True):
        assert mine == theirs


async def test_it_is_not_taken_where_there_is_a_sub_application(aiohttp_client):
    app = create_app(routes=[web.get("/good", good)])
    inner = web.Application()
    inner.router.add_get("/bad", bad)
    app.add_subapp("/inner/", inner)
    client = await aiohttp_client(app)

    answers = [await client.get(path) for path in ("/inner/bad", "/inner/nowhere", "/nowhere")]

    assert list(app.middlewares) == [hardening]
    assert [answer.status for answer in answers] == [409, 404, 404]
    assert {answer.content_type for answer in answers} == {"application/problem+json"}


async def test_routes_that_came_after_create_app_are_guarded_too(aiohttp_client):
    app = create_app()
    app.router.add_get("/worse", worse)
    client = await aiohttp_client(app)

    answer = await client.get("/worse")

    assert (answer.status, answer.content_type) == (500, "application/problem+json")


def test_it_is_taken_once():
    app = web.Application(middlewares=[hardening])

    assert take_shortcut(app)
    assert not take_shortcut(app)


def test_it_is_not_taken_when_it_is_too_late():
    app = web.Application(middlewares=[hardening])
    app.freeze()

    assert not take_shortcut(app)
