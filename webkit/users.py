"""Users: who makes a request, and what is said to somebody who may not do what was asked.

Whoever finds out who it is, a scheme of ``webkit.authentication`` or a middleware of yours, puts
the user under ``USER`` on the request. A user is any object; there is no class to inherit from.
"""

from typing import Any, ClassVar

from aiohttp import hdrs, web
from multidict import CIMultiDict

from webkit.codec import Walk
from webkit.exceptions import APIException, NotAuthenticated, PermissionDenied
from webkit.models import members
from webkit.parameters import Marker
from webkit.sources import MISSING, Script, Source


__all__ = (
    "CHALLENGES",
    "USER",
    "CurrentUser",
    "UserSource",
    "challenged",
    "refusal_of",
    "user_of",
)

USER = web.RequestKey("USER", object)
# The challenges of all schemes of an action, for ``WWW-Authenticate``.
CHALLENGES = web.RequestKey("CHALLENGES", tuple[str, ...])


def user_of(request: web.BaseRequest) -> Any:
    """Return the user who makes a request, or None.

    A user that says of itself ``is_authenticated = False``, as Django's anonymous one does, is
    nobody.
    """
    user = request.get(USER)
    return user if user is not None and getattr(user, "is_authenticated", True) else None


class UserSource(Source):
    """The user who makes the request; without one, the default or a refusal."""

    __slots__ = ()

    @property
    def required(self) -> bool:
        """Whether a request of nobody is refused."""
        return self.default is MISSING and type(None) not in members(self.type)

    def write(self, script: Script) -> str:
        """Return the expression."""
        if self.required:
            return f"{script.bind(_required_user)}(request)"
        default = None if self.default is MISSING else self.default
        found = f"(user := {script.bind(user_of)}(request))"
        return f"({script.bind(default)} if {found} is None else user)"

    async def explain(self, request: web.Request, walk: Walk) -> None:
        """Raise the refusal: who nobody is need not know what else is wrong."""
        if self.required:
            _required_user(request)


class CurrentUser(Marker):
    """The user who makes the request: ``user: Annotated[User, CurrentUser()]``.

    A request of nobody is refused, unless the type is optional or there is a default.
    """

    __slots__ = ()
    source: ClassVar[type[Source] | None] = UserSource


def challenged(error: APIException, request: web.BaseRequest) -> APIException:
    """Return an error with the challenges of the action's schemes, if it is a 401 without any."""
    challenges = request.get(CHALLENGES, ())
    names = {name.lower() for name in error.headers}
    if error.status_code == 401 and hdrs.WWW_AUTHENTICATE.lower() not in names:
        fields = [(hdrs.WWW_AUTHENTICATE, challenge) for challenge in challenges]
        error.headers = CIMultiDict([*error.headers.items(), *fields])
    return error


def refusal_of(
    request: web.BaseRequest, *, detail: str | None = None, code: str | None = None
) -> APIException:
    """Return the answer to somebody who may not do this.

    It is 401 where nobody is authenticated and a scheme could change that, else 403 with
    ``detail`` and ``code``.
    """
    if user_of(request) is None and request.get(CHALLENGES):
        return challenged(NotAuthenticated(), request)
    return PermissionDenied(detail, code)


def _required_user(request: web.Request) -> Any:
    user = user_of(request)
    if user is None:
        raise refusal_of(request, detail=NotAuthenticated.detail, code=NotAuthenticated.code)
    return user
