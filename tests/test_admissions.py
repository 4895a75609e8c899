"""What stands before an action, put together from a viewset and from ``@action``."""

import inspect
import traceback
from typing import Annotated, ClassVar

import pytest
from aiohttp import web

from webkit.admissions import admission_of, check_object_permissions, security_of
from webkit.authentication import Authenticator, BasicAuthentication, BearerAuthentication
from webkit.decorators import action, options_of
from webkit.exceptions import ConfigurationError, NotAuthenticated
from webkit.handlers import plan
from webkit.middlewares import api_exception_handler
from webkit.permissions import (
    AllowAny,
    BasePermission,
    IsAuthenticated,
    IsAuthenticatedOrReadOnly,
)
from webkit.throttling import BaseThrottle, Hit, Throttle
from webkit.users import CurrentUser, user_of
from webkit.viewsets import BaseViewSet, entries_of


BEARER = BearerAuthentication({"secret": "john"}.get)
BASIC = BasicAuthentication({}.get)


class Anonymous(dict):
    """As much of a request as schemes look at."""

    headers: ClassVar = {}


class IsRoot(BasePermission):
    message = "Only root may."

    def has_permission(self, request, view):
        return user_of(request) == "root"


class Notes(BaseViewSet):
    async def list(self) -> str:
        return "all"

    async def destroy(self) -> str:
        return "gone"

    @action(method="post", permissions=[AllowAny], throttles="1/day", authentication=())
    async def publish(self) -> str:
        return "published"


def admission(viewset, name):
    options = options_of(inspect.getattr_static(viewset, name))
    return admission_of(viewset, options, action=name)


@pytest.fixture
def ask(aiohttp_client):
    """Serve viewsets under ``/Name/action``: a function that asks one and returns the answer."""

    async def serve(*viewsets):
        app = web.Application(middlewares=[api_exception_handler])
        for viewset in viewsets:
            for entry in entries_of(viewset)[0]:
                admit = admission(viewset, entry.action)
                found = plan(viewset, entry.action, variables=(), method="GET", admit=admit)
                app.router.add_get(f"/{viewset.__name__}/{entry.action}", found.bind())
        client = await aiohttp_client(app)

        async def send(path, token=""):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            return await client.get(f"/{path}", headers=headers)

        return send

    return serve


def test_where_nothing_is_configured_nothing_stands_before_an_action():
    class Empty(Notes):
        authentication = ()
        permissions = None
        throttles = (Throttle(None),)
        action_permissions = None

    assert admission(Empty, "list") is None
    assert admission(Notes, "list") is None


async def test_stages_run_in_their_order():
    order = []

    class Scheme(Authenticator):
        challenge = scheme_name = "scheme"

        async def authenticate(self, request):
            order.append("authentication")

    class Permission(BasePermission):
        def has_permission(self, request, view):
            order.append("permissions")
            return True

    class Count(BaseThrottle):
        async def hit(self, request, view):
            order.append("throttles")

    class Ordered(Notes):
        throttles = Count
        permissions = Permission
        authentication = Scheme

    await admission(Ordered, "list")({}, None)

    assert order == ["authentication", "permissions", "throttles"]


async def test_who_is_denied_is_not_counted(ask):
    class Denied(Notes):
        permissions = IsRoot
        throttles = "1/day"

    send = await ask(Denied)

    answers = [await send("Denied/list") for _ in range(3)]

    assert [answer.status for answer in answers] == [403, 403, 403]


async def test_an_action_has_the_policy_of_its_viewset_or_its_own(ask):
    class Mixed(Notes):
        authentication = (BEARER,)
        permissions = (IsAuthenticated,)
        action_permissions: ClassVar = {"destroy": IsRoot}

    send = await ask(Mixed)

    assert (await send("Mixed/list")).status == 401
    assert (await send("Mixed/list", "secret")).status == 200
    assert (await send("Mixed/destroy", "secret")).status == 403
    assert (await send("Mixed/publish", "wrong")).status == 200
    assert (await send("Mixed/publish")).status == 429


async def test_what_an_action_says_overrules_what_the_viewset_says_of_it(ask):
    class Overruled(Notes):
        action_permissions: ClassVar = {"publish": [IsRoot], "list": []}
        permissions = IsRoot

    send = await ask(Overruled)

    assert (await send("Overruled/publish")).status == 200
    assert (await send("Overruled/list")).status == 200
    assert (await send("Overruled/destroy")).status == 403


async def test_a_401_has_the_challenge_of_every_scheme():
    class Guarded(Notes):
        authentication = (BEARER, BASIC)
        permissions = IsAuthenticated

    admit = admission(Guarded, "list")

    with pytest.raises(NotAuthenticated) as caught:
        await admit(Anonymous(), None)

    challenges = caught.value.headers.getall("WWW-Authenticate")
    assert challenges == ['Bearer realm="api"', 'Basic realm="api", charset="UTF-8"']


async def test_every_challenge_is_sent_as_a_header_of_its_own(ask):
    class Guarded(Notes):
        authentication = (BEARER, BASIC)
        permissions = IsAuthenticated

    send = await ask(Guarded)

    answer = await send("Guarded/list")

    challenges = answer.headers.getall("WWW-Authenticate")
    assert challenges == ['Bearer realm="api"', 'Basic realm="api", charset="UTF-8"']
    assert answer.headers["Cache-Control"] == "no-store"


async def test_throttles_count_for_their_viewset_or_for_their_action_alone(ask):
    class A(Notes):
        throttles = ("2/day",)

    class B(A):
        pass

    send = await ask(A, B)

    paths = ("A/list", "A/destroy", "A/list", "B/list", "B/destroy", "B/list", "A/publish")
    assert [(await send(path)).status for path in paths] == [200, 200, 429, 200, 200, 429, 200]


async def test_the_style_without_self_is_admitted_too(ask):
    seen = []

    class Sees(BasePermission):
        def has_permission(self, request, view):
            seen.append(view)
            return True

        def has_object_permission(self, request, view, obj):
            seen.append((view, obj))
            return False

    class Seed(BaseViewSet):
        permissions = (Sees,)

        @staticmethod
        async def list(request: web.Request) -> web.Response:
            await check_object_permissions(request, "note")
            return web.Response()

    send = await ask(Seed)

    assert (await send("Seed/list")).status == 403
    assert seen == [None, (None, "note")]


async def test_an_object_of_nobody_is_refused_with_a_challenge(ask):
    class IsOwner(BasePermission):
        def has_object_permission(self, request, view, obj):
            return obj == user_of(request)

    class Owned(BaseViewSet):
        authentication = BEARER
        permissions = IsOwner

        async def detail(self) -> str:
            await check_object_permissions(self, "john")
            return "john's"

    send = await ask(Owned)
    nobody = await send("Owned/detail")

    assert nobody.status == 401
    assert nobody.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert (await send("Owned/detail", "secret")).status == 200


async def test_a_traceback_shows_the_lines_of_an_admission():
    class Fails(BasePermission):
        def has_permission(self, request, view):
            raise LookupError("no roles")

    class Failing(Notes):
        permissions = Fails

    with pytest.raises(LookupError) as caught:
        await admission(Failing, "list")({}, None)

    text = "".join(traceback.format_exception(caught.value))
    assert "Failing.list admit(request, view)>" in text
    assert "if not ((found := " in text


class Sync(Authenticator):
    challenge = scheme_name = "sync"

    def authenticate(self, request):
        return None


class Nameless(Authenticator):
    challenge = "Some"


class Forged(Authenticator):
    challenge = "Some\r\nX-Forged: 1"
    scheme_name = "some"


class SyncThrottle(BaseThrottle):
    def hit(self, request, view):
        return Hit(allowed=True)


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        ({"authentication": "bearer"}, "authentication: 'bearer' is no Authenticator. Use Bearer"),
        ({"authentication": [int]}, "authentication: builtins.int is no Authenticator"),
        ({"authentication": BearerAuthentication}, "missing 1 required positional argument"),
        ({"authentication": Sync}, "authentication: Sync.authenticate is not written `async def`"),
        ({"authentication": Authenticator}, "authentication: Authenticator.challenge is ''"),
        ({"authentication": Nameless}, "authentication: Nameless.scheme_name is ''"),
        ({"authentication": Forged}, r"authentication: Forged.challenge is 'Some\r\nX-Forged: 1'"),
        ({"permissions": ["IsAdmin"]}, "permissions: 'IsAdmin' is no permission"),
        ({"permissions": {IsRoot}}, "is no permission. Use subclasses of BasePermission"),
        ({"throttles": "often"}, "throttles: 'often' is no rate. Write requests/period"),
        ({"throttles": [100]}, "throttles: 100 is no throttle. Write a rate: '100/min'"),
        ({"throttles": [SyncThrottle]}, "throttles: SyncThrottle.hit is not written `async def`"),
        (
            {"action_permissions": {"list": "IsAdmin"}},
            "action_permissions['list']: 'IsAdmin' is no permission",
        ),
        (
            {"action_permissions": {"destory": IsRoot}},
            "action_permissions: there is no action 'destory'. Did you mean 'destroy'?",
        ),
        (
            {"action_permissions": {"reverse": IsRoot}},
            "action_permissions: there is no action 'reverse'. It has destroy, list, publish",
        ),
        ({"action_permissions": [IsRoot]}, "is no mapping. Write {'destroy': IsAuthenticated}"),
    ],
)
def test_a_mistake_is_told_with_its_place(attributes, problem):
    viewset = type("Wrong", (Notes,), attributes)

    with pytest.raises(ConfigurationError) as caught:
        admission(viewset, "list")

    (line,) = caught.value.problems
    assert line.startswith("Wrong.")
    assert problem in line


def test_all_mistakes_are_told_together():
    class Wrong(BaseViewSet):
        authentication = "x"
        permissions = ("y", IsRoot, "z")
        throttles = "w"
        action_permissions: ClassVar = {"v": IsRoot}

        @action(permissions="u")
        async def show(self) -> str:
            return ""

    with pytest.raises(ConfigurationError) as caught:
        admission(Wrong, "show")

    problems = caught.value.problems
    assert len(problems) == 4
    assert "Wrong.show (" in problems[2]
    assert "test_admissions.py:" in problems[2]
    assert ": permissions: 'u' is no permission" in problems[2]


class Documented(BaseViewSet):
    authentication = (BEARER, BASIC)
    permissions = IsAuthenticatedOrReadOnly
    throttles = "5/s"

    async def list(self) -> str:
        return ""

    async def create(self) -> str:
        return ""


SCHEMES = {"bearer": BEARER.security_scheme, "basic": BASIC.security_scheme}


def test_a_document_knows_what_stands_before_an_action():
    security = security_of(Documented, None, action="create", method="POST")

    assert security.schemes == SCHEMES
    assert security.requirements == [{"bearer": []}, {"basic": []}]
    assert security.statuses == ("401", "403", "429")


def test_a_document_knows_that_authentication_is_optional():
    security = security_of(Documented, None, action="list", method="GET")

    assert security.requirements == [{"bearer": []}, {"basic": []}, {}]


def test_a_document_knows_that_nothing_stands_before_an_action():
    assert security_of(Notes, None, action="list", method="GET") == ({}, [], ())


class NeedsUser(BaseViewSet):
    authentication = BEARER

    async def list(self, n: int, user: Annotated[str, CurrentUser()]) -> str:
        return ""

    async def detail(self, n: int, user: Annotated[str | None, CurrentUser()]) -> str:
        return ""


@pytest.mark.parametrize(
    ("name", "expected"), [("list", [{"bearer": []}]), ("detail", [{"bearer": []}, {}])]
)
def test_a_document_knows_that_an_action_needs_the_user(name, expected):
    sources = plan(NeedsUser, name, variables=(), method="GET").sources

    security = security_of(NeedsUser, None, action=name, method="GET", sources=sources)

    assert security.requirements == expected
