"""Bodies that came with their request: taken without a wait, as if they had been read."""

import asyncio

import pytest
from aiohttp import StreamReader, web

from webkit import bodies
from webkit.bodies import whole_body


def application(*, limit=100):
    async def handler(request):
        body = whole_body(request)
        known = "nothing" if body is None else body.decode()
        content = request.content
        return web.json_response(
            {
                "taken": known,
                "again": whole_body(request) is None,
                "read": (await request.read()).decode() if known != "nothing" else None,
                "left": len(await content.read()) if known != "nothing" else None,
                "end": content.at_eof(),
            }
        )

    app = web.Application(client_max_size=limit)
    app.router.add_post("/", handler)
    return app


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("body", [b"text", b"", b"x" * 100])
async def test_a_body_is_taken_as_if_it_had_been_read(aiohttp_client, monkeypatch, is_known, body):
    monkeypatch.setattr(bodies, "_IS_KNOWN", is_known)
    client = await aiohttp_client(application())

    answers = [await (await client.post("/", data=body)).json() for _ in range(2)]

    text = body.decode()
    assert answers == [{"taken": text, "again": True, "read": text, "left": 0, "end": True}] * 2


async def test_a_body_that_is_too_large_is_left_to_read(aiohttp_client):
    client = await aiohttp_client(application())

    answer = await (await client.post("/", data=b"x" * 101)).json()

    assert answer["taken"] == "nothing"


async def _asked(server, *parts):
    """Return what a server says to a body that comes in parts."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for part in parts:
        writer.write(part)
        await writer.drain()
    answer = await reader.readuntil(b"}")
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_body_that_is_on_its_way_is_waited_for_by_others(aiohttp_server):
    server = await aiohttp_server(application())
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n"

    answer = await _asked(server, head + b"te")

    assert b'"taken": "nothing"' in answer


async def test_a_body_in_chunks_is_taken_too(aiohttp_server):
    server = await aiohttp_server(application())
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

    answer = await _asked(server, head + b"2\r\nte\r\n2\r\nxt\r\n0\r\n\r\n")

    assert b'"taken": "text", "again": true, "read": "text", "left": 0' in answer


async def test_two_requests_at_once_have_each_their_own(aiohttp_server):
    server = await aiohttp_server(application())
    one = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
    two = one.replace(b"one", b"two").replace(b"Host: x", b"Host: x\r\nConnection: close")
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)

    writer.write(one + two)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert answer.index(b'"taken": "one"') < answer.index(b'"taken": "two"')


def test_the_inside_of_aiohttp_is_as_expected():
    assert bodies._IS_KNOWN
    assert StreamReader.__slots__
