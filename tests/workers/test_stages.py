import asyncio
import signal
import threading

import pytest
from aiohttp import web

from webkit.workers import stages
from webkit.workers.stages import Stage, started


def _app(seen, *, fails_at=""):
    async def lives(app):
        if fails_at == "start":
            raise LookupError("cannot start")
        seen.append("started")
        yield
        seen.append("stopped")
        if fails_at == "end":
            raise LookupError("cannot stop")

    app = web.Application()
    app.cleanup_ctx.append(lives)
    return app


def test_an_application_runs_as_long_as_the_statement():
    seen = []
    app = _app(seen)

    with Stage(lambda: app) as stage:
        seen.append(stage.app)

    assert seen == ["started", app, "stopped"]


def test_its_loop_is_in_another_thread():
    async def thread():
        return threading.current_thread()

    with Stage(lambda: _app([])) as stage:
        assert stage.run(thread()) is not threading.current_thread()


def test_an_application_that_has_to_be_awaited_is_awaited_there():
    async def make():
        return _app([])

    with Stage(make) as stage:
        assert isinstance(stage.app, web.Application)


def test_what_a_coroutine_raises_is_raised_where_it_was_asked_for():
    async def fail():
        raise LookupError("nothing")

    with Stage(lambda: _app([])) as stage, pytest.raises(LookupError, match="nothing"):
        stage.run(fail())


def test_what_makes_the_application_may_fail():
    def make():
        raise LookupError("cannot make it")

    with pytest.raises(LookupError, match="cannot make it"), Stage(make):
        raise NotImplementedError


def test_what_had_started_is_stopped_where_the_rest_cannot_start():
    seen = []
    app = _app(seen)
    app.cleanup_ctx.extend(_app([], fails_at="start").cleanup_ctx)

    with pytest.raises(LookupError, match="cannot start"), Stage(lambda: app):
        raise NotImplementedError

    assert seen == ["started", "stopped"]


def test_what_the_end_raises_is_raised():
    with pytest.raises(LookupError, match="cannot stop"), Stage(lambda: _app([], fails_at="end")):
        pass


def test_an_error_in_the_statement_goes_before_one_at_the_end():
    with pytest.raises(ValueError, match="first"), Stage(lambda: _app([], fails_at="end")):
        raise ValueError("first")


def test_what_takes_long_is_waited_for(monkeypatch):
    monkeypatch.setattr(stages, "_TICK", 0)

    async def turn():
        for _ in range(1000):
            await asyncio.sleep(0)
        return "done"

    with Stage(lambda: _app([])) as stage:
        assert stage.run(turn()) == "done"


def test_ctrl_c_cancels_what_is_waited_for():
    cancelled = threading.Event()

    async def wait():
        try:
            signal.raise_signal(signal.SIGINT)  # in the other thread, as it may happen
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with Stage(lambda: _app([])) as stage:
        with pytest.raises(KeyboardInterrupt):
            stage.run(wait())
        assert cancelled.wait(10)


async def test_it_may_run_in_a_loop_that_is_there():
    seen = []

    async with started(lambda: _app(seen)) as app:
        assert app.frozen

    assert seen == ["started", "stopped"]
