"""DRF's tests of requests, parsers, responses and renderers: rows 150 to 156 and 158 to 160.

Row 157, renderers chosen by ``Accept``, is not carried over yet; row 161 is about DRF's HTML pages.
"""

import io
import logging
from typing import Annotated, Any

import msgspec
import pytest
from aiohttp import FormData, web

from webkit.application import create_app
from webkit.authentication import Authenticator
from webkit.config import Config, Settings
from webkit.endpoints import endpoint
from webkit.parameters import Body, Form
from webkit.replies import Reply
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


LIMIT = 1024


class Item(msgspec.Struct):
    qwerty: str


class Broken(msgspec.Struct):
    name: str

    def __post_init__(self):
        raise AttributeError("Internal error")


class Wished(msgspec.Struct):
    qwerty: str = ""


async def nothing(wishes: Wished) -> Wished:
    return wishes


async def as_json(body: Item) -> Item:
    return body


async def as_form(qwerty: Annotated[str, Form()]) -> str:
    return qwerty


async def as_form_model(body: Annotated[Item, Form()]) -> Item:
    return body


async def as_bytes(body: Annotated[bytes, Body()]) -> str:
    return body.decode()


async def as_file(upload: web.FileField) -> list[Any]:
    return [upload.filename, len(upload.file.read())]


async def as_anything(body: Annotated[Any, Body()]) -> Any:
    return body


async def broken(body: Broken) -> str:
    return body.name


async def twice(request: web.Request, body: Item) -> list[Any]:
    return [body, await request.json(), (await request.read()).decode()]


async def streamed(request: web.Request) -> web.Response:
    size = 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
    return web.json_response(size)


def routes(*functions, method="POST", path=None):
    return [
        web.route(method, path or f"/{function.__name__.replace('_', '-')}", endpoint(function))
        for function in functions
    ]


ROUTES = [
    *routes(nothing, method="GET"),
    *routes(as_json, as_form, as_form_model, as_bytes, as_file, as_anything, broken, twice),
    *routes(as_json, as_form, as_bytes, method="PUT"),
    web.post("/streamed", streamed),
]


@pytest.fixture
def serve(aiohttp_client):
    async def serve(*more):
        settings = Settings(client_max_size=LIMIT)
        config = Config(settings=settings, environment="testing", origins={})
        return await aiohttp_client(create_app(config=config, routes=more or ROUTES))

    return serve


@pytest.fixture
async def client(serve):
    return await serve()


def typed(content_type):
    return {"headers": {"Content-Type": content_type}}


# 150
async def test_standard_behaviour_determines_no_content_get_and_head(client):
    assert await (await client.get("/nothing", data=b"qwerty=uiop")).json() == {"qwerty": ""}
    assert (await client.head("/nothing")).status == 200


# 150
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_standard_behaviour_determines_content(client, method):
    by_form = await client.request(method, "/as-form", data={"qwerty": "uiop"})
    by_json = await client.request(method, "/as-json", json={"qwerty": "uiop"})
    by_text = await client.request(method, "/as-bytes", data=b"qwerty", **typed("text/plain"))

    assert await by_form.json() == "uiop"
    assert await by_json.json() == {"qwerty": "uiop"}
    assert await by_text.json() == "qwerty"


# 150
async def test_request_post_with_files(client):
    answer = await client.post("/as-file", data={"upload": io.BytesIO(b"file_content")})

    assert (await answer.json())[1] == len("file_content")


# 151
async def test_calling_data_fails_when_attribute_error_is_raised(client, caplog):
    answer = await client.post("/broken", json={"name": "x"})

    assert answer.status == 500
    assert "AttributeError: Internal error" in caplog.text


# 151
async def test_calling_user_fails_when_attribute_error_is_raised(serve, caplog):
    class Misspelled(Authenticator):
        challenge = scheme_name = "misspelled"
        security_scheme = {"type": "http", "scheme": "x"}  # noqa: RUF012  (as users write it)

        async def authenticate(self, request):
            return self.MISSPELLED_NAME_THAT_DOES_NOT_EXIST

    class Users(BaseViewSet):
        authentication = Misspelled

        async def list(self) -> str:
            return "passed"

    router = SimpleRouter()
    router.register("users", Users)
    client = await serve(*router.routes)

    answer = await client.get("/users/", headers={"Authorization": "Bearer x"})

    assert answer.status == 500
    assert "MISSPELLED_NAME_THAT_DOES_NOT_EXIST" in caplog.text


# 150
@pytest.mark.parametrize(
    ("tp", "raw", "status", "body"),
    [
        (str, b'" padded "', 200, " padded "),
        (str, b'""', 200, ""),
        (int, b'"1"', 422, None),
        (int, b"1.0", 422, None),
        (str, b"1", 422, None),
        (bool, b'"true"', 422, None),
        (bool, b"1", 422, None),
    ],
)
async def test_json_is_taken_as_it_is(serve, tp, raw, status, body):
    async def take(body: Any) -> Any:
        return body

    take.__annotations__["body"] = Annotated[tp, Body()]
    client = await serve(*routes(take))

    answer = await client.post("/take", data=raw, **typed("application/json"))

    assert answer.status == status
    assert body is None or await answer.json() == body


# 152
async def test_request_data_with_oversized_json_raises_error(client):
    assert (await client.post("/as-json", json={"qwerty": "x" * LIMIT})).status == 413


# 152
@pytest.mark.parametrize("path", ["/as-form", "/as-form-model"])
async def test_request_data_with_oversized_form_raises_error(client, path):
    assert (await client.post(path, data={"qwerty": "x" * LIMIT})).status == 413


# 152
async def test_request_data_with_small_bodies_continues_to_parse(client):
    assert (await client.post("/as-json", json={"qwerty": "uiop"})).status == 200
    assert (await client.post("/as-form-model", data={"qwerty": "uiop"})).status == 200


# 152
async def test_request_data_with_multipart_file_upload_is_limited_too(client):
    assert (
        await client.post("/as-file", data={"upload": io.BytesIO(b"x" * 2 * LIMIT)})
    ).status == 413
    assert (await client.post("/as-file", data={"upload": io.BytesIO(b"x" * 32)})).status == 200


# 152
async def test_request_data_with_custom_parser_keeps_streaming_path(client):
    answer = await client.post("/streamed", data=b"x" * 5 * LIMIT, **typed("text/plain"))

    assert await answer.json() == 5 * LIMIT


# 153
@pytest.mark.parametrize("value", ["Infinity", "-Infinity", "NaN"])
async def test_float_strictness_of_what_comes(client, value):
    answer = await client.post("/as-anything", data=value, **typed("application/json"))

    assert answer.status == 400


# 154
async def test_duplicate_request_json_data_access(client):
    answer = await client.post("/twice", data=b'{"qwerty": "b"}', **typed("application/json"))

    assert await answer.json() == [{"qwerty": "b"}, {"qwerty": "b"}, '{"qwerty": "b"}']


# 155
@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b'{"qwerty": "123"}', "application/json", 200),
        (b'{"qwerty": "123"}', "application/vnd.shop+json; charset=utf-8", 200),
        (b"<test>123</test>", "application/xml", 415),
        (b"qwerty=123", "application/x-www-form-urlencoded", 415),
        (b'{"qwerty": "123"}', "text/plain", 415),
    ],
)
async def test_unsupported_media_type(client, body, content_type, status):
    answer = await client.post("/as-json", data=body, **typed(content_type))

    assert answer.status == status


# 156
async def test_head_method_serializes_no_content(client):
    get, head = await client.get("/nothing"), await client.head("/nothing")

    assert (head.status, await head.read()) == (200, b"")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


# 156
async def test_204_no_content_responses_have_no_content_type_set(serve):
    async def empty() -> None:
        return None

    client = await serve(*routes(empty))

    answer = await client.post("/empty")

    assert answer.status == 204
    assert "Content-Type" not in answer.headers


# 156
async def test_an_explicit_content_type_is_respected_and_json_has_no_charset(serve):
    async def explicit() -> Reply[dict[str, str]]:
        return Reply({}, headers={"Content-Type": "application/vnd.shop+json"})

    client = await serve(*routes(explicit), *routes(as_anything))

    typed_answer = await client.post("/explicit")
    answer = await client.post("/as-anything", json={})

    assert typed_answer.headers.getall("Content-Type") == ["application/vnd.shop+json"]
    assert answer.headers["Content-Type"] == "application/json"


# 158
async def test_float_strictness_of_what_goes(serve):
    async def odd() -> list[float]:
        return [float("inf"), float("-inf"), float("nan")]

    client = await serve(*routes(odd))

    assert await (await client.post("/odd")).text() == "[null,null,null]"


# 158
@pytest.mark.parametrize("text", ["España", "\u2028\u2029", "<script>", "🎸", "\x00"])
async def test_any_text_comes_out_as_it_went_in(client, text):
    raw = await (await client.post("/as-anything", json={"text": text})).read()

    assert msgspec.json.decode(raw) == {"text": text}
    assert raw.isascii() == text.isascii()


# 159
async def test_json_is_compact(client):
    answer = await client.post("/as-anything", json={"foo": ["bar", "baz"]})

    assert await answer.text() == '{"foo":["bar","baz"]}'


# 160
@pytest.mark.parametrize("name", ["file.txt", "ÀĥƦ.txt", "with space.txt"])
async def test_get_filename(client, name):
    form = FormData(quote_fields=False)  # as browsers do
    form.add_field("upload", b"Test text file", filename=name, content_type="text/plain")

    answer = await client.post("/as-file", data=form)

    assert await answer.json() == [name, 14]


# 160
async def test_get_encoded_filename(client):
    body = (
        b'--B\r\nContent-Disposition: form-data; name="upload"; filename=fallback.txt;'
        b" filename*=utf-8'en-us'%C3%80%C4%A5%C6%A6.txt\r\n\r\nTest text file\r\n--B--\r\n"
    )

    answer = await client.post("/as-file", data=body, **typed("multipart/form-data; boundary=B"))

    assert await answer.json() == ["ÀĥƦ.txt", 14]


# 160
async def test_parse_missing_filename(client, caplog):
    caplog.set_level(logging.CRITICAL, "webkit.request")
    body = b'--B\r\nContent-Disposition: form-data; name="upload"\r\n\r\nx\r\n--B--\r\n'

    answer = await client.post("/as-file", data=body, **typed("multipart/form-data; boundary=B"))

    assert answer.status == 422
    (error,) = (await answer.json(content_type=None))["errors"]
    assert error == {"field": "upload", "detail": "A file is required", "code": "required"}
