import asyncio
import os
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Mapped

from webkit.database import Model, WithID
from webkit.database.settings import address_of
from webkit.migrations import connected
from webkit.migrations.creation import create, drop, exists
from webkit.sandboxes import PREFIX, sandbox_of


POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
INSERT = text("INSERT INTO sandboxed (name) VALUES ('a') RETURNING id")


class Sandboxed(WithID, Model):
    """A table of this test."""

    __tablename__ = "sandboxed"

    name: Mapped[str]


@pytest.fixture(
    params=["sqlite:///db.sqlite3", pytest.param(POSTGRES, marks=pytest.mark.postgres)],
    ids=["sqlite", "postgresql"],
)
def sandbox(request):
    """A sandbox for each kind of database, of this process alone."""
    found = sandbox_of(request.param, worker=f"sandboxes_{os.getpid()}")
    yield found
    found.close()


def insert(url):
    return connected(address_of(url), lambda connection: connection.execute(INSERT).scalar())


async def test_each_application_has_all_tables_and_no_rows(sandbox):
    for _ in range(2):
        url = sandbox.new_url()
        await sandbox.fill()
        assert await asyncio.to_thread(insert, url) == 1


async def test_nothing_is_left_when_it_is_closed(sandbox):
    address = address_of(sandbox.new_url())
    await sandbox.fill()

    await asyncio.to_thread(sandbox.close)

    assert not await asyncio.to_thread(exists, address)


def test_what_was_never_used_is_made_by_nobody(sandbox):
    sandbox.close()


def test_two_files_do_not_share_rows():
    sandbox = sandbox_of("sqlite:///db.sqlite3")

    first, second = sandbox.new_url(), sandbox.new_url()
    sandbox.close()

    assert first != second


def test_a_database_of_tests_has_a_name_of_its_own():
    sandbox = sandbox_of("postgresql://ann:x@db:5432/shop?a=b", worker="gw1")

    assert sandbox.new_url() == f"postgresql://ann:x@db:5432/{PREFIX}gw1_shop?a=b"
    assert sandbox_of("postgres://db/shop").new_url() == f"postgres://db/{PREFIX}shop"


async def test_what_a_killed_run_has_left_is_replaced():
    name = f"{PREFIX}left_{os.getpid()}_postgres"
    address = address_of(urlsplit(POSTGRES)._replace(path=f"/{name}").geturl())
    await asyncio.to_thread(create, address)
    sandbox = sandbox_of(POSTGRES, worker=f"left_{os.getpid()}")
    try:
        assert address_of(sandbox.new_url()) == address
        await sandbox.fill()
        assert await asyncio.to_thread(insert, sandbox.new_url()) == 1
    finally:
        await asyncio.to_thread(drop, address)
