import asyncio
import logging

import pytest
from aiohttp import ClientSession, web

from webkit.workers.draining import Patience
from webkit.workers.hosting import Hosting, host_app
from webkit.workers.listening import Address, bind
from webkit.workers.stopping import Stop


LIMIT = 10


@pytest.fixture
def sockets():
    sockets = bind(Address(host="127.0.0.1", port=0))
    yield sockets
    for sock in sockets:
        sock.close()


@pytest.fixture
def hosting(sockets):
    return Hosting(sockets=sockets, patience=Patience(accepting=0))


@pytest.fixture
def app():
    async def index(request):
        return web.Response(text="hello")

    app = web.Application()
    app.router.add_get("/", index)
    return app


def recorded(app, events):
    """Let the life of an application be recorded."""

    async def context(app):
        events.append("set up")
        yield
        events.append("cleaned up")

    app.cleanup_ctx.append(context)


async def test_it_serves_from_the_moment_it_is_ready(app, sockets, caplog):
    caplog.set_level(logging.INFO)
    ready, stop = asyncio.Event(), Stop()
    hosting = Hosting(sockets=sockets, on_ready=ready.set)
    port = sockets[0].getsockname()[1]
    hosted = asyncio.ensure_future(host_app(app, hosting, stop=stop))
    await asyncio.wait_for(ready.wait(), LIMIT)

    async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/") as answer:
        text = await answer.text()
    stop.ask()

    assert text == "hello"
    assert await asyncio.wait_for(hosted, LIMIT)
    assert "GET / 200" in caplog.text


async def test_the_access_log_can_be_off(app, sockets, caplog):
    caplog.set_level(logging.INFO)
    ready, stop = asyncio.Event(), Stop()
    hosting = Hosting(sockets=sockets, on_ready=ready.set, access_log=False)
    port = sockets[0].getsockname()[1]
    hosted = asyncio.ensure_future(host_app(app, hosting, stop=stop))
    await asyncio.wait_for(ready.wait(), LIMIT)

    async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/"):
        stop.ask()
    await asyncio.wait_for(hosted, LIMIT)

    assert "GET" not in caplog.text


async def test_an_idle_application_stops_quickly(app, sockets):
    stop = Stop()
    hosting = Hosting(sockets=sockets, on_ready=stop.ask)
    loop = asyncio.get_running_loop()
    start = loop.time()

    await host_app(app, hosting, stop=stop)

    assert loop.time() - start < 0.4


async def test_a_stop_during_start_up_ends_it_and_cleans_up(app, hosting):
    events, begun, stop = [], asyncio.Event(), Stop()
    recorded(app, events)

    async def hang(app):
        begun.set()
        await asyncio.Event().wait()

    app.on_startup.append(hang)
    hosted = asyncio.ensure_future(host_app(app, hosting, stop=stop))
    await begun.wait()
    stop.ask()

    assert await asyncio.wait_for(hosted, LIMIT)
    assert events == ["set up", "cleaned up"]


@pytest.mark.parametrize("error", [ValueError("no"), TimeoutError("no database")])
async def test_what_start_up_raises_is_passed_on_after_the_clean_up(app, hosting, error):
    events = []
    recorded(app, events)

    async def fail(app):
        raise error

    app.on_startup.append(fail)

    with pytest.raises(type(error), match=str(error)):
        await host_app(app, hosting, stop=Stop())
    assert events == ["set up", "cleaned up"]


async def test_clean_up_contexts_are_entered_and_left_in_one_task(app, sockets):
    tasks, stop = [], Stop()

    async def context(app):
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(0))
            tasks.append(asyncio.current_task())
            yield
            tasks.append(asyncio.current_task())

    app.cleanup_ctx.append(context)

    await host_app(app, Hosting(sockets=sockets, on_ready=stop.ask), stop=stop)

    assert tasks[0] is tasks[1]


async def test_a_clean_up_that_fails_is_told(app, sockets, caplog):
    stop = Stop()

    async def fail(app):
        raise ValueError("the pool is on fire")

    app.on_cleanup.append(fail)

    went_well = await host_app(app, Hosting(sockets=sockets, on_ready=stop.ask), stop=stop)

    assert not went_well
    assert "the pool is on fire" in caplog.text
