import pytest

from webkit.openapi.problems import ERRORS, error_components, error_responses


def test_each_error_is_a_problem_with_an_example_of_its_status():
    components = error_components("problem")

    assert components["responses"]["NotFound"] == {
        "description": "There is no such object",
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": {
                    "type": "about:blank",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "Not found.",
                    "code": "not_found",
                },
            }
        },
    }
    assert set(components["schemas"]) == {"Problem", "ProblemError"}


def test_a_refusal_says_which_header_tells_more():
    responses = error_components("problem")["responses"]

    assert {
        name: list(item["headers"]) for name, item in responses.items() if "headers" in item
    } == {
        "Unauthorized": ["WWW-Authenticate"],
        "MethodNotAllowed": ["Allow"],
        "Throttled": ["Retry-After"],
        "ServiceUnavailable": ["Retry-After"],
    }


@pytest.mark.parametrize("status", sorted(set(ERRORS) - {"default"}))
def test_an_example_has_the_status_of_its_error(status):
    name = ERRORS[status][0]
    response = error_components("problem")["responses"][name]

    assert response["content"]["application/problem+json"]["example"]["status"] == int(status)


def test_the_seeds_error_format_has_a_detail_alone():
    components = error_components("detail")

    assert components["responses"]["Error"]["content"] == {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/Detail"},
            "example": {"detail": "A server error occurred."},
        }
    }
    assert set(components["schemas"]) == {"Detail"}


@pytest.mark.parametrize("error_format", ["problem", "detail"])
def test_every_reference_has_its_definition(error_format):
    responses = error_components(error_format)["responses"]

    for reference in error_responses(*ERRORS).values():
        assert reference["$ref"].removeprefix("#/components/responses/") in responses
