"""The access log: one line per request that a client can neither forge nor fill with secrets.

1. Of the target only the path is written, as it was sent, never the query.
2. A line is visible ASCII; whatever else a client sends is escaped.
"""

import logging
from urllib.parse import quote

from aiohttp.abc import AbstractAccessLogger
from aiohttp.web import BaseRequest, StreamResponse
from multidict import istr

from webkit.responses import LeanResponse


__all__ = ("AccessLogger", "path_of", "printable")

_REQUEST_ID = istr("X-Request-ID")
_LINE = "%s %s %d %dB %.1fms%s"
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
        if isinstance(response, LeanResponse):
            request_id = response.told(_REQUEST_ID)
        else:
            request_id = response.headers.get(_REQUEST_ID, "")
        request_id = printable(request_id)
        values = (
            request.method,
            path_of(request),
            response.status,
            response.body_length,
            time * 1000,
            f" {request_id}" if request_id else "",
        )
        log = self.logger
        if log.isEnabledFor(logging.INFO):
            # Made here, for logging looks long for a caller that is always the same.
            log.handle(
                log.makeRecord(log.name, logging.INFO, __file__, 0, _LINE, values, None, "log")
            )


def path_of(request: BaseRequest) -> str:
    """Return the path of a request as it may stand in a log."""
    return printable(request.rel_url.raw_path)


def printable(text: str) -> str:
    """Return the text in visible ASCII; anything else is escaped."""
    if text.isascii() and text.isprintable():
        return text
    return quote(text, safe=_VISIBLE, errors="backslashreplace")
