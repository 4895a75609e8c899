"""Tools for the tests of a service: a client that can be anybody, and what to expect of errors.

``webkit.pytest_plugin`` has them as fixtures.
"""

import secrets
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack

from aiohttp import ClientResponse, hdrs, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, LooseHeaders
from multidict import CIMultiDict
from yarl import URL

from webkit.users import USER


if TYPE_CHECKING:  # private names of aiohttp, which its own test client has in its signatures
    from aiohttp.client import _RequestOptions, _WSConnectOptions, _WSRequestContextManager

__all__ = ("APIClient", "problem")

_HEADER = "X-Test-User"


class APIClient:
    """A client of an application that runs on loopback: ``async with APIClient(app) as api``.

    It asks as nobody; ``as_user`` returns one that asks as somebody. Arguments of requests are
    those of ``aiohttp.ClientSession``.
    """

    def __init__(self, app: web.Application) -> None:
        self.app = app
        self._users: dict[str, object] = {}
        self._headers: Mapping[str, str] = {}
        app.middlewares.insert(0, self._authenticate)
        self._client: TestClient[web.Request, web.Application] = TestClient(TestServer(app))

    async def __aenter__(self) -> Self:
        await self._client.start_server()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._client.close()

    def as_user(self, user: object) -> Self:
        """Return a client whose requests are made by ``user``; no scheme is asked who it is."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        token = secrets.token_hex(8)
        self._users[token] = user
        other._headers = {_HEADER: token}
        return other

    def url(self, name: str, /, **variables: object) -> URL:
        """Return the path of the route ``name``.

        Raises:
            LookupError: no route has this name, or a variable of its path is missing.
        """
        texts = {key: str(value) for key, value in variables.items()}
        for route in self.app.router.routes():
            if route.name == name and route.resource:
                return route.resource.url_for(**texts)
        raise LookupError(f"no route is named {name!r}")

    async def request(
        self, method: str, path: str | URL, **options: "Unpack[_RequestOptions]"
    ) -> ClientResponse:
        """Make a request and return the answer, whose body is still to be read."""
        options["headers"] = self._with_user(options.get("headers"))
        return await self._client.request(method, path, **options)

    async def get(self, path: str | URL, **options: "Unpack[_RequestOptions]") -> ClientResponse:
        """Make a GET request."""
        return await self.request(hdrs.METH_GET, path, **options)

    async def post(self, path: str | URL, **options: "Unpack[_RequestOptions]") -> ClientResponse:
        """Make a POST request."""
        return await self.request(hdrs.METH_POST, path, **options)

    async def put(self, path: str | URL, **options: "Unpack[_RequestOptions]") -> ClientResponse:
        """Make a PUT request."""
        return await self.request(hdrs.METH_PUT, path, **options)

    async def patch(self, path: str | URL, **options: "Unpack[_RequestOptions]") -> ClientResponse:
        """Make a PATCH request."""
        return await self.request(hdrs.METH_PATCH, path, **options)

    async def delete(self, path: str | URL, **options: "Unpack[_RequestOptions]") -> ClientResponse:
        """Make a DELETE request."""
        return await self.request(hdrs.METH_DELETE, path, **options)

    def ws_connect(
        self, path: str | URL, **options: "Unpack[_WSConnectOptions]"
    ) -> "_WSRequestContextManager":
        """Open a WebSocket."""
        options["headers"] = self._with_user(options.get("headers"))
        url = self._client.make_url(str(path))
        return self._client.session.ws_connect(url, **options)

    def _with_user(self, headers: LooseHeaders | None) -> LooseHeaders:
        """Return the headers of a request, and the one that says who makes it."""
        own = CIMultiDict(headers or {})
        own.update(self._headers)
        return own

    @property
    def _authenticate(self) -> Any:
        users = self._users

        @web.middleware
        async def authenticate(request: web.Request, handler: Handler) -> web.StreamResponse:
            token = request.headers.get(_HEADER)
            if token in users:
                request[USER] = users[token]
            return await handler(request)

        return authenticate


async def problem(
    response: ClientResponse, status: int, *, code: str | None = None
) -> dict[str, Any]:
    """Return the body of an error, having checked that it is one with this status and code.

    Raises:
        AssertionError: it is another answer; the text shows its status and the start of its body.
    """
    shown = f"{response.status} {response.content_type}: {(await response.text())[:500]}"
    body = await response.json() if response.content_type == "application/problem+json" else None
    if body is None or response.status != status or body["status"] != status:
        raise AssertionError(f"expected a problem with status {status}, got {shown}")
    if code is not None and body["code"] != code:
        raise AssertionError(f"expected the code {code!r}, got {shown}")
    found: dict[str, Any] = body
    return found
