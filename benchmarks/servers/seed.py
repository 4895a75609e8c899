"""The seed's viewset: a method of the request alone, which is a plain aiohttp handler."""

from aiohttp import web

from benchmarks.servers.items import HELLO
from webkit.viewsets import BaseViewSet


__all__ = ("GreetingViewSet",)


class GreetingViewSet(BaseViewSet):
    """Greets."""

    async def list(request: web.Request) -> web.Response:  # noqa: N805  # the seed's style
        """Return a greeting."""
        return web.json_response({"message": HELLO})
