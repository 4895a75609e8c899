"""The schemes that find out who makes a request."""

import pytest
from aiohttp import web

from webkit.admissions import admission_of
from webkit.authentication import (
    APIKeyAuthentication,
    Authenticator,
    BasicAuthentication,
    BearerAuthentication,
)
from webkit.exceptions import ConfigurationError, ServiceUnavailable
from webkit.handlers import plan
from webkit.middlewares import api_exception_handler
from webkit.permissions import IsAuthenticated
from webkit.users import user_of
from webkit.viewsets import BaseViewSet


KEYS = {"secret": "john"}


class Silent(Authenticator):
    """Finds nothing in any request, and counts how often it was asked."""

    challenge = "Silent"
    scheme_name = "silent"

    def __init__(self, answer=None):
        self.answer = answer
        self.asked = 0

    async def authenticate(self, request):
        self.asked += 1
        return self.answer


@pytest.fixture
def get(aiohttp_client):
    """Get an action that tells the user, behind some schemes: status, body and headers."""

    async def get(*schemes, permissions=(), **request):
        async def tell(self) -> str:
            return str(user_of(self.request))

        policy = {"authentication": schemes, "permissions": permissions, "tell": tell}
        viewset = type("Notes", (BaseViewSet,), policy)
        admit = admission_of(viewset, None, action="tell")
        app = web.Application(middlewares=[api_exception_handler])
        found = plan(viewset, "tell", variables=(), method="GET", admit=admit)
        app.router.add_get("/", found.bind())
        client = await aiohttp_client(app)
        answer = await client.get("/", **request)
        return answer.status, await answer.json(), answer.headers

    return get


@pytest.mark.parametrize(
    ("scheme", "request_"),
    [
        (APIKeyAuthentication(KEYS.get), {"headers": {"x-api-key": "secret"}}),
        (APIKeyAuthentication(KEYS.get, header="X-Key"), {"headers": {"X-Key": "secret"}}),
        (APIKeyAuthentication(KEYS.get, query="key"), {"params": {"key": "secret"}}),
        (APIKeyAuthentication(KEYS.get, cookie="key"), {"cookies": {"key": "secret"}}),
    ],
    ids=["default header", "header", "query", "cookie"],
)
async def test_a_key_is_found_where_it_was_said(get, scheme, request_):
    status, body, _ = await get(scheme, **request_)

    assert (status, body) == (200, "john")


@pytest.mark.parametrize("key", ["", "wrong"])
async def test_a_wrong_key_is_refused(get, key):
    status, problem, headers = await get(APIKeyAuthentication(KEYS.get), headers={"X-API-Key": key})

    assert status == 401
    assert problem["detail"] == "Invalid API key."
    assert headers["WWW-Authenticate"] == 'ApiKey realm="api", header="X-API-Key"'


async def test_without_a_key_there_is_nobody(get):
    status, body, _ = await get(APIKeyAuthentication(KEYS.get))

    assert (status, body) == (200, "None")


def test_a_key_has_one_place():
    with pytest.raises(ConfigurationError, match="query and cookie are given"):
        APIKeyAuthentication(KEYS.get, query="key", cookie="key")


async def test_schemes_are_tried_in_their_order_until_one_knows_the_user(get):
    first, second, third = Silent(), Silent("john"), Silent("jane")

    _, body, _ = await get(first, second, third)

    assert body == "john"
    assert (first.asked, second.asked, third.asked) == (1, 1, 0)


async def test_a_scheme_that_finds_wrong_credentials_ends_the_search(get):
    last = Silent("john")

    status, _, _ = await get(
        BearerAuthentication(KEYS.get), last, headers={"Authorization": "Bearer wrong"}
    )

    assert status == 401
    assert last.asked == 0


@pytest.mark.parametrize("answer", [None, False])
async def test_no_user_is_no_user(get, answer):
    status, body, _ = await get(Silent(answer))

    assert (status, body) == (200, "None")


async def test_a_user_may_be_false_in_the_eyes_of_python(get):
    status, body, _ = await get(Silent(0), permissions=IsAuthenticated)

    assert (status, body) == (200, "0")


@pytest.mark.parametrize("answer", [None, False])
async def test_verify_refuses_with_none_and_with_false(get, answer):
    scheme = BearerAuthentication(lambda token: answer)

    status, problem, _ = await get(scheme, headers={"Authorization": "Bearer x"})

    assert status == 401
    assert problem["detail"] == "Invalid token."


async def test_a_coroutine_is_never_taken_for_a_user(get):
    """A lambda is no coroutine function, even if what it returns is a coroutine."""

    async def find(keys, token):
        return keys.get(token)

    scheme = BearerAuthentication(lambda token: find(KEYS, token))

    right, _, _ = await get(scheme, headers={"Authorization": "Bearer secret"})
    wrong, _, _ = await get(scheme, headers={"Authorization": "Bearer wrong"})

    assert (right, wrong) == (200, 401)


async def test_other_answers_of_verify_pass_as_they_are(get):
    def verify(token):
        raise ServiceUnavailable

    status, _, headers = await get(
        BearerAuthentication(verify), headers={"Authorization": "Bearer x"}
    )

    assert status == 503
    assert "WWW-Authenticate" not in headers


@pytest.mark.parametrize("header", ["", " ", "Digest x", "bearer"])
async def test_a_header_of_another_scheme_is_left_to_it(get, header):
    status, body, _ = await get(
        BasicAuthentication(lambda name, password: name), headers={"Authorization": header}
    )

    assert (status, body) == (200, "None")


async def test_a_password_may_hold_a_colon(get):
    scheme = BasicAuthentication(lambda name, password: f"{name} {password}")

    _, body, _ = await get(scheme, headers={"Authorization": "Basic am9objphOmI="})

    assert body == "john a:b"


def test_a_realm_is_quoted():
    scheme = BasicAuthentication(lambda name, password: None, realm='the "back\\door"')

    assert scheme.challenge == r'Basic realm="the \"back\\door\"", charset="UTF-8"'


@pytest.mark.parametrize(
    ("scheme", "name", "expected"),
    [
        (BearerAuthentication(KEYS.get), "bearer", {"type": "http", "scheme": "bearer"}),
        (
            BearerAuthentication(KEYS.get, keyword="Token"),
            "token",
            {"type": "apiKey", "in": "header", "name": "Authorization"},
        ),
        (BasicAuthentication(max), "basic", {"type": "http", "scheme": "basic"}),
        (
            APIKeyAuthentication(KEYS.get, cookie="key"),
            "apiKey.cookie.key",
            {"type": "apiKey", "in": "cookie", "name": "key"},
        ),
    ],
    ids=["bearer", "token", "basic", "key"],
)
def test_documents_know_the_schemes(scheme, name, expected):
    assert scheme.scheme_name == name
    assert scheme.security_scheme == expected
