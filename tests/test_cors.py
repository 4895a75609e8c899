"""CORS."""

import pytest
from aiohttp import web

from webkit.application import create_app
from webkit.cors import CORS
from webkit.exceptions import ConfigurationError


PAGE = "https://page.example"


async def index(request):
    return web.json_response({})


@pytest.fixture
def serve(aiohttp_client):
    async def serve(cors):
        return await aiohttp_client(create_app(cors=cors, routes=[web.get("/", index)]))

    return serve


async def test_without_a_policy_no_origin_is_allowed(serve):
    client = await serve(None)

    answer = await client.get("/", headers={"Origin": PAGE})

    assert not [name for name in answer.headers if name.startswith("Access-Control")]


async def test_an_allowed_origin_may_read_the_answer(serve):
    client = await serve(CORS(origins=(PAGE,)))

    answer = await client.get("/", headers={"Origin": PAGE})

    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert answer.headers["Access-Control-Expose-Headers"] == "Location, X-Request-ID"
    assert answer.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://other.example"}, {"Origin": "null"}])
async def test_any_other_origin_may_not_and_caches_are_told_that_it_depends(serve, headers):
    client = await serve(CORS(origins=(PAGE,)))

    answer = await client.get("/", headers=headers)

    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Vary"] == "Origin"


async def test_errors_can_be_read_too(serve):
    client = await serve(CORS(origins=(PAGE,), expose=()))

    answer = await client.get("/nowhere", headers={"Origin": PAGE})

    assert answer.status == 404
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert "Access-Control-Expose-Headers" not in answer.headers


async def test_any_origin_needs_no_vary(serve):
    client = await serve(CORS(origins=("*",)))

    answer = await client.get("/", headers={"Origin": PAGE})

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Vary" not in answer.headers


async def test_credentials_are_allowed_to_listed_origins(serve):
    client = await serve(CORS(origins=(PAGE,), credentials=True))

    answer = await client.get("/", headers={"Origin": PAGE})

    assert answer.headers["Access-Control-Allow-Credentials"] == "true"


async def test_a_preflight_of_an_allowed_origin_says_what_is_allowed(serve):
    client = await serve(CORS(origins=(PAGE,), max_age=60))
    asked = {"Origin": PAGE, "Access-Control-Request-Method": "PUT"}

    answer = await client.options("/", headers=asked)

    assert answer.status == 204
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"].split(", ")
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"].split(", ")
    assert answer.headers["Access-Control-Max-Age"] == "60"


async def test_a_preflight_of_another_origin_says_nothing(serve):
    client = await serve(CORS(origins=(PAGE,)))
    asked = {"Origin": "https://other.example", "Access-Control-Request-Method": "PUT"}

    answer = await client.options("/", headers=asked)

    assert answer.status == 204
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


async def test_other_options_requests_reach_the_route(serve):
    client = await serve(CORS(origins=(PAGE,)))

    answer = await client.options("/", headers={"Origin": PAGE})

    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("origin", ["page.example", "https://page.example/", "https://a/b", ""])
def test_an_origin_is_written_as_browsers_send_it(origin):
    with pytest.raises(ConfigurationError, match=r"https://example\.org"):
        CORS(origins=(origin,))


def test_credentials_cannot_be_open_to_any_origin():
    with pytest.raises(ConfigurationError, match="List the origins"):
        CORS(origins=("*",), credentials=True)
