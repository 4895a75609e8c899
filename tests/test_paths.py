"""Path templates."""

import datetime as dt
import enum
import re
import uuid
from typing import Annotated, Literal

import pytest

from webkit.paths import (
    joined,
    path_problems,
    pattern_of,
    regex_problem,
    shown_path,
    unslashed,
    variables_of,
    with_patterns,
)


class Colour(enum.Enum):
    RED = "red"
    BLUE_GREEN = "blue.green"


ID = "0b0f5a0e-5e0e-4b0e-8f0e-0b0f5a0e5e0e"


@pytest.mark.parametrize(
    ("tp", "matches", "others"),
    [
        (int, ["0", "12", "9" * 19], ["", "x", "-1", "1_0", "\u0661", "9" * 20, "1.0"]),
        (Annotated[int, "note"], ["1"], ["x"]),
        (uuid.UUID, [ID, ID.upper()], [ID[:-1], ID.replace("-", ""), "x"]),
        (dt.date, ["2020-02-30"], ["2020-2-3", "today"]),
        (Colour, ["red", "blue.green"], ["green", "blue-green", "reds"]),
        (Literal["a", 1], ["a", "1"], ["b", "a1"]),
    ],
)
def test_a_type_says_what_its_variable_matches(tp, matches, others):
    pattern = re.compile(pattern_of(tp))

    assert [text for text in matches if not pattern.fullmatch(text)] == []
    assert [text for text in others if pattern.fullmatch(text)] == []


@pytest.mark.parametrize("tp", [str, float, list[int]])
def test_other_types_match_any_segment(tp):
    assert pattern_of(tp) is None


@pytest.mark.parametrize("text", ["a", "%20", "a%25b", "{x}", "ü", "."])
def test_a_segment_is_anything_without_a_slash(text):
    pattern = with_patterns("{id}", {})[len("{id:") : -1]

    assert re.fullmatch(pattern, text)


@pytest.mark.parametrize("text", ["", "a/b", "a%2Fb", "%2f", "a%2fb%20"])
def test_a_segment_has_no_slash_in_it_however_it_is_written(text):
    pattern = with_patterns("{id}", {})[len("{id:") : -1]

    assert not re.fullmatch(pattern, text)


def test_a_pattern_of_ones_own_lets_no_encoded_slash_in_either():
    pattern = unslashed(".+")

    assert re.fullmatch(pattern, "a%20b")
    assert not re.fullmatch(pattern, "a%2Fb")


def test_a_path_is_shown_without_its_patterns():
    assert shown_path("/a/{id:[0-9]{1,3}}/{name}/") == "/a/{id}/{name}/"


def test_the_variables_of_a_path_are_in_its_order():
    assert variables_of("/a/{id:[0-9]{1,3}}/{name}/") == ("id", "name")


def test_a_pattern_in_the_path_wins_over_the_one_of_the_type():
    path = with_patterns("/{year:[0-9]{4}}/{id}/", {"year": "x", "id": "[0-9]+"})

    assert path == f"/{{year:{unslashed('[0-9]{4}')}}}/{{id:[0-9]+}}/"


def test_parts_are_joined_with_one_slash_each():
    assert joined("/a/", "", "b/c", "/") == "a/b/c"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/a/<int:id>", "has a variable as Django writes it. Write {name}, or {name:[0-9]+}"),
        ("/a/(?P<id>[0-9]+)", "has a variable as Django writes it. Write {name}, or {name:[0-9]+}"),
        ("/a/{id", "has a brace without the other. Write {name}, or {name:[0-9]+}"),
        ("/a/{id}/{id}", "has the variable 'id' twice. Call one of them otherwise"),
        ("/a?b=1", "has more than a path. Parameters of the query are those of the function"),
        ("/a/{3}", "has the variable '3', which is no name in Python"),
    ],
)
def test_a_path_that_is_no_template_is_told_with_the_way_out(path, problem):
    assert list(path_problems(path)) == [f"{path!r} {problem}"]


def test_a_pattern_that_is_none_is_told():
    assert list(path_problems("/{a:[0-9}/{b:[0-9]}")) == [
        "'/{a:[0-9}/{b:[0-9]}': '[0-9' is no regular expression: unterminated character set at"
        " position 0"
    ]


@pytest.mark.parametrize("path", ["/", "/a/{id}/b/{other:[0-9]{4}}", "/a-b/{id}.json"])
def test_a_template_has_no_problem(path):
    assert list(path_problems(path)) == []


def test_a_pattern_is_a_text():
    assert regex_problem("[a-z]+") == ""
    assert regex_problem(3) == "3 is no text of a regular expression"
