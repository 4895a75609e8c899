"""Connecting at start-up."""

import logging

import pytest

from webkit.database.connecting import connected
from webkit.database.drivers import DatabaseUnavailable


class Server:
    """Answers after so many attempts."""

    def __init__(self, *errors):
        self.errors = list(errors)

    async def attempt(self):
        if self.errors:
            raise self.errors.pop(0)
        return "connected"


def _passes(error):
    return isinstance(error, ConnectionError)


async def _connected(server, wait=5.0):
    return await connected(server.attempt, passing=_passes, wait=wait, shown="the database")


async def test_a_server_that_is_there_is_asked_once():
    assert await _connected(Server()) == "connected"


async def test_a_server_that_is_late_is_waited_for(caplog):
    server = Server(ConnectionError("refused"), ConnectionError("refused"))

    with caplog.at_level(logging.WARNING, logger="webkit.database"):
        assert await _connected(server) == "connected"

    assert caplog.messages == ["database: the database does not answer, trying again"] * 2


async def test_a_server_that_does_not_come_is_not_waited_for_for_ever():
    with pytest.raises(DatabaseUnavailable) as caught:
        await _connected(Server(*[ConnectionError("refused")] * 9), wait=0.06)

    assert str(caught.value) == (
        "database: cannot connect to the database: refused, tried for 0.06 s."
        " Start it, correct database.url, or make the database: webkit db init"
    )


async def test_a_mistake_is_reported_at_once():
    with pytest.raises(DatabaseUnavailable, match="cannot connect to the database: LookupError"):
        await _connected(Server(LookupError()), wait=0)
