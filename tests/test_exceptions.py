import pytest

from webkit import exceptions
from webkit.exceptions import (
    APIException,
    ConfigurationError,
    ConflictError,
    MethodNotAllowed,
    MissingExtraError,
    NotFound,
    ServiceUnavailable,
    Throttled,
    UnsupportedMediaType,
    UsageError,
    ValidationError,
    WebkitError,
)


FAMILY = [
    (name, getattr(exceptions, name))
    for name in exceptions.__all__
    if issubclass(getattr(exceptions, name), APIException)
]


def test_the_two_trees_never_meet():
    assert not issubclass(APIException, WebkitError)
    assert not issubclass(WebkitError, APIException)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (WebkitError("text"), 2),
        (ConfigurationError(["text"]), 2),
        (UsageError("text"), 2),
        (MissingExtraError("docs", purpose="The page"), 2),
        (ConflictError("text"), 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_mistake_of_the_developer_knows_the_status_of_its_command(error, status):
    assert error.exit_status == status


def test_a_configuration_error_has_all_problems_and_says_one_on_each_line():
    error = ConfigurationError(problem for problem in ("one", "two"))

    assert error.problems == ("one", "two")
    assert str(error) == "one\ntwo"


def test_a_conflict_lists_what_is_in_the_way():
    error = ConflictError("Nothing was written. In the way:", ["a.py", "b.py"])

    assert error.paths == ("a.py", "b.py")
    assert str(error) == "Nothing was written. In the way:\n  a.py\n  b.py"


def test_a_missing_extra_says_what_to_install():
    error = MissingExtraError("scaffold", purpose="startproject")

    assert (error.extra, error.purpose) == ("scaffold", "startproject")
    assert str(error) == 'startproject needs an extra. Run: pip install "webkit[scaffold]"'


def test_a_subclass_with_a_status_and_a_detail_is_an_answer_of_its_own():
    class ArtistDoesNotExist(APIException):
        status_code = 404
        detail = "Artist does not exist"

    error = ArtistDoesNotExist()

    assert (error.status_code, error.detail) == (404, "Artist does not exist")
    assert str(error) == "Artist does not exist"


def test_the_names_of_drf_are_understood_in_a_subclass():
    class Busy(APIException):
        status_code = 503
        default_detail = "Come back later."
        default_code = "busy"

    error = Busy()

    assert (error.detail, error.code) == ("Come back later.", "busy")


def test_the_seeds_own_name_wins_over_the_name_of_drf():
    class Both(APIException):
        detail = "seed"
        default_detail = "drf"

    assert Both().detail == "seed"


def test_a_subclass_of_a_subclass_may_override_in_either_spelling():
    class Base(APIException):
        detail = "base"

    class Child(Base):
        default_detail = "child"

    assert Child().detail == "child"
    assert Base().detail == "base"


def test_an_instance_overrides_what_its_class_says():
    error = NotFound(
        "No such artist.",
        "no_artist",
        status_code=410,
        headers={"X-Reason": "gone"},
        errors=[{"pointer": "/id", "detail": "gone", "code": "gone"}],
        extensions={"id": 3},
    )

    assert (error.detail, error.code, error.status_code) == ("No such artist.", "no_artist", 410)
    assert error.headers == {"X-Reason": "gone"}
    assert error.errors == [{"pointer": "/id", "detail": "gone", "code": "gone"}]
    assert error.extensions == {"id": 3}
    assert (NotFound.detail, NotFound.status_code, NotFound.headers) == ("Not found.", 404, {})


def test_a_detail_may_be_any_json_value_even_an_empty_one():
    assert APIException({"name": ["taken"]}).detail == {"name": ["taken"]}
    assert APIException("").detail == ""
    assert APIException([]).detail == []


@pytest.mark.parametrize(("name", "kind"), FAMILY, ids=[name for name, _ in FAMILY])
def test_every_answer_has_a_status_of_an_error_and_a_code_for_programs(name, kind):
    assert 400 <= kind.status_code <= 599
    assert kind.code == kind.code.lower()
    assert " " not in kind.code


def test_every_code_stands_for_one_error():
    codes = [kind.code for _, kind in FAMILY]

    assert len(codes) == len(set(codes))


def test_method_not_allowed_names_the_method_and_sends_what_is_allowed():
    error = MethodNotAllowed("PUT", allowed=["POST", "GET"])

    assert (error.method, error.allowed) == ("PUT", ("GET", "POST"))
    assert error.detail == 'Method "PUT" not allowed.'
    assert error.headers == {"Allow": "GET, POST"}


def test_unsupported_media_type_names_the_type():
    error = UnsupportedMediaType("text/csv")

    assert error.media_type == "text/csv"
    assert error.detail == 'Unsupported media type "text/csv" in request.'


@pytest.mark.parametrize(
    ("wait", "text", "header"),
    [
        (None, "Request was throttled.", None),
        (1, "Request was throttled. Expected available in 1 second.", "1"),
        (1.2, "Request was throttled. Expected available in 2 seconds.", "2"),
    ],
)
def test_throttled_says_how_long_to_wait_rounded_up(wait, text, header):
    error = Throttled(wait)

    assert error.wait == wait
    assert error.detail == text
    assert error.headers.get("Retry-After") == header


def test_throttled_keeps_a_detail_of_its_own():
    assert Throttled(2, detail="Slow down.").detail == (
        "Slow down. Expected available in 2 seconds."
    )
    assert Throttled(detail="Slow down.").detail == "Slow down."


def test_service_unavailable_says_when_to_come_back():
    error = ServiceUnavailable("The database is away.", retry_after=5)

    assert (error.detail, error.retry_after) == ("The database is away.", 5)
    assert error.headers == {"Retry-After": "5"}
    assert ServiceUnavailable().detail == "Service temporarily unavailable."


def test_a_validation_error_lists_each_mistake():
    error = ValidationError(errors=[{"pointer": "/name", "detail": "is missing"}])

    assert (error.status_code, error.detail) == (422, "Invalid input.")
    assert error.errors == [{"pointer": "/name", "detail": "is missing"}]


def test_an_unsupported_media_type_says_what_to_send():
    error = UnsupportedMediaType("text/csv", ["application/json", "text/plain"])

    assert error.detail == (
        'Unsupported media type "text/csv" in request. Send application/json or text/plain.'
    )
    assert error.headers == {"Accept": "application/json, text/plain"}
