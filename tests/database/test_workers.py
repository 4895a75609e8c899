"""Threads with a connection."""

import asyncio
import sqlite3
import threading

import pytest

from webkit.database.workers import Expired, Worker


def _connect():
    return sqlite3.connect(":memory:")


@pytest.fixture
async def worker():
    made = Worker(_connect, name="test")
    await made.open()
    yield made
    await made.close()


def _number(connection):
    return connection.execute("SELECT 1").fetchone()[0]


async def test_a_job_is_done_in_the_thread(worker):
    names = [
        await worker.submit(lambda connection: threading.current_thread().name, timeout=5)
        for _ in range(2)
    ]

    assert names == ["test", "test"]
    assert worker.pending == 0


async def test_jobs_are_done_in_their_order(worker):
    done = []

    await asyncio.gather(
        *(worker.submit(lambda _, n=number: done.append(n), timeout=5) for number in range(50))
    )

    assert done == list(range(50))


async def test_an_error_goes_to_who_asked(worker):
    failing = worker.submit(lambda connection: connection.execute("SELEC"), timeout=5)
    other = worker.submit(_number, timeout=5)

    with pytest.raises(sqlite3.OperationalError):
        await failing
    assert await other == 1


async def test_who_is_cancelled_is_not_answered(worker):
    gate = threading.Event()
    first = worker.submit(lambda connection: gate.wait(5), timeout=5)
    second = worker.submit(_number, timeout=5)

    second.cancel()
    gate.set()

    assert await first is True
    assert await worker.submit(_number, timeout=5) == 1
    assert worker.pending == 0


async def test_what_waits_too_long_is_not_begun(worker):
    gate, done = threading.Event(), []
    first = worker.submit(lambda connection: gate.wait(5), timeout=5)
    late = worker.submit(lambda connection: done.append(1), timeout=0)
    gate.set()

    await first
    with pytest.raises(Expired):
        await late
    assert done == []


async def test_what_was_asked_for_is_done_before_the_end():
    worker = Worker(_connect, name="test")
    await worker.open()
    job = worker.submit(_number, timeout=5)

    await worker.close()

    assert job.result() == 1


async def test_a_connection_that_fails_is_told():
    def refuse():
        raise sqlite3.OperationalError("no such place")

    worker = Worker(refuse, name="test")

    with pytest.raises(sqlite3.OperationalError, match="no such place"):
        await worker.open()
    with pytest.raises(sqlite3.OperationalError, match="no such place"):
        await worker.submit(_number, timeout=5)
    await worker.close()


def test_a_loop_that_is_closed_is_not_told():
    gate, done = threading.Event(), threading.Event()

    async def leave():
        worker = Worker(_connect, name="test")
        await worker.open()
        worker.submit(lambda connection: gate.wait(5), timeout=5)
        worker.submit(lambda connection: done.set(), timeout=5)
        return worker

    worker = asyncio.run(leave())
    gate.set()

    assert done.wait(5)
    worker._jobs.put(None)
    worker._thread.join(5)
    assert not worker._thread.is_alive()
