"""Tools for the tests of a service: a client that can be anybody, and what to expect of errors.

``webkit.pytest_plugin`` has them as fixtures.
"""

import asyncio
import concurrent.futures
import contextlib
import difflib
import inspect
import secrets
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack, cast

from aiohttp import ClientResponse, hdrs, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import LooseHeaders, Query
from multidict import CIMultiDict
from yarl import URL

from webkit.openapi.conformance import schemathesis_findings
from webkit.urls import path_of
from webkit.users import USER


if TYPE_CHECKING:  # private names of aiohttp, which its own test client has in its signatures
    from aiohttp.client import _RequestOptions, _WSConnectOptions, _WSRequestContextManager

__all__ = ("APIClient", "Conformance", "conformance_test", "problem", "served")

_HEADER = "X-Test-User"


class APIClient:
    """A client of an application that runs on loopback: ``async with APIClient(app) as api``.

    It asks as nobody; ``as_user`` returns one that asks as somebody. A path is one, or the name of
    a route without variables. Other arguments of requests are those of ``aiohttp.ClientSession``.
    The application stays as it is: it may be any, with middlewares of webkit or without.
    """

    def __init__(self, app: web.Application) -> None:
        self.app = app
        self._users: dict[str, object] = {}
        self._headers: Mapping[str, str] = {}
        self._client: TestClient[web.Request, web.Application] = TestClient(TestServer(app))

    async def __aenter__(self) -> Self:
        await self._client.start_server()
        _authenticate(cast("web.AppRunner", self._client.server.runner), self._users)
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
        other = self.with_headers({})
        other.log_in(user)
        return other

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """Return a client whose requests have these headers too, as a token that a scheme reads."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other._headers = {**self._headers, **headers}
        return other

    def log_in(self, user: object) -> None:
        """Make all further requests of this client as ``user``, as if ``as_user`` had returned it.

        Source: DRF's ``force_authenticate``.
        """
        token = secrets.token_hex(8)
        self._users[token] = user
        self._headers = {**self._headers, _HEADER: token}

    def log_out(self) -> None:
        """Make all further requests of this client as nobody, and without cookies."""
        kept = {name: value for name, value in self._headers.items() if name != _HEADER}
        self._headers = kept
        self._client.session.cookie_jar.clear()

    def url(self, name: str, /, *, query: Query = None, **variables: object) -> URL:
        """Return the path of the route ``name``: ``url("book-list", query={"page": 2})``.

        Raises:
            LookupError: no route has this name, or a variable of its path is missing.
        """
        routes = self.app.router.routes()
        named = {route.name: route.resource for route in routes if route.name and route.resource}
        if name not in named:
            near = difflib.get_close_matches(name, named, n=1)
            hint = f". Did you mean {near[0]!r}?" if near else ""
            raise LookupError(f"no route is named {name!r}{hint}")
        return path_of(named[name], variables).with_query(query)

    async def request(
        self, method: str, path: str | URL, **options: "Unpack[_RequestOptions]"
    ) -> ClientResponse:
        """Make a request and return the answer, whose body is still to be read."""
        options["headers"] = self._with_own(options.get("headers"))
        return await self._client.request(method, self._path(path), **options)

    async def get(self, path: str | URL, **options: "Unpack[_RequestOptions]") -> ClientResponse:
        """Make a GET request."""
        return await self.request(hdrs.METH_GET, path, **options)

    async def head(self, path: str | URL, **options: "Unpack[_RequestOptions]") -> ClientResponse:
        """Make a HEAD request; redirects are not followed."""
        options.setdefault("allow_redirects", False)
        return await self.request(hdrs.METH_HEAD, path, **options)

    async def options(
        self, path: str | URL, **options: "Unpack[_RequestOptions]"
    ) -> ClientResponse:
        """Make an OPTIONS request."""
        return await self.request(hdrs.METH_OPTIONS, path, **options)

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
        options["headers"] = self._with_own(options.get("headers"))
        url = self._client.make_url(self._path(path))
        return self._client.session.ws_connect(url, **options)

    def _path(self, path: str | URL) -> URL:
        """Return what is asked for, of a text that is no path the route of that name."""
        is_name = isinstance(path, str) and not path.startswith("/") and "://" not in path
        return self.url(str(path)) if is_name else URL(path)

    def _with_own(self, headers: LooseHeaders | None) -> LooseHeaders:
        """Return the headers of a request, and those that say who makes it."""
        own = CIMultiDict(self._headers)
        own.update(headers or {})
        return own


def _authenticate(runner: web.AppRunner, users: Mapping[str, object]) -> None:
    """Have a server put the user of a token on each request, before anything else sees it."""
    server = cast("web.Server", runner.server)
    make = server.request_factory

    def request_of(*args: Any) -> web.BaseRequest:
        request = make(*args)
        token = request.headers.get(_HEADER, "")
        if token in users:
            request[USER] = users[token]
        return request

    server.request_factory = request_of


@contextlib.contextmanager
def served(
    make: Callable[[], web.Application | Awaitable[web.Application]],
    users: Mapping[str, object] = MappingProxyType({}),
) -> Iterator[str]:
    """Serve a new application on loopback in a thread of its own, and return its URL.

    ``users`` are those of requests with their tokens. For clients that know nothing of asyncio.
    """
    ready: concurrent.futures.Future[str] = concurrent.futures.Future()
    stopping = threading.Event()

    async def serve() -> None:
        made = make()
        runner = web.AppRunner(await made if inspect.isawaitable(made) else made)
        try:
            await runner.setup()
            _authenticate(runner, users)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            ready.set_result(f"http://{host}:{port}")
            await asyncio.to_thread(stopping.wait)
        finally:
            await runner.cleanup()

    def run() -> None:
        try:
            asyncio.run(serve())
        except Exception as error:  # it is raised where the service is wanted
            ready.set_exception(error)

    thread = threading.Thread(target=run, name="webkit-served")
    thread.start()
    try:
        yield ready.result()
    finally:
        stopping.set()
        thread.join()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformance:
    """What a test of conformance was asked for; see ``conformance_test``."""

    examples: int
    seed: int
    headers: Mapping[str, str]
    user: object

    def check(
        self, make: Callable[[], web.Application | Awaitable[web.Application]], operation: str
    ) -> None:
        """Hold one operation of an application against its document.

        Raises:
            AssertionError: they differ; the text says how to see it with curl.
        """
        who = {} if self.user is None else {_HEADER: secrets.token_hex(8)}
        users = dict.fromkeys(who.values(), self.user)
        with served(make, users) as url:
            found = schemathesis_findings(
                f"{url}/openapi.json",
                operation=operation,
                examples=self.examples,
                seed=self.seed,
                headers={**self.headers, **who},
            )
        if found:
            raise AssertionError("\n\n".join(found))


def conformance_test(
    *,
    examples: int = 20,
    seed: int = 1,
    headers: Mapping[str, str] = MappingProxyType({}),
    user: object = None,
) -> Callable[..., None]:
    """Return a test for each operation that the application under test documents.

    ``test_the_documents_are_true = conformance_test()``: schemathesis tries what the document says
    and what it forbids, against a new application for each operation. ``examples`` are those for
    one operation, made from ``seed``; all requests have the ``headers``, and are made by ``user``
    as with ``APIClient.as_user``. It needs schemathesis, and ``webkit.pytest_plugin``.
    """

    def test(check_operation: Callable[[Conformance], None]) -> None:
        check_operation(wanted)

    wanted = Conformance(examples=examples, seed=seed, headers=headers, user=user)
    return test


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
