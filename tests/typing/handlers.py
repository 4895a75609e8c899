# pyright: strict
# ruff: noqa: RUF012
"""Handlers in both styles, and the functions around them, as a user writes them."""

import datetime as dt
import enum
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypedDict, assert_type

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from webkit.endpoints import endpoint
from webkit.exceptions import NotFound, Throttled, ValidationError
from webkit.filters import Many, Ordering
from webkit.pagination import LimitOffset, Page
from webkit.parameters import Body, Cookie, File, Form, Header, Query
from webkit.replies import Reply
from webkit.routers import DefaultRouter, SimpleRouter
from webkit.urls import reverse
from webkit.users import CurrentUser
from webkit.viewsets import BaseViewSet


class Artist(msgspec.Struct):
    id: int
    name: str


class NewArtist(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(min_length=1)]


@dataclass
class Period:
    begin: dt.date
    end: dt.date | None = None


class Credentials(TypedDict):
    name: str
    password: str


class Genre(enum.Enum):
    JAZZ = "jazz"
    SOUL = "soul"


@dataclass
class User:
    name: str


class ArtistViewSet(BaseViewSet):
    """Every action, with values from every place of a request."""

    async def list(
        self,
        page: LimitOffset,
        period: Annotated[Period | None, Query()] = None,
        genres: Many[Genre] = (),
        ordering: Ordering[Literal["name", "-name"]] = ("name",),
        tags: tuple[str, ...] = (),
        *,
        language: Annotated[str, Header("Accept-Language")] = "en",
        session: Annotated[str | None, Cookie()] = None,
    ) -> Page[Artist]:
        assert_type(self.request, web.Request)
        assert_type(self.action, str)
        assert_type(genres, tuple[Genre, ...])
        assert_type(ordering, tuple[Literal["name", "-name"], ...])
        return await page.of([Artist(1, "Ella")], request=self.request)

    async def create(self, artist: NewArtist) -> Artist:
        assert_type(artist.name, str)
        return Artist(1, artist.name)

    async def detail(self, id: int) -> Artist | None:
        raise NotFound("There is no such artist.", headers={"X-Hint": "ask"})

    async def update(
        self, id: int, artist: NewArtist, user: Annotated[User, CurrentUser()]
    ) -> Reply[Artist]:
        reply = Reply(Artist(id, user.name), status=202, headers={"X-Old": "yes"})
        assert_type(reply, Reply[Artist])
        return reply

    async def partial_update(self, id: int, changes: Annotated[bytes, Body()]) -> web.Response:
        assert_type(self.reverse("detail", id=id), URL)
        return web.Response(body=changes)

    async def destroy(self, id: int) -> None:
        raise ValidationError(errors=[{"pointer": "#", "detail": "no", "code": "invalid"}])


class LoginViewSet(BaseViewSet):
    """Forms and files."""

    async def create(
        self,
        login: Annotated[Credentials, Form()],
        portrait: Annotated[web.FileField | None, File()] = None,
    ) -> Mapping[str, str]:
        assert_type(login["name"], str)
        if portrait is not None:
            assert_type(portrait.filename, str)
        raise Throttled(1.5)


class SeedViewSet(BaseViewSet):
    """The style without self: type checkers read it as a staticmethod."""

    @staticmethod
    async def list(request: web.Request) -> web.Response:
        return web.json_response({"next": str(reverse(request, "seed-detail", id=2))})

    @staticmethod
    async def detail(request: web.Request, id: uuid.UUID) -> dict[str, str]:
        assert_type(reverse(request, "seed-list"), URL)
        return {"id": str(id)}


async def not_there(request: web.Request, error: KeyError) -> web.Response:
    """Answer to an exception."""
    return web.json_response({"missing": error.args}, status=404)


class RescuedViewSet(BaseViewSet):
    exception_handlers = {KeyError: not_there}

    async def detail(self, id: int) -> str:
        raise KeyError(id)


@endpoint
async def show(id: int, request: web.Request, genre: Genre | None = None) -> Artist:
    """An endpoint is a handler, as aiohttp knows them."""
    return Artist(id, request.path)


handler: Handler = show


def routes() -> list[web.AbstractRouteDef]:
    """Return the routes of all that is here."""
    router = DefaultRouter(prefix="v1", trailing_slash="both")
    router.register(ArtistViewSet)
    router.register(LoginViewSet, basename="login")
    router.register(RescuedViewSet)
    router.register("seeds", SeedViewSet, basename="seed")
    router.nested("artists/{artist_id}").register("logins", LoginViewSet)
    assert_type(router.routes, list[web.AbstractRouteDef])
    plain = SimpleRouter(trailing_slash=False)
    view = ArtistViewSet.as_view({"get": "list", "post": "create"})
    return [
        *router.routespatters,
        *plain.routes,
        web.get("/show/{id}", show),
        web.route("*", "/view", view),
        web.get("/other", handler),
    ]
