"""Limits as conditions, with the words of msgspec."""

from typing import Annotated

import pytest
from msgspec import Meta

from webkit.limits import LimitError, limits_of


@pytest.mark.parametrize(
    ("tp", "conditions"),
    [
        (int, []),
        (Annotated[int, "no limit"], []),
        (list[int], []),
        (
            Annotated[int, Meta(ge=1), Meta(lt=4)],
            [("item < 1", "Expected `int` >= 1"), ("item >= 4", "Expected `int` <= 3")],
        ),
        (
            Annotated[float, Meta(gt=0, le=2.5)],
            [("item <= 0", "Expected `float` > 0.0"), ("item > 2.5", "Expected `float` <= 2.5")],
        ),
        (
            Annotated[str, Meta(min_length=2, max_length=3)],
            [
                ("len(item) < 2", "Expected `str` of length >= 2"),
                ("len(item) > 3", "Expected `str` of length <= 3"),
            ],
        ),
        (
            Annotated[list[int], Meta(min_length=1)],
            [("len(item) < 1", "Expected `array` of length >= 1")],
        ),
    ],
)
def test_a_limit_is_a_condition_in_the_order_of_msgspec(tp, conditions):
    assert [limit[:2] for limit in limits_of(tp, tp)] == conditions


def test_a_pattern_is_searched_for():
    (limit,) = limits_of(*[Annotated[str, Meta(pattern="^x")]] * 2)

    assert (limit.condition, limit.code) == ("not search(item)", "pattern")
    assert limit.search("xy")
    assert not limit.search("yx")


def test_a_reason_is_that_of_the_union():
    tp = Annotated[str, Meta(max_length=1)]

    assert limits_of(tp | None, tp)[0].detail == "Expected `str` of length <= 1"


@pytest.mark.parametrize(
    "tp",
    [
        Annotated[int, Meta(multiple_of=2)],
        Annotated[float, Meta(ge=1e300)],
        Annotated[str, Meta(min_length=0)],
        Annotated[str, Meta(max_length=10**9)],
        Annotated[str, Meta(pattern="")],  # nothing breaks it
    ],
)
def test_what_cannot_be_told_in_a_condition_is_not(tp):
    with pytest.raises(LimitError):
        limits_of(tp, tp)
