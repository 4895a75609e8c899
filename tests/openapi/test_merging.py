import copy

import pytest

from webkit.openapi.merging import merged_operation


ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
SHARED = {"NotFound": {"description": "Not there", "content": {"application/json": {"schema": 1}}}}
GENERATED = {
    "tags": ["artist"],
    "summary": "Show artist",
    "parameters": [ID],
    "requestBody": {"content": {"application/json": {"schema": {}, "example": {}}}},
    "responses": {
        "200": {"description": "OK", "content": {"application/json": {}}},
        "404": {"$ref": "#/components/responses/NotFound"},
        "default": {"$ref": "#/components/responses/Error"},
    },
}


@pytest.fixture
def merge():
    """Merge over the generated operation, and check that nothing given was changed."""

    def merge(**written):
        before = copy.deepcopy((GENERATED, written, SHARED))
        result = merged_operation(GENERATED, written, shared=SHARED)
        assert (GENERATED, written, SHARED) == before
        return result

    return merge


def test_nothing_written_leaves_the_operation_as_it_is(merge):
    assert merge() == GENERATED


def test_texts_and_lists_are_replaced(merge):
    operation = merge(tags=["a", "b"], summary="Look at it", deprecated=True)

    assert operation["tags"] == ["a", "b"]
    assert operation["summary"] == "Look at it"
    assert operation["deprecated"] is True


def test_mappings_are_merged_at_every_depth(merge):
    operation = merge(requestBody={"required": True})

    assert operation["requestBody"] == {**GENERATED["requestBody"], "required": True}


def test_a_reference_replaces_what_was_generated(merge):
    operation = merge(requestBody={"$ref": "#/x"})

    assert operation["requestBody"] == {"$ref": "#/x"}


def test_a_known_body_replaces_one_of_which_nothing_is_known(merge):
    form = {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}

    assert merge(requestBody={"content": form})["requestBody"] == {"content": form}


def test_a_known_body_is_added_to_one_that_is_known():
    known = {"application/json": {"schema": {"type": "object"}}}
    generated = {"requestBody": {"content": known}, "responses": {}}

    operation = merged_operation(
        generated, {"requestBody": {"content": {"text/plain": {}}}}, shared={}
    )

    assert operation["requestBody"]["content"] == {**known, "text/plain": {}}


def test_parameters_are_added_and_path_variables_stay(merge):
    query = {"name": "q", "in": "query", "schema": {"type": "string"}}

    assert merge(parameters=[query])["parameters"] == [ID, query]


def test_a_parameter_is_merged_over_the_one_of_its_name_and_place(merge):
    operation = merge(parameters=[{"name": "id", "in": "path", "schema": {"format": "uuid"}}])

    assert operation["parameters"] == [{**ID, "schema": {"type": "string", "format": "uuid"}}]


def test_parameters_may_come_where_none_was_generated():
    written = {"parameters": [{"$ref": "#/components/parameters/q"}]}

    assert merged_operation({"responses": {}}, written, shared={}) == {"responses": {}, **written}


@pytest.mark.parametrize("given", [{}, {"content": {"text/plain": {}}}, {"schema": {"enum": [1]}}])
def test_a_new_parameter_has_a_schema_or_a_content(merge, given):
    parameter = merge(parameters=[{"name": "q", "in": "query", **given}])["parameters"][1]

    assert parameter == {"name": "q", "in": "query", **(given or {"schema": {}})}


def test_a_response_keeps_its_generated_description(merge):
    operation = merge(responses={"200": {"headers": {"X-Total": {}}}})

    assert operation["responses"]["200"] == {
        "description": "OK",
        "content": {"application/json": {}},
        "headers": {"X-Total": {}},
    }


def test_another_success_takes_the_place_of_the_generated_one(merge):
    operation = merge(responses={"202": {}})

    assert list(operation["responses"]) == ["202", "404", "default"]
    assert operation["responses"]["202"] == {"description": "Accepted"}


def test_a_documented_error_is_merged_over_the_shared_one(merge):
    operation = merge(responses={"404": {"description": "No such artist"}})

    assert list(operation["responses"]) == ["200", "404", "default"]
    assert operation["responses"]["404"] == {**SHARED["NotFound"], "description": "No such artist"}


@pytest.mark.parametrize(
    ("status", "description"), [("409", "Conflict"), ("4XX", "4XX"), ("299", "299")]
)
def test_a_new_response_has_a_description(merge, status, description):
    assert merge(responses={status: {}})["responses"][status] == {"description": description}
