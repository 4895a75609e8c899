"""DRF's tests of permissions, by their intent: rows 68, 137, 138 and 143 of the reference."""

import pytest
from aiohttp import web

from webkit.admissions import admission_of, check_object_permissions
from webkit.decorators import action
from webkit.handlers import plan
from webkit.middlewares import api_exception_handler
from webkit.permissions import AllowAny, BasePermission, IsAuthenticated
from webkit.users import USER
from webkit.viewsets import BaseViewSet, entries_of


class IsAdminUser(BasePermission):
    def has_permission(self, request, view):
        return request[USER] == "admin"


class Counting(BasePermission):
    """Says what it was told to, and counts how often it was asked."""

    def __init__(self, *, request=True, obj=True):
        self.answers = {"request": request, "object": obj}
        self.asked = {"request": 0, "object": 0}

    def has_permission(self, request, view):
        self.asked["request"] += 1
        return self.answers["request"]

    def has_object_permission(self, request, view, obj):
        self.asked["object"] += 1
        return self.answers["object"]


class Articles(BaseViewSet):
    async def list(self) -> str:
        return "all"

    async def destroy(self) -> str:
        await check_object_permissions(self, "article")
        return "gone"


@web.middleware
async def log_in(request, handler):
    request[USER] = request.headers.get("X-User")
    return await handler(request)


@pytest.fixture
def ask(aiohttp_client):
    """Ask an action of a viewset with some permissions: status and body of the answer."""

    async def ask(*permissions, user=None, action="list", viewset=Articles):
        viewset = type("Served", (viewset,), {"permissions": permissions})
        app = web.Application(middlewares=[api_exception_handler, log_in])
        for entry in entries_of(viewset)[0]:
            admit = admission_of(viewset, entry.options, action=entry.action)
            handler = plan(viewset, entry.action, variables=(), method="GET", admit=admit).bind()
            app.router.add_get(f"/{entry.action}", handler)
        client = await aiohttp_client(app)
        answer = await client.get(f"/{action}", headers={"X-User": user} if user else {})
        return answer.status, await answer.json()

    return ask


# 137: permission denied, for a request and for an object, with and without words of its own


class Denies(BasePermission):
    def has_permission(self, request, view):
        return False


class DeniesWithDetail(Denies):
    message = "Custom: You cannot access this resource"
    code = "permission_denied_custom"


class DeniesObject(BasePermission):
    def has_object_permission(self, request, view, obj):
        return False


class DeniesObjectWithDetail(DeniesObject):
    message = "Custom: You cannot access this resource"
    code = "permission_denied_custom"


async def test_permission_denied(ask):
    status, body = await ask(Denies)

    assert status == 403
    assert body["detail"] == "You do not have permission to perform this action."
    assert body["code"] == "permission_denied"


async def test_permission_denied_with_custom_detail(ask):
    status, body = await ask(DeniesWithDetail)

    assert status == 403
    assert body["detail"] == "Custom: You cannot access this resource"
    assert body["code"] == "permission_denied_custom"


async def test_permission_denied_for_object(ask):
    status, body = await ask(DeniesObject, action="destroy")

    assert status == 403
    assert body["detail"] == "You do not have permission to perform this action."
    assert body["code"] == "permission_denied"


async def test_permission_denied_for_object_with_custom_detail(ask):
    status, body = await ask(DeniesObjectWithDetail, action="destroy")

    assert status == 403
    assert body["detail"] == "Custom: You cannot access this resource"
    assert body["code"] == "permission_denied_custom"


# 138: composition


async def test_and_false(ask):
    assert (await ask(IsAuthenticated & AllowAny))[0] == 403


async def test_and_true(ask):
    assert (await ask(IsAuthenticated & AllowAny, user="john"))[0] == 200


async def test_or_false(ask):
    assert (await ask(IsAuthenticated | AllowAny))[0] == 200


async def test_or_true(ask):
    assert (await ask(IsAuthenticated | AllowAny, user="john"))[0] == 200


async def test_not_false(ask):
    assert (await ask(~IsAuthenticated))[0] == 200


async def test_not_true(ask):
    assert (await ask(~AllowAny, user="john"))[0] == 403


async def test_several_levels_without_negation(ask):
    composed = IsAuthenticated & IsAuthenticated & IsAuthenticated & IsAuthenticated

    assert (await ask(composed, user="john"))[0] == 200


async def test_several_levels_and_precedence_with_negation(ask):
    composed = IsAuthenticated & ~IsAdminUser & IsAuthenticated & ~(IsAdminUser & IsAdminUser)

    assert (await ask(composed, user="john"))[0] == 200
    assert (await ask(composed, user="admin"))[0] == 403


async def test_several_levels_and_precedence(ask):
    composed = IsAuthenticated & IsAdminUser | IsAuthenticated & IsAuthenticated

    assert (await ask(composed, user="john"))[0] == 200


async def test_or_laziness(ask):
    allows, denies = Counting(), Counting(request=False)

    await ask(allows | denies)

    assert (allows.asked["request"], denies.asked["request"]) == (1, 0)

    await ask(denies | allows)

    assert (allows.asked["request"], denies.asked["request"]) == (2, 1)


async def test_object_or_laziness(ask):
    allows, denies = Counting(), Counting(request=False)

    await ask(allows | denies, action="destroy")

    assert (allows.asked["object"], denies.asked["object"]) == (1, 0)

    await ask(denies | allows, action="destroy")

    # The side that does not allow the request is not asked about the object.
    assert (allows.asked["object"], denies.asked["object"]) == (2, 0)


async def test_and_laziness(ask):
    allows, denies = Counting(), Counting(request=False)

    await ask(allows & denies)

    assert (allows.asked["request"], denies.asked["request"]) == (1, 1)

    await ask(denies & allows)

    assert (allows.asked["request"], denies.asked["request"]) == (1, 2)


async def test_object_and_laziness(ask):
    allows, denies = Counting(), Counting(obj=False)

    await ask(allows & denies, action="destroy")

    assert (allows.asked["object"], denies.asked["object"]) == (1, 1)

    await ask(denies & allows, action="destroy")

    assert (allows.asked["object"], denies.asked["object"]) == (1, 2)


async def test_unimplemented_has_object_permission(ask):
    """DRF's issue 6402: the side without an object check must not let everybody have it."""

    class IsOwner(BasePermission):
        def has_permission(self, request, view):
            return True

        def has_object_permission(self, request, view, obj):
            return False

    status, _ = await ask(IsOwner | IsAdminUser, user="john", action="destroy")

    assert status == 403


def test_operand_holder_is_hashable():
    assert hash(IsAuthenticated & IsAdminUser)


def test_operand_holder_hash_same_for_same_operands_and_operator():
    first, second = (IsAuthenticated & IsAdminUser), (IsAuthenticated & IsAdminUser)

    assert hash(first) == hash(second)


def test_operand_holder_hash_differs_for_different_operands():
    first = IsAuthenticated & IsAdminUser
    second = AllowAny & IsAdminUser
    third = IsAuthenticated & AllowAny

    assert len({hash(first), hash(second), hash(third)}) == 3


def test_operand_holder_hash_differs_for_different_operators():
    assert (IsAuthenticated & IsAdminUser) != (IsAuthenticated | IsAdminUser)


def test_filtering_permissions():
    unfiltered = [IsAuthenticated & IsAdminUser, IsAuthenticated & IsAdminUser, AllowAny]

    filtered = list(dict.fromkeys(unfiltered))

    assert filtered == [IsAuthenticated & IsAdminUser, AllowAny]


# 68: a policy of one action


async def test_permission_classes(ask):
    class Reports(BaseViewSet):
        @action(permissions=[IsAuthenticated])
        async def private(self) -> str:
            return "private"

        @action
        async def public(self) -> str:
            return "public"

    private, _ = await ask(viewset=Reports, action="private")
    public, _ = await ask(viewset=Reports, action="public")

    assert (private, public) == (403, 200)


# 143: without schemes there is no challenge, and so no 401


async def test_permission_message_with_no_authentication_classes(ask):
    class Dummy(BasePermission):
        message = "Dummy permission message"

        def has_permission(self, request, view):
            return False

    status, body = await ask(Dummy)

    assert status == 403
    assert body["detail"] == "Dummy permission message"
