"""Pointers into a document, there and back."""

import pytest

from webkit.pointers import escaped, tokens_of


@pytest.mark.parametrize("token", ["", "a", "a/b", "~", "~1", "a~/b", "0"])
def test_a_token_comes_out_as_it_went_in(token):
    assert tokens_of(f"#/{escaped(token)}/0") == (token, "0")


def test_a_pointer_to_everything_has_no_tokens():
    assert tokens_of("#") == ()
