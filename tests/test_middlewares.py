import asyncio
import json
import logging
import re
import subprocess
import sys
from encodings.aliases import aliases

import pytest
from aiohttp import web
from yarl import URL

from webkit.application import create_app
from webkit.config import Config, Settings
from webkit.exceptions import APIException, Conflict, NotAuthenticated, NotFound
from webkit.middlewares import api_exception_handler
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


LIMIT = 1000
SECRET = "swordfish"  # a word that must not leave the server


class ArtistViewSet(BaseViewSet):
    """The style of the seed, methods of the request alone; create reads a body of JSON."""

    async def list(request):
        return web.json_response([])

    async def create(request):
        return web.json_response(await request.json())

    async def detail(request):
        raise NotFound(f"No artist {request.match_info['id']}.")

    async def destroy(request):
        raise ValueError(SECRET)


class TypedViewSet(BaseViewSet):
    """The same with self."""

    async def list(self):
        return web.json_response([])

    async def create(self):
        return web.json_response(await self.request.json())

    async def detail(self):
        raise NotFound(f"No artist {self.request.match_info['id']}.")

    async def destroy(self):
        raise ValueError(SECRET)


async def another_document(request):
    await request.text()
    json.loads("{")


async def another_text(request):
    await request.read()
    return web.Response(text=b"\xff".decode())


async def with_a_body(request):
    return web.json_response(await request.json())


async def raw(request):
    """Read the body, whatever its charset, and fail at another document."""
    await request.read()
    json.loads("{")


async def unread(request):
    json.loads("{")


async def nothing(request):
    return None


async def challenged(request):
    raise NotAuthenticated(headers={"WWW-Authenticate": "Bearer"})


async def listed(request):
    raise Conflict({"name": ["taken"]}, errors=[{"pointer": "/name", "code": "unique"}])


async def redirected(request):
    raise web.HTTPFound("/elsewhere")


async def json_of_its_own(request):
    raise web.HTTPNotFound(text='{"mine": 1}', content_type="application/json")


async def text_of_its_own(request):
    raise web.HTTPForbidden(text="Members only.", headers={"X-Room": "7"})


async def broken_gateway(request):
    raise web.HTTPBadGateway


async def looked_up(request):
    return web.json_response({}["nowhere"])


ROUTES = [
    web.post("/another-document", another_document),
    web.post("/another-text", another_text),
    web.route("*", "/with-a-body", with_a_body),
    web.post("/raw", raw),
    web.get("/unread", unread),
    web.get("/nothing", nothing),
    web.get("/challenged", challenged),
    web.get("/listed", listed),
    web.get("/redirected", redirected),
    web.get("/json-of-its-own", json_of_its_own),
    web.get("/text-of-its-own", text_of_its_own),
    web.get("/broken-gateway", broken_gateway),
    web.get("/looked-up", looked_up),
]


def _config(**settings):
    settings = Settings(client_max_size=LIMIT, **settings)
    return Config(settings=settings, environment="production", origins={})


@pytest.fixture
def serve(aiohttp_client):
    """Return a function that starts an application with routes, and gives a client of it."""

    async def start(routes=ROUTES, **settings):
        router = SimpleRouter()
        router.register("seed", ArtistViewSet)
        router.register("typed", TypedViewSet)
        app = create_app(config=_config(**settings), routes=[*routes, *router.routes])
        return await aiohttp_client(app)

    return start


@pytest.fixture
def log(caplog):
    """Return a function that gives what was logged at warning or above, by whomever."""
    caplog.set_level(logging.WARNING)
    return lambda: caplog.records


STYLES = pytest.mark.parametrize("style", ["seed", "typed"])
JSON = {"Content-Type": "application/json"}


def _charset(name):
    return {"Content-Type": f"application/json; charset={name}"}


ANSWERS = [
    # what is wrong, the request, and the answer: status and code
    ("an unknown URL", "GET", "/nowhere", {}, 404, "not_found"),
    ("a wrong method", "PUT", "/seed/", {}, 405, "method_not_allowed"),
    ("a raised exception", "GET", "/seed/7/", {}, 404, "not_found"),
    ("the same with self", "GET", "/typed/7/", {}, 404, "not_found"),
    ("no credentials", "GET", "/challenged", {}, 401, "not_authenticated"),
    ("malformed JSON", "POST", "/seed/", {"data": b"{", "headers": JSON}, 400, "parse_error"),
    ("malformed with self", "POST", "/typed/", {"data": b"{"}, 400, "parse_error"),
    ("no body", "POST", "/seed/", {}, 400, "parse_error"),
    ("malformed in a GET", "GET", "/with-a-body", {"data": b"{"}, 400, "parse_error"),
    ("malformed in a DELETE", "DELETE", "/with-a-body", {"data": b"{"}, 400, "parse_error"),
    ("bad encoding", "POST", "/seed/", {"data": b'"\xff"'}, 400, "parse_error"),
    (
        "bad encoding in its charset",
        "POST",
        "/seed/",
        {"data": b'"\xe9"', "headers": _charset("ascii")},
        400,
        "parse_error",
    ),
    (
        "malformed in another charset",
        "POST",
        "/seed/",
        {"data": '"é'.encode("latin-1"), "headers": _charset("latin-1")},
        400,
        "parse_error",
    ),
    *(
        (
            f"the charset {name}",
            "POST",
            "/seed/",
            {"data": b"{}", "headers": _charset(name)},
            415,
            "unsupported_media_type",
        )
        for name in ("klingon", "hex", "rot13", "undefined")
    ),
    ("a large body", "POST", "/seed/", {"data": b" " * (LIMIT + 1)}, 413, "payload_too_large"),
    ("text of aiohttp", "GET", "/text-of-its-own", {}, 403, "permission_denied"),
    ("an error of aiohttp", "GET", "/broken-gateway", {}, 502, "bad_gateway"),
    ("an unhandled error", "DELETE", "/seed/7/", {}, 500, "internal_error"),
    ("unhandled with self", "DELETE", "/typed/7/", {}, 500, "internal_error"),
    (
        "JSON of another document",
        "POST",
        "/another-document",
        {"data": b"{}"},
        500,
        "internal_error",
    ),
    ("bytes of another text", "POST", "/another-text", {"data": b"{}"}, 500, "internal_error"),
    ("another document, no body", "GET", "/unread", {}, 500, "internal_error"),
    (
        "another document and a strange charset",
        "POST",
        "/raw",
        {"data": b"{}", "headers": _charset("klingon")},
        500,
        "internal_error",
    ),
    ("a failed look-up", "GET", "/looked-up", {}, 500, "internal_error"),
    ("a handler without an answer", "GET", "/nothing", {}, 500, "internal_error"),
]


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [answer[1:] for answer in ANSWERS],
    ids=[answer[0] for answer in ANSWERS],
)
async def test_an_error_has_one_shape_and_one_line_in_the_log(
    serve, log, method, path, sent, status, code
):
    client = await serve()

    response = await client.request(method, path, **sent)

    body = await response.json(content_type="application/problem+json")
    assert response.status == status
    assert {"type", "title", "status", "detail", "code"} <= body.keys()
    assert (body["status"], body["code"], body["type"]) == (status, code, "about:blank")
    assert response.headers["Cache-Control"] == "no-store"
    (record,) = log()
    request_id = response.headers["X-Request-ID"]
    assert record.getMessage() == f"{status} {body['title']}: {method} {path} [{request_id}]"
    assert record.levelno == (logging.ERROR if status >= 500 else logging.WARNING)
    assert (record.exc_info is not None) == (code == "internal_error")


async def test_a_body_that_is_not_compressed_as_it_says_is_malformed(serve, log):
    client = await serve()

    response = await client.post("/seed/", data=b"{}", headers={"Content-Encoding": "gzip"})

    assert response.status == 400
    # aiohttp has a line of its own, about the connection that it closes.
    assert [record.name for record in log()].count("webkit.request") == 1


async def test_what_an_answer_was_raised_from_is_in_the_log_if_it_is_the_servers_fault(serve, log):
    async def fail(request):
        status = int(request.query["status"])
        raise APIException("Failed.", status_code=status) from ValueError(SECRET)

    client = await serve([web.get("/fail", fail)])

    for status in (404, 503):
        await client.get(f"/fail?status={status}")

    client_error, server_error = log()
    assert client_error.exc_info is None
    assert server_error.exc_info[1].args == (SECRET,)


# -- what the bodies say ------------------------------------------------------------------------


async def _detail(client, method, path, **sent):
    response = await client.request(method, path, **sent)
    return (await response.json(content_type=None))["detail"]


async def test_a_raised_exception_says_what_it_says(serve):
    assert await _detail(await serve(), "GET", "/seed/7/") == "No artist 7."


async def test_its_headers_are_sent_and_its_errors_listed(serve):
    client = await serve()

    challenge = await client.get("/challenged")
    conflict = await client.get("/listed")

    assert challenge.headers["WWW-Authenticate"] == "Bearer"
    body = await conflict.json(content_type=None)
    assert body["detail"] == {"name": ["taken"]}
    assert body["errors"] == [{"pointer": "/name", "code": "unique"}]


@pytest.mark.parametrize(
    ("sent", "detail"),
    [
        ({"data": b"{"}, "Expecting property name enclosed in double quotes: line 1 column 2"),
        ({"data": b"\xff"}, "'utf-8' codec can't decode byte 0xff in position 0"),
        (
            {"data": b"{}", "headers": {"Content-Encoding": "gzip"}},
            "Can not decode content-encoding: gzip",
        ),
    ],
)
async def test_a_malformed_body_is_told_its_reason_in_one_line(serve, sent, detail):
    found = await _detail(await serve(), "POST", "/seed/", **sent)

    assert found.startswith(f"Malformed request body: {detail}")
    assert "\n" not in found


def _part(*lines):
    """Return a request with a form of one part."""
    head = b"\r\n".join((b'Content-Disposition: form-data; name="a"', *lines))
    return {
        "data": b"--B\r\n" + head + b"\r\n\r\nx\r\n--B--\r\n",
        "headers": {"Content-Type": "multipart/form-data; boundary=B"},
    }


async def by_json(request):
    return web.json_response(await request.json())


async def by_post(request):
    return web.json_response(len(await request.post()))


async def by_multipart(request):
    parts = await request.multipart()
    return web.json_response([await part.text() async for part in parts])


@pytest.mark.parametrize(
    ("handler", "sent", "detail"),
    [
        (by_json, {"data": b"1" * 5000}, "Exceeds the limit (4300 digits) for integer string"),
        (by_json, {"data": b"[" * 100_000}, "maximum recursion depth exceeded"),
        (by_post, _part(b"Content-Type: text/plain; charset=klingon"), "unknown encoding: klingon"),
        (by_post, _part(b"Content-Transfer-Encoding: runes"), "unknown content transfer encoding"),
        (by_post, _part(b"X: " + b"a" * 9000), "Got more than"),
        (by_post, {**_part(), "data": b""}, "Could not find starting boundary"),
        (by_multipart, _part(b"Content-Transfer-Encoding: runes"), "unknown content transfer"),
        (by_multipart, {"data": b"", "headers": {"Content-Type": "text/plain"}}, ""),
    ],
)
async def test_what_aiohttp_lets_out_while_it_reads_a_body_is_the_fault_of_the_body(
    aiohttp_client, handler, sent, detail
):
    client = await aiohttp_client(create_app(routes=[web.post("/read", handler)]))

    response = await client.post("/read", **sent)

    assert response.status == 400
    found = (await response.json(content_type=None))["detail"]
    assert found.startswith(f"Malformed request body: {detail}")
    assert "; use " not in found


@pytest.mark.parametrize(("levels", "status"), [(200, 400), (50, 500)])
async def test_what_goes_too_deep_is_the_fault_of_a_body_only_if_that_is_deep(
    serve, levels, status
):
    async def too_deep(request):
        await request.read()
        raise RecursionError

    client = await serve([web.post("/deep", too_deep)])
    text = b'"' + b"[" * 300 + b'\\"]"'  # whose brackets do not count

    answer = await client.post("/deep", data=b"[" * levels + text + b"]" * levels)

    assert answer.status == status


async def test_an_unknown_charset_is_named(serve):
    found = await _detail(await serve(), "POST", "/seed/", data=b"{}", headers=_charset("klingon"))

    assert found == 'Unsupported media type "application/json; charset=klingon" in request.'


async def test_texts_and_headers_of_aiohttp_are_kept(serve):
    client = await serve()

    response = await client.get("/text-of-its-own")

    assert (await response.json(content_type=None))["detail"] == "Members only."
    assert response.headers["X-Room"] == "7"


async def test_an_error_of_aiohttp_without_a_text_says_its_reason(serve):
    client = await serve()

    assert await _detail(client, "GET", "/broken-gateway") == "Bad Gateway"
    assert await _detail(client, "GET", "/nowhere") == "Not found."


async def test_every_charset_of_python_is_answered_below_500(serve):
    client = await serve()
    names = sorted({*aliases, "idna", "punycode", "utf-8-sig", "mbcs"})

    for name in names:
        response = await client.post("/seed/", data=b"{\xff", headers=_charset(name))

        assert response.status in {400, 415}, name


# -- nothing leaks ------------------------------------------------------------------------------


@STYLES
@pytest.mark.parametrize("error_format", ["problem", "detail"])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
async def test_nothing_of_an_unhandled_error_reaches_the_client(serve, style, error_format, accept):
    client = await serve(error_format=error_format)
    asyncio.get_running_loop().set_debug(True)  # aiohttp shows tracebacks in this mode

    response = await client.delete(f"/{style}/7/", headers={"Accept": accept})

    text = await response.text()
    assert response.status == 500
    for word in (SECRET, "Traceback", "ValueError", ".py"):
        assert word not in text + str(response.headers)


async def test_the_traceback_of_an_unhandled_error_is_in_the_log(serve, caplog):
    client = await serve()

    await client.delete("/typed/7/")

    assert f"ValueError: {SECRET}" in caplog.text
    assert "in destroy" in caplog.text


async def test_a_handler_without_an_answer_is_named_in_the_log(serve, caplog):
    client = await serve()

    await client.get("/nothing")

    name = f"{nothing.__module__}.nothing"
    assert f"TypeError: {name} returned NoneType. Return a web.Response" in caplog.text


# -- the format of webaio -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [answer[1:5] for answer in ANSWERS],
    ids=[answer[0] for answer in ANSWERS],
)
async def test_the_format_detail_has_the_detail_and_nothing_else(serve, method, path, sent, status):
    client = await serve(error_format="detail")

    response = await client.request(method, path, **sent)

    assert response.status == status
    assert response.content_type == "application/json"
    assert (await response.json()).keys() == {"detail"}


# -- request ids and the log --------------------------------------------------------------------


@pytest.mark.parametrize("given", ["abc", "A-b_c.9", "x" * 64])
async def test_a_well_formed_request_id_is_kept(serve, log, given):
    client = await serve()

    response = await client.get("/nowhere", headers={"X-Request-ID": given})

    assert response.headers["X-Request-ID"] == given
    assert f"[{given}]" in log()[0].getMessage()


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a]b", "ä", "٣", "a\tb", "<script>"])
async def test_any_other_request_id_is_replaced(serve, log, given):
    client = await serve()

    response = await client.get("/nowhere", headers={"X-Request-ID": given})

    request_id = response.headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{16}", request_id)
    assert f"[{request_id}]" in log()[0].getMessage()


FORKED = """
import asyncio, os
from aiohttp.test_utils import make_mocked_request
from webkit.exceptions import NotFound
from webkit.middlewares import api_exception_handler

async def handler(request):
    raise NotFound

async def ask():
    request = make_mocked_request("GET", "/")
    request.writer.output_size = 0
    print((await api_exception_handler(request, handler)).headers["X-Request-ID"], flush=True)

for _ in range(2):
    if os.fork() == 0:
        asyncio.run(ask())
        os._exit(0)
    os.wait()
asyncio.run(ask())
"""


def test_processes_that_are_forked_have_request_ids_of_their_own():
    done = subprocess.run(
        [sys.executable, "-c", FORKED], capture_output=True, text=True, check=True
    )

    ids = done.stdout.split()
    assert len({text[:8] for text in ids}) == len(ids) == 3


async def test_two_errors_have_two_request_ids(serve):
    client = await serve()

    ids = {(await client.get("/nowhere")).headers["X-Request-ID"] for _ in range(5)}

    assert len(ids) == 5


@pytest.mark.parametrize(
    "path",
    [
        "/%0aERROR forged",
        "/%0d%0aERROR",
        "/%1b[2J",
        "/%00",
        "/%7f",
        "/%e2%80%a8",
        "/%c2%85",
        "/%ff",
        "/seed/%0aERROR/",
    ],
)
async def test_a_client_cannot_write_lines_into_the_log(serve, log, path):
    client = await serve()

    response = await client.get(URL(path.replace(" ", "%20"), encoded=True))

    assert response.status == 404
    (record,) = log()
    assert record.getMessage().isascii()
    assert record.getMessage().isprintable()


async def _raw_answer(client, request):
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(request)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("byte", [b"\n", b"\r", b"\x00", b"\x1b", b"\x7f", b"\x85", b"\xff"])
async def test_raw_control_bytes_never_become_part_of_a_line(serve, log, byte):
    client = await serve()

    answer = await _raw_answer(
        client, b"GET /a" + byte + b"ERROR HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )

    assert answer.split()[1] in {b"400", b"404"}
    for record in log():
        assert record.getMessage().isprintable()


async def test_the_query_stays_out_of_the_log(serve, log):
    client = await serve()

    await client.get("/nowhere?token=swordfish")

    assert SECRET not in log()[0].getMessage()


# -- what passes --------------------------------------------------------------------------------


async def test_a_success_logs_nothing_and_has_no_request_id(serve, log):
    client = await serve()

    response = await client.get("/seed/")

    assert response.status == 200
    assert "X-Request-ID" not in response.headers
    assert log() == []


async def test_a_redirect_passes(serve, log):
    client = await serve()

    response = await client.get("/redirected", allow_redirects=False)

    assert (response.status, response.headers["Location"]) == (302, "/elsewhere")
    assert log() == []


async def test_an_error_of_aiohttp_that_carries_json_passes(serve):
    client = await serve()

    response = await client.get("/json-of-its-own")

    assert response.status == 404
    assert await response.json() == {"mine": 1}


# -- answers that have begun, clients that have gone --------------------------------------------


@pytest.mark.parametrize("error", [ValueError(SECRET), NotFound(), web.HTTPConflict()])
async def test_an_error_in_the_middle_of_an_answer_ends_the_connection(serve, log, error):
    async def stream(request):
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(b"half")
        raise error

    client = await serve([web.get("/stream", stream)])

    answer = await _raw_answer(client, b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")

    assert answer.count(b"HTTP/1.1") == 1
    assert answer.endswith(b"4\r\nhalf\r\n")
    assert SECRET.encode() not in answer


async def test_it_is_logged_once_too(serve, log):
    async def stream(request):
        await web.StreamResponse().prepare(request)
        raise ValueError(SECRET)

    client = await serve([web.get("/stream", stream)])

    await _raw_answer(client, b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")

    (record,) = log()
    assert record.exc_info[1].__cause__.args == (SECRET,)


@pytest.fixture
async def run():
    """Return a function that serves one handler as a server does it, and gives the address."""
    runners = []

    async def start(route):
        # A test client cancels handlers whose client has gone; a server does not.
        runner = web.AppRunner(create_app(config=_config(), routes=[route]))
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    yield start
    for runner in runners:
        await runner.cleanup()


async def _leave(runner, request, *, after):
    """Send a request and go away as soon as it has come."""
    _, writer = await asyncio.open_connection(*runner.addresses[0])
    writer.write(request)
    await asyncio.wait_for(after.wait(), 5)
    writer.close()
    await writer.wait_closed()


async def test_a_client_that_goes_while_it_is_read_from_is_no_error(run, log, caplog):
    caplog.set_level(logging.INFO, "aiohttp.access")
    has_come = asyncio.Event()

    async def read(request):
        has_come.set()
        return web.json_response(await request.json())

    runner = await run(web.post("/read", read))
    request = b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
    await _leave(runner, request, after=has_come)
    await runner.cleanup()

    (record,) = log()
    assert '"POST /read HTTP/1.1" 499' in record.getMessage()


async def test_a_client_that_goes_while_it_is_written_to_is_no_error(run, log, caplog):
    caplog.set_level(logging.INFO, "aiohttp.access")
    has_come = asyncio.Event()

    async def write(request):
        response = web.StreamResponse()
        await response.prepare(request)
        has_come.set()
        while True:
            await response.write(b"x" * 10_000)

    runner = await run(web.get("/write", write))
    await _leave(runner, b"GET /write HTTP/1.1\r\nHost: x\r\n\r\n", after=has_come)
    await runner.cleanup()

    (record,) = log()
    assert '"GET /write HTTP/1.1" 499' in record.getMessage()


async def test_a_connection_that_the_handler_lost_is_its_error(serve):
    async def lose(request):
        raise ConnectionRefusedError

    client = await serve([web.get("/lost", lose)])

    assert (await client.get("/lost")).status == 500


# -- headers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/seed/", "/nowhere", "/redirected", "/json-of-its-own", "/nothing", "/health"]
)
async def test_every_answer_has_careful_headers_and_no_version(serve, path):
    client = await serve()

    response = await client.get(path, allow_redirects=False)

    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Server"] == "webkit"


async def test_headers_that_a_handler_has_set_are_left_alone(serve):
    async def own(request):
        return web.Response(headers={"Server": "mine", "X-Content-Type-Options": "mine"})

    client = await serve([web.get("/own", own)])

    response = await client.get("/own")

    assert response.headers["Server"] == "mine"
    assert response.headers["X-Content-Type-Options"] == "mine"


# -- the middleware by its name -----------------------------------------------------------------


async def test_the_handler_of_the_seed_works_in_any_application(aiohttp_client):
    async def index(request):
        return web.Response(text="index")

    async def missing(request):
        raise APIException("Gone.", status_code=410)

    app = web.Application(middlewares=[api_exception_handler])
    app.add_routes([web.get("/", index), web.get("/gone", missing), web.get("/nothing", nothing)])
    client = await aiohttp_client(app)

    answers = [await client.get(path) for path in ("/", "/gone", "/nothing", "/nowhere")]

    assert [answer.status for answer in answers] == [200, 410, 500, 404]
    assert await answers[0].text() == "index"
    for answer in answers[1:]:
        assert answer.content_type == "application/problem+json"
