"""Every error of webkit, in two trees that never meet. Nothing here logs, prints or answers.

WebkitError                    a developer's mistake: ends the command with ``exit_status``
    ConfigurationError         mistakes found at start-up, all of them at once
    UsageError                 a command was given what it cannot take
    ConflictError              a command would overwrite something (status 1)
    MissingExtraError          an optional dependency is not installed
    StartupError               something did not start or stop (status 1)
APIException                   an answer to a client: ``status_code``, ``detail``, ``code``
    ValidationError 422, ParseError 400, NotAuthenticated 401, PermissionDenied 403, ...
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar


__all__ = (
    "APIException",
    "AuthenticationFailed",
    "ConfigurationError",
    "Conflict",
    "ConflictError",
    "Gone",
    "MethodNotAllowed",
    "MissingExtraError",
    "NotAcceptable",
    "NotAuthenticated",
    "NotFound",
    "ParseError",
    "PayloadTooLarge",
    "PermissionDenied",
    "PreconditionFailed",
    "ServiceUnavailable",
    "StartupError",
    "Throttled",
    "UnsupportedMediaType",
    "UsageError",
    "ValidationError",
    "WebkitError",
)


class WebkitError(Exception):
    """A mistake of the developer or of the person at the terminal; never shown to a client."""

    exit_status: ClassVar[int] = 2


class ConfigurationError(WebkitError):
    """What start-up refuses. ``problems`` has one line each: where, what, and what to do."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class UsageError(WebkitError):
    """A command got an argument that it cannot take; nothing was written."""


class ConflictError(WebkitError):
    """A command would replace ``paths``, which exist already; nothing was written."""

    exit_status = 1

    def __init__(self, message: str, paths: Iterable[str] = ()) -> None:
        self.paths = tuple(paths)
        super().__init__("\n".join((message, *(f"  {path}" for path in self.paths))))


class MissingExtraError(WebkitError):
    """``purpose`` needs the optional dependencies of ``extra``."""

    def __init__(self, extra: str, *, purpose: str) -> None:
        self.extra = extra
        self.purpose = purpose
        super().__init__(f'{purpose} needs an extra. Run: pip install "webkit[{extra}]"')


class StartupError(WebkitError):
    """A part of an application did not start, or not stop, in the time that it has."""

    exit_status = 1


class APIException(Exception):
    """An answer to a client. Subclasses set the class attributes; an instance may override them.

    ``detail`` is text or any JSON value, ``code`` a stable word for programs, ``headers`` go into
    the answer, ``errors`` lists single problems (``{"pointer": ..., "detail": ..., "code": ...}``),
    and ``extensions`` are further members of the body.

    Source: webaio's ``status_code`` and ``detail``; DRF's ``default_detail`` and ``default_code``
    are understood in subclasses.
    """

    status_code: int = 500
    detail: Any = "A server error occurred."
    code: str = "error"
    headers: Mapping[str, str] = {}
    errors: Sequence[Mapping[str, Any]] = ()
    extensions: Mapping[str, Any] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = cls.__dict__
        for drf_name, name in (("default_detail", "detail"), ("default_code", "code")):
            if drf_name in own and name not in own:
                setattr(cls, name, own[drf_name])

    def __init__(
        self,
        detail: Any = None,
        code: str | None = None,
        *,
        status_code: int | None = None,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, Any]] = (),
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        if detail is not None:
            self.detail = detail
        if code is not None:
            self.code = code
        if status_code is not None:
            self.status_code = status_code
        if headers is not None:
            self.headers = headers
        if errors:
            self.errors = errors
        if extensions:
            self.extensions = extensions
        super().__init__(self.detail)


class ParseError(APIException):
    """The request cannot be read: malformed JSON, multipart, encoding or cursor."""

    status_code = 400
    detail = "Malformed request."
    code = "parse_error"


class NotAuthenticated(APIException):
    """No credentials came with a request that needs them."""

    status_code = 401
    detail = "Authentication credentials were not provided."
    code = "not_authenticated"


class AuthenticationFailed(APIException):
    """The credentials are wrong."""

    status_code = 401
    detail = "Incorrect authentication credentials."
    code = "authentication_failed"


class PermissionDenied(APIException):
    """The client is known and may not do this."""

    status_code = 403
    detail = "You do not have permission to perform this action."
    code = "permission_denied"


class NotFound(APIException):
    """There is no such object."""

    status_code = 404
    detail = "Not found."
    code = "not_found"


class MethodNotAllowed(APIException):
    """The resource does not offer ``method``; ``allowed`` are the methods that it does."""

    status_code = 405
    code = "method_not_allowed"

    def __init__(self, method: str, *, allowed: Iterable[str] = ()) -> None:
        self.method = method
        self.allowed = tuple(sorted(allowed))
        super().__init__(
            f'Method "{method}" not allowed.', headers={"Allow": ", ".join(self.allowed)}
        )


class NotAcceptable(APIException):
    """No offered media type satisfies the ``Accept`` header."""

    status_code = 406
    detail = "Could not satisfy the request Accept header."
    code = "not_acceptable"


class Conflict(APIException):
    """The request contradicts what is stored: a taken name, a stale version."""

    status_code = 409
    detail = "The request conflicts with the current state."
    code = "conflict"


class Gone(APIException):
    """The object existed and is gone for good."""

    status_code = 410
    detail = "No longer available."
    code = "gone"


class PreconditionFailed(APIException):
    """A condition in the headers does not hold."""

    status_code = 412
    detail = "A precondition of the request does not hold."
    code = "precondition_failed"


class PayloadTooLarge(APIException):
    """The body is larger than the limit."""

    status_code = 413
    detail = "The request body is too large."
    code = "payload_too_large"


class UnsupportedMediaType(APIException):
    """The body has a media type that is not read here; ``accepted`` are those that are."""

    status_code = 415
    code = "unsupported_media_type"

    def __init__(self, media_type: str, accepted: Sequence[str] = ()) -> None:
        self.media_type = media_type
        advice = f" Send {' or '.join(accepted)}." if accepted else ""
        headers = {"Accept": ", ".join(accepted)} if accepted else None
        super().__init__(
            f'Unsupported media type "{media_type}" in request.{advice}', headers=headers
        )


class ValidationError(APIException):
    """Values do not fit their types or constraints; ``errors`` lists each of them."""

    status_code = 422
    detail = "Invalid input."
    code = "invalid"


class Throttled(APIException):
    """Too many requests. ``wait`` is in seconds and becomes ``Retry-After``, rounded up."""

    status_code = 429
    detail = "Request was throttled."
    code = "throttled"

    def __init__(self, wait: float | None = None, *, detail: str | None = None) -> None:
        self.wait = wait
        text = detail or type(self).detail
        if wait is None:
            super().__init__(text)
            return
        seconds = math.ceil(wait)
        super().__init__(
            f"{text} Expected available in {seconds} second{'' if seconds == 1 else 's'}.",
            headers={"Retry-After": str(seconds)},
        )


class ServiceUnavailable(APIException):
    """Something that the answer needs is away. ``retry_after`` is in seconds."""

    status_code = 503
    detail = "Service temporarily unavailable."
    code = "service_unavailable"

    def __init__(self, detail: str | None = None, *, retry_after: int = 1) -> None:
        self.retry_after = retry_after
        super().__init__(detail, headers={"Retry-After": str(retry_after)})
