"""Loading: a reference to an application, a factory or an async factory becomes an application."""

import inspect
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeAlias

from aiohttp import web

from webkit.exceptions import ConfigurationError
from webkit.references import UnresolvedError, resolve


__all__ = ("AppSource", "load_app")

# What an async factory gives has to be awaited in the loop that serves it.
AppSource: TypeAlias = web.Application | Awaitable[web.Application]

_ORIGIN = "[tool.webkit] app in pyproject.toml"


def load_app(reference: str, *, root: Path, origin: str = _ORIGIN) -> AppSource:
    """Return what ``reference`` names in the project in ``root``, called if it is a factory.

    ``origin`` is where the reference stands, for a message.

    Raises:
        ConfigurationError: there is no such thing, or it is no application.
    """
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    try:
        found = resolve(reference)
    except UnresolvedError as error:
        raise ConfigurationError(f"{origin}: {text}" for text in error.problems) from None
    if callable(found) and not isinstance(found, web.Application):
        found = found()
    label = f"{origin}: {reference}"
    return _awaited(found, label) if inspect.isawaitable(found) else _checked(found, label)


async def _awaited(source: Awaitable[Any], label: str) -> web.Application:
    return _checked(await source, label)


def _checked(app: Any, label: str) -> web.Application:
    if isinstance(app, web.Application):
        return app
    kind = type(app).__name__
    raise ConfigurationError([f"{label} is no web.Application, nor makes one, but a {kind}"])
