"""Leaving: a process that was asked to stop is gone in time, whatever still holds it.

A request that swallows its cancellation, a thread that sleeps and a clean-up that hangs would keep
a process for ever; whoever sent the signal would have to kill it.
"""

import contextlib
import logging
import os
import sys
import threading
import time

from webkit.workers.stopping import Stop


__all__ = ("exit_after", "leave_in_time")

_log = logging.getLogger("webkit.server")
LAST_STEPS = 1.5  # seconds for cancelling and cleaning up; 8 + 1.5 is less than docker's 10


async def leave_in_time(stop: Stop, *, limit: float) -> None:
    """Watch over the end of this process: ``limit`` seconds after the wish to stop it ends."""
    await stop.wanted.wait()
    exit_after(limit + LAST_STEPS)
    await stop.hurry.wait()
    exit_after(LAST_STEPS)


def exit_after(seconds: float) -> None:
    """End this process with status 1 after that time, if it is still there.

    From a thread, because what holds the process may hold its loop.
    """
    threading.Thread(target=_exit_after, args=[seconds], daemon=True).start()


def _exit_after(seconds: float) -> None:
    time.sleep(seconds)
    _log.error("the process did not end within %.1f s and leaves now", seconds)
    with contextlib.suppress(OSError):  # nobody may be reading any more
        logging.shutdown()
        sys.stdout.flush()
    os._exit(1)
