"""What becomes of the value that a function returns."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from typing import Annotated, Any

import msgspec
import pytest
from aiohttp import web

from webkit.application import create_app
from webkit.decorators import action
from webkit.outputs import ANYTHING, output_of, returned_problems
from webkit.replies import Reply
from webkit.routers import SimpleRouter
from webkit.streams import EVENTS, LINES, Event
from webkit.viewsets import BaseViewSet


class Artist(msgspec.Struct):
    id: int
    name: str


async def function(): ...


@pytest.mark.parametrize(
    ("tp", "status", "media_type"),
    [
        (Artist, 200, "application/json"),
        (Artist | None, 200, "application/json"),
        (Reply[Artist], 200, "application/json"),
        (dict[str, Any], 200, "application/json"),
        (type(None), 204, ""),
        (web.Response, 200, ""),
        (web.StreamResponse, 200, ""),
        (ANYTHING, 200, ""),
        (AsyncIterator[Artist], 200, LINES),
        (AsyncIterable[Artist], 200, LINES),
        (AsyncGenerator[Artist, None], 200, LINES),
        (AsyncIterator[Event[Artist]], 200, EVENTS),
        (AsyncIterator[Event], 200, EVENTS),
        (Annotated[AsyncIterator[Annotated[Event[Artist], "x"]], "y"], 200, EVENTS),
        (AsyncIterator, 200, LINES),
    ],
)
def test_an_annotation_says_status_and_media_type(tp, status, media_type):
    output = output_of(function, tp)

    assert (output.status, output.media_type) == (status, media_type)


def test_a_status_of_ones_own_wins():
    assert output_of(function, Artist, status=202).status == 202
    assert output_of(function, type(None), status=202).status == 202


@pytest.mark.parametrize(
    ("tp", "status", "key"),
    [
        (Artist, None, "id"),
        (Artist, 201, "id"),
        (Artist, 202, ""),
        (dict, None, ""),
        (int, None, ""),
    ],
)
def test_a_created_object_has_a_url_if_it_has_the_key(tp, status, key):
    assert output_of(function, tp, created_key="id", status=status).key == key


class ArtistViewSet(BaseViewSet):
    async def list(self):
        return [1, 2]

    async def create(self, artist: Artist) -> Artist:
        return artist

    async def detail(self, id: str) -> Artist | None:
        return Artist(1, id) if id != "none" else None

    async def destroy(self, id: str) -> None:
        return

    @action(detail=True)
    async def raw(self, id: str) -> Artist:
        return web.Response(text=id)  # type: ignore[return-value]  # still an answer

    @action(method="post", status=202)
    async def later(self) -> dict[str, str]:
        return {"state": "queued"}

    @action(method="post", status=202)
    async def later_without_a_word(self) -> None:
        return

    @action(status=202)
    async def perhaps(self) -> Artist | None:
        return None

    @action()
    async def reply(self) -> Reply[Artist]:
        return Reply(Artist(1, "a"), status=203, headers={"X-A": "1"})

    @action()
    async def empty_reply(self) -> Reply[None]:
        return Reply(None, status=205, headers={"X-A": "1"})

    @action()
    async def nothing(self):
        return None


@pytest.fixture
async def client(aiohttp_client):
    router = SimpleRouter()
    router.register(ArtistViewSet, basename="artist")
    return await aiohttp_client(create_app(routes=router.routes))


@pytest.mark.parametrize(
    ("method", "path", "status", "text"),
    [
        ("GET", "/artist/", 200, "[1,2]"),
        ("GET", "/artist/x/", 200, '{"id":1,"name":"x"}'),
        ("GET", "/artist/none/", 204, ""),
        ("DELETE", "/artist/x/", 204, ""),
        ("GET", "/artist/x/raw/", 200, "x"),
        ("POST", "/artist/later/", 202, '{"state":"queued"}'),
        ("POST", "/artist/later-without-a-word/", 202, ""),
        ("GET", "/artist/perhaps/", 204, ""),
        ("GET", "/artist/reply/", 203, '{"id":1,"name":"a"}'),
        ("GET", "/artist/empty-reply/", 205, ""),
        ("GET", "/artist/nothing/", 204, ""),
    ],
)
async def test_a_value_becomes_an_answer(client, method, path, status, text):
    answer = await client.request(method, path)

    assert (answer.status, await answer.text()) == (status, text)


@pytest.mark.parametrize("path", ["/artist/reply/", "/artist/empty-reply/"])
async def test_a_reply_has_headers_of_its_own(client, path):
    answer = await client.get(path)

    assert answer.headers["X-A"] == "1"


async def test_what_was_created_says_where_it_is(client):
    answer = await client.post("/artist/", json={"id": 7, "name": "a"})

    assert answer.status == 201
    assert answer.headers["Location"] == "/artist/7/"


async def test_an_answer_without_a_body_has_no_content_type(client):
    answer = await client.delete("/artist/x/")

    assert "Content-Type" not in answer.headers


class Odd:
    """A class that nothing is known of."""


ADVICE = "Use a msgspec.Struct, a dataclass, or a type of Python's own that JSON has"


@pytest.mark.parametrize(
    "tp",
    [
        Odd,
        Odd | None,
        list[Odd],
        Reply[Odd],
        Artist | Reply[Odd],
        AsyncIterator[Odd],
        AsyncIterator[Event[Odd]],
    ],
    ids=str,
)
def test_what_cannot_become_an_answer_is_told(tp):
    (problem,) = returned_problems(function, tp)

    assert problem == f"what it returns: Odd cannot be written as JSON. {ADVICE}"


def test_an_event_alone_is_no_answer():
    (problem,) = returned_problems(function, Event[Artist])

    assert problem == (
        "what it returns: an Event alone is no stream. Write AsyncIterator[Event[...]]"
    )


@pytest.mark.parametrize(
    "tp",
    [
        ANYTHING,
        None,
        Any,
        Artist | None,
        web.Response,
        Artist | web.StreamResponse,
        Reply[Artist] | Reply[None],
        Reply,
        AsyncIterator,
        AsyncGenerator[Artist, None],
        AsyncIterator[Event],
        AsyncIterator[Event[Artist] | Event[int]],
    ],
    ids=str,
)
def test_what_becomes_an_answer_has_no_problem(tp):
    assert list(returned_problems(function, tp)) == []


async def yielding():
    yield 1


def test_what_yields_is_a_stream():
    assert list(returned_problems(yielding, AsyncIterator[int])) == []
    for tp in (ANYTHING, list[int], Any):
        assert list(returned_problems(yielding, tp)) == [
            "what it returns: it yields, so it is a stream. Write -> AsyncIterator[...]"
        ]
