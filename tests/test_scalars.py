import msgspec
import pytest

from webkit import scalars


TYPES = {name: getattr(scalars, name) for name in scalars.__all__}
FITTING = {
    "Line": ["", "x" * 255],
    "Email": ["ann@example.com", "a.b+c@sub.example.co"],
    "URL": ["http://x", "https://example.com/a?b=c#d"],
    "Int64": [-(2**63), 2**63 - 1],
    "Instant": ["2001-01-01T00:00:00Z", "2001-01-01T00:00:00+02:00"],
    "WallClock": ["12:30:00"],
}
REFUSED = {
    "Line": ["x" * 256],
    "Email": ["ann", "ann@example", "a b@example.com", "ann@example.com\n", "@example.com"],
    "URL": ["example.com", "ftp://example.com", "http://", "http://a b", "http://a\n"],
    "Int64": [2**63, -(2**63) - 1],
    "Instant": ["2001-01-01T00:00:00"],
    "WallClock": ["12:30:00Z"],
}


def test_every_type_has_its_cases():
    assert set(FITTING) == set(REFUSED) == set(TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_what_fits_a_column_is_taken(name):
    for value in FITTING[name]:
        msgspec.convert(value, TYPES[name])


@pytest.mark.parametrize("name", TYPES)
def test_what_does_not_is_refused(name):
    for value in REFUSED[name]:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(value, TYPES[name])
