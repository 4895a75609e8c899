"""Signals of the operating system: what a process does when it is told to end."""

import contextlib
import signal
from collections.abc import Callable
from types import FrameType
from typing import TypeAlias


__all__ = ("SignalHandler", "handle_signals", "leave_on_signals")

SignalHandler: TypeAlias = Callable[[int, FrameType | None], None]

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def handle_signals(handler: SignalHandler | signal.Handlers) -> None:
    """Let ``handler`` have SIGTERM and SIGINT; outside the main thread they are not ours."""
    with contextlib.suppress(ValueError):
        for number in _SIGNALS:
            signal.signal(number, handler)


def leave_on_signals() -> None:
    """End the process quietly at a signal, with status 0: for the time before it serves."""
    handle_signals(_leave)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
