"""Who makes a request, as actions get to know it."""

from typing import Annotated

import pytest
from aiohttp import web
from multidict import CIMultiDict

from webkit.admissions import admission_of
from webkit.authentication import BearerAuthentication
from webkit.exceptions import AuthenticationFailed, NotFound, PermissionDenied
from webkit.handlers import plan
from webkit.middlewares import api_exception_handler
from webkit.users import CHALLENGES, USER, CurrentUser, challenged, refusal_of, user_of
from webkit.viewsets import BaseViewSet


class Anonymous:
    is_authenticated = False


class Notes(BaseViewSet):
    async def required(self, user: Annotated[str, CurrentUser()]) -> str:
        return user

    async def by_class(self, user: Annotated[str, CurrentUser]) -> str:
        return user

    async def optional(self, user: Annotated[str | None, CurrentUser()]) -> str:
        return f"{user}"

    async def default(self, *, user: Annotated[str, CurrentUser()] = "guest") -> str:
        return user

    async def with_query(self, n: int, user: Annotated[str, CurrentUser()]) -> str:
        return f"{user} {n}"

    async def guest_with_query(self, n: int, user: Annotated[str | None, CurrentUser()]) -> str:
        return f"{user} {n}"

    async def of_nobody(self) -> str:
        return f"{user_of(self.request)}"


class Guarded(Notes):
    authentication = BearerAuthentication(lambda token: token)


@pytest.fixture
def get(aiohttp_client):
    """Get an action of a viewset: status and body of the answer."""

    async def get(action, *, viewset=Guarded, token=None, user=None, **query):
        @web.middleware
        async def log_in(request, handler):
            request[USER] = user
            return await handler(request)

        app = web.Application(middlewares=[api_exception_handler, log_in])
        admit = admission_of(viewset, None, action=action)
        found = plan(viewset, action, variables=(), method="GET", admit=admit)
        app.router.add_get("/", found.bind())
        client = await aiohttp_client(app)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = await client.get("/", headers=headers, params=query)
        return answer, await answer.json()

    return get


@pytest.mark.parametrize("action", ["required", "by_class", "optional", "default"])
async def test_a_parameter_gets_the_user(get, action):
    answer, body = await get(action, token="john")

    assert answer.status == 200
    assert body == "john"


async def test_nobody_is_refused_with_a_challenge(get):
    answer, problem = await get("required")

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert problem["code"] == "not_authenticated"


async def test_nobody_is_refused_with_403_where_there_is_no_scheme(get):
    answer, problem = await get("required", viewset=Notes)

    assert answer.status == 403
    assert problem["detail"] == "Authentication credentials were not provided."
    assert problem["code"] == "not_authenticated"


@pytest.mark.parametrize(("action", "expected"), [("optional", "None"), ("default", "guest")])
async def test_nobody_is_fine_for_an_optional_user(get, action, expected):
    answer, body = await get(action)

    assert answer.status == 200
    assert body == expected


async def test_nobody_learns_nothing_of_other_mistakes(get):
    answer, _ = await get("with_query", n="x")

    assert answer.status == 401


@pytest.mark.parametrize(("action", "token"), [("with_query", "john"), ("guest_with_query", None)])
async def test_who_may_be_here_learns_of_the_mistakes(get, action, token):
    answer, problem = await get(action, token=token, n="x")

    assert answer.status == 422
    assert problem["errors"][0]["parameter"] == "n"


async def test_a_middleware_may_find_the_user(get):
    answer, body = await get("required", viewset=Notes, user="jane")

    assert answer.status == 200
    assert body == "jane"


async def test_schemes_are_not_asked_when_a_middleware_has_found_the_user(get):
    _, body = await get("required", user="jane", token="john")

    assert body == "jane"


async def test_who_says_to_be_anonymous_is_nobody(get):
    _, body = await get("of_nobody", viewset=Notes, user=Anonymous())

    assert body == "None"


async def test_schemes_are_asked_about_an_anonymous_user(get):
    _, body = await get("required", user=Anonymous(), token="john")

    assert body == "john"


def test_a_refusal_has_the_words_that_it_is_given():
    refusal = refusal_of({}, detail="Not today.", code="monday")

    assert isinstance(refusal, PermissionDenied)
    assert (refusal.detail, refusal.code) == ("Not today.", "monday")


def test_a_401_gets_the_challenges_of_all_schemes():
    error = AuthenticationFailed(headers={"X-Reason": "expired"})

    challenged(error, {CHALLENGES: ("Basic", "Bearer")})

    assert isinstance(error.headers, CIMultiDict)
    assert error.headers.getall("WWW-Authenticate") == ["Basic", "Bearer"]
    assert error.headers["X-Reason"] == "expired"


@pytest.mark.parametrize(
    "error", [NotFound(), AuthenticationFailed(headers={"www-authenticate": "Mine"})]
)
def test_another_error_is_left_as_it_is(error):
    before = dict(error.headers)

    challenged(error, {CHALLENGES: ("Basic",)})

    assert dict(error.headers) == before
