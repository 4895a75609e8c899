"""Conditional requests: a client that has an answer already is told so, and gets no body again."""

import hashlib

from aiohttp import ETag, hdrs, web
from aiohttp.typedefs import Handler


__all__ = ("conditional",)

# What of the headers of an answer a 304 has too (RFC 9110, 15.4.5).
_KEPT = (hdrs.CACHE_CONTROL, hdrs.CONTENT_LOCATION, hdrs.ETAG, hdrs.EXPIRES, hdrs.VARY)


@web.middleware
async def conditional(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the answers to GET and HEAD an ``ETag``, and 304 to who has sent the same one.

    It saves the way of the body, not the work to make it. The tag is weak, because a proxy may
    compress the body; an answer that has a tag keeps it. Streams and files pass.
    """
    response = await handler(request)
    is_read = request.method in (hdrs.METH_GET, hdrs.METH_HEAD)
    if not is_read or not isinstance(response, web.Response) or response.status != 200:
        return response
    if response.etag is None:
        if not isinstance(response.body, bytes):
            return response
        tag = hashlib.blake2b(response.body, digest_size=12).hexdigest()
        response.etag = ETag(tag, is_weak=True)
    known = {etag.value for etag in request.if_none_match or ()}
    if known.isdisjoint({response.etag.value, "*"}):
        return response
    kept = [(name, response.headers[name]) for name in _KEPT if name in response.headers]
    return web.Response(status=304, headers=kept)
