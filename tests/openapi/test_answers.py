from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from aiohttp import web
from msgspec import Meta, Struct

from webkit.decorators import action
from webkit.handlers import plan_function
from webkit.parameters import Body, Form, Header
from webkit.replies import Reply
from webkit.streams import Event
from webkit.viewsets import BaseViewSet
from webkit.websockets import WebSocket


JSON = "application/json"
ARTIST = {"$ref": "#/components/schemas/Artist"}


class Artist(Struct):
    id: int


class New(Struct):
    name: str


Artists = list[Artist]


class ArtistViewSet(BaseViewSet):
    async def list(self) -> Artists: ...
    async def create(self, artist: New) -> Artist: ...
    async def detail(self, id: int) -> Artist | None: ...
    async def destroy(self, id: int) -> None: ...

    @action
    async def response(self) -> web.Response: ...

    @action
    async def either(self) -> Artist | web.Response: ...

    @action
    async def reply(self) -> Reply[Artist]: ...

    @action(status=202)
    async def accepted(self) -> Reply[Artist] | New: ...

    @action
    async def anything(self) -> Reply | dict[str, Any]: ...

    @action
    async def lines(self) -> AsyncIterator[Artist]:
        yield Artist(1)

    @action
    async def events(self) -> AsyncIterator[Event[Artist]]:
        yield Event(Artist(1))

    @action
    async def bare_events(self) -> AsyncIterator[Event]:
        yield Event(1)

    @action
    async def chat(self, ws: WebSocket[New, Artist]) -> None: ...

    @action
    async def talk(self, ws: WebSocket) -> None: ...


@pytest.fixture
def answers(operations):
    """Return the answers of an action that are no errors."""
    found = operations(ArtistViewSet)
    return lambda name: {
        status: answer
        for status, answer in found[name]["responses"].items()
        if "$ref" not in answer
    }


def _answer(status, schema):
    return {"description": status, "content": {JSON: {"schema": schema}}}


def test_a_value_is_json(answers):
    assert answers("list") == {"200": _answer("OK", {"type": "array", "items": ARTIST})}


def test_what_is_created_has_a_place(answers):
    place = {
        "description": "Where the new object is",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    }

    assert answers("create") == {
        "201": {**_answer("Created", ARTIST), "headers": {"Location": place}}
    }


def test_several_that_are_created_may_have_no_place(operations):
    class ViewSet(BaseViewSet):
        async def detail(self, id: int) -> Artist: ...
        async def create(self, artist: New) -> Artist | list[Artist]: ...

    created = operations(ViewSet)["create"]["responses"]["201"]

    assert "required" not in created["headers"]["Location"]


def test_what_is_created_without_an_id_has_no_place(operations):
    class ViewSet(BaseViewSet):
        async def create(self, artist: New) -> New: ...

    assert "headers" not in operations(ViewSet)["create"]["responses"]["201"]


def test_nothing_is_204(answers):
    assert answers("destroy") == {"204": {"description": "No Content"}}


def test_an_object_or_nothing_has_two_answers(answers):
    assert answers("detail") == {
        "200": _answer("OK", ARTIST),
        "204": {"description": "No Content"},
    }


def test_nothing_is_known_of_a_response_that_a_function_makes(answers):
    assert answers("response") == {"200": {"description": "OK"}}
    assert answers("either") == {"200": _answer("OK", ARTIST)}


def test_a_reply_has_any_status_unless_the_decorator_says_which(answers):
    assert answers("reply") == {"2XX": _answer("Success", ARTIST)}
    assert answers("accepted") == {
        "202": _answer("Accepted", {"anyOf": [ARTIST, {"$ref": "#/components/schemas/New"}]})
    }
    assert answers("anything") == {
        "200": _answer("OK", {"type": "object"}),
        "2XX": _answer("Success", {}),
    }


def test_a_stream_has_the_schema_of_its_items(answers):
    assert answers("lines")["200"]["content"] == {"application/jsonl": {"schema": ARTIST}}


def test_an_event_has_its_data_as_text(answers):
    def data(name):
        schema = answers(name)["200"]["content"]["text/event-stream"]["schema"]
        assert schema["required"] == ["data"]
        return schema["properties"]["data"]

    assert data("events") == {
        "type": "string",
        "contentMediaType": JSON,
        "contentSchema": ARTIST,
    }
    assert data("bare_events")["contentSchema"] == {}


def test_a_websocket_switches_protocols_and_tells_its_messages(operations, answers):
    found = operations(ArtistViewSet)

    assert answers("chat") == {"101": {"description": "Switching Protocols"}}
    assert found["chat"]["x-messages"] == {
        "receives": {"$ref": "#/components/schemas/New"},
        "sends": ARTIST,
    }
    assert found["talk"]["x-messages"] == {"receives": {}, "sends": {}}
    assert "x-messages" not in found["list"]


class FailingViewSet(BaseViewSet):
    async def list(self, q: str | None = None) -> str: ...
    async def create(self, artist: New) -> str: ...
    async def detail(self, id: int) -> str: ...
    async def update(self, id: int, q: str) -> str: ...

    @action
    async def number(self, n: int = 1) -> str: ...

    @action
    async def header(self, x_a: Annotated[str | None, Header()] = None) -> str: ...

    @action
    async def filtered(self, new: New) -> str: ...

    @action("post")
    async def raw(self, data: Annotated[bytes, Body()]) -> str: ...

    @action("post")
    async def form(self, title: Annotated[str, Form(), Meta(min_length=1)]) -> str: ...

    @action("post")
    async def upload(self, photo: web.FileField) -> str: ...

    @action
    async def chat(self, ws: WebSocket[New, Artist]) -> None: ...


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("list", []),
        ("create", ["400", "413", "415", "422"]),
        ("detail", ["404"]),
        ("update", ["404", "422"]),
        ("number", ["422"]),
        ("header", []),
        ("filtered", ["422"]),
        ("raw", ["413"]),
        ("form", ["400", "413", "415", "422"]),
        ("upload", ["400", "413", "415", "422"]),
        ("chat", ["400"]),
    ],
)
def test_only_the_errors_that_can_come_are_told(operations, name, statuses):
    responses = operations(FailingViewSet)[name]["responses"]

    assert [status for status in responses if "$ref" in responses[status]] == [*statuses, "default"]


def test_a_change_in_a_repository_may_conflict(operations):
    class ViewSet(BaseViewSet):
        repository = None

        async def list(self) -> str: ...
        async def destroy(self, id: int) -> None: ...

    found = operations(ViewSet)

    assert "409" in found["destroy"]["responses"]
    assert "409" not in found["list"]["responses"]


def test_an_action_without_annotations_is_guessed(operations, artists):
    found = {name: item["responses"] for name, item in operations(artists).items()}

    assert {name: list(responses) for name, responses in found.items()} == {
        "list": ["200", "default"],
        "create": ["201", "400", "413", "default"],
        "detail": ["200", "404", "default"],
        "update": ["200", "400", "404", "413", "default"],
        "partial_update": ["200", "400", "404", "413", "default"],
        "destroy": ["204", "404", "default"],
    }
    assert found["create"]["201"] == {"description": "Created", "content": {JSON: {}}}
    assert found["destroy"]["204"] == {"description": "No Content"}


def test_a_function_answers_with_anything(document, route, index):
    async def typed(q: int): ...

    plan = plan_function(typed, variables=(), method="GET")

    found = document([route(index), route(typed, "/typed", plan=plan)])["paths"]

    assert found["/"]["get"]["responses"]["200"] == {"description": "OK"}
    assert found["/typed"]["get"]["responses"]["200"] == {"description": "OK"}


def test_a_status_without_a_name_is_a_success(operations):
    class ViewSet(BaseViewSet):
        @action(status=299)
        async def odd(self) -> str: ...

    assert operations(ViewSet)["odd"]["responses"]["299"]["description"] == "Success"


def test_nothing_has_the_status_that_the_decorator_says(operations):
    class ViewSet(BaseViewSet):
        @action("post", status=202)
        async def later(self) -> None: ...

    assert operations(ViewSet)["later"]["responses"]["202"] == {"description": "Accepted"}
