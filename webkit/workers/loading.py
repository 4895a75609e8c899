"""Loading: a reference to an application, a factory or an async factory becomes an application."""

import inspect
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeAlias

from aiohttp import web

from webkit.exceptions import ConfigurationError
from webkit.references import resolve


__all__ = ("AppSource", "load_app")

# What an async factory gives has to be awaited in the loop that serves it.
AppSource: TypeAlias = web.Application | Awaitable[web.Application]


def load_app(reference: str, *, root: Path) -> AppSource:
    """Return what ``reference`` names in the project in ``root``, called if it is a factory.

    Raises:
        ConfigurationError: there is no such thing, or it is no application.
    """
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    found = resolve(reference)
    if callable(found) and not isinstance(found, web.Application):
        found = found()
    return _awaited(found, reference) if inspect.isawaitable(found) else _checked(found, reference)


async def _awaited(source: Awaitable[Any], reference: str) -> web.Application:
    return _checked(await source, reference)


def _checked(app: Any, reference: str) -> web.Application:
    if isinstance(app, web.Application):
        return app
    kind = type(app).__name__
    raise ConfigurationError([f"{reference}: is no web.Application, nor makes one, but a {kind}"])
