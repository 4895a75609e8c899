"""Schemathesis finds nothing wrong with a service, whose document and actions are webkit's.

The service has something of everything. Differences that are known are in
``webkit.openapi.conformance``.
"""

import asyncio
import datetime as dt
import decimal
import enum
import os
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Literal

import pytest
from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType

from webkit.application import create_app
from webkit.authentication import BearerAuthentication
from webkit.decorators import action
from webkit.endpoints import endpoint
from webkit.exceptions import NotFound
from webkit.filters import Many, Ordering
from webkit.openapi.conformance import schemathesis_findings
from webkit.pagination import Cursor, Page, PageNumber
from webkit.parameters import Body, Cookie, Form, Header
from webkit.permissions import IsAuthenticated
from webkit.replies import Reply
from webkit.repositories import MemoryRepository
from webkit.resources import ResourceViewSet
from webkit.routers import SimpleRouter
from webkit.streams import Event
from webkit.viewsets import BaseViewSet
from webkit.websockets import WebSocket


pytestmark = [pytest.mark.slow, pytest.mark.untraced, pytest.mark.timeout(300)]

EXAMPLES = int(os.environ.get("WEBKIT_EXAMPLES", "15"))  # for one operation
SEED = int(os.environ.get("WEBKIT_SEED", "1"))
Name = Annotated[str, Meta(min_length=1, max_length=80, description="As on the cover")]
Numbers = list[int]
Days = list[dt.date]
NO_KEY = uuid.UUID(int=0)


class Genre(enum.Enum):
    """What it sounds like."""

    JAZZ = "jazz"
    SOUL = "soul"


class Label(Struct):
    name: Name
    founded: dt.date | None = None
    parent: "Label | None" = None


class Track(Struct, forbid_unknown_fields=True):
    title: Name
    seconds: Annotated[int, Meta(ge=1, le=36_000)]
    price: decimal.Decimal = decimal.Decimal("1.5")


class Solo(Struct, tag="solo"):
    who: str


class Band(Struct, tag="band"):
    members: Annotated[list[str], Meta(min_length=1, max_length=5)]


class NewArtist(Struct):
    """An artist as a client sends one."""

    name: Name
    genre: Genre
    label: Label | None = None
    tracks: list[Track] = []
    formed: dt.datetime | None = None
    rating: Annotated[float, Meta(ge=0, le=5)] = 0
    by: Solo | Band | None = None
    counts: dict[str, int] = {}
    days: dict[dt.date, bool] = {}
    cover: bytes = b""
    length: dt.timedelta = dt.timedelta(0)
    at: dt.time | None = None
    tags: set[str] = set()
    pair: tuple[int, str] | None = None
    kind: Literal["group", "person"] = "group"
    key: uuid.UUID | None = None
    code: Annotated[str, Meta(pattern="^[A-Z]{2,4}$")] = "AA"


class Artist(NewArtist, kw_only=True):
    """An artist."""

    id: int


class PatchArtist(Struct):
    name: Name | UnsetType = UNSET
    label: Label | UnsetType | None = UNSET
    rating: Annotated[float, Meta(ge=0, le=5)] | UnsetType = UNSET


class ArtistFilters(Struct):
    name: str | None = None
    name__icontains: str | None = None
    genre__in: Many[Genre] = ()


class ArtistViewSet(ResourceViewSet[Artist, NewArtist, PatchArtist, int]):
    """Artists of the label."""

    filters = ArtistFilters
    ordering_fields = ("name", "rating")
    bulk = True


class AlbumViewSet(BaseViewSet):
    """Albums, in all the ways in which something can be asked for."""

    async def list(
        self,
        page: PageNumber,
        q: str | None = None,
        born: dt.date = dt.date(1960, 1, 1),
        key: uuid.UUID = NO_KEY,
        order: Ordering[Literal["name", "-name"]] = ("name",),
        ids: Many[int] = (),
        size: Annotated[int, Meta(ge=0, le=10)] = 0,
        ratio: Annotated[float, Meta(gt=0)] = 1,
        alive: bool = True,
        x_token: Annotated[str | None, Header()] = None,
        x_count: Annotated[int, Header()] = 0,
        theme: Annotated[Literal["dark", "light"], Cookie()] = "dark",
    ) -> Page[Track]:
        return await page.of((), request=self.request)

    async def detail(self, id: Annotated[int, Meta(ge=1)], day: Days) -> dict[dt.date, int] | None:
        return dict.fromkeys(day, id) if id % 2 else None

    async def destroy(self, id: int) -> None:
        raise NotFound

    @action
    async def pages(self, page: Cursor) -> str:
        return page.cursor or ""

    @action
    async def lines(self, count: Annotated[int, Meta(ge=0, le=3)]) -> AsyncIterator[Track]:
        for number in range(count):
            yield Track("a", number + 1)

    @action
    async def events(self) -> AsyncIterator[Event[Track]]:
        yield Event(Track("a", 1), id="1", event="more")

    @action("post")
    async def upload(
        self, photo: web.FileField, title: Annotated[str, Form(), Meta(min_length=1)]
    ) -> dict[str, int]:
        return {title: len(photo.file.read())}

    @action("post")
    async def form(self, title: Annotated[Name, Form()], tags: Annotated[Numbers, Form()]) -> str:
        return title * len(tags)

    @action("post")
    async def raw(self, data: Annotated[bytes, Body()]) -> int:
        return len(data)

    @action("post", status=202)
    async def job(self, x_key: Annotated[str, Header()]) -> Reply[Track]:
        return Reply(Track(x_key or "a", 1), status=202)

    @action
    async def chat(self, ws: WebSocket[Track, Track]) -> None: ...


class SecretViewSet(BaseViewSet):
    """What only users see."""

    lookup_field = "name"
    authentication = (BearerAuthentication(lambda token: token == "good" or None),)
    permissions = (IsAuthenticated,)

    async def detail(self, name: str) -> str:
        return name


class DayViewSet(BaseViewSet):
    lookup_field = "day"

    async def detail(self, day: dt.date) -> dt.date:
        return day


class GenreViewSet(BaseViewSet):
    lookup_field = "genre"

    async def detail(self, genre: Genre) -> Genre:
        return genre


class LooseViewSet(BaseViewSet):
    """Texts that are numbers, times, or absent."""

    async def list(
        self,
        size: int | None = None,
        born: dt.date | None = None,
        since: dt.datetime = dt.datetime(1960, 1, 1, tzinfo=dt.UTC),
        alive: bool | None = None,
    ) -> str:
        return "ok"


@endpoint
async def add(a: int, b: int = 1) -> int:
    return a + b


@pytest.fixture
def findings(aiohttp_server):
    """Serve viewsets by their names, and return what schemathesis finds."""

    async def findings(**viewsets):
        router = SimpleRouter()
        for name, viewset in viewsets.items():
            router.register(viewset, basename=name)
        server = await aiohttp_server(
            create_app(routes=[*router.routes, web.get("/sums/{a}", add)])
        )
        return await asyncio.to_thread(
            schemathesis_findings,
            str(server.make_url("/openapi.json")),
            examples=EXAMPLES,
            seed=SEED,
            headers={"Authorization": "Bearer good"},
        )

    return findings


async def test_nothing_is_found_in_a_resource(findings):
    class Artists(ArtistViewSet):
        repository = MemoryRepository(Artist)

    assert await findings(artists=Artists) == []


async def test_nothing_is_found_in_anything_that_can_be_asked_for(findings):
    found = await findings(
        albums=AlbumViewSet, secrets=SecretViewSet, days=DayViewSet, genres=GenreViewSet
    )

    assert found == []


async def test_that_texts_are_read_more_loosely_than_the_document_says_is_no_finding(findings):
    """`?flag=1` is true and `?born=null` is None: docs/compat.md says so, and this is all."""
    assert await findings(loose=LooseViewSet) == []
