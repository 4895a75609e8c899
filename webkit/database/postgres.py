"""The driver for PostgreSQL: a pool of connections of asyncpg.

1. A connection that was cut, or whose state nobody knows, is not used again; the next one who needs
   one makes another. So a server that comes back is used at once.
2. A read that a cut connection has not answered is asked once more; a write is not, for it may have
   been done.
3. A transaction that PostgreSQL has given up is never taken for one that was done.
"""

import asyncio
import contextlib
import re
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import asyncpg

from webkit.database.connecting import connected
from webkit.database.dialects import dialect_of
from webkit.database.drivers import AWAY, CROWDED, LACKING, Args, Rows, Violation, unavailable
from webkit.database.settings import Address, DatabaseConfig
from webkit.exceptions import ServiceUnavailable


__all__ = ("PostgresDriver",)

_CACHED = 512  # prepared statements for each connection
_CUT = (
    OSError,
    asyncpg.AdminShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server has hung up, and asyncpg has not seen it yet
    asyncpg.PostgresConnectionError,
)
_LATE = (
    TimeoutError,
    asyncpg.DeadlockDetectedError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.SerializationError,
)
# Whoever waits will be served: the server starts, or others leave.
_PASSING = (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError)
_KEY = re.compile(r"\((.*?)\)=")

_Connection = Any  # asyncpg.Connection, of which there are two kinds


class PostgresDriver:
    """A server, and up to ``pool_size`` connections to it."""

    def __init__(self, address: Address, config: DatabaseConfig) -> None:
        self.dialect = dialect_of("postgresql")
        self._address = address
        self._config = config
        self._idle: list[_Connection] = []
        self._count = 0  # of connections, those that are being made included
        # Each gets a connection, or None: leave to make one.
        self._waiting: deque[asyncio.Future[_Connection | None]] = deque()
        self._is_open = False

    async def open(self) -> None:
        """Connect.

        Raises:
            DatabaseUnavailable: the server does not answer, or refuses.
        """
        self._count = 1
        connection = await connected(
            self._connect,
            passing=lambda error: isinstance(error, _PASSING),
            wait=self._config.connect_wait,
            shown=self._address.shown,
        )
        self._is_open = True
        self._release(connection)

    async def close(self) -> None:
        """Close every connection; those that are in use when they are given back."""
        self._is_open = False
        while self._idle:
            connection = self._idle.pop()
            with contextlib.suppress(*_CUT, TimeoutError):
                await connection.close(timeout=self._config.connect_timeout)

    async def read(self, sql: str, args: Args = (), /) -> Rows:
        """Run a statement that changes nothing; if it was cut off, once more."""
        connection = await self._acquire()
        try:
            rows: Rows = await connection.fetch(sql, *args)
        except _CUT:
            self._release(connection, is_sound=False)
            while self._idle:  # they were cut too, if the server was started again
                self._release(self._idle.pop(), is_sound=False)
        except BaseException as error:
            raise self._failed(connection, error) from None
        else:
            self._release(connection)
            return rows
        return await self.write(sql, args)

    async def write(self, sql: str, args: Args = (), /) -> Rows:
        """Run a statement that changes something, for good."""
        connection = await self._acquire()
        try:
            rows: Rows = await connection.fetch(sql, *args)
        except BaseException as error:
            raise self._failed(connection, error) from None
        self._release(connection)
        return rows

    @contextlib.asynccontextmanager
    async def lease(self) -> AsyncIterator["_Lease"]:
        """Give a connection, in a transaction."""
        connection = await self._acquire()
        is_sound = False
        try:
            with _answered():
                await connection.execute("BEGIN")
            try:
                yield _Lease(connection)
            except BaseException:
                with contextlib.suppress(*_CUT, TimeoutError):
                    await connection.execute("ROLLBACK")
                    is_sound = True
                raise
            with _answered():
                done = await connection.execute("COMMIT")
            is_sound = True
            if done != "COMMIT":
                raise RuntimeError("a statement of this transaction had failed: nothing is done")
        finally:
            self._release(connection, is_sound=is_sound)

    def answer_of(self, error: BaseException, /) -> ServiceUnavailable | None:
        """Return the answer to an error that says that the server cannot answer now."""
        answer = _translated(error)
        return answer if isinstance(answer, ServiceUnavailable) else None

    def violation_of(self, error: BaseException, /) -> Violation | None:
        """Return which rule an error is about."""
        fact: Any = error
        if isinstance(error, asyncpg.DataError):
            return Violation("value")
        if not isinstance(error, asyncpg.IntegrityConstraintViolationError):
            return None
        if isinstance(error, asyncpg.NotNullViolationError):
            return Violation("required", (fact.column_name,))
        if isinstance(error, asyncpg.CheckViolationError):
            return Violation("check", name=fact.constraint_name)
        found = _KEY.search(fact.detail or "")
        columns = tuple(name.strip('"') for name in found[1].split(", ")) if found else ()
        is_reference = isinstance(error, asyncpg.ForeignKeyViolationError)
        return Violation("reference" if is_reference else "unique", columns)

    async def _connect(self) -> _Connection:
        config = self._config
        return await asyncpg.connect(
            self._address.dsn,
            timeout=config.connect_timeout,
            command_timeout=config.statement_timeout,
            statement_cache_size=_CACHED,
        )

    async def _acquire(self) -> _Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
            self._count -= 1
        if self._count < self._config.pool_size:
            self._count += 1
            return await self._made()
        return await self._given() or await self._made()

    async def _made(self) -> _Connection:
        """Return a new connection, for which there is a place already."""
        try:
            return await self._connect()
        except BaseException as error:
            self._leave()
            if isinstance(error, (*_CUT, TimeoutError, asyncpg.PostgresError)):
                raise unavailable(AWAY) from None
            raise

    async def _given(self) -> _Connection | None:
        """Wait for a connection that somebody gives back, or for the place of one."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            async with asyncio.timeout(self._config.pool_timeout):
                return await waiting
        except BaseException as error:
            if waiting.done() and not waiting.cancelled():
                self._release(waiting.result())
            if isinstance(error, TimeoutError):
                raise unavailable(CROWDED) from None
            raise

    def _release(self, connection: _Connection | None, *, is_sound: bool = True) -> None:
        """Give a connection to who waits for one, or keep it; one that is not sound goes."""
        if connection is None:
            self._leave()
            return
        if not is_sound or not self._is_open or connection.is_closed():
            connection.terminate()
            self._leave()
            return
        if not self._hand_on(connection):
            self._idle.append(connection)

    def _leave(self) -> None:
        """Give the place of a connection to who waits for one."""
        if not self._hand_on(None):
            self._count -= 1

    def _hand_on(self, connection: _Connection | None) -> bool:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(connection)
                return True
        return False

    def _failed(self, connection: _Connection, error: BaseException) -> BaseException:
        """Give back the connection of a statement that has failed; return what to raise."""
        # After these PostgreSQL waits for the next statement; of all else nobody knows.
        known = isinstance(error, asyncpg.PostgresError) and not isinstance(error, _CUT)
        self._release(connection, is_sound=known)
        return _translated(error)


class _Lease:
    """A connection in a transaction."""

    def __init__(self, connection: _Connection) -> None:
        self.raw = connection

    async def fetch(self, sql: str, args: Args = (), /) -> Rows:
        """Run a statement and return its rows; if it fails, the transaction is spoilt."""
        with _answered():
            rows: Rows = await self.raw.fetch(sql, *args)
            return rows

    async def change(self, sql: str, args: Args = (), /) -> Rows:
        """Run a statement and return its rows; if it fails, nothing else is undone."""
        with _answered():
            await self.raw.execute("SAVEPOINT webkit")
            try:
                rows: Rows = await self.raw.fetch(sql, *args)
            except asyncpg.PostgresError:
                await self.raw.execute("ROLLBACK TO SAVEPOINT webkit; RELEASE SAVEPOINT webkit")
                raise
            await self.raw.execute("RELEASE SAVEPOINT webkit")
            return rows

    async def many(self, sql: str, batches: Sequence[Args], /) -> Rows:
        """Run a statement with each of several arguments, all on their way at once."""
        with _answered():
            rows: Rows = await self.raw.fetchmany(sql, batches)
            return rows


@contextlib.contextmanager
def _answered() -> Iterator[None]:
    """Raise the answers that errors mean."""
    try:
        yield
    except (*_CUT, *_LATE) as error:
        raise _translated(error) from None


def _translated(error: BaseException) -> BaseException:
    """Return the answer that an error means, or the error itself."""
    if isinstance(error, _LATE):  # first: a TimeoutError is an OSError
        return unavailable(CROWDED)
    if isinstance(error, asyncpg.UndefinedTableError | asyncpg.UndefinedColumnError):
        error.add_note(LACKING)
    return unavailable(AWAY) if isinstance(error, _CUT) else error
