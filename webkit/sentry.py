"""Sentry: what is logged as an error is reported there, if a DSN says where that is.

1. What is reported is the process's, as logging is: the last application that starts decides.
2. What is sent has no value of a ``Secret``, of the settings or of a unit, and no local variable.
3. Nothing is reported under tests.
"""

import asyncio
import importlib.util
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from webkit.config import Config, Secret
from webkit.config.secrets import secrets_in
from webkit.exceptions import MissingExtraError


__all__ = ("attach", "scrubber_of")

_SDK = "sentry_sdk"
_FLUSH = 2.0  # seconds that the end of the process waits for what is still to be sent
_SHORTEST = 4  # characters: less would black out half of all words
_MASK = "***"


def attach(app: web.Application, config: Config[Any], *, records: Callable[[], Any]) -> list[str]:
    """Let an application report its errors while it lives; return what is wrong with the DSN.

    ``records`` gives, when it starts, what else may hold secrets.
    """
    dsn: Secret = config.settings.sentry_dsn
    if not dsn or config.environment == "testing":
        return []
    place = f"{config.origins.get('sentry_dsn', 'settings')}: webkit.sentry_dsn"
    if importlib.util.find_spec(_SDK) is None:
        return [f"{place}: {MissingExtraError('sentry', purpose='to report errors to Sentry')}"]
    problem = _problem_of(dsn)
    if problem:
        return [f"{place}: {problem}"]

    async def report(app: web.Application) -> AsyncIterator[None]:
        found = [*secrets_in((config.settings, records())), *_parts_of(config.table("database"))]
        _start(config, scrub=scrubber_of(found))
        yield
        await asyncio.to_thread(_stop)

    app.cleanup_ctx.insert(0, report)
    return []


def scrubber_of(secrets: Iterable[Secret]) -> Callable[[Any], Any]:
    """Return what takes secrets out of everything that JSON can hold."""
    texts = sorted({item.reveal() for item in secrets}, key=len, reverse=True)
    found = [text for text in texts if len(text) >= _SHORTEST]

    def scrub(value: Any) -> Any:
        if isinstance(value, str):
            for text in found:
                value = value.replace(text, _MASK)
            return value
        if isinstance(value, dict):
            return {scrub(key): scrub(item) for key, item in value.items()}
        return [scrub(item) for item in value] if isinstance(value, (list, tuple)) else value

    return scrub


def _problem_of(dsn: Secret) -> str:
    from sentry_sdk.utils import BadDsn, Dsn

    try:
        Dsn(dsn.reveal())
    except BadDsn as error:
        return f"is no DSN: {error}. Copy it from the settings of the project in Sentry"
    return ""


def _parts_of(table: Any) -> Iterable[Secret]:
    """Yield what is secret in the section of the database, which has it in a URL."""
    url = str(table.get("url") or "")
    password = urlsplit(url).password
    if password:
        yield from (Secret(url), Secret(password))


def _start(config: Config[Any], *, scrub: Callable[[Any], Any]) -> None:
    import sentry_sdk
    from sentry_sdk.integrations.dedupe import DedupeIntegration
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration

    settings = config.settings
    sentry_sdk.init(
        dsn=settings.sentry_dsn.reveal(),
        environment=config.environment,
        release=f"{settings.title}@{settings.version}",
        # Those of its own choice change what aiohttp does, and send the command line.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR),
            ExcepthookIntegration(),
            DedupeIntegration(),
        ],
        include_local_variables=False,
        before_send=lambda event, hint: scrub(event),
    )


def _stop() -> None:
    import sentry_sdk

    sentry_sdk.get_client().close(timeout=_FLUSH)
    sentry_sdk.get_global_scope().set_client(None)  # `init` would look for a DSN of its own
