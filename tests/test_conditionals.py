"""Answers to who has them already."""

import pytest
from aiohttp import web

from webkit.application import create_app
from webkit.conditionals import conditional
from webkit.endpoints import endpoint
from webkit.testing import APIClient


@endpoint
async def answer(text: str = "hello", status: int = 200) -> object:
    return text if status == 200 else web.json_response({}, status=status)


@endpoint
async def change() -> str:
    return "done"


async def tagged(request):
    headers = {"ETag": '"mine"', "Cache-Control": "max-age=5", "X-More": "1"}
    return web.Response(text="tagged", headers=headers)


async def stream(request):
    response = web.StreamResponse()
    await response.prepare(request)
    return response


@pytest.fixture
async def api():
    routes = [
        web.get("/", answer),
        web.post("/", change),
        web.get("/tagged", tagged),
        web.get("/stream", stream),
    ]
    async with APIClient(create_app(routes=routes, middlewares=[conditional])) as client:
        yield client


async def test_who_has_an_answer_gets_no_body_again(api):
    first = await api.get("/")
    second = await api.get("/", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["ETag"].startswith('W/"')
    assert (second.status, await second.read()) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["X-Content-Type-Options"] == "nosniff"


async def test_another_answer_has_another_tag(api):
    first = await api.get("/")

    second = await api.get("/?text=bye", headers={"If-None-Match": first.headers["ETag"]})

    assert (second.status, await second.json()) == (200, "bye")


async def test_head_is_told_the_same(api):
    tag = (await api.head("/")).headers["ETag"]

    assert (await api.head("/", headers={"If-None-Match": tag})).status == 304


async def test_one_of_several_tags_is_enough_and_a_star_is_any(api):
    tag = (await api.get("/")).headers["ETag"]

    answers = [
        await api.get("/", headers={"If-None-Match": sent}) for sent in (f'"other", {tag}', "*")
    ]

    assert [item.status for item in answers] == [304, 304]


async def test_a_tag_of_the_handler_stays_with_what_belongs_to_it(api):
    answer = await api.get("/tagged", headers={"If-None-Match": '"mine"'})

    assert (answer.status, answer.headers["ETag"]) == (304, '"mine"')
    assert answer.headers["Cache-Control"] == "max-age=5"
    assert "X-More" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/"), ("GET", "/?status=202"), ("GET", "/stream")]
)
async def test_other_answers_have_no_tag(api, method, path):
    answer = await api.request(method, path, headers={"If-None-Match": "*"})

    assert answer.status in {200, 202}
    assert "ETag" not in answer.headers


async def test_a_body_that_is_no_bytes_passes():
    async def pieces(request):
        async def parts():
            yield b"one"

        return web.Response(body=parts())

    app = create_app(routes=[web.get("/", pieces)], middlewares=[conditional])
    async with APIClient(app) as api:
        answer = await api.get("/")

        assert (await answer.read(), "ETag" in answer.headers) == (b"one", False)
