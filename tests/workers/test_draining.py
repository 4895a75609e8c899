"""Draining, over raw connections: what a client sees while a server ends."""

import asyncio
import contextlib
import logging
import socket

import pytest
from aiohttp import web

from webkit.health import READINESS, Readiness, routes
from webkit.workers.draining import Patience, drain


LIMIT = 10
REQUEST = b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n"


class Server:
    """A server on loopback whose requests wait until a test lets them go."""

    def __init__(self):
        self.hurry = asyncio.Event()
        self.begun = asyncio.Event()
        self.release = asyncio.Event()
        self.events = []
        self.is_warm = asyncio.Event()
        app = web.Application()
        app.router.add_get("/", self.index)
        app.router.add_get("/held", self.held)
        app.router.add_get("/streamed", self.streamed)
        app.router.add_get("/stubborn", self.stubborn)
        app.router.add_get("/careful", self.careful)
        app.router.add_post("/upload", self.upload)
        app.on_shutdown.append(self.shut_down)
        app[READINESS] = Readiness()
        app.add_routes(routes(app[READINESS]))
        self.runner = web.AppRunner(app, access_log=None)

    async def index(self, request):
        if self.runner.server.requests_count > 400:
            self.is_warm.set()
        return web.Response(text="index")

    async def held(self, request):
        self.begun.set()
        await self.release.wait()
        return web.Response(text="held")

    async def streamed(self, request):
        response = web.StreamResponse()
        response.content_length = 8
        await response.prepare(request)
        await response.write(b"stre")
        self.begun.set()
        await self.release.wait()
        await response.write(b"amed")
        return response

    async def stubborn(self, request):
        self.begun.set()
        while not self.release.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await self.release.wait()

    async def careful(self, request):
        self.begun.set()
        try:
            await self.release.wait()
        finally:
            await asyncio.sleep(0.05)
            self.events.append("released")

    async def upload(self, request):
        self.begun.set()
        return web.Response(text=str(len(await request.read())))

    async def shut_down(self, app):
        self.events.append("on_shutdown")

    async def drain(self, **patience):
        await asyncio.wait_for(
            drain(self.runner, patience=Patience(**patience), hurry=self.hurry), LIMIT
        )


@pytest.fixture
async def server():
    server = Server()
    await server.runner.setup()
    site = web.TCPSite(server.runner, "127.0.0.1", 0)
    await site.start()
    server.port = site.port
    yield server
    server.release.set()
    await server.runner.cleanup()


class Client:
    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    def send(self, path):
        self.writer.write(REQUEST % path)

    async def answer(self):
        """Return head and body of one answer; nothing when the connection was closed."""
        try:
            head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), LIMIT)
        except (asyncio.IncompleteReadError, ConnectionError):
            return b"", b""
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return head, await asyncio.wait_for(self.reader.readexactly(length), LIMIT)

    async def is_closed(self):
        with contextlib.suppress(ConnectionError):
            return await asyncio.wait_for(self.reader.read(1), LIMIT) == b""
        return True


@pytest.fixture
async def connect(server):
    writers = []

    async def connect():
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writers.append(writer)
        return Client(reader, writer)

    yield connect
    for writer in writers:
        writer.close()


async def test_a_request_in_progress_is_answered_with_the_wish_to_close(server, connect):
    client = await connect()
    client.send(b"/held")
    await server.begun.wait()

    draining = asyncio.ensure_future(server.drain())
    asyncio.get_running_loop().call_later(0.1, server.release.set)
    head, body = await client.answer()

    assert b"\r\nConnection: close\r\n" in head
    assert body == b"held"
    assert await client.is_closed()
    await draining


async def test_a_request_on_an_open_connection_is_answered_with_the_wish_to_close(server, connect):
    client = await connect()
    client.send(b"/")
    before, _ = await client.answer()

    draining = asyncio.ensure_future(server.drain())
    await asyncio.sleep(0)
    client.send(b"/")
    after, _ = await client.answer()

    assert b"Connection" not in before
    assert b"\r\nConnection: close\r\n" in after
    assert await client.is_closed()
    await draining


async def test_a_connection_that_comes_while_it_accepts_is_answered(server, connect):
    draining = asyncio.ensure_future(server.drain())
    await asyncio.sleep(0)

    client = await connect()
    client.send(b"/")
    head, body = await client.answer()

    assert body == b"index"
    assert b"\r\nConnection: close\r\n" in head
    await draining


async def test_readiness_is_over_with_the_first_moment(server, connect):
    client = await connect()
    client.send(b"/ready")
    before, _ = await client.answer()

    draining = asyncio.ensure_future(server.drain())
    await asyncio.sleep(0)
    client.send(b"/ready")
    after, _ = await client.answer()

    assert before.startswith(b"HTTP/1.1 200 ")
    assert after.startswith(b"HTTP/1.1 503 ")
    await draining


async def test_a_connection_that_is_accepted_at_the_last_moment_is_answered(server):
    """A closed server of asyncio drops a connection that it has accepted one step before."""
    last_moment = asyncio.Event()

    async def drain_then():
        await last_moment.wait()
        await server.drain(accepting=0)

    draining = asyncio.ensure_future(drain_then())
    await asyncio.sleep(0)
    with socket.create_connection(("127.0.0.1", server.port)) as sock:
        sock.setblocking(False)
        loop = asyncio.get_running_loop()
        loop.call_soon(last_moment.set)  # in the step that accepts the connection
        await loop.sock_sendall(sock, REQUEST % b"/")
        answer = await asyncio.wait_for(loop.sock_recv(sock, 65536), LIMIT)

    assert answer.endswith(b"index")
    await draining


async def test_no_request_of_many_connections_is_lost(server, connect):
    """One of each forty connections is lost when the answer at the signal does not say close."""

    async def work():
        client = await connect()
        answers = 0
        while True:
            client.send(b"/")
            head, _ = await client.answer()
            assert head, f"lost after {answers} answers"
            answers += 1
            if b"Connection: close" in head:
                return answers

    workers = [asyncio.ensure_future(work()) for _ in range(40)]
    await asyncio.wait_for(server.is_warm.wait(), LIMIT)
    await server.drain()

    answers = await asyncio.wait_for(asyncio.gather(*workers), LIMIT)
    assert sum(answers) == server.runner.server.requests_count


async def test_idle_connections_are_closed_after_a_while(server, connect):
    used = await connect()
    used.send(b"/")
    await used.answer()
    fresh = await connect()
    loop = asyncio.get_running_loop()
    start = loop.time()

    await server.drain(accepting=0, lingering=0.1, greeting=0.1)

    assert loop.time() - start < 0.3
    assert await used.is_closed()
    assert await fresh.is_closed()


async def test_a_connection_that_was_never_used_may_have_more_time(server, connect):
    used = await connect()
    used.send(b"/")
    await used.answer()
    fresh = await connect()

    draining = asyncio.ensure_future(server.drain(accepting=0, lingering=0, greeting=5))
    assert await used.is_closed()
    fresh.send(b"/")
    _, body = await fresh.answer()

    assert body == b"index"
    await draining


async def test_half_a_head_does_not_hold_the_end(server, connect):
    client = await connect()
    client.writer.write(b"GET / HTTP/1.1\r\nHost:")
    await client.writer.drain()

    await server.drain(greeting=0.1)

    assert await client.is_closed()


async def test_an_upload_in_progress_can_be_finished(server, connect):
    client = await connect()
    client.writer.write(b"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nhalf")
    await server.begun.wait()

    draining = asyncio.ensure_future(server.drain(accepting=0, lingering=0, greeting=0))
    asyncio.get_running_loop().call_later(0.1, client.writer.write, b"half")
    _, body = await client.answer()

    assert body == b"8"
    await draining


async def test_a_streamed_answer_is_finished_and_its_connection_closed(server, connect):
    client = await connect()
    client.send(b"/streamed")
    await server.begun.wait()

    draining = asyncio.ensure_future(server.drain(accepting=0, lingering=0, greeting=0))
    asyncio.get_running_loop().call_later(0.1, server.release.set)
    _, body = await client.answer()

    assert body == b"streamed"
    assert await client.is_closed()
    await draining


async def test_what_takes_too_long_is_cut_and_named_without_its_query(server, connect, caplog):
    client = await connect()
    client.send(b"/held?token=secret")
    await server.begun.wait()

    await server.drain(accepting=0, finishing=0.1)

    assert await client.is_closed()
    assert "GET /held" in caplog.text
    assert "secret" not in caplog.text
    assert not server.runner.server.connections


async def test_a_wish_to_hurry_cuts_at_once(server, connect, caplog):
    client = await connect()
    client.send(b"/held")
    await server.begun.wait()
    loop = asyncio.get_running_loop()
    start = loop.time()

    loop.call_later(0.1, server.hurry.set)
    await server.drain()

    assert loop.time() - start < 2
    assert "GET /held" in caplog.text


async def test_a_request_whose_client_has_left_is_waited_for_and_cut(server, connect, caplog):
    client = await connect()
    client.send(b"/held")
    await server.begun.wait()
    client.writer.close()
    await client.writer.wait_closed()

    await server.drain(accepting=0, finishing=0.1)

    assert "cut after" in caplog.text


async def test_a_cancelled_request_may_clean_up(server, connect):
    client = await connect()
    client.send(b"/careful")
    await server.begun.wait()

    await server.drain(accepting=0, finishing=0.1)

    assert server.events == ["on_shutdown", "released"]


async def test_a_request_that_ignores_its_cancellation_is_named_and_left(server, connect, caplog):
    client = await connect()
    client.send(b"/stubborn")
    await server.begun.wait()

    await server.drain(accepting=0, finishing=0.1)

    assert "ignored its cancellation and is left: GET /stubborn" in caplog.text


async def test_who_waits_is_told_for_what(server, connect, caplog):
    caplog.set_level(logging.INFO)
    client = await connect()
    client.send(b"/held")
    await server.begun.wait()

    await server.drain(accepting=0, lingering=0, greeting=0, finishing=1.2)

    assert "waiting up to 1 s for GET /held" in caplog.text


async def test_hooks_end_what_would_never_end_by_itself(connect):
    server = Server()

    async def let_go(app):
        server.release.set()

    server.runner.app.on_shutdown.append(let_go)
    await server.runner.setup()
    site = web.TCPSite(server.runner, "127.0.0.1", 0)
    await site.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    client = Client(reader, writer)
    client.send(b"/held")
    await server.begun.wait()

    await server.drain(finishing=LIMIT)
    _, body = await client.answer()

    assert body == b"held"
    writer.close()
    await server.runner.app.cleanup()


async def fail(app):
    raise ValueError("a hook that fails")


async def hang(app):
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("hook", "told"),
    [(fail, "a hook that fails"), (hang, "on_shutdown did not end in time")],
)
async def test_a_bad_hook_is_told_and_does_not_hold_the_end(caplog, hook, told):
    app = web.Application()
    app.on_shutdown.append(hook)
    runner = web.AppRunner(app)
    await runner.setup()

    await drain(runner, patience=Patience(accepting=0, finishing=0.1), hurry=asyncio.Event())

    assert told in caplog.text
    await app.cleanup()


async def test_a_runner_that_never_ran_has_nothing_to_drain():
    await drain(web.AppRunner(web.Application()), patience=Patience(), hurry=asyncio.Event())
