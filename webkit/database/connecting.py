"""Connecting at start-up: once more for a while, and then a clear error."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from webkit.database.drivers import DatabaseUnavailable


__all__ = ("connected",)

T = TypeVar("T")

_log = logging.getLogger("webkit.database")
_FIRST_PAUSE = 0.05  # seconds; doubled with every attempt, up to
_LONGEST_PAUSE = 1.0


async def connected(
    attempt: Callable[[], Awaitable[T]],
    *,
    passing: Callable[[Exception], bool],
    wait: float,
    shown: str,
) -> T:
    """Return what ``attempt`` returns; after errors that are ``passing``, try for ``wait`` seconds.

    Raises:
        DatabaseUnavailable: it has failed in another way, or for too long.
    """
    end, pause = time.monotonic() + wait, _FIRST_PAUSE
    while True:
        try:
            return await attempt()
        except Exception as error:
            left = end - time.monotonic()
            if not passing(error) or left <= 0:
                raise DatabaseUnavailable(_sentence(error, shown, wait=wait)) from None
            _log.warning("database: %s does not answer, trying again", shown)
        await asyncio.sleep(min(pause, left))
        pause = min(pause * 2, _LONGEST_PAUSE)


def _sentence(error: Exception, shown: str, *, wait: float) -> str:
    reason = str(error).partition("\n")[0] or type(error).__name__
    tried = f", tried for {wait:g} s" if wait else ""
    return (
        f"database: cannot connect to {shown}: {reason}{tried}."
        " Start it, correct database.url, or make the database: webkit db init"
    )
