from typing import Annotated

import pytest
from aiohttp import web
from msgspec import Meta, Struct

from webkit.decorators import action
from webkit.parameters import Body, File, Form
from webkit.viewsets import BaseViewSet


FILE = {
    "type": "string",
    "format": "binary",
    "contentMediaType": "application/octet-stream",
}
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data"
Numbers = list[int]


class New(Struct):
    name: str


class Login(Struct):
    name: str
    password: Annotated[str, Meta(min_length=8)]
    remember: bool = False


class ArtistViewSet(BaseViewSet):
    async def list(self) -> str: ...
    async def create(self, artist: New) -> str: ...
    async def update(self, id: int, artist: New | None = None) -> str: ...
    async def destroy(self, id: int) -> None: ...

    @action("post")
    async def bulk(self, artists: Annotated[Numbers, Body()]) -> str: ...

    @action("post")
    async def raw(self, data: Annotated[bytes, Body()]) -> str: ...

    @action("post")
    async def login(
        self, login: Annotated[Login, Form()], tags: Annotated[Numbers, Form()]
    ) -> str: ...

    @action("post")
    async def upload(
        self,
        photo: web.FileField,
        title: Annotated[str, Form()] = "",
        more: Annotated[web.FileField | None, File()] = None,
    ) -> str: ...

    @action("post")
    async def maybe(self, photo: web.FileField | None = None) -> str: ...

    @action("post", detail=True)
    async def vote(self, id: int) -> None: ...


@pytest.fixture
def bodies(operations):
    return {name: item.get("requestBody") for name, item in operations(ArtistViewSet).items()}


def test_a_model_is_a_body_of_json(bodies):
    schema = {"$ref": "#/components/schemas/New"}

    assert bodies["create"] == {
        "content": {"application/json": {"schema": schema}},
        "required": True,
    }


def test_a_body_with_a_default_may_be_left_out(bodies):
    assert bodies["update"]["required"] is False
    assert bodies["update"]["content"]["application/json"]["schema"]["anyOf"][1] == {"type": "null"}


def test_a_body_may_be_an_array(bodies):
    schema = bodies["bulk"]["content"]["application/json"]["schema"]

    assert schema == {"type": "array", "items": {"type": "integer"}}


def test_a_body_of_bytes_is_any_file_even_none(bodies):
    assert bodies["raw"] == {
        "content": {"application/octet-stream": {"schema": FILE}},
        "required": False,
    }


def test_an_action_that_takes_no_body_has_none(bodies):
    assert bodies["list"] is bodies["destroy"] is bodies["vote"] is None


def test_a_form_comes_in_both_encodings(bodies):
    schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "password": {"type": "string", "minLength": 8},
            "remember": {"type": "boolean", "default": False},
            "tags": {"type": "array", "items": {"type": "integer"}, "minItems": 1},
        },
        "required": ["name", "password", "tags"],
    }

    assert bodies["login"] == {
        "content": {FORM: {"schema": schema}, PARTS: {"schema": schema}},
        "required": True,
    }


def test_a_form_with_a_file_comes_in_parts(bodies):
    assert bodies["upload"]["content"] == {
        PARTS: {
            "schema": {
                "type": "object",
                "properties": {
                    "title": {"type": "string", "default": ""},
                    "photo": FILE,
                    "more": FILE,
                },
                "required": ["photo"],
            }
        }
    }


def test_a_form_whose_file_may_be_missing_comes_in_both_encodings(bodies):
    content = bodies["maybe"]["content"]

    assert content[PARTS]["schema"] == {"type": "object", "properties": {"photo": FILE}}
    assert content[FORM]["schema"] == {"type": "object", "properties": {}}


def test_an_action_without_annotations_takes_any_json(operations, artists):
    any_body = {"content": {"application/json": {"schema": {}, "example": {}}}}

    bodies = {name: item.get("requestBody") for name, item in operations(artists).items()}

    assert bodies == dict.fromkeys(bodies) | dict.fromkeys(
        ("create", "update", "partial_update"), any_body
    )


def test_nothing_is_said_of_a_functions_body(document, route, index):
    found = document([route(index, method="POST")])

    assert "requestBody" not in found["paths"]["/"]["post"]
