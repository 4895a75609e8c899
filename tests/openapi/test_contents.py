import asyncio
import gzip

import pytest
from aiohttp import web

from webkit.openapi.contents import Content, takes_gzip


TEXT = b"the same words again and again, " * 100


@pytest.fixture
def serve(aiohttp_client):
    """Return a client of an application with one content; nothing is decompressed for it."""

    async def serve(make=lambda: TEXT, **options):
        app = web.Application()
        app.router.add_get("/", Content(make, content_type="text/plain", **options).handler)
        return await aiohttp_client(app, auto_decompress=False)

    return serve


async def test_content_is_sent_with_its_headers(serve):
    client = await serve(cache_control="public, max-age=60", headers={"X-More": "1"})

    async with client.get("/", headers={"Accept-Encoding": "identity"}) as answer:
        assert answer.status == 200
        assert await answer.read() == TEXT
        assert answer.headers["Content-Type"] == "text/plain"
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-More"] == "1"
        assert "Content-Encoding" not in answer.headers


async def test_content_is_compressed_for_who_accepts_it(serve):
    client = await serve()

    async with client.get("/", headers={"Accept-Encoding": "br, gzip"}) as answer:
        body = await answer.read()

    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(body) < len(TEXT) / 10
    assert gzip.decompress(body) == TEXT


async def test_content_that_is_not_to_be_compressed_is_not(serve):
    client = await serve(compressed=False)

    async with client.get("/", headers={"Accept-Encoding": "gzip"}) as answer:
        assert await answer.read() == TEXT

    assert "Content-Encoding" not in answer.headers
    assert "Vary" not in answer.headers


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_content_is_not_sent_again_to_who_has_it(serve, encoding):
    client = await serve()
    headers = {"Accept-Encoding": encoding}
    async with client.get("/", headers=headers) as answer:
        etag = answer.headers["ETag"]

    async with client.get("/", headers=headers | {"If-None-Match": f'"other", {etag}'}) as answer:
        assert answer.status == 304
        assert await answer.read() == b""
        assert answer.headers["ETag"] == etag
        assert answer.headers["Cache-Control"] == "no-cache"


async def test_the_tag_of_another_encoding_does_not_count(serve):
    client = await serve()
    async with client.get("/", headers={"Accept-Encoding": "gzip"}) as answer:
        etag = answer.headers["ETag"]

    headers = {"Accept-Encoding": "identity", "If-None-Match": etag}
    async with client.get("/", headers=headers) as answer:
        assert answer.status == 200


async def test_a_star_matches_any_tag(serve):
    client = await serve()

    async with client.get("/", headers={"If-None-Match": "*"}) as answer:
        assert answer.status == 304


async def test_head_tells_the_length_and_sends_nothing(serve):
    client = await serve(compressed=False)

    async with client.head("/") as answer:
        assert answer.headers["Content-Length"] == str(len(TEXT))
        assert await answer.read() == b""


async def test_content_is_made_once_however_many_ask(serve):
    made = []
    client = await serve(lambda: made.append(1) or TEXT)

    await asyncio.gather(*(client.get("/") for _ in range(5)))

    assert len(made) == 1


async def test_content_is_not_made_before_a_client_asks(serve):
    made = []

    await serve(lambda: made.append(1) or TEXT)

    assert made == []


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("deflate, gzip;q=0.5, br", True),
        ("x-gzip", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip; q=0.001", True),
        ("gzip;level=0", True),
        ("gzip;q=", True),
        ("br, deflate", False),
        ("notgzip", False),
    ],
)
def test_gzip_is_for_who_accepts_it(header, wanted):
    assert takes_gzip(header) is wanted
