"""A lean response is what web.Response would have been, but for the order of its headers."""

import asyncio
import gzip

import pytest
from aiohttp import ClientSession, ServerDisconnectedError, web

from webkit.application import create_app
from webkit.responses import HEADERS, LeanResponse, leaned, title_of


BODY = b'{"message":"Hello, World!"}'
JSON = "application/json"
# Requests of every kind that changes how an answer is written.
REQUESTS = {
    "GET": "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n",
    "gzip": "GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n",
    "HEAD": "HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n",
    "HTTP/1.0": "GET {path} HTTP/1.0\r\nHost: x\r\n\r\n",
    "HTTP/1.0 keep-alive": "GET {path} HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n",
    "close": "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "two at once": "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n" * 2,
}


def stock(body=BODY, status=200, headers=None):
    given = {"Content-Type": JSON, **HEADERS, **(headers or {})}
    return web.Response(body=body, status=status, headers=given)


def lean(body=BODY, status=200, headers=None):
    return LeanResponse(body, status, headers=headers)


def plain(make):
    return make()


def with_cookie(make):
    response = make()
    response.set_cookie("a", "b")
    return response


def with_header(make):
    response = make()
    response.headers["X-A"] = "1"
    return response


def given_headers(make):
    return make(headers={"Location": "/a/1/", "X-Ü": "é"})


def given_content_type(make):
    return make(headers={"Content-Type": "text/plain"})


def compressed(make):
    response = make()
    response.enable_compression()
    return response


def chunked(make):
    response = make()
    response.enable_chunked_encoding()
    return response


def with_status(make):
    response = make()
    response.set_status(202)
    return response


def closing(make):
    response = make()
    response.force_close()
    return response


def with_text(make):
    response = make()
    response.text = "changed"
    return response


def with_etag(make):
    response = make()
    response.etag = "abc"
    return response


def with_content_type(make):
    response = make()
    response.content_type = "application/problem+json"
    return response


def with_state(make):
    response = make()
    response[web.ResponseKey("key", int)] = 1
    return response


def empty(make):
    return make(b"", 204)


def unknown_status(make):
    return make(BODY, 599)


SHAPES = (
    *(plain, with_cookie, with_header, given_headers, given_content_type, compressed, chunked),
    *(with_status, closing, with_text, with_etag, with_content_type, with_state, empty),
    unknown_status,
)


async def _add_header(request, response):
    response.headers["X-P"] = "1"


def _application(make, *, around):
    """Return an application whose routes answer in every shape, and the prefix of its paths."""
    inner = web.Application()
    for shape in SHAPES:

        async def handler(request, shape=shape):
            return shape(make)

        inner.router.add_get(f"/{shape.__name__}", handler)
    if around == "nothing":
        return inner, ""
    if around == "a signal":
        inner.on_response_prepare.append(_add_header)
        return inner, ""
    outer = web.Application()
    outer.on_response_prepare.append(_add_header)
    outer.add_subapp("/inner", inner)
    return outer, "/inner"


async def _ask(port, raw):
    """Return all that a server sends to raw requests, as far as the connection allows."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw.encode() + b"GET /plain HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    await writer.wait_closed()
    return answer


def _normal(answer):
    """Return an answer with the headers of each of its parts in one order, without their date."""
    parts = answer.split(b"\r\n\r\n")
    return [
        sorted(line.lower() for line in part.split(b"\r\n") if not line.lower().startswith(b"date"))
        for part in parts
    ]


@pytest.mark.parametrize("around", ["nothing", "a signal", "a sub-application"])
async def test_the_bytes_of_every_answer_are_those_of_aiohttp(aiohttp_server, around):
    answers = []
    for make in (stock, lean):
        app, prefix = _application(make, around=around)
        server = await aiohttp_server(app)
        answers.append(
            {
                (shape.__name__, kind): _normal(
                    await _ask(server.port, raw.format(path=f"{prefix}/{shape.__name__}"))
                )
                for shape in SHAPES
                for kind, raw in REQUESTS.items()
            }
        )

    for case, expected in answers[0].items():
        assert answers[1][case] == expected, case


def bare(body=BODY, status=200, headers=None):
    return web.Response(body=body, status=status, headers={"Content-Type": JSON, **(headers or {})})


def with_reason(make):
    response = make()
    response.set_status(200, "Fine")
    return response


def with_text_of_another_charset(make):
    response = make()
    response.charset = "latin-1"
    return response


def with_a_stream(make):
    response = make()
    response.body = b"".join([b"a"] * 3)
    return response


def with_bytes_that_can_change(make):
    response = make()
    response.body = bytearray(b"abc")
    return response


async def test_what_a_handler_made_by_itself_is_sent_as_it_is(aiohttp_server):
    shapes = [
        *(*SHAPES, with_reason, with_text_of_another_charset, with_a_stream),
        with_bytes_that_can_change,
    ]
    answers = []
    for make, is_bare in ((stock, True), (bare, False)):
        app = web.Application() if is_bare else create_app()
        for shape in shapes:

            async def handler(request, shape=shape, make=make):
                return shape(make)

            app.router.add_get(f"/{shape.__name__}", handler)
        server = await aiohttp_server(app)
        answers.append(
            {
                (shape.__name__, kind): _normal(
                    await _ask(server.port, raw.format(path=f"/{shape.__name__}"))
                )
                for shape in shapes
                for kind, raw in REQUESTS.items()
            }
        )

    for case, expected in answers[0].items():
        assert answers[1][case] == expected, case


def test_a_response_that_says_little_becomes_lean():
    response = web.json_response({"a": 1}, status=404)

    found = leaned(response)

    assert type(found) is LeanResponse
    assert (found.body, found.status, found.headers["Content-Type"]) == (
        response.body,
        404,
        "application/json; charset=utf-8",
    )


async def test_a_response_that_is_on_its_way_stays_what_it_is(aiohttp_client):
    async def handler(request):
        response = web.Response(text="begun")
        await response.prepare(request)
        assert leaned(response) is response
        return response

    app = create_app(routes=[web.get("/begun", handler)])
    client = await aiohttp_client(app)

    assert await (await client.get("/begun")).text() == "begun"


async def test_a_media_type_that_would_break_the_head_is_refused(aiohttp_client):
    async def handler(request):
        return web.Response(body=b"", headers={"Content-Type": "text/plain\r\nX-Evil: 1"})

    client = await aiohttp_client(create_app(routes=[web.get("/bad", handler)]))

    with pytest.raises(ServerDisconnectedError):  # as aiohttp itself does it
        await client.get("/bad")


async def test_a_response_that_is_out_still_tells_its_headers(aiohttp_client):
    kept = []

    async def handler(request):
        kept.append(lean())
        return kept[0]

    app = web.Application()
    app.router.add_get("/", handler)
    client = await aiohttp_client(app)

    await client.get("/")

    assert kept[0].headers["Content-Length"] == str(len(BODY))


async def test_a_middleware_sees_a_whole_response(aiohttp_client):
    @web.middleware
    async def look(request, handler):
        response = await handler(request)
        response.headers["X-Seen"] = f"{response.content_type} {response.reason}"
        return response

    async def handler(request):
        return lean()

    app = web.Application(middlewares=[look])
    app.router.add_get("/", handler)
    client = await aiohttp_client(app)

    answer = await client.get("/")

    assert answer.headers["X-Seen"] == f"{JSON} OK"
    assert await answer.read() == BODY


@pytest.mark.parametrize("value", ["/a\r\nX-Evil: 1", "/a\n", "/a\0"])
def test_a_header_that_would_break_the_head_is_refused(value):
    with pytest.raises(ValueError, match="header 'Location' has a line break or NUL"):
        lean(headers={"Location": value})


async def test_the_date_is_that_of_the_second(aiohttp_client, monkeypatch):
    async def handler(request):
        return lean()

    app = web.Application()
    app.router.add_get("/", handler)
    client = await aiohttp_client(app)
    dates = []
    for second in (1_000_000_000, 1_000_000_001):
        monkeypatch.setattr("webkit.responses.time.time", lambda second=second: second + 0.5)
        dates.append((await client.get("/")).headers["Date"])

    assert dates == ["Sun, 09 Sep 2001 01:46:40 GMT", "Sun, 09 Sep 2001 01:46:41 GMT"]


async def test_a_response_can_be_compressed(aiohttp_client):
    async def handler(request):
        return compressed(lean)

    app = web.Application()
    app.router.add_get("/", handler)
    client = await aiohttp_client(app, auto_decompress=False)

    answer = await client.get("/", headers={"Accept-Encoding": "gzip"})

    assert gzip.decompress(await answer.read()) == BODY


async def test_a_large_response_comes_whole(aiohttp_client):
    body = b"x" * 1_000_000

    async def handler(request):
        return lean(body)

    app = web.Application()
    app.router.add_get("/", handler)
    client = await aiohttp_client(app)

    answer = await client.get("/")

    assert await answer.read() == body


def test_what_a_full_response_has_lost_is_not_made_again():
    response = lean()
    assert response.reason == "OK"
    del response._reason

    with pytest.raises(AttributeError, match="'LeanResponse' object has no attribute '_reason'"):
        response.reason  # noqa: B018


def test_an_unknown_attribute_is_none_of_its():
    with pytest.raises(AttributeError, match="'LeanResponse' object has no attribute 'colour'"):
        lean().colour  # noqa: B018


@pytest.mark.parametrize(
    ("status", "title"),
    [(404, "Not Found"), (413, "Content Too Large"), (422, "Unprocessable Content")],
)
def test_a_title_is_the_same_on_every_python(status, title):
    assert title_of(status) == title


def test_a_status_without_a_phrase_has_no_title():
    assert (title_of(404), title_of(599)) == ("Not Found", "")


async def test_a_server_without_an_application_sends_it_as_aiohttp_does(aiohttp_raw_server):
    async def handler(request):
        return lean()

    server = await aiohttp_raw_server(handler)
    async with ClientSession() as session, session.get(server.make_url("/")) as answer:
        body = await answer.read()

    assert (answer.status, body, answer.headers["Server"]) == (200, BODY, "webkit")


@pytest.mark.parametrize("is_lean", [True, False])
@pytest.mark.parametrize("headers", [None, {"X-A": "1"}])
def test_a_header_can_be_asked_for_without_making_the_others(is_lean, headers):
    response = lean(headers=headers)
    if not is_lean:
        response.headers["X-B"] = "2"

    told = [response.told(name) for name in ("X-A", "X-B")]

    assert told == ["1" if headers else "", "" if is_lean else "2"]
    assert response._is_lean == is_lean
