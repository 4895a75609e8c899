import asyncio
import logging

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from webkit.responses import LeanResponse
from webkit.workers.access_log import AccessLogger, printable


LOGGER = "webkit.access"


async def index(request):
    return web.Response(text="hello", headers={"X-Request-ID": request.query.get("id", "")})


async def serve(handler=index):
    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    runner = web.AppRunner(app, access_log_class=AccessLogger, access_log=logging.getLogger(LOGGER))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, site.port


@pytest.fixture
async def port(caplog):
    caplog.set_level(logging.INFO, logger=LOGGER)
    runner, port = await serve()
    yield port
    await runner.cleanup()


async def send(port, head):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    return answer


def lines(caplog):
    return [record.getMessage() for record in caplog.records if record.name == LOGGER]


async def test_a_line_has_method_path_status_size_and_time(port, caplog):
    answer = await send(port, b"GET /artists/ HTTP/1.1")

    method, path, status, size, time = lines(caplog)[0].split()
    assert (method, path, status, size) == ("GET", "/artists/", "200", f"{len(answer)}B")
    assert float(time.removesuffix("ms")) >= 0


async def test_a_request_id_ends_the_line(port, caplog):
    await send(port, b"GET /?id=abc-1 HTTP/1.1")

    assert lines(caplog)[0].endswith("ms abc-1")


@pytest.mark.parametrize(
    "target",
    [b"/login?token=secret", b"/login#secret", b"http://user:secret@host/login?token=secret"],
)
async def test_nothing_but_the_path_of_the_target_is_logged(port, caplog, target):
    await send(port, b"GET " + target + b" HTTP/1.1")

    assert "secret" not in lines(caplog)[0]
    assert lines(caplog)[0].startswith("GET /login ")


@pytest.mark.parametrize("target", [b"/a%0d%0aGET%20/forged", b"/a\xc2\x85b", b"/a\x9bb", b"/\xff"])
async def test_a_client_cannot_forge_a_line(port, caplog, target):
    await send(port, b"GET " + target + b" HTTP/1.1")

    (line,) = lines(caplog)
    assert line.isascii()
    assert line.isprintable()


async def test_an_unreadable_request_is_logged_too(port, caplog):
    await send(port, b"GET\x00 / HTTP/1.1")

    assert lines(caplog)[0].startswith("UNKNOWN / 400 ")


@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING])
def test_it_is_enabled_when_a_line_would_be_written(caplog, level):
    caplog.set_level(level, logger=LOGGER)

    logger = AccessLogger(logging.getLogger(LOGGER), "")

    assert logger.enabled == (level == logging.INFO)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/plain/%C3%A9", "/plain/%C3%A9"),
        ("/line\nbreak", "/line%0Abreak"),
        ("/colour\x1b[31m", "/colour%1B[31m"),
        ("/é", "/%C3%A9"),
        ("/\udcff", "/\\udcff"),
    ],
)
def test_text_is_shown_in_visible_ascii(text, shown):
    assert printable(text) == shown


async def test_a_lean_answer_tells_its_request_id_without_making_its_headers(caplog):
    kept = []

    async def handler(request):
        kept.append(LeanResponse(b"{}", headers={"X-Request-ID": "abc-2"}))
        return kept[0]

    caplog.set_level(logging.INFO, logger=LOGGER)
    runner, port = await serve(handler)

    await send(port, b"GET /lean HTTP/1.1\r\nX: y")
    await runner.cleanup()

    assert lines(caplog)[0].endswith("ms abc-2")


def test_a_record_names_the_module_and_the_level(caplog):
    caplog.set_level(logging.INFO, logger=LOGGER)
    log = AccessLogger(logging.getLogger(LOGGER), "")

    log.log(make_mocked_request("GET", "/a"), web.Response(), 0.5)

    (record,) = caplog.records
    assert (record.module, record.levelname) == ("access_log", "INFO")
    assert record.getMessage() == "GET /a 200 0B 500.0ms"


def test_nothing_is_written_when_the_level_has_changed_meanwhile(caplog):
    caplog.set_level(logging.WARNING, logger=LOGGER)
    log = AccessLogger(logging.getLogger(LOGGER), "")

    log.log(make_mocked_request("GET", "/a"), web.Response(), 0.5)

    assert (log.enabled, caplog.records) == (False, [])
