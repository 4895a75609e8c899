"""The reasons of msgspec, and their codes."""

import pytest

from webkit.reasons import TOO_DEEP, reason_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Expected `int`, got `str`", "type"),
        ("Expected `int` >= 1", "range"),
        ("Expected `int` that's a multiple of 2", "range"),
        ("Number out of range", "range"),
        ("Expected `str` of length >= 1", "length"),
        ("Expected `str` matching regex '^a'", "pattern"),
        ("Invalid enum value 'x'", "enum"),
        ("Invalid RFC3339 encoded datetime", "format"),
        (TOO_DEEP, "depth"),
        ("ends before it starts", "invalid"),
    ],
)
def test_a_reason_has_a_code(text, code):
    assert reason_of(text) == (text, code)


def test_what_a_client_has_sent_is_not_repeated_without_end():
    text, code = reason_of(f"Invalid enum value '{'x' * 1000}'")

    assert (len(text), code) == (303, "enum")
    assert text.endswith("...")
