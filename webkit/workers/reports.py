"""Reports: what ``webkit dev`` tells the person who watches it, one line at a time."""

import contextlib
import sys
from collections.abc import Sequence


__all__ = ("crash", "greeting", "reload", "say")


def say(text: str) -> None:
    """Print a line at once; nobody may be reading it any more."""
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def greeting(url: str, *, remark: str, has_docs: bool) -> str:
    """Return what is said when the first process serves."""
    docs = f", API docs at {url}/docs" if has_docs else ""
    return f"Serving {url}{remark}{docs}\nA saved file is live at once; Ctrl-C stops."


def reload(changed: Sequence[str], *, seconds: float, is_broken: bool) -> str:
    """Return what is said after a change: what changed, what came of it, and how long it took."""
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    result = "does not start" if is_broken else "reloaded"
    return f"changed {changed[0]}{more} -> {result} in {seconds * 1000:.0f} ms"


def crash(status: int) -> str:
    """Return what is said, also in the browser, of a process that ended by itself."""
    how = f"signal {-status}" if status < 0 else f"status {status}"
    return f"The server process ended by itself, with {how}. Save a file to start it again."
