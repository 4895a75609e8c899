"""DRF's tests of schemas (row 165), one by one as far as they apply.

Deviations are in ``docs/compat.md``: a duplicate of an operation's id or of a component's name is
no warning but gets another name, and a DELETE has no body.
"""

import datetime as dt
import decimal
import uuid
from typing import Annotated, Any

import pytest
from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType, field
from openapi_spec_validator import OpenAPIV31SpecValidator

from webkit.application import create_app, served_routes
from webkit.decorators import action
from webkit.openapi import build_document
from webkit.pagination import Cursor, LimitOffset, PageNumber
from webkit.repositories import MemoryRepository
from webkit.resources import ResourceViewSet
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


JSON = "application/json"
Items = list


class Inner(Struct):
    x: int


class Item(Struct):
    id: int
    text: str
    inner: Inner
    several: list[Inner] = []
    nothing: str | None = None
    made: list[str] = field(default_factory=list)


class NewItem(Struct):
    text: str


class PatchItem(Struct):
    text: str | UnsetType = UNSET


class ItemViewSet(ResourceViewSet[Item, NewItem, PatchItem, int]):
    """Things to look at.

    And more.
    """

    repository = MemoryRepository(Item)


def _document(*viewsets: type[BaseViewSet], prefix: str = "") -> dict[str, Any]:
    router = SimpleRouter(prefix=prefix)
    for viewset in viewsets:
        router.register(viewset)
    found = build_document(
        served_routes(create_app(routes=router.routes)), title="API", version="1"
    )
    assert list(OpenAPIV31SpecValidator(found).iter_errors()) == []
    return found


def _operation(viewset: type[BaseViewSet], name: str = "list") -> dict[str, Any]:
    operations = [
        operation
        for item in _document(viewset)["paths"].values()
        for operation in item.values()
        if operation["operationId"].endswith(f"_{name}")
    ]
    return operations[0]


def _field(tp: Any, name: str = "x") -> dict[str, Any]:
    """Return the schema of one field of a body."""

    class Body(Struct):
        x: tp

    class FieldViewSet(BaseViewSet):
        async def create(self, body: Body) -> None: ...

    return _document(FieldViewSet)["components"]["schemas"]["Body"]["properties"][name]


def test_path_without_parameters():
    assert "id" not in {item["name"] for item in _operation(ItemViewSet)["parameters"]}


def test_path_with_id_parameter():
    (parameter,) = _operation(ItemViewSet, "detail")["parameters"]

    assert (parameter["name"], parameter["in"], parameter["required"]) == ("id", "path", True)


def test_request_body():
    body = _operation(ItemViewSet, "create")["requestBody"]

    assert body["content"][JSON]["schema"] == {"$ref": "#/components/schemas/NewItem"}
    assert _schema("NewItem") == {
        "type": "object",
        "properties": {"text": {"type": "string"}},
        "required": ["text"],
    }


def _schema(name: str) -> dict[str, Any]:
    return _document(ItemViewSet)["components"]["schemas"][name]


def test_invalid_serializer_class_name_has_no_counterpart_but_any_class_name_will_do():
    odd = type("Ärger_2", (Struct,), {"__annotations__": {"x": int}})

    class OddViewSet(BaseViewSet):
        async def create(self, body: odd) -> None: ...

    names = _document(OddViewSet)["components"]["schemas"]
    assert all(name.isascii() for name in names)


def test_empty_required_is_omitted():
    class Loose(Struct):
        x: int = 1

    class LooseViewSet(BaseViewSet):
        async def create(self, body: Loose) -> None: ...

    assert "required" not in _document(LooseViewSet)["components"]["schemas"]["Loose"]


def test_required_is_omitted_for_a_partial_update():
    body = _operation(ItemViewSet, "partial_update")["requestBody"]

    assert body["content"][JSON]["schema"] == {"$ref": "#/components/schemas/PatchItem"}
    assert "required" not in _schema("PatchItem")


def test_nullable_fields():
    assert _schema("Item")["properties"]["nothing"] == {
        "anyOf": [{"type": "string"}, {"type": "null"}],
        "default": None,
    }


def test_nested_fields():
    reference = {"$ref": "#/components/schemas/Inner"}
    properties = _schema("Item")["properties"]

    assert properties["inner"] == reference
    assert properties["several"]["items"] == reference


def test_response_body_generation():
    responses = _operation(ItemViewSet, "create")["responses"]

    assert responses["201"]["content"][JSON]["schema"] == {"$ref": "#/components/schemas/Item"}


def test_list_response_body_generation():
    items = Items[Item]

    class PlainViewSet(BaseViewSet):
        async def list(self) -> items: ...

    assert _operation(PlainViewSet)["responses"]["200"]["content"][JSON]["schema"] == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Item"},
    }


@pytest.mark.parametrize(
    ("style", "names", "answer"),
    [
        (LimitOffset, ["limit", "offset"], "PageOfItem"),
        (PageNumber, ["page", "page_size"], "PageOfItem"),
        (Cursor, ["cursor", "page_size"], "CursorPageOfItem"),
    ],
)
def test_paginated_list_response_body_generation(style, names, answer):
    paged = type("PagedViewSet", (ItemViewSet,), {"page": style})

    operation = _operation(paged)

    assert [item["name"] for item in operation["parameters"]] == names
    assert operation["responses"]["200"]["content"][JSON]["schema"] == {
        "$ref": f"#/components/schemas/{answer}"
    }


def test_delete_response_body_generation():
    assert _operation(ItemViewSet, "destroy")["responses"]["204"] == {"description": "No Content"}


def test_no_component_is_made_for_a_delete():
    class GoneViewSet(BaseViewSet):
        async def destroy(self, id: int) -> None: ...

    assert set(_document(GoneViewSet)["components"]["schemas"]) == {"Problem", "ProblemError"}


def test_operation_ids_of_viewset_actions():
    ids = [
        operation["operationId"]
        for item in _document(ItemViewSet)["paths"].values()
        for operation in item.values()
    ]

    assert ids == [
        "item_list",
        "item_create",
        "item_detail",
        "item_update",
        "item_partial_update",
        "item_destroy",
    ]


def test_an_operation_id_can_be_chosen():
    class NamedViewSet(BaseViewSet):
        async def list(self) -> None:
            """---
            operationId: everything_list
            """

    assert _operation(NamedViewSet)["operationId"] == "everything_list"


def test_duplicate_operation_ids_are_made_different():
    class TwiceViewSet(BaseViewSet):
        @action(method=["get", "post"])
        async def both(self) -> None: ...

    item = _document(TwiceViewSet)["paths"]["/twice/both/"]

    assert [operation["operationId"] for operation in item.values()] == [
        "twice_both",
        "twice_both_post",
    ]


def test_duplicate_component_names_are_made_different():
    def viewset(name):
        class Same(Struct):
            x: int

        Same.__module__ = name

        class SameViewSet(BaseViewSet):
            async def create(self, body: Same) -> None: ...

        return type(f"{name.title()}ViewSet", (SameViewSet,), {})

    names = _document(viewset("one"), viewset("two"))["components"]["schemas"]

    assert {"Same", "two.Same"} <= set(names)


def test_the_prefix_of_a_router_is_in_the_paths():
    assert list(_document(ItemViewSet, prefix="api/v1")["paths"]) == [
        "/api/v1/item/",
        "/api/v1/item/{id}/",
    ]


def test_the_mount_url_is_in_the_servers():
    router = SimpleRouter()
    router.register(ItemViewSet)
    parent, child = create_app(), create_app(routes=router.routes)
    parent.add_subapp("/mounted", child)

    found = build_document(served_routes(child), title="API", version="1", mount="/mounted")

    assert found["servers"] == [{"url": "/mounted"}]
    assert list(found["paths"]) == ["/item/", "/item/{id}/"]


def test_tags_are_those_of_the_resource_and_can_be_overridden():
    class TaggedViewSet(BaseViewSet):
        async def list(self) -> None: ...

        @action(tags=["one", "two"])
        async def other(self) -> None: ...

    assert _operation(TaggedViewSet)["tags"] == ["tagged"]
    assert _operation(TaggedViewSet, "other")["tags"] == ["one", "two"]


def test_different_models_for_request_and_response():
    operation = _operation(ItemViewSet, "update")

    body = operation["requestBody"]["content"][JSON]["schema"]
    answer = operation["responses"]["200"]["content"][JSON]["schema"]
    assert (body["$ref"][-7:], answer["$ref"][-5:]) == ("NewItem", "/Item")


@pytest.mark.parametrize(
    ("tp", "schema"),
    [
        (Annotated[int, Meta(ge=1, le=9)], {"type": "integer", "minimum": 1, "maximum": 9}),
        (Annotated[str, Meta(min_length=1)], {"type": "string", "minLength": 1}),
        (Annotated[str, Meta(max_length=9)], {"type": "string", "maxLength": 9}),
        (Annotated[str, Meta(pattern="^[a-z]$")], {"type": "string", "pattern": "^[a-z]$"}),
        (
            Annotated[list[int], Meta(min_length=1, max_length=2)],
            {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 2},
        ),
        (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
        (dt.date, {"type": "string", "format": "date"}),
        (dt.datetime, {"type": "string", "format": "date-time"}),
        (uuid.UUID, {"type": "string", "format": "uuid"}),
        (bool, {"type": "boolean"}),
        (float, {"type": "number"}),
        (Any, {}),
    ],
)
def test_validators_and_types_are_mapped(tp, schema):
    found = _field(tp)

    found.pop("format", None) if tp not in (dt.date, dt.datetime, uuid.UUID) else None
    assert found == schema


def test_a_decimal_is_text_with_a_pattern():
    assert {"format": "decimal"}.items() <= _field(decimal.Decimal).items()


def test_integers_beyond_32_bits_have_the_format_int64():
    assert _field(Annotated[int, Meta(ge=0, le=2**31)])["format"] == "int64"


def test_a_file_is_binary():
    class FileViewSet(BaseViewSet):
        @action("post")
        async def upload(self, file: web.FileField) -> None: ...

    content = _operation(FileViewSet, "upload")["requestBody"]["content"]

    schema = content["multipart/form-data"]["schema"]
    assert schema["properties"]["file"]["format"] == "binary"


def test_a_callable_default_is_omitted():
    assert "default" not in _schema("Item")["properties"]["made"]


def test_the_empty_api_is_valid():
    found = _document()

    assert found["paths"] == {}


def test_a_docstring_is_the_description():
    class ToldViewSet(BaseViewSet):
        """Told things.

        And more.
        """

        async def list(self) -> None:
            """Tell all.

            Of everything.
            """

    document = _document(ToldViewSet)

    assert document["tags"] == [{"name": "told", "description": "Told things."}]
    operation = document["paths"]["/told/"]["get"]
    assert (operation["summary"], operation["description"]) == ("Tell all.", "Of everything.")


def test_what_has_no_schema_is_anything():
    assert _operation_of_output(Any) == {}


def _operation_of_output(tp: Any) -> dict[str, Any]:
    class AnyViewSet(BaseViewSet):
        async def list(self) -> tp: ...

    return _operation(AnyViewSet)["responses"]["200"]["content"][JSON]["schema"]
