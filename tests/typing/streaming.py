# pyright: strict
"""Streams and WebSockets."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Literal, assert_type

import msgspec
from aiohttp import web

from webkit.decorators import action
from webkit.replies import Reply
from webkit.routers import SimpleRouter
from webkit.streams import Event
from webkit.viewsets import BaseViewSet
from webkit.websockets import WebSocket


class Said(msgspec.Struct, tag="said"):
    text: str


class Left(msgspec.Struct, tag="left"):
    pass


class Heard(msgspec.Struct):
    text: str
    by: str


class RoomViewSet(BaseViewSet):
    @action
    async def log(self, first: int = 0) -> AsyncIterator[Heard]:
        yield Heard("a", "b")

    @action
    async def lines(self) -> AsyncGenerator[Heard, None]:
        yield Heard("a", "b")

    @action
    async def news(self) -> AsyncIterator[Event[Heard]]:
        event = Event(Heard("a", "b"), event="heard", id="1", retry=3000)
        assert_type(event, Event[Heard])
        yield event

    @action
    async def late(self) -> AsyncIterator[Event[Heard]]:
        """Returns an iterator rather than being one."""
        return self.news()

    @action(detail=True)
    async def chat(self, id: int, ws: WebSocket[Said | Left, Heard]) -> None:
        async for message in ws:
            assert_type(message, Said | Left)
            if isinstance(message, Left):
                await ws.close()
            else:
                await ws.send(Heard(message.text, "me"))
        assert_type(ws.response, web.WebSocketResponse)

    @action
    async def echo(self, ws: WebSocket[Literal["ping"], Literal["pong"]]) -> None:
        async for ping in ws:
            assert_type(ping, Literal["ping"])
            await ws.send("pong")


def routes() -> list[web.AbstractRouteDef]:
    """Return the routes of all that is here."""
    router = SimpleRouter()
    router.register(RoomViewSet)
    return router.routes


class Parent(msgspec.Struct): ...


class Child(Parent): ...


def widened(reply: Reply[Child], event: Event[Child]) -> tuple[Reply[Parent], Event[Parent]]:
    """What holds a child is fine where a parent is expected."""
    return reply, event
