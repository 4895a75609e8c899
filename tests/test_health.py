import asyncio
import logging

import pytest
from aiohttp import web

from webkit import health
from webkit.health import READINESS, Readiness


@pytest.fixture
def readiness():
    return Readiness()


@pytest.fixture
async def client(aiohttp_client, readiness):
    app = web.Application()
    app[READINESS] = readiness
    app.add_routes(health.routes(readiness))
    return await aiohttp_client(app)


async def fine():
    """Find nothing wrong."""


async def broken():
    raise ConnectionError("postgres://user:secret@db is away")


# -- /health ------------------------------------------------------------------------------------


async def test_health_says_that_the_process_lives(client):
    response = await client.get("/health")

    assert response.status == 200
    assert response.content_type == "application/json"
    assert await response.json() == {"status": "ok"}


async def test_it_asks_no_check_and_lives_on_while_it_stops(client, readiness):
    readiness.checks["database"] = broken
    readiness.stop()

    response = await client.get("/health")

    assert (response.status, await response.json()) == (200, {"status": "ok"})


async def test_it_tells_the_units_where_one_is_degraded(client, readiness):
    readiness.units.update(mail="degraded", visits="started")

    response = await client.get("/health")

    assert response.status == 200
    assert await response.json() == {
        "status": "degraded",
        "units": {"mail": "degraded", "visits": "started"},
    }


def test_their_names_leave_the_names_health_and_ready_to_the_project(readiness):
    names = [route.kwargs["name"] for route in health.routes(readiness)]

    assert names == ["webkit.health", "webkit.ready"]


# -- /ready -------------------------------------------------------------------------------------


async def test_without_checks_and_units_it_is_ready(client):
    response = await client.get("/ready")

    assert (response.status, await response.json()) == (200, {"status": "ready"})
    assert response.headers["Cache-Control"] == "no-store"


async def test_it_tells_of_every_check_and_unit(client, readiness):
    readiness.checks.update(database=fine, mail=fine)
    readiness.units["visits"] = "started"

    response = await client.get("/ready")

    assert await response.json() == {
        "status": "ready",
        "units": {"visits": "started"},
        "checks": {"database": "ok", "mail": "ok"},
    }


async def test_a_check_that_fails_makes_it_503_under_its_name(client, readiness):
    readiness.checks.update(mail=fine, database=broken)

    response = await client.get("/ready")

    assert response.status == 503
    assert response.content_type == "application/problem+json"
    body = await response.json(content_type=None)
    assert body["detail"] == "Not ready: database."
    assert body["checks"] == {"mail": "ok", "database": "failed"}
    assert "Retry-After" in response.headers


async def test_why_it_failed_is_for_the_log_alone(client, readiness, caplog):
    readiness.checks["database"] = broken

    text = await (await client.get("/ready")).text()

    assert "secret" not in text
    assert "not ready: database: postgres://user:secret@db is away" in caplog.messages


async def test_the_log_has_a_line_for_each_change_and_none_for_each_probe(readiness, caplog):
    for check in (broken, broken, fine, fine, broken):
        readiness.checks["database"] = check
        await readiness.ask()

    assert [message.partition(":")[0] for message in caplog.messages] == [
        "not ready",
        "ready again",
        "not ready",
    ]
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


async def test_an_error_without_a_text_is_named_by_its_type(readiness, caplog):
    async def check():
        raise LookupError

    readiness.checks["mail"] = check
    await readiness.ask()

    assert caplog.messages == ["not ready: mail: LookupError"]


async def test_a_check_that_does_not_answer_has_failed_after_a_while(
    readiness, caplog, monkeypatch
):
    monkeypatch.setattr(health, "_LIMIT", 0.01)
    readiness.checks.update(mail=asyncio.Event().wait, database=fine)

    assert await readiness.ask() == {"mail": "failed", "database": "ok"}
    assert caplog.messages == ["not ready: mail: no answer after 0 s"]


async def test_checks_are_asked_at_the_same_time(readiness):
    both = asyncio.Barrier(2)
    readiness.checks.update(one=both.wait, two=both.wait)

    assert await readiness.ask() == {"one": "ok", "two": "ok"}


async def test_from_the_beginning_of_a_stop_it_is_ready_no_more(client, readiness):
    readiness.checks["database"] = fine
    readiness.stop()

    response = await client.get("/ready")

    assert response.status == 503
    body = await response.json(content_type=None)
    assert (body["detail"], body["checks"]) == (
        "Not ready: the service is stopping.",
        {"database": "ok"},
    )
