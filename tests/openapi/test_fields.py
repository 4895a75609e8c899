import pytest

from webkit.openapi.fields import field_problem, resembles_field


@pytest.mark.parametrize("key", ["tags", "produces", "x-order", "sumary", "response"])
def test_keys_of_an_operation_are_known_misspelt_too(key):
    assert resembles_field(key)


@pytest.mark.parametrize("key", ["note", "returns", "foo"])
def test_other_words_are_not_taken_for_keys(key):
    assert not resembles_field(key)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("x-anything", object()),
        ("summary", "Show it"),
        ("deprecated", True),
        ("tags", ["a", "b"]),
        ("requestBody", {"content": {}}),
        ("responses", {"200": {}, "4XX": {}, "default": {}, "x-more": {}}),
        ("parameters", [{"name": "q", "in": "query"}, {"$ref": "#/components/parameters/q"}]),
    ],
)
def test_what_openapi_allows_has_no_problem(key, value):
    assert field_problem(key, value) == ""


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("sumary", "x", "an operation has no 'sumary'. Write summary"),
        ("foo", 1, "an operation has no 'foo'. Write callbacks, deprecated, description,"),
        ("produces", [], "'produces' is Swagger 2.0. Name the media type in responses: 200:"),
        ("consumes", [], "'consumes' is Swagger 2.0. Name the media type in requestBody: content"),
        ("summary", [1], "summary is text, not [1]"),
        ("deprecated", "maybe", "deprecated is true or false, not 'maybe'"),
        ("tags", "a", "tags is a list, not 'a'"),
        ("tags", [1], "tags: an entry is text, not 1"),
        ("responses", None, "responses is a mapping, not None"),
        ("responses", {"200": "fine"}, "responses: an entry is a mapping, not 'fine'"),
        ("responses", {"ok": {}}, "responses: 'ok' is no status. Write 404, 4XX or default"),
        ("parameters", ["id"], "parameters: an entry is a mapping, not 'id'"),
        ("parameters", [{"in": "query"}], "parameters: {'in': 'query'} has no name"),
        ("parameters", [{"name": "q"}], "parameters: 'q' is in None. Write one of cookie, header,"),
        (
            "parameters",
            [{"name": "q", "in": "body"}],
            "parameters: 'q' is Swagger 2.0. Write requestBody for what is in the body",
        ),
        (
            "parameters",
            [{"name": "q", "in": "query", "type": "string"}],
            "parameters: 'q': write its type in schema",
        ),
    ],
)
def test_what_openapi_does_not_allow_is_said_with_what_to_write(key, value, problem):
    assert field_problem(key, value).startswith(problem)
