"""Ctrl-C and its kin, held back while something is half done.

A signal that arrives in between could leave half a project, also from inside the cleaning up. So
it waits: the steps are short (a few milliseconds of writing), and look whether one has come before
the last of them.
"""

import contextlib
import signal
from collections.abc import Iterator


__all__ = ("held",)

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP
_SIGNALS = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


@contextlib.contextmanager
def held() -> Iterator[list[int]]:
    """Collect what arrives in a list, and raise it when the block is left.

    Signals that the process ignores stay ignored. Works in the main thread only.
    """
    received: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: received.append(number))
        for number in _SIGNALS
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in received:
            signal.raise_signal(number)
