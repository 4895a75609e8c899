"""Who may do what: what the parity tests with DRF leave open."""

import functools
from typing import get_type_hints

import pytest
from aiohttp import web

from webkit.admissions import admission_of, check_object_permissions
from webkit.authentication import BearerAuthentication
from webkit.handlers import plan
from webkit.middlewares import api_exception_handler
from webkit.permissions import (
    AllowAny,
    BasePermission,
    IsAuthenticated,
    IsAuthenticatedOrReadOnly,
    needs_user,
    prepared,
)
from webkit.viewsets import BaseViewSet


class Says(BasePermission):
    """Says what it was told to, for requests."""

    def __init__(self, answer, message=None):
        self.answer = answer
        self.message = message

    def has_permission(self, request, view):
        return self.answer


class SaysOfObjects(BasePermission):
    """Says what it was told to, for objects, and has no opinion on requests."""

    def __init__(self, answer):
        self.answer = answer

    def has_object_permission(self, request, view, obj):
        return self.answer


class IsSlow(BasePermission):
    async def has_permission(self, request, view):
        return view.action == "list"

    async def has_object_permission(self, request, view, obj):
        return obj == "note"


class Notes(BaseViewSet):
    async def list(self) -> str:
        return "all"

    async def detail(self) -> str:
        await check_object_permissions(self, "note")
        return "one"

    async def destroy(self) -> str:
        await check_object_permissions(self, "other")
        return "gone"


@pytest.fixture
def ask(aiohttp_client):
    """Ask an action of a viewset with some permissions: status and body of the answer."""

    async def ask(*permissions, action="list", method="GET", **attributes):
        viewset = type("Served", (Notes,), {"permissions": permissions, **attributes})
        app = web.Application(middlewares=[api_exception_handler])
        admit = admission_of(viewset, None, action=action)
        found = plan(viewset, action, variables=(), method=method, admit=admit)
        app.router.add_route(method, "/", found.bind())
        client = await aiohttp_client(app)
        answer = await client.request(method, "/")
        return answer.status, await answer.json()

    return ask


async def test_checks_may_be_coroutine_functions(ask):
    assert (await ask(IsSlow))[0] == 200
    assert (await ask(~IsSlow))[0] == 403
    assert (await ask(IsSlow, action="detail"))[0] == 403
    assert (await ask(AllowAny & SaysOfObjects(True) & IsSlow | AllowAny, action="detail"))[
        0
    ] == 200


@pytest.mark.parametrize(("action", "expected"), [("detail", 200), ("destroy", 403)])
async def test_object_checks_may_be_coroutine_functions(ask, action, expected):
    class OfObjects(BasePermission):
        async def has_object_permission(self, request, view, obj):
            return obj == "note"

    assert (await ask(OfObjects, action=action))[0] == expected


async def test_a_decorated_coroutine_function_is_awaited(ask):
    def logged(function):
        @functools.wraps(function)
        def call(*args):
            return function(*args)

        return call

    class IsLogged(BasePermission):
        @logged
        async def has_permission(self, request, view):
            return False

    assert (await ask(IsLogged))[0] == 403


async def test_a_forgotten_coroutine_lets_nobody_pass(ask):
    async def decide():
        return True

    class Forgetful(BasePermission):
        def has_permission(self, request, view):
            return decide()

    assert (await ask(Forgetful))[0] == 500
    assert (await ask(~Forgetful))[0] == 500


async def test_a_forgotten_future_lets_nobody_pass(ask):
    class Later:
        def __await__(self):
            raise NotImplementedError

    assert (await ask(Says(Later())))[0] == 500


@pytest.mark.parametrize(("answer", "expected"), [("yes", 200), (1, 200), ("", 403), (None, 403)])
async def test_an_answer_is_as_true_as_python_finds_it(ask, answer, expected):
    assert (await ask(Says(answer)))[0] == expected


async def test_a_negation_is_neutral_on_objects_that_the_permission_knows_nothing_of(ask):
    assert (await ask(~Says(False), action="detail"))[0] == 200


async def test_a_negation_is_neutral_on_requests_that_the_permission_knows_nothing_of(ask):
    assert (await ask(~SaysOfObjects(False), action="detail"))[0] == 200
    assert (await ask(~SaysOfObjects(True), action="list"))[0] == 200
    assert (await ask(~SaysOfObjects(True), action="detail"))[0] == 403


async def test_an_alternative_is_open_to_requests_if_one_side_decides_on_objects(ask):
    either = Says(False) | SaysOfObjects(True)

    assert (await ask(either, action="list"))[0] == 200
    assert (await ask(either, action="detail"))[0] == 200
    assert (await ask(Says(False) | SaysOfObjects(False), action="detail"))[0] == 403


async def test_an_alternative_that_knows_no_objects_is_asked_once(ask):
    class Counts(BasePermission):
        asked = 0

        def has_permission(self, request, view):
            Counts.asked += 1
            return True

    await ask(Counts | Counts, action="detail")

    assert Counts.asked == 1


async def test_a_permission_without_an_opinion_lets_everybody_pass(ask):
    assert (await ask(BasePermission, action="detail"))[0] == 200
    assert (await ask(BasePermission | Says(False), action="detail"))[0] == 200
    assert (await ask(BasePermission() | SaysOfObjects(False), action="detail"))[0] == 200


async def test_a_permission_may_build_on_the_neutral_base(ask):
    class Careful(BasePermission):
        def has_permission(self, request, view):
            return super().has_permission(request, view)

        def has_object_permission(self, request, view, obj):
            return super().has_object_permission(request, view, obj) and obj == "note"

    assert (await ask(Careful, action="detail"))[0] == 200
    assert (await ask(Careful, action="destroy"))[0] == 403


async def test_objects_of_an_action_without_permissions_are_free(ask):
    assert (await ask(action="detail"))[0] == 200


@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        (Says(True, "first") & Says(False, "second"), "second"),
        (Says(False) | Says(False, "second"), "second"),
        (Says(False, "first") | Says(False, "second"), "first"),
        (~Says(True, "turned round"), "You do not have permission to perform this action."),
        ((Says(True) & Says(False, "in it")) | Says(False), "in it"),
    ],
)
async def test_a_denial_says_what_the_permission_says(ask, permission, expected):
    _, problem = await ask(permission)

    assert problem["detail"] == expected


async def test_permissions_are_made_once(ask):
    class Made(BasePermission):
        times = 0

        def __init__(self):
            Made.times += 1

        def has_permission(self, request, view):
            return True

        def has_object_permission(self, request, view, obj):
            return True

    await ask(Made, action="detail")

    assert Made.times == 1


@pytest.mark.parametrize(
    ("method", "expected"), [("GET", 200), ("OPTIONS", 200), ("POST", 401), ("DELETE", 401)]
)
async def test_anybody_may_read_where_users_may_write(ask, method, expected):
    scheme = BearerAuthentication(lambda token: token)

    status, _ = await ask(IsAuthenticatedOrReadOnly, method=method, authentication=scheme)

    assert status == expected


@pytest.mark.parametrize("other", [None, int, "IsAdmin", 5])
def test_permissions_compose_with_nothing_else(other):
    for permission in (IsAuthenticated, IsAuthenticated(), IsAuthenticated & AllowAny):
        with pytest.raises(TypeError):
            permission & other
    for permission in (IsAuthenticated(), IsAuthenticated & AllowAny):
        with pytest.raises(TypeError):
            permission | other


def test_a_permission_class_is_a_type_in_an_annotation():
    def function(permission: IsAuthenticated | None) -> None: ...

    hint = get_type_hints(function)["permission"]

    assert hint == type(None) | IsAuthenticated


def test_instances_and_classes_compose_with_each_other():
    assert IsAuthenticated & AllowAny == IsAuthenticated & AllowAny
    instance = Says(True)

    assert (instance | AllowAny) == (instance | AllowAny)
    assert ~instance == ~instance
    assert (instance | AllowAny) != (Says(True) | AllowAny)


@pytest.mark.parametrize(
    ("permission", "problem"),
    [
        ("IsAdmin", "'IsAdmin' is no permission. Use subclasses of BasePermission, and &, | and ~"),
        (int, "builtins.int is no permission"),
        (Says, r"missing 1 required positional argument: 'answer'"),
        (
            type("Old", (BasePermission,), {"has_permission": lambda self, request: True}),
            r"Old.has_permission does not take \(self, request, view\)",
        ),
        (
            ~type("Odd", (BasePermission,), {"has_object_permission": lambda self, obj: True}),
            r"Odd.has_object_permission does not take \(self, request, view, obj\)",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(permission, problem):
    with pytest.raises(TypeError, match=problem):
        prepared(permission)


@pytest.mark.parametrize(
    ("permission", "method", "expected"),
    [
        (AllowAny, "GET", False),
        (IsAuthenticated, "GET", True),
        (IsAuthenticatedOrReadOnly, "GET", False),
        (IsAuthenticatedOrReadOnly, "POST", True),
        (IsAuthenticated & AllowAny, "GET", True),
        (AllowAny & IsAuthenticated, "GET", True),
        (IsAuthenticated | AllowAny, "GET", False),
        (IsAuthenticated | IsSlow, "GET", True),
        (~IsAuthenticated, "GET", False),
    ],
)
def test_documents_know_who_needs_a_user(permission, method, expected):
    assert needs_user(prepared(permission), method) is expected
