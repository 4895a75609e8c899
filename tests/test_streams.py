"""Streams over real connections."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import msgspec
import pytest
from aiohttp import ClientPayloadError, ClientSession, web

from webkit import streams
from webkit.application import create_app
from webkit.endpoints import endpoint
from webkit.exceptions import Conflict
from webkit.streams import Event


class Tick(msgspec.Struct):
    number: int


@pytest.fixture
async def serve():
    """Serve a function as a process does: unlike a TestServer, it cancels no handler by itself."""
    async with contextlib.AsyncExitStack() as stack:

        async def serve(function):
            app = create_app(routes=[web.get("/", endpoint(function))])
            runner = web.AppRunner(app, shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0]
            return await stack.enter_async_context(ClientSession(f"http://{host}:{port}"))

        yield serve


async def test_items_are_lines_of_json(serve):
    async def ticks() -> AsyncIterator[Tick]:
        for number in range(3):
            yield Tick(number)

    client = await serve(ticks)
    answer = await client.get("/")

    assert answer.content_type == "application/jsonl"
    assert answer.headers["Server"] == "webkit"
    assert [json.loads(line) for line in (await answer.text()).splitlines()] == [
        {"number": 0},
        {"number": 1},
        {"number": 2},
    ]


async def test_a_coroutine_may_return_an_iterator(serve):
    class Numbers:
        def __init__(self):
            self.left = [1, 2]

        def __aiter__(self):
            return self

        async def __anext__(self):
            if not self.left:
                raise StopAsyncIteration
            return self.left.pop(0)

    async def numbers() -> AsyncIterator[int]:
        return Numbers()

    client = await serve(numbers)
    answer = await client.get("/")

    assert await answer.text() == "1\n2\n"


async def test_events_are_server_sent_events(serve):
    async def events() -> AsyncIterator[Event[Tick]]:
        yield Event(Tick(1), event="tick\nevil", id="7", retry=100)
        yield Event(Tick(2))
        yield Tick(3)  # type: ignore[misc]  # what is no event is the data of one

    client = await serve(events)
    answer = await client.get("/")

    assert answer.content_type == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert await answer.text() == (
        'event: tick evil\nid: 7\nretry: 100\ndata: {"number":1}\n\n'
        'data: {"number":2}\n\n'
        'data: {"number":3}\n\n'
    )


async def test_an_item_arrives_before_the_next_one_is_made(serve):
    go = asyncio.Event()

    async def ticks() -> AsyncIterator[Tick]:
        yield Tick(1)
        await go.wait()
        yield Tick(2)

    client = await serve(ticks)
    answer = await client.get("/")
    first = await answer.content.readline()
    go.set()
    second = await answer.content.readline()
    await answer.read()

    assert (first, second) == (b'{"number":1}\n', b'{"number":2}\n')


async def test_an_empty_stream_is_an_empty_body(serve):
    async def nothing() -> AsyncIterator[Tick]:
        return
        yield

    client = await serve(nothing)
    answer = await client.get("/")

    assert (answer.status, await answer.text()) == (200, "")


async def test_head_gets_no_items_and_ends_the_iterator(serve):
    ended = asyncio.Event()

    async def ticks() -> AsyncIterator[Tick]:
        try:
            while True:
                yield Tick(1)
        finally:
            ended.set()

    client = await serve(ticks)
    answer = await client.head("/")

    assert answer.status == 200
    await asyncio.wait_for(ended.wait(), 5)


async def test_an_error_before_the_first_item_has_its_own_answer(serve):
    async def ticks() -> AsyncIterator[Tick]:
        raise Conflict("not now")
        yield

    client = await serve(ticks)
    answer = await client.get("/")

    assert answer.status == 409
    assert (await answer.json())["detail"] == "not now"


async def test_an_error_later_breaks_the_body_off_and_is_logged(serve, caplog):
    async def ticks() -> AsyncIterator[Tick]:
        yield Tick(1)
        raise RuntimeError("lost the clock")

    client = await serve(ticks)
    answer = await client.get("/")

    with pytest.raises(ClientPayloadError):
        await answer.read()
    (record,) = [record for record in caplog.records if record.name == "webkit.request"]
    assert "broken off" in record.message
    assert "lost the clock" in record.exc_text


async def test_a_client_that_goes_away_ends_an_iterator_that_yields(serve):
    ended = asyncio.Event()

    async def flood() -> AsyncIterator[str]:
        try:
            while True:
                yield "x" * 100_000
        finally:
            ended.set()

    client = await serve(flood)
    answer = await client.get("/")
    answer.close()

    await asyncio.wait_for(ended.wait(), 5)


async def test_a_client_that_goes_away_ends_an_iterator_that_waits(serve, monkeypatch):
    monkeypatch.setattr(streams, "_CHECK", 0.01)
    ended = asyncio.Event()

    async def silent() -> AsyncIterator[str]:
        try:
            yield "first"
            await asyncio.Event().wait()
        finally:
            ended.set()

    client = await serve(silent)
    answer = await client.get("/")
    await answer.content.readline()
    answer.close()

    await asyncio.wait_for(ended.wait(), 5)


async def test_a_silent_stream_of_events_is_kept_open_by_comments(serve, monkeypatch):
    monkeypatch.setattr(streams, "_CHECK", 0.01)
    monkeypatch.setattr(streams, "_PINGS", 1)
    go = asyncio.Event()

    async def events() -> AsyncIterator[Event[Tick]]:
        yield Event(Tick(1))
        await go.wait()

    client = await serve(events)
    answer = await client.get("/")
    await answer.content.readuntil(b"\n\n")
    comment = await asyncio.wait_for(answer.content.readuntil(b"\n\n"), 5)
    go.set()
    await answer.read()

    assert comment == b":\n\n"


async def test_a_stream_that_is_cancelled_ends_as_cancelled(serve):
    tasks = []
    ended = asyncio.Event()

    async def silent() -> AsyncIterator[str]:
        tasks.append(asyncio.current_task())
        try:
            yield "first"
            await asyncio.Event().wait()
        finally:
            ended.set()

    client = await serve(silent)
    answer = await client.get("/")
    await answer.content.readline()
    tasks[0].cancel()

    await asyncio.wait_for(ended.wait(), 5)
    with pytest.raises(ClientPayloadError):
        await answer.read()


async def test_a_slow_client_slows_the_iterator_down(serve):
    made = 0

    async def flood() -> AsyncIterator[str]:
        nonlocal made
        for _ in range(1000):
            made += 1
            yield "x" * 100_000

    client = await serve(flood)
    answer = await client.get("/")
    await answer.content.readline()

    assert made < 1000
    answer.close()
