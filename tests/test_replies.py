"""Replies and errors as responses."""

import json

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from webkit.exceptions import Conflict, MethodNotAllowed, NotFound, ValidationError
from webkit.middlewares import api_exception_handler
from webkit.replies import (
    ERROR_FORMAT,
    Reply,
    created_response,
    error_body,
    error_response,
    json_response,
    reply_response,
)


@pytest.mark.parametrize(
    ("path", "key", "location"),
    [
        ("/artist/", 7, "/artist/7/"),
        ("/artist", 7, "/artist/7"),
        ("/artist/?page=2", "a/b ü", "/artist/a%2Fb%20%C3%BC/"),
        ("/", 7, "/7/"),
    ],
)
def test_what_was_made_has_a_location_below_its_list(path, key, location):
    response = created_response(make_mocked_request("POST", path), b"{}", key=key)

    assert (response.status, response.headers["Location"]) == (201, location)


def test_a_reply_is_a_response():
    response = reply_response(Reply([1], status=202, headers={"X-A": "1"}))

    assert (response.status, response.body, response.headers["X-A"]) == (202, b"[1]", "1")


def test_a_reply_without_data_has_no_body():
    response = reply_response(Reply(None, status=202))

    assert (response.status, response.body) == (202, None)


def test_json_is_json():
    response = json_response(b"[]", 203)

    assert (response.status, response.content_type) == (203, "application/json")


def test_an_error_is_a_problem():
    error = Conflict("taken", "name_taken", extensions={"truncated": True})

    assert error_body(error) == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "taken",
        "code": "name_taken",
        "truncated": True,
    }


def test_a_problem_lists_its_errors():
    error = ValidationError(errors=[{"pointer": "#/name", "detail": "x", "code": "y"}])

    assert error_body(error)["errors"] == error.errors


def test_a_status_that_http_does_not_know_is_an_error_all_the_same():
    assert error_body(Conflict(status_code=599))["title"] == "Error"


def test_an_error_brings_its_headers_and_is_not_kept():
    request = make_mocked_request("PUT", "/")

    response = error_response(MethodNotAllowed("PUT", allowed=["GET"]), request, request_id="abc")

    assert response.content_type == "application/problem+json"
    assert response.headers["Allow"] == "GET"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Request-ID"] == "abc"


@pytest.mark.parametrize(
    ("detail", "shown"),
    [
        ("Größe 🎸", "Größe 🎸"),
        ("half a pair: \ud800", "half a pair: ?"),
        ({("a", 1): 2, "b": 3}, {"b": 3}),
        ({"path": object}, {"path": "<class 'object'>"}),
    ],
)
def test_no_detail_keeps_an_error_from_being_sent(detail, shown):
    response = error_response(Conflict(detail), make_mocked_request("GET", "/"))

    assert json.loads(response.body)["detail"] == shown


@pytest.mark.parametrize(
    "error",
    [
        NotFound(),
        NotFound("gone"),
        NotFound(code="lost"),
        Conflict(status_code=599),
        ValidationError(errors=[{"pointer": "#/name"}, {"pointer": "#/age"}]),
        ValidationError(errors=[{"pointer": "#/name"}], extensions={"truncated": True}),
        type("Odd", (Conflict,), {"detail": {"a": [1]}})(),
    ],
)
def test_the_bytes_of_a_problem_are_those_of_its_body(error):
    response = error_response(error, make_mocked_request("GET", "/"))

    assert list(json.loads(response.body).items()) == list(error_body(error).items())


def test_no_error_in_a_list_keeps_the_others_from_being_sent():
    error = ValidationError(errors=[{"pointer": "#/\ud800"}])

    response = error_response(error, make_mocked_request("GET", "/"))

    assert json.loads(response.body)["errors"] == [{"pointer": "#/?"}]


@pytest.mark.parametrize("request_id", ["", "abc"])
def test_an_error_is_not_kept_and_is_known_by_the_id_of_its_request(request_id):
    response = error_response(NotFound(), make_mocked_request("GET", "/"), request_id=request_id)

    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers.get("X-Request-ID", "") == request_id


async def test_an_error_can_have_the_body_that_webaio_gave_it(aiohttp_client):
    async def handler(request):
        raise Conflict("taken")

    app = web.Application(middlewares=[api_exception_handler])
    app[ERROR_FORMAT] = "detail"
    app.router.add_get("/", handler)
    client = await aiohttp_client(app)

    answer = await client.get("/")

    assert (answer.content_type, await answer.text()) == ("application/json", '{"detail":"taken"}')
