"""Rules of a table, as answers."""

import pytest

from webkit.database.drivers import Violation
from webkit.database.violations import answer_to, stale


NAMES = {"artist_id": "artist"}


def _name_of(column):
    return NAMES.get(column, column)


@pytest.mark.parametrize(
    ("violation", "status", "code", "pointers"),
    [
        (Violation("unique", ("name", "artist_id")), 409, "conflict", ["#/name", "#/artist"]),
        (Violation("reference", ("artist_id",)), 409, "conflict", ["#/artist"]),
        (Violation("reference"), 409, "conflict", []),
        (Violation("referenced"), 409, "referenced", []),
        (Violation("required", ("name",)), 422, "invalid", ["#/name"]),
        (Violation("check", name="ck_age"), 422, "invalid", ["#"]),
        (Violation("value"), 422, "invalid", ["#"]),
    ],
    ids=lambda value: value.rule if isinstance(value, Violation) else None,
)
def test_an_answer_names_the_fields_as_clients_know_them(violation, status, code, pointers):
    error = answer_to(violation, _name_of)

    assert (error.status_code, error.code) == (status, code)
    assert [item["pointer"] for item in error.errors] == pointers


def test_a_rule_of_the_table_is_named():
    error = answer_to(Violation("check", name="ck_age"), _name_of)

    assert error.errors[0]["detail"] == "Breaks the rule ck_age."


def test_a_stale_version_is_a_conflict():
    error = stale("version")

    assert (error.status_code, error.code, error.errors[0]["pointer"]) == (
        409,
        "stale",
        "#/version",
    )
