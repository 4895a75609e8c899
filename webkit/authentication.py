"""Authentication: the schemes that find out who makes a request.

1. The schemes of an action are tried in their order. None is "nothing for me here"; a scheme that
   finds wrong credentials raises ``AuthenticationFailed``, and no other is asked.
2. A user that a middleware has put under ``USER`` counts: then no scheme is asked.
3. A 401 carries the challenges of all schemes (RFC 9110, 11.6.1); where there is no scheme, and so
   no challenge, the answer is 403.
4. No user, token or password is kept here: each scheme asks a ``verify`` of yours. It must take
   the same time for a wrong secret as for a right one: compare with ``hmac.compare_digest``, or
   look up a digest of the token; hash a password even if there is no such user. What takes long,
   as bcrypt does, belongs in a thread (``asyncio.to_thread``).
"""

import base64
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aiohttp import hdrs, web

from webkit.exceptions import APIException, AuthenticationFailed, ConfigurationError
from webkit.sources import Script
from webkit.users import CHALLENGES, USER, challenged, user_of


__all__ = (
    "APIKeyAuthentication",
    "Authenticator",
    "BasicAuthentication",
    "BearerAuthentication",
    "write_authentication",
)


class Authenticator:
    """A scheme: finds the user in a request.

    ``challenge`` is its part of ``WWW-Authenticate``; ``scheme_name`` and ``security_scheme`` are
    its name and its object in the components of an OpenAPI document.
    """

    challenge: str = ""
    scheme_name: str = ""
    security_scheme: Mapping[str, Any] = {}

    async def authenticate(self, request: web.Request) -> Any:
        """Return the user, or None (or False) if the request has nothing for this scheme.

        Raises:
            AuthenticationFailed: it has, and it is wrong.
        """
        raise NotImplementedError


class BearerAuthentication(Authenticator):
    """A token in the header: ``Authorization: Bearer TOKEN``.

    ``verify(token)`` returns the user, or None for a wrong token; it may be a coroutine function.

    Source: DRF's TokenAuthentication (``keyword="Token"``), with its messages; RFC 6750.
    """

    def __init__(
        self, verify: Callable[[str], Any], *, keyword: str = "Bearer", realm: str = "api"
    ) -> None:
        self._verify = verify
        self._keyword = keyword.lower()
        self.challenge = f"{keyword} realm={_quoted(realm)}"
        self.scheme_name = self._keyword
        self.security_scheme = {"type": "http", "scheme": "bearer"}
        if self._keyword != "bearer":  # OpenAPI takes only registered schemes
            self.security_scheme = {"type": "apiKey", "in": "header", "name": hdrs.AUTHORIZATION}

    async def authenticate(self, request: web.Request) -> Any:
        """Return the user of the token."""
        token = _credentials(request, self._keyword, names=("token", "Token"))
        if token is None:
            return None
        if not token.isascii():
            text = "Token string should not contain invalid characters."
            raise AuthenticationFailed(f"Invalid token header. {text}")
        return await _verified(self._verify, token, failure="Invalid token.")


class BasicAuthentication(Authenticator):
    """A name and a password: ``Authorization: Basic BASE64``.

    ``verify(username, password)`` returns the user, or None if one of them is wrong; it may be a
    coroutine function.

    Source: DRF, with its messages; RFC 7617.
    """

    scheme_name = "basic"
    security_scheme: Mapping[str, Any] = {"type": "http", "scheme": "basic"}

    def __init__(self, verify: Callable[[str, str], Any], *, realm: str = "api") -> None:
        self._verify = verify
        self.challenge = f'Basic realm={_quoted(realm)}, charset="UTF-8"'

    async def authenticate(self, request: web.Request) -> Any:
        """Return the user with the name and password."""
        encoded = _credentials(request, "basic", names=("basic", "Credentials"))
        if encoded is None:
            return None
        try:
            raw = base64.b64decode(encoded, validate=True)
            username, password = _text_of(raw).split(":", 1)
        except ValueError:
            text = "Credentials not correctly base64 encoded."
            raise AuthenticationFailed(f"Invalid basic header. {text}") from None
        failure = "Invalid username/password."
        return await _verified(self._verify, username, password, failure=failure)


class APIKeyAuthentication(Authenticator):
    """A key in a header (``X-API-Key`` if nothing else is said), the query or a cookie.

    ``verify(key)`` returns the user, or None for a wrong key; it may be a coroutine function.
    A key in the query ends up in the logs of proxies. One in a cookie is sent by browsers on
    their own, so that changes need a protection against forged requests.
    """

    def __init__(
        self,
        verify: Callable[[str], Any],
        *,
        header: str = "",
        query: str = "",
        cookie: str = "",
        realm: str = "api",
    ) -> None:
        given = {"header": header, "query": query, "cookie": cookie}
        places = {place: name for place, name in given.items() if name}
        if len(places) > 1:
            raise ConfigurationError(
                [f"APIKeyAuthentication: {' and '.join(places)} are given. Choose one of them"]
            )
        self._verify = verify
        self._place, self._name = next(iter(places.items()), ("header", "X-API-Key"))
        self.challenge = f"ApiKey realm={_quoted(realm)}, {self._place}={_quoted(self._name)}"
        self.scheme_name = f"apiKey.{self._place}.{self._name}"
        self.security_scheme = {"type": "apiKey", "in": self._place, "name": self._name}

    async def authenticate(self, request: web.Request) -> Any:
        """Return the user of the key."""
        texts: Mapping[str, str] = request.headers
        if self._place != "header":
            texts = request.query if self._place == "query" else request.cookies
        key = texts.get(self._name)
        if key is None:
            return None
        return await _verified(self._verify, key, failure="Invalid API key.")


def write_authentication(script: Script, authenticators: Iterable[Authenticator]) -> None:
    """Write the lines that find the user, where there are schemes."""
    schemes = tuple(authenticators)
    if not schemes:
        return
    script.names |= {"_USER": USER, "_CHALLENGES": CHALLENGES, "_APIException": APIException}
    script.names |= {"_challenged": challenged, "_user_of": user_of}
    challenges = script.bind(tuple(scheme.challenge for scheme in schemes))
    nobody = "user is None or user is False"
    first, *others = [f"await {script.bind(scheme.authenticate)}(request)" for scheme in schemes]
    script.lines += [
        f"request[_CHALLENGES] = {challenges}",
        "if _user_of(request) is None:",
        "    try:",
        f"        user = {first}",
        *(f"        if {nobody}: user = {other}" for other in others),
        "    except _APIException as error:",
        "        _challenged(error, request)",
        "        raise",
        f"    request[_USER] = None if {nobody} else user",
    ]


def _credentials(request: web.Request, keyword: str, *, names: tuple[str, str]) -> str | None:
    """Return what follows ``keyword`` in the header; None if it is about another scheme."""
    scheme, *rest = request.headers.get(hdrs.AUTHORIZATION, "").split() or [""]
    if scheme.lower() != keyword:
        return None
    label, noun = names
    if not rest:
        raise AuthenticationFailed(f"Invalid {label} header. No credentials provided.")
    if len(rest) > 1:
        text = "string should not contain spaces."
        raise AuthenticationFailed(f"Invalid {label} header. {noun} {text}")
    return rest[0]


async def _verified(verify: Callable[..., Any], *secrets: str, failure: str) -> Any:
    """Return what ``verify`` says, awaited if it must be: a coroutine itself would be a user."""
    user = verify(*secrets)
    if inspect.isawaitable(user):
        user = await user
    if user is None or user is False:
        raise AuthenticationFailed(failure)
    return user


def _text_of(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _quoted(text: str) -> str:
    """Return a quoted-string of HTTP."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
