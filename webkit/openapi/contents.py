"""Things that an application serves from memory: made once, compressed once, answered many times.

1. The first request makes the bytes, in a thread; until then they cost nothing.
2. Each has a strong ETag for each of its encodings, and is not sent again to who has it.
"""

import asyncio
import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import hdrs, web


__all__ = ("Content", "takes_gzip")


@dataclass(frozen=True, slots=True)
class _Encoded:
    """The bytes of one encoding, and their tag."""

    body: bytes
    etag: str


class Content:
    """One resource: ``handler`` answers requests for it in one application.

    ``make`` returns the bytes and is called once, in a thread. ``cache_control`` is the header of
    that name, ``headers`` are sent as well. Without ``compressed`` the bytes are always sent as
    they are: development servers write into HTML pages.
    """

    def __init__(
        self,
        make: Callable[[], bytes],
        *,
        content_type: str,
        cache_control: str = "no-cache",
        compressed: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._make = make
        self._compressed = compressed
        self._headers: dict[str, str] = {
            hdrs.CONTENT_TYPE: content_type,
            hdrs.CACHE_CONTROL: cache_control,
            "X-Content-Type-Options": "nosniff",
            **(headers or {}),
        }
        if compressed:
            self._headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
        self._making = asyncio.Lock()
        self._encodings: Mapping[str, _Encoded] = {}

    async def handler(self, request: web.Request) -> web.Response:
        """Answer with the bytes, or with 304 to who has them."""
        if not self._encodings:
            async with self._making:
                self._encodings = self._encodings or await asyncio.to_thread(self._encoded)
        zipped = self._compressed and takes_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, ""))
        chosen = self._encodings["gzip" if zipped else "identity"]
        headers = {**self._headers, hdrs.ETAG: f'"{chosen.etag}"'}
        if any(etag.value in {chosen.etag, "*"} for etag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        if zipped:
            headers[hdrs.CONTENT_ENCODING] = "gzip"
        return web.Response(body=chosen.body, headers=headers)

    def _encoded(self) -> Mapping[str, _Encoded]:
        body = self._make()
        etag = hashlib.blake2b(body, digest_size=9).hexdigest()
        encodings = {"identity": _Encoded(body, etag)}
        if self._compressed:
            encodings["gzip"] = _Encoded(gzip.compress(body, mtime=0), f"{etag}-gzip")
        return encodings


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether a client with this ``Accept-Encoding`` wants gzip (RFC 9110, 12.5.3)."""
    for coding in accept_encoding.lower().split(","):
        name, _, parameters = coding.partition(";")
        if name.strip() in {"gzip", "x-gzip"}:
            return not _is_zero(parameters)
    return False


def _is_zero(parameters: str) -> bool:
    """Tell whether a weight is ``q=0``, ``q=0.0``, ...: "not acceptable"."""
    name, _, value = parameters.replace(" ", "").partition("=")
    return name == "q" and value.strip("0.") == "" and value != ""
