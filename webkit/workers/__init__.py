"""The processes: ``serve`` runs an application; ``webkit dev`` runs it afresh after every change.

The server is imported when it is asked for, because the parent of the development server lives
here too, and starts faster without aiohttp.
"""

import importlib
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:  # what an editor sees of the lazy import below
    from webkit.workers.serving import serve

__all__ = ("serve",)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("webkit.workers.serving"), name)
