"""Drivers: what webkit asks of a database, and what it says when it refuses.

1. A statement outside of a unit of work is done, or not, as a whole.
2. Who waits too long for a connection, or asks a database that is away, gets
   ``ServiceUnavailable``; nobody waits for ever.
3. Everything else that a driver raises is its own; ``violation_of`` tells which rule it is about.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, NamedTuple, Protocol

from sqlalchemy import Dialect

from webkit.exceptions import ServiceUnavailable, WebkitError


__all__ = (
    "AWAY",
    "CROWDED",
    "LACKING",
    "Args",
    "DatabaseUnavailable",
    "Driver",
    "Lease",
    "Rows",
    "Violation",
    "unavailable",
)

Args = Sequence[Any]
Rows = Sequence[Sequence[Any]]

AWAY = "The database is away."
CROWDED = "The database is busy."
LACKING = "Has it all migrations? They are applied by: webkit db upgrade"
_RETRY_AFTER = 1  # second: a pool frees up, or a server starts, about as fast


class DatabaseUnavailable(WebkitError):
    """The database did not answer when the application started."""

    exit_status = 1


class Violation(NamedTuple):
    """The rule of a table that a statement would break, and the columns that it is about."""

    rule: Literal["unique", "reference", "referenced", "required", "check", "value"]
    columns: tuple[str, ...] = ()
    name: str = ""


class Lease(Protocol):
    """One connection, which belongs to whoever has it."""

    @property
    def raw(self) -> Any:
        """The connection of the driver."""

    async def fetch(self, sql: str, args: Args = (), /) -> Rows:
        """Run a statement and return its rows; if it fails, the transaction may be spoilt."""

    async def change(self, sql: str, args: Args = (), /) -> Rows:
        """Run a statement and return its rows; if it fails, nothing else is undone."""

    async def many(self, sql: str, batches: Sequence[Args], /) -> Rows:
        """Run a statement with each of several arguments, and return the rows of all."""


class Driver(Protocol):
    """A database, and the connections to it."""

    @property
    def dialect(self) -> Dialect:
        """The language of its statements."""

    async def open(self) -> None:
        """Connect; try again for a while.

        Raises:
            DatabaseUnavailable: it does not answer.
        """

    async def close(self) -> None:
        """Close every connection; what is under way comes to its end."""

    async def read(self, sql: str, args: Args = (), /) -> Rows:
        """Run a statement that changes nothing."""

    async def write(self, sql: str, args: Args = (), /) -> Rows:
        """Run a statement that changes something, for good."""

    def lease(self) -> AbstractAsyncContextManager[Lease]:
        """Give a connection in a transaction, which ends with the context."""

    def answer_of(self, error: BaseException, /) -> ServiceUnavailable | None:
        """Return the answer to an error that says that the database cannot answer now."""

    def violation_of(self, error: BaseException, /) -> Violation | None:
        """Return which rule an error of the driver is about, if it is about one."""


def unavailable(reason: str) -> ServiceUnavailable:
    """Return the answer to who asks a database that cannot answer now."""
    return ServiceUnavailable(reason, retry_after=_RETRY_AFTER)
