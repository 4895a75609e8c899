"""CORS: which pages of other origins may read the answers. Closed unless a policy opens it.

Source: the Fetch standard. Headers are added when a response is prepared, so that errors and
streams have them too.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from webkit.exceptions import ConfigurationError


__all__ = ("CORS", "allow_origins", "answer_preflights")

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True, kw_only=True)
class CORS:
    """What pages of other origins may do.

    ``origins`` are written as browsers send them, ``https://example.org``, or ``*`` for any.
    ``headers`` are those that a page may send beyond the simple ones, ``expose`` those that it may
    read. With ``credentials`` cookies are sent and accepted. ``max_age`` is how long a browser
    keeps the answer to a preflight, in seconds.

    Raises:
        ConfigurationError: credentials are open to any origin, or an origin is not written so.
    """

    origins: tuple[str, ...]
    methods: tuple[str, ...] = _METHODS
    headers: tuple[str, ...] = ("Authorization", "Content-Type", "X-Request-ID")
    expose: tuple[str, ...] = ("Location", "X-Request-ID")
    credentials: bool = False
    max_age: int = 600

    def __post_init__(self) -> None:
        problems = [
            f"CORS origin {origin!r} is not written as browsers send it: https://example.org"
            for origin in self.origins
            if origin != "*" and (origin.count("/") != 2 or "://" not in origin)
        ]
        if self.credentials and "*" in self.origins:
            problems.append("CORS: credentials cannot be open to any origin. List the origins")
        if problems:
            raise ConfigurationError(problems)

    def allows(self, origin: str) -> bool:
        """Tell whether pages of an origin may read answers."""
        return "*" in self.origins or origin in self.origins


def answer_preflights(policy: CORS) -> Middleware:
    """Return the middleware that answers the question a browser asks before a request."""

    @web.middleware
    async def preflight(request: web.Request, handler: Handler) -> web.StreamResponse:
        if (
            request.method != hdrs.METH_OPTIONS
            or hdrs.ACCESS_CONTROL_REQUEST_METHOD not in request.headers
            or hdrs.ORIGIN not in request.headers
        ):
            return await handler(request)
        response = web.Response(status=204)
        if policy.allows(request.headers[hdrs.ORIGIN]):
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_METHODS] = ", ".join(policy.methods)
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_HEADERS] = ", ".join(policy.headers)
            response.headers[hdrs.ACCESS_CONTROL_MAX_AGE] = str(policy.max_age)
        return response

    return preflight


def allow_origins(
    policy: CORS,
) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Return what adds the policy's headers to a response: for ``app.on_response_prepare``."""
    any_origin = "*" in policy.origins

    async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
        if not any_origin:
            response.headers.add(hdrs.VARY, hdrs.ORIGIN)
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is None or not policy.allows(origin):
            return
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = "*" if any_origin else origin
        if policy.expose:
            response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = ", ".join(policy.expose)
        if policy.credentials:
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_CREDENTIALS] = "true"

    return add_headers
