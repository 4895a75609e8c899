"""Rescues: the answers of a viewset to exceptions that mean something to it.

``exception_handlers = {KeyError: not_there}`` names, for each class of exceptions, a coroutine of
the request and the exception that returns the response. The nearest class wins. Exceptions that are
not named go on to the middlewares.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from aiohttp import web

from webkit.exceptions import ConfigurationError
from webkit.references import name_of
from webkit.sources import Script


__all__ = ("Rescue", "Rescues", "rescue_of", "write_rescue")

# A coroutine function of the request and the exception; typed loosely, for it names its own class.
Rescue = Callable[[web.Request, Any], Awaitable[web.StreamResponse]]
Rescues = Mapping[type[Exception], Rescue]


def rescue_of(viewset: type[Any] | None) -> tuple[tuple[type[Exception], ...], Rescue] | None:
    """Return which exceptions a viewset answers itself, and what answers them; None if it does not.

    Raises:
        ConfigurationError: what it names are no exceptions, or no coroutine functions.
    """
    table: Mapping[Any, Any] = getattr(viewset, "exception_handlers", None) or {}
    problems = list(_problems_of(table))
    if problems:
        label = getattr(viewset, "__name__", "")
        raise ConfigurationError(f"{label}: exception_handlers: {text}" for text in problems)
    if not table:
        return None

    async def rescue(request: web.Request, error: Exception) -> web.StreamResponse:
        answer: Rescue = next(table[kind] for kind in type(error).__mro__ if kind in table)
        return await answer(request, error)

    return tuple(table), rescue


def _takes_two(function: Callable[..., Any]) -> bool:
    try:
        inspect.signature(function).bind(None, None)
    except TypeError:
        return False
    return True


def write_rescue(script: Script, rescue: tuple[tuple[type[Exception], ...], Rescue]) -> None:
    """Write what a viewset answers to exceptions around all of the handler."""
    script.names |= {"_errors": rescue[0], "_rescue": rescue[1]}
    head, *body = script.lines
    script.lines = [head, "    try:", *(f"    {line}" for line in body)]
    script.lines += ["    except _errors as error:", "        return await _rescue(request, error)"]


def _problems_of(table: Any) -> Iterator[str]:
    """Yield what is wrong with the answers that a viewset names."""
    if not isinstance(table, Mapping):
        yield f"{table!r} is no mapping. Write {{KeyError: answer_to_it}}"
        return
    for kind, answer in table.items():
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            yield f"{kind!r} is no class of exceptions"
        elif not inspect.iscoroutinefunction(answer):
            yield f"{kind.__name__}: {name_of(answer)} is not written `async def`"
        elif not _takes_two(answer):
            yield f"{kind.__name__}: {name_of(answer)} does not take the request and the error"
