"""The event loop that a server runs on: uvloop where it is installed."""

import asyncio
from collections.abc import Callable


__all__ = ("loop_factory",)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the loop; None stands for asyncio's own."""
    try:
        import uvloop  # an extra: who does not have it gets asyncio's loop
    except ImportError:
        return None
    return uvloop.new_event_loop
