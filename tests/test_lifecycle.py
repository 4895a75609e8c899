import asyncio
import contextlib
import logging
from typing import ClassVar

import pytest
from aiohttp import web

from webkit.application import UNITS, create_app
from webkit.config import Config, Settings
from webkit.exceptions import StartupError
from webkit.health import READINESS
from webkit.lifecycle import bounded
from webkit.services import BaseService
from webkit.units import Unit


@pytest.fixture
def events(monkeypatch):
    """What happened, in its order: every service below notes it here."""
    found = []
    monkeypatch.setattr(Noted, "events", found)
    return found


class Noted(BaseService):
    """Notes when it starts and stops."""

    events: ClassVar = []

    def note(self, event):
        self.events.append(f"{event} {self.unit.name}.{type(self).__name__}")

    async def on_startup(self):
        self.note("start")

    async def on_shutdown(self):
        self.note("stop")


class Pool(Noted):
    """Needs nothing."""


class Mail(Noted):
    pool: Pool


class Visits(Noted):
    mail: Mail


class Broken(Noted):
    pool: Pool

    async def on_startup(self):
        self.note("fail")
        raise ConnectionError("no route to host")


class Clumsy(Noted):
    async def on_shutdown(self):
        self.note("stop")
        raise LookupError("lost it")


def unit(name, *services, **options):
    return Unit({"name": name}, services=services, **options)


def app_of(*units):
    config = Config(settings=Settings(), environment="local", origins={})
    return create_app(config=config, units=units)


@contextlib.asynccontextmanager
async def running(*units):
    runner = web.AppRunner(app_of(*units))
    await runner.setup()
    yield runner.app
    await runner.cleanup()


async def fails_to_start(*units):
    """Return the error of the start, and the application."""
    runner = web.AppRunner(app_of(*units))
    with pytest.raises((ConnectionError, StartupError)) as caught:
        await runner.setup()
    return caught.value, runner.app


# -- order --------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
async def test_what_is_needed_starts_first_and_stops_last_whatever_the_order(events, order):
    units = [unit("visits", Visits), unit("mail", Mail), unit("pool", Pool)]

    async with running(*(units[index] for index in order)):
        started = list(events)

    assert started == ["start pool.Pool", "start mail.Mail", "start visits.Visits"]
    assert events[3:] == ["stop visits.Visits", "stop mail.Mail", "stop pool.Pool"]


async def test_units_that_need_nothing_start_in_the_order_of_the_list(events):
    async with running(unit("b", Pool), unit("a", Pool), unit("c", Pool)):
        pass

    assert events[:3] == ["start b.Pool", "start a.Pool", "start c.Pool"]


async def test_a_unit_starts_whole_before_the_one_that_needs_a_part_of_it(events):
    class Other(Noted):
        """Nobody needs it."""

    async with running(unit("mail", Mail), unit("pool", Pool, Other)):
        pass

    assert events[:3] == ["start pool.Pool", "start pool.Other", "start mail.Mail"]


async def test_units_may_need_each_other_as_long_as_their_services_do_not(events):
    class Audit(Noted):
        mail: Mail

    async with running(unit("mail", Mail), unit("pool", Audit, Pool)):
        pass

    assert events[:3] == ["start pool.Pool", "start mail.Mail", "start pool.Audit"]


async def test_what_is_integrated_starts_after_the_services_and_once(events):
    class Uses(Noted):
        def __init__(self, unit):
            super().__init__(unit)
            self.pool = self.integrate(Pool)

    async with running(unit("uses", Uses, Mail), unit("pool", Pool)):
        pass

    assert events == [
        *("start pool.Pool", "start uses.Uses", "start uses.Mail", "start uses.Pool"),
        *("stop uses.Pool", "stop uses.Mail", "stop uses.Uses", "stop pool.Pool"),
    ]


async def test_what_is_integrated_by_a_start_starts_too(events):
    class Uses(Noted):
        async def on_startup(self):
            self.note("start")
            self.pool = self.integrate(Pool)

    async with running(unit("uses", Uses), unit("pool", Pool)) as app:
        assert app[UNITS]["uses"].services[0].pool.unit.name == "uses"

    assert events[:3] == ["start uses.Uses", "start uses.Pool", "start pool.Pool"]


async def test_a_hook_need_not_be_a_coroutine(events):
    class Sync(Noted):
        def on_startup(self):
            self.note("start")

    async with running(unit("sync", Sync)):
        assert events == ["start sync.Sync"]


async def test_readiness_tells_each_state(events):
    async with running(unit("visits", Pool), unit("empty")) as app:
        assert app[READINESS].units == {"visits": "started", "empty": "started"}

    assert app[READINESS].units == {"visits": "stopped", "empty": "stopped"}


# -- a start that fails -------------------------------------------------------------------------


async def test_a_start_that_fails_stops_what_had_started_and_nothing_else(events):
    error, _ = await fails_to_start(
        unit("pool", Pool), unit("broken", Mail, Broken, Clumsy), unit("late", Visits)
    )

    assert isinstance(error, ConnectionError)
    assert error.__notes__ == ["in broken.Broken.on_startup"]
    assert events == [
        *("start pool.Pool", "start broken.Mail", "fail broken.Broken"),
        *("stop broken.Mail", "stop pool.Pool"),
    ]


async def test_a_stop_that_fails_then_does_not_hide_why(events, caplog):
    error, _ = await fails_to_start(unit("clumsy", Clumsy), unit("pool", Pool, Broken))

    assert isinstance(error, ConnectionError)
    assert "clumsy.Clumsy.on_shutdown: lost it" in caplog.messages


async def test_a_service_that_never_finishes_starting_is_named(events):
    class Endless(Noted):
        start_timeout = 0.02

        async def on_startup(self):
            await asyncio.Event().wait()

    error, _ = await fails_to_start(unit("pool", Pool), unit("endless", Endless))

    assert isinstance(error, StartupError)
    assert str(error) == "endless.Endless.on_startup did not end within 0.02 s"
    assert error.exit_status == 1
    assert events == ["start pool.Pool", "stop pool.Pool"]


async def test_a_start_that_is_cancelled_stops_what_had_started(events):
    begun = asyncio.Event()

    class Endless(Noted):
        async def on_startup(self):
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                self.note("cancelled")

    runner = web.AppRunner(app_of(unit("pool", Pool), unit("endless", Endless)))
    task = asyncio.ensure_future(runner.setup())
    await begun.wait()

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert events == ["start pool.Pool", "cancelled endless.Endless", "stop pool.Pool"]


# -- degraded units -----------------------------------------------------------------------------


async def test_with_degrade_the_others_start_without_the_unit(events, caplog):
    units = [unit("pool", Pool), unit("broken", Mail, Broken, degrade=True), unit("mail", Mail)]

    async with running(*units) as app:
        assert app[READINESS].units == {
            "pool": "started",
            "broken": "degraded",
            "mail": "started",
        }
        assert events == [
            *("start pool.Pool", "start broken.Mail", "fail broken.Broken"),
            *("stop broken.Mail", "start mail.Mail"),
        ]

    record = next(item for item in caplog.records if item.name == "webkit.unit.broken")
    assert record.getMessage() == "degraded: no route to host"
    assert record.exc_info[0] is ConnectionError
    assert app[READINESS].units["broken"] == "degraded"


async def test_who_needs_a_degraded_unit_cannot_start(events):
    units = [unit("a", Pool, Broken, degrade=True), unit("b", Needs)]

    error, _ = await fails_to_start(*units)

    assert str(error) == "b.Needs needs a.Broken, which has not started"
    assert isinstance(error, StartupError)


class Needs(Noted):
    broken: Broken


async def test_unless_it_may_degrade_as_well(events):
    units = [unit("a", Pool, Broken, degrade=True), unit("b", Needs, degrade=True)]

    async with running(*units) as app:
        assert set(app[READINESS].units.values()) == {"degraded"}


# -- the stop -----------------------------------------------------------------------------------


async def test_every_service_stops_whatever_the_others_do(events, caplog):
    runner = web.AppRunner(app_of(unit("a", Pool, Clumsy), unit("b", Pool, Clumsy)))
    await runner.setup()
    events.clear()

    with pytest.raises(ExceptionGroup, match="not everything stopped well") as caught:
        await runner.cleanup()

    assert events == ["stop b.Clumsy", "stop b.Pool", "stop a.Clumsy", "stop a.Pool"]
    assert [(str(error), error.__notes__) for error in caught.value.exceptions] == [
        ("lost it", ["in b.Clumsy.on_shutdown"]),
        ("lost it", ["in a.Clumsy.on_shutdown"]),
    ]
    assert [item.levelno for item in caplog.records if item.name == "webkit.units"] == [
        logging.ERROR,
        logging.ERROR,
    ]


async def test_a_service_that_does_not_stop_is_cancelled_and_named(events):
    class Stuck(Noted):
        stop_timeout = 0.02

        async def on_shutdown(self):
            await asyncio.Event().wait()

    runner = web.AppRunner(app_of(unit("a", Pool, Stuck)))
    await runner.setup()

    with pytest.raises(ExceptionGroup) as caught:
        await runner.cleanup()

    assert str(caught.value.exceptions[0]) == "a.Stuck.on_shutdown did not end within 0.02 s"
    assert events[-1] == "stop a.Pool"


# -- steps --------------------------------------------------------------------------------------


async def test_a_step_that_ends_in_time_is_no_news():
    await bounded(asyncio.sleep(0), limit=1, name="step")


async def test_what_a_step_raises_goes_on():
    async def step():
        raise LookupError

    with pytest.raises(LookupError):
        await bounded(step(), limit=1, name="step")


async def test_what_a_late_step_raises_is_the_cause():
    async def step():
        try:
            await asyncio.Event().wait()
        finally:
            raise LookupError("half a file")

    with pytest.raises(StartupError) as caught:
        await bounded(step(), limit=0.01, name="step")

    assert isinstance(caught.value.__cause__, LookupError)


async def test_a_step_that_swallows_its_cancellation_is_left(monkeypatch):
    monkeypatch.setattr("webkit.lifecycle._CANCELLING", 0.01)
    end = asyncio.Event()

    async def step():
        while not end.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await end.wait()

    with pytest.raises(StartupError) as caught:
        await bounded(step(), limit=0.01, name="step")

    assert str(caught.value) == (
        "step did not end within 0.01 s, and ignores that it was cancelled"
    )
    end.set()


async def test_a_step_that_cancels_itself_has_failed():
    async def step():
        raise asyncio.CancelledError

    with pytest.raises(StartupError, match="step was cancelled"):
        await bounded(step(), limit=1, name="step")
