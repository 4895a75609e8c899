# pyright: strict
# ruff: noqa: RUF012
"""Permissions and what they compose to, schemes, throttles."""

from typing import Annotated, Any, ClassVar, assert_type

import msgspec
from aiohttp import web

from webkit.admissions import Permissions
from webkit.authentication import (
    APIKeyAuthentication,
    BasicAuthentication,
    BearerAuthentication,
)
from webkit.cors import CORS
from webkit.decorators import action
from webkit.permissions import (
    AllowAny,
    BasePermission,
    Composition,
    IsAuthenticated,
    IsAuthenticatedOrReadOnly,
)
from webkit.routers import SimpleRouter
from webkit.throttling import Throttle
from webkit.users import USER, CurrentUser, user_of
from webkit.viewsets import BaseViewSet


class User(msgspec.Struct):
    id: int
    name: str


class Note(msgspec.Struct):
    owner: int


class IsOwner(BasePermission):
    message = "This is not yours."
    code = "not_owner"

    def has_object_permission(self, request: web.Request, view: Any, obj: Note) -> bool:
        return bool(user_of(request).id == obj.owner)


class IsKind(BasePermission):
    """Has a coroutine function as its check, and an argument."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    async def has_permission(self, request: web.Request, view: Any) -> bool:
        return request.headers.get("X-Kind") == self.kind


def verify(token: str) -> User | None:
    return User(1, token) if token == "secret" else None


async def verify_password(name: str, password: str) -> User | None:
    return None


class NoteViewSet(BaseViewSet):
    """Every way to say who may pass."""

    authentication = (
        BearerAuthentication(verify),
        BasicAuthentication(verify_password, realm="notes"),
        APIKeyAuthentication(verify, query="key"),
    )
    permissions = (IsAuthenticated & (IsOwner | IsKind("friend")), ~IsKind("foe"))
    action_permissions = {"list": AllowAny, "destroy": [IsAuthenticated, IsOwner()]}
    throttles = ["100/min", Throttle("5/10s", scope="notes")]

    async def list(self) -> str:
        return ""

    async def create(self, user: Annotated[User, CurrentUser()]) -> str:
        return user.name

    async def destroy(self, id: int) -> None: ...

    @action(permissions=IsAuthenticated | IsKind("friend"), throttles=())
    async def count(self) -> int:
        return 0


class ReadViewSet(BaseViewSet):
    """The base of others: annotated, because mypy narrows what a base class assigns."""

    authentication = BearerAuthentication(verify, keyword="Token")
    permissions: ClassVar[Permissions] = IsAuthenticatedOrReadOnly
    throttles = "10/s"

    async def list(self) -> str:
        return ""


class OwnViewSet(ReadViewSet):
    permissions = IsAuthenticated & IsOwner

    async def detail(self, id: int) -> str:
        return ""


class EitherViewSet(ReadViewSet):
    permissions = IsAuthenticated | IsOwner


class StrangerViewSet(ReadViewSet):
    permissions = ~IsOwner


assert_type(IsAuthenticated & IsOwner, Composition)
assert_type(IsAuthenticated | IsOwner, Composition)
assert_type(IsAuthenticated | IsOwner(), Composition)
assert_type(IsOwner() | IsAuthenticated, Composition)
assert_type(~IsOwner, Composition)
assert_type(~(IsAuthenticated & IsOwner) | ~IsOwner(), Composition)


@web.middleware
async def greet(request: web.Request, handler: Any) -> web.StreamResponse:
    """A middleware of one's own says who it is."""
    request[USER] = User(1, "Ann")
    response: web.StreamResponse = await handler(request)
    return response


cors = CORS(origins=("https://example.org",), credentials=True)


def routes() -> list[web.AbstractRouteDef]:
    """Return the routes of all that is here."""
    router = SimpleRouter()
    for viewset in (NoteViewSet, ReadViewSet, OwnViewSet, EitherViewSet, StrangerViewSet):
        router.register(viewset)
    return router.routes
