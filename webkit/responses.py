"""The response of every typed action: an ``aiohttp.web.Response`` that is written in one piece.

aiohttp spends more on the headers of a small answer than on all the rest of a request. A
``LeanResponse`` has its head made beforehand, and goes out with one write.

1. It is a ``web.Response``: as soon as anything touches its headers, cookies, compression or
   state, it has them, and goes aiohttp's own way.
2. So it does for HEAD, HTTP/1.0, connections that are to be closed, statuses without a body, and
   where an application listens to ``on_response_prepare``.
"""

import time
from collections.abc import Mapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, cast

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpVersion11
from multidict import CIMultiDict


__all__ = ("HEADERS", "LeanResponse", "title_of")

# What every answer of webkit says beside its own headers.
HEADERS: Mapping[str, str] = {"X-Content-Type-Options": "nosniff", hdrs.SERVER: "webkit"}

_WITHOUT_BODY = frozenset((100, 101, 204, 205, 304))
_BREAKS = frozenset("\r\n\0")  # with one of them a value would be more than one header
_STANDING = frozenset(
    name.lower()
    for name in (
        *(*HEADERS, hdrs.CONTENT_TYPE, hdrs.CONTENT_LENGTH, hdrs.DATE),
        *(hdrs.CONNECTION, hdrs.TRANSFER_ENCODING),
    )
)
# What web.Response.__init__ sets, and a lean response does not have.
_FULL = frozenset(("_headers", "_state", "_reason", "_zlib_executor", "_zlib_executor_size"))


class LeanResponse(web.Response):
    """A response with a body of bytes; ``headers`` are beside ``Content-Type`` and ``HEADERS``.

    Raises:
        ValueError: a header would break the head of the answer.
    """

    _is_lean = True

    def __init__(
        self,
        body: bytes,
        status: int = 200,
        *,
        media_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        if headers is not None:
            for name, value in headers.items():
                if not value.isprintable() and _BREAKS.intersection(value):
                    raise ValueError(f"header {name!r} has a line break or NUL in it")
        self._body = body
        self._status = status
        self._media_type = media_type
        self._more = headers

    def __getattr__(self, name: str) -> Any:
        if not self._is_lean or name not in _FULL:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        self._fatten()
        return getattr(self, name)

    def _fatten(self) -> None:
        """Become what web.Response makes of itself."""
        self._is_lean = False
        headers = CIMultiDict({hdrs.CONTENT_TYPE: self._media_type, **HEADERS})
        headers.update(self._more or {})
        super().__init__(body=self._body, status=self._status, headers=headers)

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send everything at once where that is right, else begin as aiohttp does."""
        if not self._is_lean or self._eof_sent:
            return await super().prepare(request)
        if not self._may_go(request):
            self._fatten()
            return await super().prepare(request)
        self._keep_alive = self._eof_sent = True
        body = cast("bytes", self._body)
        head = _HEADS.of(self._status, self._media_type)
        more = b"" if self._more is None else _lines(self._more)
        data = b"%b%bContent-Length: %d\r\n\r\n%b" % (head, more, len(body), body)
        self._body_length = len(data)
        await request.writer.write(data)
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """End the response, unless it is out already."""
        if not self._eof_sent:
            await super().write_eof(data)

    def _may_go(self, request: web.BaseRequest) -> bool:
        """Tell whether nothing about this answer or its request is unusual."""
        return (
            request.keep_alive
            and request.version == HttpVersion11
            and request.method != hdrs.METH_HEAD
            and self._keep_alive is None
            and self._cookies is None
            and not self._compression
            and not self._chunked
            and self._status not in _WITHOUT_BODY
            and (self._more is None or _STANDING.isdisjoint(map(str.lower, self._more)))
            and _is_unheard(request)
        )


def _is_unheard(request: web.BaseRequest) -> bool:
    """Tell whether no application waits to see the answer before it goes."""
    if not isinstance(request, web.Request):
        return False
    for app in request.match_info.apps:  # noqa: SIM110  # a generator here costs each request
        if app.on_response_prepare:
            return False
    return True


class _Heads:
    """Status lines and standing headers as bytes, made anew each second for their date."""

    def __init__(self) -> None:
        self._second = 0
        self._made: dict[tuple[int, str], bytes] = {}

    def of(self, status: int, media_type: str) -> bytes:
        """Return the head for a status and media type, up to the headers of this answer."""
        now = int(time.time())
        if now != self._second:
            self._second = now
            self._made.clear()
        try:
            return self._made[status, media_type]
        except KeyError:
            head = self._made[status, media_type] = self._make(status, media_type)
            return head

    def _make(self, status: int, media_type: str) -> bytes:
        standing = {
            hdrs.CONTENT_TYPE: media_type,
            **HEADERS,
            hdrs.DATE: formatdate(self._second, usegmt=True),
        }
        return f"HTTP/1.1 {status} {title_of(status)}\r\n".encode() + _lines(standing)


_HEADS = _Heads()  # a cache: nothing depends on what is in it


def _lines(headers: Mapping[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()


# As RFC 9110 has them, and Python from 3.13 on; an answer does not depend on the Python.
_TITLES = {status.value: status.phrase for status in HTTPStatus} | {
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}


def title_of(status: int) -> str:
    """Return the phrase that HTTP has for a status: ``Not Found``; empty if it has none."""
    return _TITLES.get(status, "")
