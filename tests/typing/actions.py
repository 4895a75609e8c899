# pyright: strict
"""`@action`, bare and with arguments: what is decorated keeps its signature."""

from collections.abc import Awaitable, Callable, Coroutine
from http import HTTPMethod
from typing import Any, assert_type

import msgspec
from aiohttp import web

from webkit.decorators import action
from webkit.permissions import IsAuthenticated
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


class Slip(msgspec.Struct):
    book: int


class BookViewSet(BaseViewSet):
    @action
    async def newest(self, limit: int = 10) -> list[Slip]:
        return [Slip(limit)]

    @action()
    async def oldest(self) -> Slip:
        return Slip(1)

    @action("post", True)
    async def lend(self, id: int) -> Slip:
        return Slip(id)

    @action(detail=True, method="get")
    async def google_it(self, id: int) -> Slip:
        return Slip(id)

    @action(detail=True, methods=["put", HTTPMethod.PATCH], url_path="place", url_name="shelf")
    async def put_away(self, id: int, slip: Slip) -> None: ...

    @action(
        method=["get", "post"],
        status=202,
        permissions=[IsAuthenticated],
        authentication=(),
        throttles="5/min",
        summary="Count them",
        tags=["books"],
        deprecated=True,
    )
    async def count(self) -> int:
        return 1

    @staticmethod
    @action(method="delete")
    async def burn(request: web.Request) -> web.Response:
        return web.Response()

    @action(method="delete", url_path="flood")
    @staticmethod
    async def drown(request: web.Request) -> web.Response:
        return web.Response()


async def use(books: BookViewSet, request: web.Request) -> None:
    """A decorated method is called as it is written."""
    assert_type(await books.newest(), list[Slip])
    assert_type(await books.newest(limit=3), list[Slip])
    assert_type(await books.lend(1), Slip)
    assert_type(await books.google_it(id=1), Slip)
    assert_type(await books.put_away(1, Slip(1)), None)
    assert_type(await books.count(), int)
    assert_type(await BookViewSet.burn(request), web.Response)
    assert_type(await books.drown(request), web.Response)
    lend: Callable[[int], Coroutine[Any, Any, Slip]] = books.lend
    await lend(1)
    count: Callable[[], Awaitable[int]] = books.count
    await count()


def routes() -> list[web.AbstractRouteDef]:
    """Return the routes of all that is here."""
    router = SimpleRouter()
    router.register(BookViewSet)
    return router.routes
