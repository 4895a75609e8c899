"""DRF's tests of authentication, by their intent: rows 140, 141, 142 and 144 of the reference."""

import base64
import hmac

import pytest
from aiohttp import web

from webkit.admissions import admission_of
from webkit.authentication import Authenticator, BasicAuthentication, BearerAuthentication
from webkit.exceptions import AuthenticationFailed
from webkit.handlers import plan
from webkit.middlewares import api_exception_handler
from webkit.permissions import IsAuthenticated
from webkit.users import user_of
from webkit.viewsets import BaseViewSet


PASSWORDS = {"john": "password", "walterwhité": "pässwörd"}


def known_password(username, password):
    known = PASSWORDS.get(username, "")
    return username if known and hmac.compare_digest(known.encode(), password.encode()) else None


async def known_token(token):
    if token == "inactive":
        raise AuthenticationFailed("User inactive or deleted.")
    return "john" if hmac.compare_digest(token, "abcd1234") else None


def basic(credentials, encoding="utf-8"):
    return f"Basic {base64.b64encode(credentials.encode(encoding)).decode()}"


@pytest.fixture
def post(aiohttp_client):
    """Post something to an action with some schemes: the answer."""

    async def post(
        scheme, authorization=None, *, permissions=(IsAuthenticated,), seen=None, **body
    ):
        class Notes(BaseViewSet):
            authentication = (scheme,)

            async def create(self) -> str:
                return str(user_of(self.request))

        Notes.permissions = permissions
        admit = admission_of(Notes, None, action="create")
        handler = plan(Notes, "create", variables=(), method="POST", admit=admit).bind()
        app = web.Application(middlewares=[*([seen] if seen else []), api_exception_handler])
        app.router.add_post("/", handler)
        client = await aiohttp_client(app)
        headers = {"Authorization": authorization} if authorization is not None else {}
        answer = await client.post("/", headers=headers, **body)
        return answer, await answer.json()

    return post


BODIES = [
    pytest.param({"json": {"example": "example"}}, id="json"),
    pytest.param({"data": {"example": "example"}}, id="form"),
]
BASIC = BasicAuthentication(known_password)
BEARER = BearerAuthentication(known_token)
TOKEN = BearerAuthentication(known_token, keyword="Token")

# 140: names and passwords


@pytest.mark.parametrize("body", BODIES)
async def test_post_passing_basic_auth(post, body):
    answer, user = await post(BASIC, basic("john:password"), **body)

    assert answer.status == 201
    assert user == "john"


@pytest.mark.parametrize("body", BODIES)
async def test_post_failing_basic_auth(post, body):
    answer, problem = await post(BASIC, **body)

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="api", charset="UTF-8"'
    assert problem["detail"] == "Authentication credentials were not provided."


async def test_post_json_without_password_failing_basic_auth(post):
    answer, _ = await post(BASIC, basic("john"))

    assert answer.status == 401


@pytest.mark.parametrize("credentials", ["Basic =a=", "Basic joh", "Basic é"])
async def test_regression_handle_bad_base64_basic_auth_header(post, credentials):
    answer, problem = await post(BASIC, credentials)

    assert answer.status == 401
    detail = "Invalid basic header. Credentials not correctly base64 encoded."
    assert problem["detail"] == detail


async def test_fail_post_if_credentials_are_missing(post):
    answer, problem = await post(BASIC, "Basic ")

    assert answer.status == 401
    assert problem["detail"] == "Invalid basic header. No credentials provided."


async def test_fail_post_if_credentials_contain_spaces(post):
    answer, problem = await post(BASIC, "Basic foo bar")

    assert answer.status == 401
    detail = "Invalid basic header. Credentials string should not contain spaces."
    assert problem["detail"] == detail


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
async def test_decoding_of_utf8_credentials(post, encoding):
    answer, user = await post(BASIC, basic("walterwhité:pässwörd", encoding))

    assert answer.status == 201
    assert user == "walterwhité"


@pytest.mark.parametrize("credentials", ["john:wrong", "nobody:password"])
async def test_basic_authentication_raises_error_if_user_not_found(post, credentials):
    answer, problem = await post(BASIC, basic(credentials))

    assert answer.status == 401
    assert problem["detail"] == "Invalid username/password."


# 141: tokens


@pytest.mark.parametrize("body", BODIES)
async def test_post_passing_token_auth(post, body):
    answer, user = await post(BEARER, "Bearer abcd1234", **body)

    assert answer.status == 201
    assert user == "john"


@pytest.mark.parametrize("body", BODIES)
async def test_post_failing_token_auth(post, body):
    answer, _ = await post(BEARER, **body)

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'


async def test_custom_keyword(post):
    passing, _ = await post(TOKEN, "token abcd1234")
    failing, _ = await post(TOKEN, "Bearer abcd1234")

    assert passing.status == 201
    assert failing.status == 401
    assert failing.headers["WWW-Authenticate"] == 'Token realm="api"'


async def test_fail_authentication_if_user_is_not_active(post):
    answer, problem = await post(BEARER, "Bearer inactive")

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert problem["detail"] == "User inactive or deleted."


async def test_fail_post_form_passing_nonexistent_token_auth(post):
    answer, problem = await post(BEARER, "Bearer wxyz6789")

    assert answer.status == 401
    assert problem["detail"] == "Invalid token."


async def test_fail_post_if_token_is_missing(post):
    answer, problem = await post(BEARER, "Bearer ")

    assert answer.status == 401
    assert problem["detail"] == "Invalid token header. No credentials provided."


async def test_fail_post_if_token_contains_spaces(post):
    answer, problem = await post(BEARER, "Bearer foo bar")

    assert answer.status == 401
    detail = "Invalid token header. Token string should not contain spaces."
    assert problem["detail"] == detail


async def test_fail_post_form_passing_invalid_token_auth(post):
    answer, problem = await post(BEARER, "Bearer abcd1234ü")

    assert answer.status == 401
    detail = "Invalid token header. Token string should not contain invalid characters."
    assert problem["detail"] == detail


# 142: DRF answers 403, as this scheme has no challenge; ours must have one


class IncorrectCredentials(Authenticator):
    challenge = "Custom"
    scheme_name = "custom"

    async def authenticate(self, request):
        raise AuthenticationFailed("Bad credentials")


async def test_incorrect_credentials(post):
    answer, problem = await post(IncorrectCredentials, permissions=())

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Custom"
    assert problem["detail"] == "Bad credentials"


# 144: who reads the user after a failure finds nobody, and no error


async def test_failing_auth_accessed_in_renderer(post):
    @web.middleware
    async def render(request, handler):
        response = await handler(request)
        response.headers["X-User"] = str(user_of(request))
        return response

    answer, _ = await post(IncorrectCredentials, seen=render)

    assert answer.status == 401
    assert answer.headers["X-User"] == "None"


async def test_base_authentication_abstract_method():
    with pytest.raises(NotImplementedError):
        await Authenticator().authenticate(None)
