"""What a condition says of two values of whatever kind."""

import datetime as dt
import decimal
import enum
import uuid

import pytest

from webkit.operators import OPERATORS


UTC = dt.UTC
NAIVE = dt.datetime.fromisoformat("2020-01-01")


class Genre(enum.Enum):
    JAZZ = "jazz"


@pytest.mark.parametrize(
    ("value", "wanted", "operator"),
    [
        (Genre.JAZZ, "jazz", "exact"),
        ("jazz", Genre.JAZZ, "exact"),
        (True, 1, "exact"),
        (decimal.Decimal("1.5"), 1.5, "exact"),
        (NAIVE, dt.datetime(2020, 1, 1, tzinfo=UTC), "exact"),
        (dt.datetime(2020, 1, 2, tzinfo=UTC), NAIVE, "gt"),
        (dt.time(1), dt.time(2, tzinfo=UTC), "lt"),
        (dt.date(2020, 1, 2), dt.date(2020, 1, 1), "gte"),
        (dt.timedelta(1), dt.timedelta(2), "lte"),
        (uuid.UUID(int=1), uuid.UUID(int=2), "lt"),
        (b"a", b"b", "lt"),
        ({"a": 1}, {"a": 1}, "exact"),
        ([1], [2], "lt"),
    ],
)
def test_values_of_one_kind_are_compared(value, wanted, operator):
    assert OPERATORS[operator](value, wanted) is True


@pytest.mark.parametrize("operator", ["exact", "gt", "gte", "lt", "lte"])
@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, None),
        (None, 1),
        (1, None),
        ("1", 1),
        (float("nan"), float("nan")),
        (decimal.Decimal("sNaN"), 1),
        (1, decimal.Decimal("NaN")),
        (dt.date(2020, 1, 1), NAIVE),
        ([1], 1),
    ],
)
def test_a_comparison_of_what_cannot_be_compared_is_false(operator, value, wanted):
    assert OPERATORS[operator](value, wanted) is False


@pytest.mark.parametrize("operator", ["contains", "icontains", "iexact", "startswith"])
def test_nothing_is_in_a_value_that_is_not_there(operator):
    assert OPERATORS[operator](None, "None") is False
