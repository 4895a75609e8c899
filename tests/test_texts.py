"""Texts of a request, and how they are read as a type."""

from typing import Annotated, Any

import msgspec
import pytest
from multidict import MultiDict

from webkit.codec import MISFITS
from webkit.models import Commas
from webkit.texts import (
    decoded,
    has_any,
    is_many,
    plain,
    read_model,
    taker_of,
    text_reader_of,
)


HALF = "half a character: \udcff"


class Filter(msgspec.Struct, rename="kebab"):
    min_age: int = 0
    tag: list[str] = []
    ids: Annotated[list[int], Commas()] = []


class Closed(msgspec.Struct, forbid_unknown_fields=True):
    n: int = 0


@pytest.mark.parametrize("tp", [str, str | None])
def test_a_text_of_the_query_that_is_wanted_as_text_needs_no_reading(tp):
    assert text_reader_of(tp, "query") is None


@pytest.mark.parametrize("place", ["query", "header", "cookie", "form"])
@pytest.mark.parametrize(
    ("tp", "given", "value"),
    [
        (int, "3", 3),
        (int | None, "3", 3),
        (list[int], ["1", "2"], [1, 2]),
        (Annotated[list[int], Commas()], ["1,2", "3"], [1, 2, 3]),
        (Annotated[str, msgspec.Meta(max_length=3)], "abc", "abc"),
        (Any, "x", "x"),
    ],
)
def test_a_text_is_read_as_its_type(place, tp, given, value):
    assert text_reader_of(tp, place)(given) == value


@pytest.mark.parametrize("place", ["header", "cookie", "form"])
@pytest.mark.parametrize("tp", [str, str | None, Annotated[str, msgspec.Meta(max_length=99)], Any])
def test_a_text_with_bytes_that_are_none_does_not_fit(place, tp):
    read = text_reader_of(tp, place)

    with pytest.raises(MISFITS):
        read(HALF)


def test_a_file_is_no_text():
    read = text_reader_of(str, "form")

    with pytest.raises(MISFITS, match="not a text"):
        read(object())


def test_every_text_of_a_list_is_looked_at():
    assert decoded(["a", "ö"]) == ["a", "ö"]
    with pytest.raises(UnicodeEncodeError):
        decoded(["a", HALF])


def test_a_model_is_read_from_the_texts_of_its_fields():
    texts = MultiDict([("min-age", "3"), ("tag", "a"), ("tag", "b"), ("ids", "1,2"), ("x", "y")])

    assert read_model(Filter, texts) == Filter(min_age=3, tag=["a", "b"], ids=[1, 2])


def test_texts_of_no_field_are_kept_only_where_they_are_refused():
    texts = MultiDict(n="1", other="2")

    assert plain(Closed, texts) == {"n": "1", "other": "2"}
    assert plain(Filter, texts) == {}


@pytest.mark.parametrize(
    ("tp", "many"),
    [
        (int, False),
        (str, False),
        (list[int], True),
        (set[str] | None, True),
        (tuple[int, int], True),
    ],
)
def test_a_container_takes_all_texts_of_a_name(tp, many):
    texts = MultiDict([("a", "1"), ("a", "2")])

    assert is_many(tp) is many
    assert taker_of(tp)(texts, "a") == (["1", "2"] if many else "1")


@pytest.mark.parametrize(
    ("tp", "texts", "answer"),
    [
        (Filter, {"min-age": "1"}, True),
        (Filter, {"min_age": "1"}, False),
        (Filter, {}, False),
        (Closed, {"other": "1"}, True),
        (Closed, {}, False),
    ],
)
def test_some_texts_are_for_a_model_and_others_are_not(tp, texts, answer):
    assert has_any(tp, MultiDict(texts)) is answer
