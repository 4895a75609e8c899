"""Whole requests without sockets: bytes go into aiohttp's protocol, the answer comes out.

What is left out is the kernel and the event loop's selector, so that microseconds can be seen.
"""

import asyncio
import statistics
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web


__all__ = ("Lane", "lane", "microseconds")


class _Transport(asyncio.Transport):
    """A transport that keeps what is written and says that it came."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.answered: asyncio.Future[bytes]

    def write(self, data: Any) -> None:
        if not self.answered.done():
            self.answered.set_result(bytes(data))

    def writelines(self, list_of_data: Any) -> None:
        self.write(b"".join(list_of_data))

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing is open."""

    def pause_reading(self) -> None:
        """Nothing is read."""

    def resume_reading(self) -> None:
        """Nothing is read."""


class Lane:
    """One open connection to one application."""

    def __init__(self, runner: web.AppRunner) -> None:
        self._runner = runner
        self._loop = asyncio.get_running_loop()
        self._transport = _Transport()
        if runner.server is None:
            raise RuntimeError("the runner is not set up")
        self._protocol = runner.server()
        self._protocol.connection_made(self._transport)

    async def ask(self, request: bytes) -> bytes:
        """Return the answer to a request."""
        self._transport.answered = self._loop.create_future()
        self._protocol.data_received(request)
        return await self._transport.answered

    async def seconds(self, request: bytes, *, times: int) -> float:
        """Return the CPU time of one request, on average, when it is sent so many times."""
        ask, started = self.ask, time.process_time()
        for _ in range(times):
            await ask(request)
        return (time.process_time() - started) / times

    async def close(self) -> None:
        """Close the connection and stop the application."""
        self._protocol.connection_lost(None)
        await self._runner.cleanup()


async def lane(app: web.Application) -> Lane:
    """Return a connection to an application, started; the caller closes it."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    return Lane(runner)


async def microseconds(
    sides: Mapping[str, tuple[Lane, bytes]], *, rounds: int = 25, times: int = 1000
) -> dict[str, float]:
    """Return the median time of a request of each side, measured in interleaved rounds."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, (connection, request) in sides.items():
            seconds = await connection.seconds(request, times=times)
            if number:  # the first round warms up
                found[name].append(seconds * 1e6)
    return {name: statistics.median(values) for name, values in found.items()}
