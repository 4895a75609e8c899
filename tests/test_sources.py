"""Values of every place in a request, over real connections: taken, and explained."""

import asyncio
import datetime as dt
import enum
import io
import json
import uuid
from typing import Annotated, Any, Literal

import msgspec
import pytest
from aiohttp import FormData, web

from webkit.application import create_app
from webkit.endpoints import endpoint
from webkit.parameters import Body, Cookie, File, Form, Header, Query


class Colour(enum.Enum):
    RED = "red"


class Filter(msgspec.Struct, rename="kebab"):
    q: str = ""
    min_age: Annotated[int, msgspec.Meta(ge=0)] = 0
    tag: list[str] = []


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    n: int


class New(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(min_length=1)]
    born: dt.date | None = None


@pytest.fixture
def serve(aiohttp_client):
    async def serve(function, *, method="GET", path="/"):
        routes = [web.route(method, path, endpoint(function))]
        return await aiohttp_client(create_app(routes=routes))

    return serve


async def plain(
    text: str,
    number: int = 1,
    flag: bool | None = None,
    colour: Colour | None = None,
    kind: Literal["a", "b"] = "a",
    ids: Annotated[list[uuid.UUID] | None, Query("id")] = None,
    sizes: set[int] | None = None,
    maybe: str | None = None,
) -> dict[str, Any]:
    return dict(locals())


DEFAULTS = {
    "number": 1,
    "flag": None,
    "colour": None,
    "kind": "a",
    "ids": None,
    "sizes": None,
    "maybe": None,
}


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("text=x", {"text": "x"}),
        ("text=", {"text": ""}),
        ("text=%C3%BC&number=-3&flag=true", {"text": "ü", "number": -3, "flag": True}),
        ("text=x&colour=red&kind=b&maybe=y", {"colour": "red", "kind": "b", "maybe": "y"}),
        (f"text=x&id={uuid.UUID(int=1)}&id={uuid.UUID(int=2)}", {"ids": [1, 2]}),
        ("text=x&sizes=3&sizes=3", {"sizes": [3]}),
        ("text=x&unknown=1", {}),
    ],
)
async def test_a_query_fills_plain_parameters(serve, query, values):
    client = await serve(plain)

    answer = await client.get(f"/?{query}")

    if "ids" in values:
        values = {"ids": [str(uuid.UUID(int=number)) for number in values["ids"]]}
    assert await answer.json() == {"text": "x", **DEFAULTS, **values}


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("", {"text": "required"}),
        ("text=x&number=1.5", {"number": "type"}),
        ("text=x&number=", {"number": "type"}),
        (
            "text=x&flag=maybe&kind=c&colour=blue",
            {"flag": "type", "kind": "enum", "colour": "enum"},
        ),
        ("text=x&id=1", {"id": "format"}),
        ("number=x", {"text": "required", "number": "type"}),
    ],
)
async def test_every_parameter_that_does_not_fit_is_named(serve, query, errors):
    client = await serve(plain)

    answer = await client.get(f"/?{query}")

    assert answer.status == 422
    found = (await answer.json())["errors"]
    assert {item["parameter"]: item["code"] for item in found} == errors


async def test_a_model_is_a_query_by_its_fields(serve):
    async def listed(f: Filter) -> Filter:
        return f

    client = await serve(listed)

    answer = await client.get("/?q=x&min-age=3&tag=a&tag=b&other=1")

    assert await answer.json() == {"q": "x", "min-age": 3, "tag": ["a", "b"]}
    answer = await client.get("/?min-age=-1")
    assert (await answer.json())["errors"] == [
        {"parameter": "min-age", "detail": "Expected `int` >= 0", "code": "range"}
    ]


async def test_a_query_may_refuse_what_it_does_not_know(serve):
    async def listed(f: Strict) -> Strict:
        return f

    client = await serve(listed)

    answer = await client.get("/?n=1&m=2")

    assert [item["parameter"] for item in (await answer.json())["errors"]] == ["m"]


async def test_headers_and_cookies_fill_parameters(serve):
    async def listed(
        x_token: Annotated[str, Header()],
        limit: Annotated[int, Header("X-Limit")] = 3,
        theme: Annotated[str, Cookie()] = "light",
    ) -> list[Any]:
        return [x_token, limit, theme]

    client = await serve(listed)

    good = await client.get("/", headers={"X-Token": "t", "Cookie": "theme=dark"})
    bad = await client.get("/", headers={"X-Limit": "many"})

    assert await good.json() == ["t", 3, "dark"]
    assert (await bad.json())["errors"] == [
        {"header": "x-token", "detail": "This value is required", "code": "required"},
        {"header": "X-Limit", "detail": "Expected `int`, got `str`", "code": "type"},
    ]


@pytest.mark.parametrize(
    ("hint", "good", "bad"),
    [
        (int, "12", ["x", "1_0", "-1", "9" * 20]),
        (uuid.UUID, str(uuid.UUID(int=1)), ["1", "x" * 36]),
        (dt.date, "2020-02-29", ["2020-02-30", "today"]),
        (Colour, "red", ["blue"]),
        (Literal["a", "b"], "a", ["c"]),
        (float, "1.5", ["x"]),
        (str, "ü", ["a%2Fb", "a/b"]),
    ],
)
async def test_a_path_that_does_not_fit_is_not_found(serve, hint, good, bad):
    async def show(id) -> Any:
        return id

    show.__annotations__["id"] = hint
    client = await serve(show, path="/{id}")

    assert (await client.get(f"/{good}")).status == 200
    for text in bad:
        answer = await client.get(f"/{text}")
        assert answer.status == 404, text
        assert (await answer.json())["code"] == "not_found"


async def create(new: New, dry: bool = False) -> New:
    return new


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        'Application/JSON;charset="UTF-8"',
        "application/merge-patch+json",
    ],
)
async def test_a_body_is_json_under_any_of_its_names(serve, content_type):
    client = await serve(create, method="POST")

    answer = await client.post("/", data=b'{"name": "a"}', headers={"Content-Type": content_type})

    assert await answer.json() == {"name": "a", "born": None}


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/json; charset=latin-1", "application/jsonp", ""]
)
async def test_any_other_body_is_refused(serve, content_type):
    client = await serve(create, method="POST")

    answer = await client.post("/", data=b'{"name": "a"}', headers={"Content-Type": content_type})

    assert answer.status == 415


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 100_000, b'{"name": "\xff"}'])
async def test_a_body_that_is_no_json_is_malformed(serve, raw):
    client = await serve(create, method="POST")

    answer = await client.post("/", data=raw, headers={"Content-Type": "application/json"})

    assert answer.status == 400
    assert (await answer.json())["detail"].startswith("Malformed JSON")


async def test_mistakes_in_body_and_query_are_told_together(serve):
    client = await serve(create, method="POST")

    answer = await client.post("/?dry=maybe", json={"name": "", "born": "x"})

    places = [
        (item.get("pointer"), item.get("parameter")) for item in (await answer.json())["errors"]
    ]
    assert places == [("#/name", None), ("#/born", None), (None, "dry")]


async def test_a_body_may_be_left_out_where_it_has_a_default(serve):
    async def update(new: New | None = None) -> str:
        return new.name if new else "nothing"

    client = await serve(update, method="POST")

    assert await (await client.post("/")).json() == "nothing"
    assert await (await client.post("/", json={"name": "a"})).json() == "a"
    assert (await client.post("/", json={"name": ""})).status == 422


async def test_bytes_are_the_body_as_it_came(serve):
    async def upload(raw: Annotated[bytes, Body()], n: int = 0) -> int:
        return len(raw)

    client = await serve(upload, method="POST")

    assert await (await client.post("/", data=b"\x00\xff")).json() == 2
    assert (await client.post("/?n=x", data=b"\x00")).status == 422


async def test_a_body_larger_than_the_limit_is_refused(serve):
    client = await serve(create, method="POST")

    large = io.BytesIO(b'{"name": "' + b"x" * 2 * 1024**2 + b'"}')

    answer = await client.post("/", data=large, headers={"Content-Type": "application/json"})

    assert answer.status == 413


async def test_the_request_can_read_its_body_again(serve):
    async def create(new: New, request: web.Request) -> Any:
        return await request.json()

    client = await serve(create, method="POST")

    assert await (await client.post("/", json={"name": "a"})).json() == {"name": "a"}


async def form(new: Annotated[New, Form()], times: Annotated[int, Form()] = 1) -> list[Any]:
    return [new, times]


async def test_a_form_fills_models_and_values(serve):
    client = await serve(form, method="POST")

    answer = await client.post("/", data={"name": "a", "born": "2020-01-01", "times": "2"})

    assert await answer.json() == [{"name": "a", "born": "2020-01-01"}, 2]


async def test_the_fields_of_a_form_that_do_not_fit_are_named(serve):
    client = await serve(form, method="POST")

    answer = await client.post("/", data={"name": "", "times": "often"})

    assert [item["field"] for item in (await answer.json())["errors"]] == ["name", "times"]


async def test_what_is_no_form_is_refused(serve):
    client = await serve(form, method="POST")

    assert (await client.post("/", json={})).status == 415


async def test_a_broken_multipart_body_is_malformed(serve):
    client = await serve(form, method="POST")
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    answer = await client.post("/", data=b"--y\r\nbroken", headers=headers)

    assert answer.status == 400
    assert (await answer.json())["detail"].startswith("Malformed form")


async def files(
    photo: web.FileField, text: Annotated[web.FileField | None, File("note")] = None
) -> list[Any]:
    return [photo.filename, photo.file.read().decode(), text and text.filename]


async def test_files_come_with_a_multipart_form(serve):
    client = await serve(files, method="POST")
    data = FormData()
    data.add_field("photo", b"abc", filename="a.png")

    answer = await client.post("/", data=data)

    assert await answer.json() == ["a.png", "abc", None]


@pytest.mark.parametrize("value", [None, "text"])
async def test_a_file_that_is_missing_or_none_is_named(serve, value):
    client = await serve(files, method="POST")
    data = FormData(default_to_multipart=True)
    data.add_field("other", "x")
    if value:
        data.add_field("photo", value)

    answer = await client.post("/", data=data)

    assert (await answer.json())["errors"] == [
        {"field": "photo", "detail": "A file is required", "code": "required"}
    ]


@pytest.mark.parametrize("place", [Header("X-Name"), Cookie("name"), Form("name")])
async def test_a_text_that_is_no_unicode_or_no_text_is_named(aiohttp_server, place):
    async def named(name: Annotated[str, place]) -> str:
        return name

    server = await aiohttp_server(create_app(routes=[web.post("/", endpoint(named))]))
    body = b'--B\r\nContent-Disposition: form-data; name="name"; filename="f"\r\n\r\nx\r\n--B--\r\n'
    reader, writer = await asyncio.open_connection(server.host, server.port)

    writer.write(
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n"
        b"Content-Type: multipart/form-data; boundary=B\r\n"
        b"X-Name: \xff\r\nCookie: name=\xff\r\n\r\n%b" % (len(body), body)
    )
    head, _, answer = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()

    assert head.startswith(b"HTTP/1.1 422 ")
    assert json.loads(answer)["errors"][0]["code"] in {"encoding", "type"}


class Needed(msgspec.Struct):
    begin: int
    end: int | None = None


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("", (200, None)),
        ("other=1", (200, None)),
        ("begin=1", (200, {"begin": 1, "end": None})),
        ("end=1", (422, ["begin"])),
        ("begin=x&number=y", (422, ["begin", "number"])),
        ("number=y", (422, ["number"])),
    ],
)
async def test_a_model_that_may_be_missing_is_its_default_if_none_of_its_fields_is_there(
    serve, query, answer
):
    async def show(period: Annotated[Needed | None, Query()] = None, number: int = 0) -> Any:
        return {"period": period}

    client = await serve(show)

    response = await client.get(f"/?{query}")

    body = await response.json()
    errors = sorted(item["parameter"] for item in body.get("errors", ()))
    assert (response.status, body.get("period", errors)) == answer
