"""Middlewares: what every request passes on its way in and out.

1. Whatever goes wrong becomes one answer in one shape, and one line in the log, with the same
   request id in both.
2. Nothing of an unhandled error reaches the client but that there was one.
3. On the way of a request that succeeds there is one ``try`` and one header.
"""

import functools
import inspect
import itertools
import json
import logging
import os
import re
import secrets
import traceback
from http import HTTPStatus
from typing import TypeVar

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler
from multidict import istr

from webkit import exceptions
from webkit.exceptions import APIException, NotFound, ParseError, UnsupportedMediaType
from webkit.references import name_of
from webkit.replies import error_response
from webkit.responses import HEADERS, LeanResponse, leaned, title_of
from webkit.users import challenged


__all__ = ("api_exception_handler", "guarded", "hardening")

_log = logging.getLogger("webkit.request")
_HEADER = istr("X-Request-ID")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_HARDENING = tuple((istr(name), value) for name, value in HEADERS.items())
_WITH_BODY = frozenset({hdrs.METH_POST, hdrs.METH_PUT, hdrs.METH_PATCH, hdrs.METH_DELETE})
# What goes with the body that ours replaces, or is in ours anyway.
_BODY_HEADERS = frozenset({hdrs.CONTENT_TYPE, hdrs.CONTENT_LENGTH, *HEADERS})
_BEGUN = "an error came when its answer had begun already"
_UNAUTHORIZED = HTTPStatus.UNAUTHORIZED.value
_CLIENT_HAS_GONE = 499  # no status of HTTP; logs know it from nginx
# What aiohttp lets out when the bytes of a form, or of one of its parts, are to blame.
_FAULTS = (ValueError, LookupError, RuntimeError, AssertionError, HttpProcessingError)
_DEEP = 100  # levels in a body; what fails at fewer of them fails by itself
# One code for one status, whether webkit or aiohttp raises it.
_CODES = {
    kind.status_code: kind.code
    for kind in (
        exceptions.NotAuthenticated,
        exceptions.PermissionDenied,
        exceptions.NotFound,
        exceptions.MethodNotAllowed,
        exceptions.NotAcceptable,
        exceptions.Conflict,
        exceptions.Gone,
        exceptions.PreconditionFailed,
        exceptions.PayloadTooLarge,
        exceptions.UnsupportedMediaType,
        exceptions.ValidationError,
        exceptions.Throttled,
        exceptions.ServiceUnavailable,
    )
}


@web.middleware
async def api_exception_handler(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every error as ``application/problem+json``.

    An ``APIException`` as it says; aiohttp's own 4xx and 5xx with the same status; malformed JSON
    that a handler tried to read with 400; anything else with 500. Redirects pass, and so do
    errors of aiohttp that carry JSON already.

    Source: webaio, whose ``{"detail": ...}`` the body contains.
    """
    try:
        return _checked(await handler(request), request)
    except Exception as error:  # this is where errors end
        return await _answer_to(error, request)


@web.middleware
async def hardening(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Do what ``api_exception_handler`` does, and send the headers that make browsers careful."""
    return await _guarded(handler, request)


def guarded(handler: Handler) -> Handler:
    """Return a handler that does by itself what ``hardening`` does around it."""
    return functools.update_wrapper(functools.partial(_guarded, handler), handler)


async def _guarded(handler: Handler, request: web.Request) -> web.StreamResponse:
    try:
        response = await handler(request)
        if type(response) is LeanResponse:  # it has the headers, and is what it should be
            return response
        if type(response) is web.Response:
            response = leaned(response)
        return _hardened(_checked(response, request))
    except APIException as error:
        return _answer_with(error, request)
    except web.HTTPException as error:
        return _hardened(await _answer_to(_hardened(error), request))
    except Exception as error:  # this is where errors end
        return _hardened(await _answer_to(error, request))


def _checked(response: object, request: web.Request) -> web.StreamResponse:
    """Return what a handler returned, if it is an answer.

    Raises:
        TypeError: it is none; the text names the handler.
    """
    if isinstance(response, web.StreamResponse):
        return response
    name = name_of(inspect.unwrap(request.match_info.handler))
    raise TypeError(f"{name} returned {type(response).__name__}. Return a web.Response")


R = TypeVar("R", bound=web.StreamResponse)


def _hardened(response: R) -> R:
    if type(response) is not LeanResponse:
        headers = response.headers
        for name, value in _HARDENING:
            headers.setdefault(name, value)
    return response


async def _answer_to(error: Exception, request: web.Request) -> web.Response:
    """Return the answer to an error, having logged it; what aiohttp should handle is raised."""
    if isinstance(error, ConnectionError) and _has_gone(request):
        return web.Response(status=_CLIENT_HAS_GONE)  # for the access log; it is sent to nobody
    if isinstance(error, web.HTTPException):
        if error.status < 400 or "json" in error.content_type:
            raise error
        return _answer_with(_from_aiohttp(error), request)
    if request.writer.output_size:
        raise RuntimeError(_BEGUN) from error
    return _answer_with(await _known(error, request), request)


def _answer_with(error: APIException, request: web.Request) -> web.Response:
    """Return the answer that an error is, having logged it."""
    if request.writer.output_size:
        # There is no second answer: aiohttp logs this, and hangs up.
        raise RuntimeError(_BEGUN) from error
    if error.status_code == _UNAUTHORIZED:
        error = challenged(error, request)
    response = error_response(error, request, request_id=_logged(error, request))
    if request.content.exception() is not None:
        response.force_close()  # aiohttp hangs up after a body that broke: the client should know
    return response


async def _known(error: Exception, request: web.Request) -> APIException:
    """Return an error as what it means to the client."""
    if isinstance(error, APIException):
        return error
    if isinstance(error, LookupError | UnicodeError) and not _is_charset(_charset_of(request)):
        return UnsupportedMediaType(request.headers[hdrs.CONTENT_TYPE])
    if await _is_bad_body(error, request):
        return ParseError(f"Malformed request body: {_reason_of(error)}")
    unhandled = APIException("Internal server error.", code="internal_error")
    unhandled.__cause__ = error
    return unhandled


def _logged(error: APIException, request: web.Request) -> str:
    """Log an error, and return the id of its request."""
    given = request.headers.get(_HEADER)
    request_id = given if given and _REQUEST_ID.fullmatch(given) else next(_IDS)
    status = error.status_code
    level = logging.ERROR if status >= 500 else logging.WARNING
    if not _log.isEnabledFor(level):
        return request_id
    # The path as it was sent, percent-encoded: a client cannot write lines into the log.
    line = "%d %s: %s %s [%s]"
    path = request.rel_url.raw_path
    cause = error.__cause__ if level == logging.ERROR else None
    _log.log(
        level, line, status, title_of(status), request.method, path, request_id, exc_info=cause
    )
    return request_id


class _Ids:
    """New ids of requests: what no other process has, and a number. 16 hexadecimal digits.

    This is cheaper than 16 digits that are random.
    """

    def __init__(self) -> None:
        self.reseed()
        # A system without forks has no such function.
        getattr(os, "register_at_fork", dict)(after_in_child=self.reseed)

    def reseed(self) -> None:
        self._start = secrets.token_hex(4)
        self._count = itertools.count(secrets.randbits(31))

    def __next__(self) -> str:
        return f"{self._start}{next(self._count) & 0xFFFFFFFF:08x}"


_IDS = _Ids()


def _has_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _from_aiohttp(error: web.HTTPException) -> APIException:
    """Return an error of aiohttp as one of ours, with the headers that mean something."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        return exceptions.MethodNotAllowed(error.method, allowed=error.allowed_methods)
    title = title_of(error.status)
    headers = {name: value for name, value in error.headers.items() if name not in _BODY_HEADERS}
    is_own_text = error.text != f"{error.status}: {error.reason}"
    detail = error.text if is_own_text else NotFound.detail if error.status == 404 else error.reason
    return APIException(
        detail,
        code=_CODES.get(error.status) or re.sub(r"\W+", "_", title.lower()),
        status_code=error.status,
        headers=headers,
    )


async def _is_bad_body(error: Exception, request: web.Request) -> bool:
    """Tell whether a handler failed because the body of this very request cannot be read."""
    if isinstance(error, web.RequestPayloadError) or _is_of_a_reader(error):
        return True
    if not isinstance(error, json.JSONDecodeError | UnicodeDecodeError | RecursionError):
        return False
    has_body = request.body_exists or request.method in _WITH_BODY
    if not has_body or not request.content.at_eof():
        return False  # there is none, or the handler did not read it
    body = await request.read()
    if isinstance(error, RecursionError):
        return _nesting_of(body) > _DEEP
    if isinstance(error, UnicodeDecodeError):
        return error.object == body
    charsets = filter(_is_charset, {"utf-8", _charset_of(request)})
    return error.doc in {body.decode(charset, "replace") for charset in charsets}


def _nesting_of(body: bytes) -> int:
    """Return how deep brackets are nested in a body of JSON."""
    brackets = re.findall(rb"[][{}]", re.sub(rb'"(?:[^"\\]|\\.)*"', b"", body))
    return max(itertools.accumulate(1 if item in b"[{" else -1 for item in brackets), default=0)


def _is_of_a_reader(error: Exception) -> bool:
    """Tell whether an error came up in aiohttp while it read a body.

    It lets out whatever bytes can cause: a number of 5000 digits, a thousand brackets, a part of a
    form in an encoding that nobody knows.
    """
    for frame, _ in traceback.walk_tb(error.__traceback__):
        code, module = frame.f_code, frame.f_globals.get("__name__")
        if code is web.BaseRequest.json.__code__:
            return isinstance(error, ValueError | RecursionError)
        if code is web.BaseRequest.post.__code__ or module == "aiohttp.multipart":
            return isinstance(error, _FAULTS)
    return False


def _reason_of(error: Exception) -> str:
    """Return what to tell of an error; aiohttp writes a line with a status first."""
    lines = str(error).partition("; use ")[0].splitlines()
    return lines[-1].strip() if lines else "it cannot be read"


def _charset_of(request: web.Request) -> str:
    return request.charset or "utf-8"


def _is_charset(name: str) -> bool:
    """Tell whether text can be in it; codecs such as ``hex`` are no charsets."""
    try:
        "".encode(name)
    except (LookupError, UnicodeError):
        return False
    return True
