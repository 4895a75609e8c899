"""DRF's tests of exceptions, by their intent: rows 83, 84, 87 to 98 of the reference.

Row 85 is about a class that webkit does not have; row 86, translations, is not carried over.
"""

import logging

import msgspec
import pytest
from aiohttp import web

from webkit import status
from webkit.application import create_app
from webkit.cors import CORS
from webkit.endpoints import endpoint
from webkit.exceptions import Throttled, ValidationError
from webkit.replies import Reply
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


class Example(msgspec.Struct):
    char: str
    integer: int


class ExampleViewSet(BaseViewSet):
    async def create(self, body: Example) -> Example:
        return body


@endpoint
async def example(body: Example) -> Example:
    return body


def routes_of(viewset, name="example"):
    router = SimpleRouter()
    router.register(name, viewset)
    return router.routes


ROUTES = [*routes_of(ExampleViewSet), web.post("/function", example)]
by_class_and_function = pytest.mark.parametrize("path", ["/example/", "/function"])


@pytest.fixture
def serve(aiohttp_client):
    async def serve(*routes, **options):
        return await aiohttp_client(create_app(routes=routes, **options))

    return serve


@pytest.fixture
def answer_to(serve):
    """Serve a handler that raises an exception, and return the answer."""

    async def answer_to(error):
        async def fail(request):
            raise error

        client = await serve(web.get("/fail", fail))
        return await client.get("/fail")

    return answer_to


# 83
@pytest.mark.parametrize(
    "detail", ["string", {"nested": "string"}, [["string"]], {"a": [{"b": 1}]}]
)
async def test_get_error_details(answer_to, detail):
    answer = await answer_to(ValidationError(detail))

    assert (await answer.json(content_type=None))["detail"] == detail


# 84
@pytest.mark.parametrize(
    ("error", "message"),
    [
        (Throttled(), "Request was throttled."),
        (Throttled(1), "Request was throttled. Expected available in 1 second."),
        (Throttled(2), "Request was throttled. Expected available in 2 seconds."),
        (Throttled(2, detail="Slow down!"), "Slow down! Expected available in 2 seconds."),
    ],
)
async def test_get_full_details_with_throttling(answer_to, error, message):
    answer = await answer_to(error)

    body = await answer.json(content_type=None)
    assert (body["detail"], body["code"]) == (message, "throttled")


# 87
async def test_server_error(answer_to, caplog):
    caplog.set_level(logging.CRITICAL, "webkit.request")

    answer = await answer_to(Exception("Something went wrong"))

    assert (answer.status, answer.content_type) == (500, "application/problem+json")
    assert "wrong" not in await answer.text()


# 88
async def test_bad_request(answer_to):
    answer = await answer_to(web.HTTPBadRequest())

    assert (answer.status, answer.content_type) == (400, "application/problem+json")


@web.middleware
async def full_details(request, handler):
    try:
        return await handler(request)
    except ValidationError as error:
        data = {
            item["pointer"].removeprefix("#/"): [{"message": item["detail"], "code": item["code"]}]
            for item in error.errors
        }
        return web.json_response(data, status=400)


@web.middleware
async def codes(request, handler):
    try:
        return await handler(request)
    except ValidationError as error:
        data = {item["pointer"].removeprefix("#/"): [item["code"]] for item in error.errors}
        return web.json_response(data, status=400)


# 89, 90
@by_class_and_function
async def test_validation_error_with_full_details(serve, path):
    client = await serve(*ROUTES, middlewares=[full_details])

    answer = await client.post(path, json={})

    assert answer.status == 400
    assert await answer.json() == {
        "char": [{"message": "This field is required", "code": "required"}],
        "integer": [{"message": "This field is required", "code": "required"}],
    }


# 91, 92
@by_class_and_function
async def test_validation_error_with_codes(serve, path):
    client = await serve(*ROUTES, middlewares=[codes])

    answer = await client.post(path, json={})

    assert answer.status == 400
    assert await answer.json() == {"char": ["required"], "integer": ["required"]}


# 93
async def test_validation_error_details(answer_to):
    answer = await answer_to(ValidationError(("message1", "message2")))

    assert (await answer.json(content_type=None))["detail"] == ["message1", "message2"]


# 94
@by_class_and_function
async def test_400_parse_error(serve, path):
    client = await serve(*ROUTES)

    answer = await client.post(path, data=b"f00bar", headers={"Content-Type": "application/json"})

    assert answer.status == 400
    assert (await answer.json(content_type=None))["detail"].startswith("Malformed JSON: ")


@web.middleware
async def one_for_all(request, handler):
    try:
        return await handler(request)
    except Exception:
        return web.json_response("Error!", status=400)


# 95
@by_class_and_function
async def test_exception_handler(serve, path):
    client = await serve(*ROUTES, middlewares=[one_for_all])

    answer = await client.post(path, json={})

    assert (answer.status, await answer.json()) == (400, "Error!")


async def answer_to_syntax_error(request, error):
    return web.json_response({"error": "SyntaxError"}, status=400)


# 96
async def test_get_exception_handler(serve, caplog):
    class Overridden(BaseViewSet):
        exception_handlers = {SyntaxError: answer_to_syntax_error}  # noqa: RUF012  (as users write it)

        async def list(self) -> str:
            raise SyntaxError("request is invalid syntax")

    class Other(BaseViewSet):
        async def list(self) -> str:
            raise SyntaxError

    caplog.set_level(logging.CRITICAL, "webkit.request")
    client = await serve(*routes_of(Overridden), *routes_of(Other, "other"))

    answer = await client.get("/example/")

    assert (answer.status, await answer.json()) == (400, {"error": "SyntaxError"})
    assert (await client.get("/other/")).status == 500


def varies(answer):
    return sorted(
        name.strip() for text in answer.headers.getall("Vary") for name in text.split(",")
    )


# 97
async def test_default_vary_headers_merge_not_overwrite(serve):
    @endpoint
    async def varied() -> Reply[dict[str, str]]:
        return Reply({}, headers={"Vary": "X-Some-Header, X-Other-Header"})

    client = await serve(web.get("/varied", varied), cors=CORS(origins=("https://example.org",)))

    answer = await client.get("/varied")

    assert varies(answer) == ["Origin", "X-Other-Header", "X-Some-Header"]


# 97
async def test_custom_vary_headers_merge_not_overwrite(serve):
    @web.middleware
    async def by_cookie(request, handler):
        response = await handler(request)
        response.headers.add("Vary", "Cookie")
        return response

    @endpoint
    async def varied() -> Reply[dict[str, str]]:
        return Reply({}, headers={"Vary": "X-Foo-Header,X-Bar-Header"})

    client = await serve(web.get("/varied", varied), middlewares=[by_cookie])

    answer = await client.get("/varied")

    assert varies(answer) == ["Cookie", "X-Bar-Header", "X-Foo-Header"]


# 98
@pytest.mark.parametrize(
    ("tell", "first"),
    [
        (status.is_informational, 100),
        (status.is_success, 200),
        (status.is_redirect, 300),
        (status.is_client_error, 400),
        (status.is_server_error, 500),
    ],
)
def test_status_categories(tell, first):
    told = [tell(code) for code in (first - 1, first, first + 99, first + 100)]

    assert told == [False, True, True, False]
