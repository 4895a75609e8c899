import datetime as dt
import enum
import uuid
from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from webkit.decorators import action
from webkit.filters import Many
from webkit.handlers import plan_function
from webkit.models import Field
from webkit.openapi.parameters import text_schema
from webkit.openapi.schemas import Schemas
from webkit.pagination import PageNumber
from webkit.parameters import Cookie, Header, Query
from webkit.viewsets import BaseViewSet


Numbers = list[int]


class Genre(enum.Enum):
    SOUL = "soul"


class Filters(Struct):
    genre: Annotated[Genre | None, Meta(description="Of which genre")] = None
    since: dt.date = dt.date(1960, 1, 1)
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class ArtistViewSet(BaseViewSet):
    async def list(
        self,
        filters: Filters,
        q: str | None = None,
        ids: Many[int] = (),
        kinds: Numbers | None = None,
        size: Annotated[int, Query("page[size]"), Meta(ge=1)] = 10,
    ) -> str: ...

    async def detail(self, id: Annotated[int, Meta(ge=1)], page: PageNumber) -> str: ...

    @action
    async def headers(
        self,
        x_token: Annotated[str, Header()],
        age: Annotated[int | None, Header("X-Age")] = None,
        theme: Annotated[Literal["dark", "light"], Cookie()] = "dark",
        accept: Annotated[str, Header()] = "",
        authorization: Annotated[str, Header()] = "",
    ) -> str: ...

    @action
    async def old(
        self, at: Annotated[str, Meta(extra_json_schema={"deprecated": True})] = ""
    ) -> str: ...


@pytest.fixture
def parameters(operations):
    """Return the parameters of an action by name."""
    found = operations(ArtistViewSet)
    return lambda name: {item["name"]: item for item in found[name].get("parameters", [])}


def test_a_parameter_has_its_place_and_type(parameters):
    assert parameters("list")["q"] == {"name": "q", "in": "query", "schema": {"type": "string"}}
    assert parameters("headers")["x-token"] == {
        "name": "x-token",
        "in": "header",
        "required": True,
        "schema": {"type": "string"},
    }
    assert parameters("headers")["theme"] == {
        "name": "theme",
        "in": "cookie",
        "schema": {"type": "string", "enum": ["dark", "light"], "default": "dark"},
    }


def test_a_parameter_has_the_name_that_it_has_in_the_request(parameters):
    assert parameters("headers")["X-Age"]["schema"] == {"type": "integer"}
    assert parameters("list")["page[size]"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "default": 10,
    }


def test_the_fields_of_a_model_are_parameters(parameters):
    found = parameters("list")

    assert list(found)[:3] == ["genre", "since", "limit"]
    assert found["genre"] == {
        "name": "genre",
        "in": "query",
        "description": "Of which genre",
        "schema": {"$ref": "#/components/schemas/Genre"},
    }
    assert found["since"]["schema"]["default"] == "1960-01-01"
    assert found["limit"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 100,
        "format": "int32",
        "default": 20,
    }


def test_a_model_with_a_default_asks_for_nothing(operations):
    class Span(Struct):
        since: dt.date

    class SpanViewSet(BaseViewSet):
        async def list(self, span: Span) -> str: ...

        @action
        async def ever(self, span: Span | None = None) -> str: ...

    found = operations(SpanViewSet)

    assert found["list"]["parameters"][0]["required"] is True
    assert "required" not in found["ever"]["parameters"][0]


def test_several_values_are_repeated_or_stand_between_commas(parameters):
    array = {"type": "array", "items": {"type": "integer"}}

    assert parameters("list")["ids"] == {
        "name": "ids",
        "in": "query",
        "schema": array,
        "explode": False,
    }
    assert parameters("list")["kinds"] == {
        "name": "kinds",
        "in": "query",
        "schema": {**array, "minItems": 1},
    }


def test_alternatives_without_null_stay_alternatives(parameters):
    schema = parameters("detail")["page"]["schema"]

    assert [option["type"] for option in schema["anyOf"]] == ["integer", "string"]
    assert schema["default"] == 1


def test_what_openapi_says_elsewhere_is_no_parameter(parameters):
    assert list(parameters("headers")) == ["x-token", "X-Age", "theme"]


def test_a_parameter_may_be_deprecated(parameters):
    assert parameters("old")["at"] == {
        "name": "at",
        "in": "query",
        "deprecated": True,
        "schema": {"type": "string", "default": ""},
    }


@pytest.mark.parametrize(
    ("tp", "schema"),
    [
        (Literal["a", None], {"enum": ["a"]}),  # noqa: PYI061  # people write it
        (Literal["a"] | None, {"type": "string", "enum": ["a"]}),
        (
            int | dt.date | None,
            {"anyOf": [{"type": "integer"}, {"type": "string", "format": "date"}]},
        ),
        (None, {"type": "null"}),
        (Annotated[Numbers, Meta(min_length=2)], {"type": "array", "minItems": 2}),
    ],
)
def test_no_text_is_null(tp, schema):
    found = text_schema(Field("x", "x", tp, True, None), Schemas({}))

    found.pop("items", None)
    assert found == schema


def _viewset(tp, **attributes):
    class ViewSet(BaseViewSet):
        async def detail(self, id: tp) -> str: ...

    return type("ViewSet", (ViewSet,), attributes)


@pytest.mark.parametrize(
    ("tp", "schema"),
    [
        (int, {"type": "integer", "minimum": 0, "maximum": 10**19 - 1}),
        (
            Annotated[int, Meta(gt=0, le=9)],
            {"type": "integer", "minimum": 0, "exclusiveMinimum": 0, "maximum": 9},
        ),
        (str, {"type": "string", "minLength": 1, "pattern": "^[^/]+$"}),
        (
            Annotated[str, Meta(min_length=2, pattern="^a")],
            {"type": "string", "minLength": 2, "pattern": "^a"},
        ),
        (uuid.UUID, {"type": "string", "format": "uuid"}),
        (dt.date, {"type": "string", "format": "date"}),
        (Literal[1, 2], {"type": "integer", "enum": [1, 2]}),
        (Genre, {"$ref": "#/components/schemas/Genre"}),
    ],
)
def test_a_variable_of_the_path_has_the_limits_of_its_pattern(operations, tp, schema):
    (parameter,) = operations(_viewset(tp))["detail"]["parameters"]

    assert parameter == {"name": "id", "in": "path", "required": True, "schema": schema}


@pytest.mark.parametrize(
    ("regex", "pattern"),
    [
        ("[a-z]{2}", "^(?:[a-z]{2})$"),
        ("(?!x)[a-z]+", "^(?:(?!x)[a-z]+)$"),
        (r"(?P<year>\d+)", None),
        (r"(?i:a)", None),
        (r"a\Z", None),
    ],
)
def test_a_lookup_of_the_users_own_is_told_if_json_schema_knows_it(operations, regex, pattern):
    (parameter,) = operations(_viewset(str, lookup_regex=regex))["detail"]["parameters"]

    assert parameter["schema"].get("pattern") == pattern


def test_a_variable_without_an_annotation_is_text(actions, document):
    class ViewSet(BaseViewSet):
        async def detail(self, id): ...

    item = document(actions(ViewSet))["paths"]["/artist/{id}/"]

    assert item["get"]["parameters"][0]["schema"]["type"] == "string"


def test_variables_have_the_names_of_the_path_that_is_shown(document, route):
    async def show(key: int) -> str: ...

    async def index(request): ...

    plan = plan_function(show, variables=("key",), method="PUT")
    routes = [route(index, "/a/{id}"), route(show, "/a/{key}", method="PUT", plan=plan)]

    found = document(routes)

    assert list(found["paths"]) == ["/a/{id}"]
    assert found["paths"]["/a/{id}"]["put"]["parameters"][0] == {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "minimum": 0, "maximum": 10**19 - 1},
    }


def test_nothing_is_known_of_a_variable_outside_of_viewsets(document, route):
    async def index(request): ...

    found = document([route(index, "/files/{path}")])

    assert found["paths"]["/files/{path}"]["get"]["parameters"][0]["schema"] == {
        "type": "string",
        "minLength": 1,
    }
