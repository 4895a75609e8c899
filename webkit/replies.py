"""Answers: what a handler returns becomes a response, and every error one shape (RFC 9457).

``ERROR_FORMAT`` on an application chooses the body of errors: ``"problem"``, or ``"detail"`` for
exactly ``{"detail": ...}`` as webaio had it.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from aiohttp import hdrs, web
from multidict import CIMultiDict

from webkit.codec import encode
from webkit.exceptions import APIException
from webkit.responses import LeanResponse, title_of


__all__ = (
    "ERROR_FORMAT",
    "PROBLEM_TYPE",
    "Reply",
    "created_response",
    "error_body",
    "error_response",
    "json_response",
    "reply_response",
)

T_co = TypeVar("T_co", covariant=True)

PROBLEM_TYPE = "application/problem+json"
ERROR_FORMAT = web.AppKey("ERROR_FORMAT", str)
_REQUEST_ID = "X-Request-ID"
# What every error says, and how it is sent.
_STANDING: Mapping[str, str] = {hdrs.CACHE_CONTROL: "no-store"}
_STANDING_LINES = b"Cache-Control: no-store\r\n"


@dataclass(frozen=True, slots=True)
class Reply(Generic[T_co]):
    """Data with a status and headers of its own: ``Reply(artist, status=202)``."""

    data: T_co
    status: int = 200
    headers: Mapping[str, str] | None = None


def json_response(body: bytes, status: int = 200) -> web.Response:
    """Return a response with a body of JSON."""
    return LeanResponse(body, status)


def created_response(request: web.Request, body: bytes, *, key: object) -> web.Response:
    """Return the response to a POST on a list that made the object ``key``: 201 and where it is."""
    path = request.rel_url.raw_path
    slash = "/" if path.endswith("/") else ""
    name = key if type(key) is int else quote(str(key), safe="")
    location = f"{path.rstrip('/')}/{name}{slash}"
    return LeanResponse(body, 201, headers={hdrs.LOCATION: location})


def reply_response(reply: Reply[Any]) -> web.Response:
    """Return the response that a Reply stands for; without data it has no body."""
    if reply.data is None:
        return web.Response(status=reply.status, headers=reply.headers)
    return LeanResponse(encode(reply.data), reply.status, headers=reply.headers)


def error_body(error: APIException) -> dict[str, Any]:
    """Return an error as a problem of RFC 9457."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title_of(error.status_code) or "Error",
        "status": error.status_code,
        "detail": error.detail,
        "code": error.code,
    }
    if error.errors:
        body["errors"] = error.errors
    body.update(error.extensions)
    return body


def error_response(
    error: APIException, request: web.Request, *, request_id: str = ""
) -> web.Response:
    """Return the answer that an error stands for, in the format of the request's application.

    ``request_id``, of printable ASCII, goes into ``X-Request-ID``.
    """
    body, media_type = None, PROBLEM_TYPE
    for app in request.match_info.apps:
        if app.get(ERROR_FORMAT) == "detail":
            body, media_type = _written({"detail": error.detail}), "application/json"
    headers, lines = _STANDING, _STANDING_LINES
    if request_id:
        headers = {**_STANDING, _REQUEST_ID: request_id}
        lines = b"%bX-Request-ID: %b\r\n" % (_STANDING_LINES, request_id.encode())
    if error.headers:  # there may be several challenges
        merged = CIMultiDict(error.headers)
        merged.setdefault(hdrs.CACHE_CONTROL, "no-store")
        if request_id:
            merged[_REQUEST_ID] = request_id
        headers, lines = merged, b""
    return LeanResponse(
        body or _problem(error),
        error.status_code,
        media_type=media_type,
        headers=headers,
        lines=lines,
    )


def _problem(error: APIException) -> bytes:
    """Return the body of ``error_body``."""
    if "detail" in vars(error) or type(error.detail) is not str or error.extensions:
        return _written(error_body(error))
    start = _start(error.status_code, error.code, error.detail)
    if not error.errors:
        return b"%b}" % start
    try:
        return b'%b,"errors":%b}' % (start, encode(error.errors))
    except (TypeError, ValueError, NotImplementedError):
        return _written(error_body(error))


@functools.lru_cache(maxsize=256)
def _start(status: int, code: str, detail: str) -> bytes:
    """Return all of a body but its last bracket."""
    error = APIException(detail, code, status_code=status)
    return _written(error_body(error)).removesuffix(b"}")


def _written(body: dict[str, Any]) -> bytes:
    """Return the body of an error as JSON, whatever is in it: a client may have put it there."""
    try:
        return encode(body)
    except (TypeError, ValueError, NotImplementedError):  # half a surrogate pair, a strange object
        text = json.dumps(body, default=str, skipkeys=True, ensure_ascii=False)
        return text.encode(errors="replace")
