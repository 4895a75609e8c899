# pyright: strict
# ruff: noqa: B018, RUF012
"""What an editor must mark as wrong: each line with the code of mypy, and the rule of pyright."""

from collections.abc import AsyncIterator
from typing import Literal

import msgspec
from aiohttp import ClientResponse, web

from webkit.application import create_app
from webkit.authentication import BearerAuthentication
from webkit.config import load
from webkit.cors import CORS
from webkit.decorators import action
from webkit.endpoints import endpoint
from webkit.exceptions import APIException, NotFound
from webkit.filters import Ordering, where
from webkit.pagination import LimitOffset, Page
from webkit.permissions import BasePermission, IsAuthenticated
from webkit.replies import Reply
from webkit.repositories import MemoryRepository
from webkit.resources import ReadOnlyViewSet, ResourceViewSet
from webkit.routers import SimpleRouter
from webkit.streams import Event
from webkit.testing import APIClient, problem
from webkit.throttling import Throttle
from webkit.urls import reverse
from webkit.viewsets import BaseViewSet
from webkit.websockets import WebSocket


class Artist(msgspec.Struct):
    id: int
    name: str


class NewArtist(msgspec.Struct):
    name: str


class ArtistViewSet(BaseViewSet):
    """Options of `@action`, and what an action returns."""

    @action(colour="red")  # call-overload, reportCallIssue
    async def unknown(self) -> None: ...

    @action(detail="yes")  # call-overload, reportArgumentType
    async def detailed(self) -> None: ...

    @action(methods=3)  # call-overload, reportArgumentType
    async def counted(self) -> None: ...

    @action  # type-var, reportCallIssue
    def waits(self) -> None: ...

    @action("post")  # type-var, reportArgumentType
    def posts(self) -> None: ...

    @action("post")
    async def lend(self, id: int) -> Artist:
        return Artist(id, "Ella")

    async def create(self, artist: NewArtist) -> Reply[Artist]:
        return Reply(artist)  # arg-type, reportReturnType

    async def detail(self, id: int) -> Artist:
        return NewArtist("Ella")  # return-value, reportReturnType

    @action
    async def news(self) -> AsyncIterator[Event[Artist]]:
        yield Artist(1, "Ella")  # misc, reportReturnType

    @action
    async def chat(self, ws: WebSocket[NewArtist, Artist]) -> None:
        async for message in ws:
            message.id  # attr-defined, reportAttributeAccessIssue
            await ws.send(message)  # arg-type, reportArgumentType


async def show(id: int) -> Artist:
    """Is no handler without `@endpoint`."""
    return Artist(id, "Ella")


@endpoint  # arg-type, reportArgumentType
def blocks() -> None: ...


web.get("/artists/{id}", show)  # arg-type, reportArgumentType
endpoint(3)  # arg-type, reportArgumentType


@endpoint()  # arg-type, reportArgumentType
async def called(id: int) -> None: ...


Reply(1, status="202")  # arg-type, reportArgumentType
Event(1, retry="soon")  # arg-type, reportArgumentType
NotFound("gone", headers=["X"])  # arg-type, reportArgumentType
APIException(status="404")  # call-arg, reportCallIssue


async def call(view: ArtistViewSet, request: web.Request) -> None:
    """Methods of a viewset, and URLs."""
    await view.lend("1")  # arg-type, reportArgumentType
    await view.lend(1, 2)  # call-arg, reportCallIssue
    await view.lend(book=1)  # call-arg, reportCallIssue
    (await view.lend(1)).born  # attr-defined, reportAttributeAccessIssue
    view.requst  # attr-defined, reportAttributeAccessIssue
    view.reverse("detail", 3)  # call-arg, reportCallIssue
    view.reverse(3)  # arg-type, reportArgumentType
    reverse("artist-list")  # call-arg, reportCallIssue
    reverse(request, "artist-detail", 3)  # call-arg, reportCallIssue


async def ask(api: APIClient, response: ClientResponse) -> None:
    """The client for tests."""
    await api.get("/", jsn={})  # call-arg, reportCallIssue
    await api.post("/", headers=3)  # arg-type, reportArgumentType
    api.as_user()  # call-arg, reportCallIssue
    api.url(3)  # arg-type, reportArgumentType
    api.ws_connect("/", heartbeet=3)  # call-arg, reportCallIssue
    api.send("/")  # attr-defined, reportAttributeAccessIssue
    await problem(api.get("/"), 404)  # arg-type, reportArgumentType
    await problem(response, "404")  # arg-type, reportArgumentType


router = SimpleRouter(trailing_slash="always")  # arg-type, reportArgumentType
router.register(ArtistViewSet())  # call-overload, reportArgumentType
router.register("artists")  # call-overload, reportArgumentType
router.register(Artist)  # arg-type, reportArgumentType
router.register(ArtistViewSet, prefix="artists")  # call-overload, reportCallIssue
ArtistViewSet.as_view(["get"])  # arg-type, reportArgumentType
create_app(units=3)  # arg-type, reportArgumentType
create_app(unit=["apps.api"])  # call-arg, reportCallIssue
create_app(routes=[show])  # list-item, reportArgumentType
load(Artist)  # type-var, reportArgumentType


class NoPermission(BasePermission):
    message = 3  # assignment, reportAssignmentType


class PolicyViewSet(BaseViewSet):
    permissions = [IsAuthenticated, "admin"]  # list-item, reportAssignmentType
    action_permissions = {"list": 3}  # dict-item, reportAssignmentType
    throttles = [5]  # list-item, reportAssignmentType
    authentication = [print]  # list-item, reportAssignmentType
    lookup_field = 3  # assignment, reportAssignmentType


IsAuthenticated & None  # operator, reportOperatorIssue
IsAuthenticated() & 3  # operator, reportOperatorIssue
IsAuthenticated | 3  # operator, reportOperatorIssue
Throttle("5/s", "login")  # call-arg, reportCallIssue
BearerAuthentication("secret")  # arg-type, reportArgumentType
CORS("https://example.org")  # call-arg, reportCallIssue
CORS(origins="https://example.org")  # arg-type, reportArgumentType


artists = MemoryRepository(Artist)
MemoryRepository(Artist, [NewArtist("Ella")])


class AttributeViewSet(ReadOnlyViewSet[Artist, int]):
    repository = artists
    page = 20  # assignment, reportAssignmentType
    search_fields = "name"  # assignment, reportAssignmentType


class OverridingViewSet(ResourceViewSet[Artist, NewArtist, NewArtist, int]):
    repository = artists

    async def list(self, page: LimitOffset) -> int:  # override, reportIncompatibleMethodOverride
        return 3

    async def detail(self, id: str) -> Artist:  # override, reportIncompatibleMethodOverride
        return Artist(1, id)


class OtherViewSet(ReadOnlyViewSet[Artist, int]):
    repository = MemoryRepository(NewArtist)  # arg-type, reportAssignmentType


class ShortViewSet(ResourceViewSet[Artist, NewArtist]):  # type-arg, reportInvalidTypeArguments
    repository = artists


async def use(view: OverridingViewSet) -> Page[Artist]:
    """Methods of a resource."""
    await view.create("Nina")  # arg-type, reportArgumentType
    await view.get_object("1")  # arg-type, reportArgumentType
    await view.paginate(filter=3)  # call-overload, reportCallIssue
    await view.paginate(ordering=3)  # call-overload, reportArgumentType
    ordering: Ordering[Literal["name", "-name"]] = ("born",)  # assignment, reportAssignmentType
    await view.paginate(ordering=ordering)
    where("born")  # call-arg, reportCallIssue
    return await view.paginate()  # return-value, reportReturnType
