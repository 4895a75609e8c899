"""The access log: one line per request that a client can neither forge nor fill with secrets.

1. Of the target only the path is written, as it was sent, never the query.
2. A line is visible ASCII; whatever else a client sends is escaped.
"""

import logging
from urllib.parse import quote

from aiohttp.abc import AbstractAccessLogger
from aiohttp.web import BaseRequest, StreamResponse
from multidict import istr


__all__ = ("AccessLogger", "path_of", "printable")

_REQUEST_ID = istr("X-Request-ID")
_VISIBLE = "".join(map(chr, range(0x21, 0x7F)))


class AccessLogger(AbstractAccessLogger):
    """Writes method, path, status, bytes, milliseconds and, if there is one, the request id."""

    __slots__ = ()

    @property
    def enabled(self) -> bool:
        """Whether a line would be written; aiohttp takes no time otherwise."""
        return self.logger.isEnabledFor(logging.INFO)

    def log(self, request: BaseRequest, response: StreamResponse, time: float) -> None:
        """Write the line of one request that took ``time`` seconds."""
        request_id = printable(response.headers.get(_REQUEST_ID, ""))
        self.logger.info(
            "%s %s %d %dB %.1fms%s",
            request.method,
            path_of(request),
            response.status,
            response.body_length,
            time * 1000,
            f" {request_id}" if request_id else "",
        )


def path_of(request: BaseRequest) -> str:
    """Return the path of a request as it may stand in a log."""
    return printable(request.rel_url.raw_path)


def printable(text: str) -> str:
    """Return the text in visible ASCII; anything else is escaped."""
    if text.isascii() and text.isprintable():
        return text
    return quote(text, safe=_VISIBLE, errors="backslashreplace")
