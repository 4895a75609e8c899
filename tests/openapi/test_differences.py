import copy

import pytest

from webkit.openapi.differences import breaking_differences


SCHEMA = {"schema": {"type": "string"}}
JSON = {"application/json": {"schema": {"$ref": "#/components/schemas/Artist"}}}


def _parameter(name, place="query", **more):
    return {"name": name, "in": place, "schema": {"type": "string"}, **more}


@pytest.fixture
def old():
    return {
        "openapi": "3.1.0",
        "paths": {
            "/artists/": {
                "get": {
                    "parameters": [_parameter("q"), {"$ref": "#/components/parameters/Limit"}],
                    "responses": {"200": {"content": JSON, "headers": {"Link": SCHEMA}}},
                },
                "post": {
                    "requestBody": {"content": {**JSON, "text/csv": SCHEMA}},
                    "responses": {"201": {"content": JSON}, "default": {"content": JSON}},
                },
            },
            "/artists/{id}/": {
                "get": {
                    "parameters": [_parameter("id", "path", required=True), _parameter("id")],
                    "responses": {"200": {"content": JSON}},
                    "security": [{"bearer": []}, {}],
                },
                "delete": {"responses": {"204": {}}, "security": [{"bearer": []}]},
            },
        },
        "components": {
            "parameters": {"Limit": _parameter("limit")},
            "schemas": {
                "Artist": {"type": "object", "properties": {"name": {"type": "string"}}},
            },
        },
    }


@pytest.fixture
def new(old):
    return copy.deepcopy(old)


def test_the_same_document_breaks_nobody(old, new):
    assert breaking_differences(old, new) == []


def test_what_is_added_breaks_nobody(old, new):
    items = new["paths"]["/artists/"]
    items["put"] = new["paths"]["/more/"] = {"responses": {}}
    items["get"]["parameters"].append(_parameter("page"))
    items["get"]["responses"]["200"]["headers"]["X-More"] = SCHEMA
    items["post"]["requestBody"]["content"]["text/xml"] = SCHEMA
    new["components"]["schemas"]["Artist"]["properties"]["born"] = {"type": "string"}

    assert breaking_differences(old, new) == []


def test_what_is_told_to_people_is_not_compared(old, new):
    operation = new["paths"]["/artists/"]["post"]
    operation |= {"summary": "Create", "operationId": "create", "tags": ["new"]}
    operation["responses"]["default"] = {"description": "Error"}

    assert breaking_differences(old, new) == []


def test_paths_and_operations_may_not_go(old, new):
    del new["paths"]["/artists/"]
    del new["paths"]["/artists/{id}/"]["delete"]

    assert breaking_differences(old, new) == [
        "/artists/: the path is gone",
        "DELETE /artists/{id}/: the operation is gone",
    ]


def test_the_name_of_a_variable_may_change(old, new):
    item = new["paths"].pop("/artists/{id}/")
    item["get"]["parameters"][0]["name"] = "pk"
    new["paths"]["/artists/{pk}/"] = item

    assert breaking_differences(old, new) == []


def test_parameters_are_compared(old, new):
    operation = new["paths"]["/artists/"]["get"]
    operation["parameters"] = [
        _parameter("q", required=True, explode=False, schema={"type": "integer"}),
        _parameter("key", "header", required=True),
    ]

    assert breaking_differences(old, new) == [
        "GET /artists/: the parameter 'q' in query is required now",
        "GET /artists/: the parameter 'q' in query is written in another way",
        "GET /artists/: the parameter 'q' in query: string is not taken any more, only integer",
        "GET /artists/: the parameter 'limit' in query is gone",
        "GET /artists/: the parameter 'key' in header is new, and required",
    ]


def test_bodies_are_compared(old, new):
    body = new["paths"]["/artists/"]["post"]["requestBody"]
    body["required"] = True
    del body["content"]["text/csv"]
    body["content"]["application/json"] = {
        "schema": {"type": "object", "properties": {"name": {"type": "integer"}}}
    }

    assert breaking_differences(old, new) == [
        "POST /artists/: the body is required now",
        "POST /artists/: the body, field 'name': string is not taken any more, only integer",
        "POST /artists/: a body of text/csv is not taken any more",
    ]


def test_a_body_that_is_not_taken_any_more_is_told(old, new):
    del new["paths"]["/artists/"]["post"]["requestBody"]

    assert len(breaking_differences(old, new)) == 2


def test_answers_are_compared(old, new):
    answers = new["paths"]["/artists/"]["get"]["responses"]
    answers["200"] = {"content": {"application/json": {"schema": {"type": "array"}}}}
    del new["paths"]["/artists/"]["post"]["responses"]["201"]
    new["paths"]["/artists/{id}/"]["get"]["responses"]["200"] = {"content": {}}

    assert breaking_differences(old, new) == [
        "GET /artists/: the header Link of the answer 200 is gone",
        "GET /artists/: the answer 200: array is possible now, not only object",
        "POST /artists/: the answer 201 is gone",
        "GET /artists/{id}/: the answer 200 is not application/json any more",
    ]


@pytest.mark.parametrize(
    ("method", "security", "lines"),
    [
        ("get", [{"bearer": []}], ["GET /artists/{id}/: it needs authentication now"]),
        ("get", [{"basic": []}, {}], []),
        ("delete", [{"basic": []}], ["DELETE /artists/{id}/: it needs other credentials now"]),
        ("delete", [{"basic": []}, {"bearer": []}], []),
        ("delete", [], []),
    ],
)
def test_what_clients_must_have_is_compared(old, new, method, security, lines):
    new["paths"]["/artists/{id}/"][method]["security"] = security

    assert breaking_differences(old, new) == lines


def test_an_operation_that_was_open_may_not_be_closed(old, new):
    new["paths"]["/artists/"]["get"]["security"] = [{"bearer": []}]

    assert breaking_differences(old, new) == ["GET /artists/: it needs authentication now"]


@pytest.mark.parametrize("odd", [{}, {"swagger": "2.0", "paths": {}}])
def test_another_document_is_refused(old, odd):
    with pytest.raises(ValueError, match="no document of OpenAPI 3"):
        breaking_differences(odd, old)
