"""Forms over real connections: read, or refused with a reason."""

import asyncio

import pytest
from aiohttp import FormData, web

from webkit.forms import form_of
from webkit.middlewares import api_exception_handler


async def echo(request):
    form = await form_of(request)
    return web.json_response(
        [[key, getattr(value, "filename", str(value))] for key, value in form.items()]
    )


@pytest.fixture
async def client(aiohttp_client):
    app = web.Application(middlewares=[api_exception_handler])
    app.router.add_post("/", echo)
    return await aiohttp_client(app)


def multipart(*parts):
    """Return the keywords of a request with such parts: lines of their heads, and their bodies."""
    body = b"".join(b"--B\r\n%b\r\n\r\n%b\r\n" % (head, data) for head, data in parts)
    return {
        "data": body + b"--B--\r\n",
        "headers": {"Content-Type": "multipart/form-data; boundary=B"},
    }


FORM = "application/x-www-form-urlencoded"
FIELD = b'Content-Disposition: form-data; name="a"'


@pytest.mark.parametrize(
    "form",
    [
        {"a": "ö"},
        FormData([("a", "ö"), ("b", "2")]),
        FormData({"a": "1"}, default_to_multipart=True),
    ],
)
async def test_a_form_is_read(client, form):
    answer = await client.post("/", data=form)

    assert answer.status == 200
    assert (await answer.json())[0][0] == "a"


async def test_a_file_is_in_it_with_its_name(client):
    answer = await client.post("/", **multipart((FIELD + b'; filename="f.txt"', b"data")))

    assert await answer.json() == [["a", "f.txt"]]


async def test_a_part_that_is_neither_text_nor_a_file_is_bytes(client):
    answer = await client.post("/", **multipart((FIELD + b"\r\nContent-Type: image/png", b"x")))

    assert await answer.json() == [["a", "bytearray(b'x')"]]


async def test_any_other_body_is_refused(client):
    answer = await client.post("/", json={})

    assert answer.status == 415


@pytest.mark.parametrize(
    "part",
    [
        (FIELD, b"\xff"),
        (b"X: y", b""),
        (b'Content-Disposition: form-data; name="\xff"', b""),
        (FIELD + b'; filename="\xff"', b""),
        (FIELD + b'; filename="f"\r\nContent-Type: \xff/\xff', b""),
        (FIELD + b"\r\nContent-Transfer-Encoding: zzz", b"x"),
        (FIELD + b"\r\nContent-Type: text/plain; charset=zzz", b"x"),
        (FIELD + b"\r\nContent-Type: text/plain; charset=hex", b"zz"),
        (FIELD + b"\r\nContent-Type: text/plain; charset=utf-7", b"+2AA-"),
        (FIELD + b"\r\nContent-Type: multipart/mixed", b""),
        (FIELD + b"\r\nX: " + b"a" * 9000, b""),
        (b'Content-Disposition: form-data; name="_charset_"', b"z" * 40),
    ],
)
async def test_a_part_that_cannot_be_read_makes_the_form_malformed(client, part):
    answer = await client.post("/", **multipart(part))

    assert answer.status == 400
    assert (await answer.json())["detail"].startswith("Malformed form: ")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=" + "B" * 99, b"x"),
        ("multipart/form-data; boundary=B", b""),
        ("multipart/form-data; boundary=B", b"--B\r\n"),
        ("application/x-www-form-urlencoded", b"a=\xff"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"a"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"a=+2AA-"),
    ],
)
async def test_a_body_that_is_no_form_is_malformed(client, content_type, body):
    answer = await client.post("/", data=body, headers={"Content-Type": content_type})

    assert answer.status == 400
    assert (await answer.json())["detail"].startswith("Malformed form: ")


async def test_a_form_with_too_many_fields_is_too_large(client):
    answer = await client.post("/", **multipart(*[(FIELD, b"x")] * 1001))

    assert answer.status == 413


async def test_a_client_that_goes_is_nobody_to_answer():
    has_come, raised = asyncio.Event(), asyncio.get_running_loop().create_future()

    async def note(request):
        has_come.set()
        try:
            return await form_of(request)
        except Exception as error:
            raised.set_result(error)
            raise

    app = web.Application(middlewares=[api_exception_handler])
    app.router.add_post("/", note)
    runner = web.AppRunner(app)  # a test client would cancel the handler
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    _, writer = await asyncio.open_connection(*runner.addresses[0])

    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: 9\r\n\r\na="
    writer.write(head.encode())
    await asyncio.wait_for(has_come.wait(), 5)
    writer.close()

    assert isinstance(await asyncio.wait_for(raised, 5), ConnectionError)
    await runner.cleanup()
