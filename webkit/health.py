"""Health: whether the process lives, and whether it may be sent requests.

1. ``/health`` asks nothing of anything else: a database that is away is no reason to restart.
2. ``/ready`` asks every check, all at once and each for a bounded time, and is 503 while one of
   them fails, and from the first moment of a stop.
3. A client learns the names of what failed; why it failed stands in the log, once for each change.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import hdrs, web

from webkit.codec import encode
from webkit.exceptions import ServiceUnavailable
from webkit.replies import error_response


__all__ = ("READINESS", "Check", "Readiness", "routes")

# Returns if all is well, and raises if not.
Check = Callable[[], Awaitable[None]]

_log = logging.getLogger("webkit.health")
_LIMIT = 2.0  # seconds for all checks: less than the probes of Docker and Kubernetes wait
_BODY = b'{"status":"ok"}'
_NO_STORE = {hdrs.CACHE_CONTROL: "no-store"}
_DEGRADED = "degraded"


class Readiness:
    """What an application tells of itself: ``app[READINESS].checks["mail"] = ask_mail_server``.

    ``units`` has the state of each unit by its name: ``starting``, ``started``, ``degraded``,
    ``stopping`` or ``stopped``. ``stop`` is called when a stop begins.
    """

    def __init__(self) -> None:
        self.checks: dict[str, Check] = {}
        self.units: dict[str, str] = {}
        self.is_stopping = False
        self._failing: set[str] = set()

    def stop(self) -> None:
        """Be ready for nothing more."""
        self.is_stopping = True

    async def ask(self) -> dict[str, str]:
        """Ask all checks, and return ``ok`` or ``failed`` for each."""
        names = list(self.checks)
        errors = await asyncio.gather(*(self._error_of(name) for name in names))
        return {
            name: "failed" if error else "ok" for name, error in zip(names, errors, strict=True)
        }

    async def _error_of(self, name: str) -> Exception | None:
        error: Exception | None = None
        try:
            async with asyncio.timeout(_LIMIT):
                await self.checks[name]()
        except TimeoutError as late:
            error = TimeoutError(str(late) or f"no answer after {_LIMIT:.0f} s")
        except Exception as failure:  # a check is somebody else's code
            error = failure
        if error and name not in self._failing:
            _log.warning("not ready: %s: %s", name, str(error) or type(error).__name__)
            self._failing.add(name)
        elif not error and name in self._failing:
            _log.warning("ready again: %s", name)
            self._failing.discard(name)
        return error


READINESS = web.AppKey("READINESS", Readiness)


def routes(readiness: Readiness) -> list[web.RouteDef]:
    """Return the routes ``/health`` and ``/ready``."""

    async def health(request: web.Request) -> web.Response:
        """Say that the process answers."""
        body = _BODY
        if _DEGRADED in readiness.units.values():
            body = encode({"status": _DEGRADED, "units": readiness.units})
        return web.Response(body=body, content_type="application/json")

    async def ready(request: web.Request) -> web.Response:
        """Say whether requests are welcome."""
        checks = await readiness.ask()
        failed = [name for name, state in checks.items() if state != "ok"]
        told: Mapping[str, Any] = {
            key: value for key, value in (("units", readiness.units), ("checks", checks)) if value
        }
        if failed or readiness.is_stopping:
            why = "the service is stopping" if readiness.is_stopping else ", ".join(failed)
            error = ServiceUnavailable(f"Not ready: {why}.")
            error.extensions = told
            # Not raised: it would be an error in the log for every probe.
            return error_response(error, request)
        body = encode({"status": "ready", **told})
        return web.Response(body=body, content_type="application/json", headers=_NO_STORE)

    return [
        web.get("/health", health, name="webkit.health"),
        web.get("/ready", ready, name="webkit.ready"),
    ]
