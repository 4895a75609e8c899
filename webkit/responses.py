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


__all__ = ("HEADERS", "LeanResponse", "leaned", "title_of")

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
# Headers that webkit itself sends, and that are none of those above.
_FREE = frozenset((hdrs.CACHE_CONTROL, hdrs.LOCATION, hdrs.ALLOW, "X-Request-ID"))
_LARGE = 0x10000  # bytes; a larger answer waits until the client has taken some of it


class _Full:
    """An attribute that web.Response.__init__ sets: who asks for it makes a response a full one."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, response: "LeanResponse", owner: type) -> Any:
        if not response._is_lean:
            raise AttributeError(f"{owner.__name__!r} object has no attribute {self._name!r}")
        response._fatten()
        return getattr(response, self._name)


class LeanResponse(web.Response):
    """A response with a body of bytes; ``headers`` are beside ``Content-Type`` and ``HEADERS``.

    ``lines`` are these headers as they are sent, where it is known that nothing is wrong with them.

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
        lines: bytes = b"",
    ) -> None:
        self._body = body
        self._status = status
        self._media_type = media_type
        self._more = headers
        self._lines = _lines(headers) if headers and not lines else lines

    def _fatten(self) -> None:
        """Become what web.Response makes of itself."""
        self._is_lean = False
        headers = CIMultiDict({hdrs.CONTENT_TYPE: self._media_type, **HEADERS})
        headers.update(self._more or {})
        if self._eof_sent:  # somebody looks at it afterwards
            headers[hdrs.CONTENT_LENGTH] = str(len(cast("bytes", self._body)))
        super().__init__(body=self._body, status=self._status, headers=headers)

    def told(self, name: str) -> str:
        """Return the value of a header that is beside the standing ones, or nothing.

        To ask ``headers`` would make them all, for an answer that is out already.
        """
        headers: Mapping[str, str] = (self._more or {}) if self._is_lean else self.headers
        return headers.get(name, "")

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send everything at once where that is right, else begin as aiohttp does."""
        if not self._is_lean or self._eof_sent:
            return await super().prepare(request)
        if not self._may_go(request):
            self._fatten()
            return await super().prepare(request)
        self._keep_alive = self._eof_sent = True
        body, lines = cast("bytes", self._body), cast("bytes", self._lines)
        now = time.time()
        if not _HEADS.second <= now < _HEADS.second + 1:
            _HEADS.renew(now)
        try:
            head = _HEADS.made[self._status, self._media_type]
        except KeyError:
            head = _HEADS.make(self._status, self._media_type)
        data = b"%b%d\r\n%b\r\n%b" % (head, len(body), lines, body)
        self._body_length = size = len(data)
        writer = request.writer
        transport = request.transport
        if size > _LARGE or transport is None or transport.is_closing():
            await writer.write(data)
        else:
            writer.output_size += size
            transport.write(data)
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
            and self._lines is not None
            and _is_unheard(request)
        )


for _name in ("_headers", "_state", "_reason", "_zlib_executor", "_zlib_executor_size"):
    setattr(LeanResponse, _name, _Full(_name))


def leaned(response: web.Response) -> web.Response:
    """Return a response that says the same and goes out in one piece; if there is none, itself."""
    body, headers = response.body, response.headers
    if (
        type(body) is not bytes
        or len(headers) != 1
        or hdrs.CONTENT_TYPE not in headers
        or response.reason != title_of(response.status)
        or response.prepared
        or response.keep_alive is not None
        or response.chunked
        or response.compression
        or response._cookies is not None
        or len(response)
    ):
        return response
    return LeanResponse(body, response.status, media_type=headers[hdrs.CONTENT_TYPE])


def _is_unheard(request: web.BaseRequest) -> bool:
    """Tell whether no application waits to see the answer before it goes."""
    if not isinstance(request, web.Request):
        return False
    for app in request.match_info.apps:  # noqa: SIM110  # a generator here costs each request
        if app.on_response_prepare:
            return False
    return True


class _Heads:
    """Status lines and standing headers as bytes, made anew each second for their date.

    ``made`` has those of ``second``, up to the length of the body.
    """

    def __init__(self) -> None:
        self.second = 0
        self.made: dict[tuple[int, str], bytes] = {}

    def renew(self, now: float) -> None:
        """Begin another second."""
        self.second = int(now)
        self.made.clear()

    def make(self, status: int, media_type: str) -> bytes:
        """Return the head for a status and a media type, which was not there yet.

        Raises:
            ValueError: the media type would break it.
        """
        if _BREAKS.intersection(media_type):
            raise ValueError(f"the media type {media_type!r} has a line break or NUL in it")
        standing = {
            hdrs.CONTENT_TYPE: media_type,
            **HEADERS,
            hdrs.DATE: formatdate(self.second, usegmt=True),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in standing.items())
        head = f"HTTP/1.1 {status} {title_of(status)}\r\n{lines}Content-Length: ".encode()
        self.made[status, media_type] = head
        return head


_HEADS = _Heads()  # a cache: nothing depends on what is in it


def _lines(headers: Mapping[str, str]) -> bytes | None:
    """Return headers as they are sent; None if they are for aiohttp to send.

    Raises:
        ValueError: one would break the head of the answer.
    """
    is_ours, lines = True, ""
    for name, value in headers.items():
        if not value.isprintable() and _BREAKS.intersection(value):
            raise ValueError(f"header {name!r} has a line break or NUL in it")
        if name not in _FREE and name.lower() in _STANDING:
            is_ours = False
        lines += f"{name}: {value}\r\n"
    return lines.encode() if is_ours else None


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
