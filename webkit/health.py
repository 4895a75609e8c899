"""Health: whether the process lives. ``/health`` asks nothing of anything else."""

from aiohttp import web


__all__ = ("routes",)

_BODY = b'{"status":"ok"}'


async def _health(request: web.Request) -> web.Response:
    """Say that the process answers."""
    return web.Response(body=_BODY, content_type="application/json")


def routes() -> list[web.RouteDef]:
    """Return the route ``/health``."""
    return [web.get("/health", _health, name="webkit.health")]
