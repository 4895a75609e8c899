import ast
import datetime as dt
import uuid
from decimal import Decimal

import pytest

from webkit.scaffold.kinds import KINDS


NAMES = {"dt": dt, "Decimal": Decimal, "UUID": uuid.UUID}
UUID = "12345678-1234-5678-1234-567812345678"

ACCEPTED = [
    ("str", "", ""),
    ("str", "jazz", "jazz"),
    ("str", "it's", "it's"),
    ("str", 'say "no"', 'say "no"'),
    ("str", 'it\'s "q" \\', 'it\'s "q" \\'),
    ("str", "джаз", "джаз"),
    ("text", "a=b:c", "a=b:c"),
    ("int", "-3", -3),
    ("int", "+007", 7),
    ("int", "9223372036854775807", 2**63 - 1),
    ("float", "0.5", 0.5),
    ("float", "-3", -3.0),
    ("decimal", "9.90", Decimal("9.90")),
    ("bool", "TRUE", True),
    ("bool", "false", False),
    ("date", "2026-01-31", dt.date(2026, 1, 31)),
    ("datetime", "2026-01-31T12:00:00+02:00", dt.datetime(2026, 1, 31, 10, tzinfo=dt.UTC)),
    ("time", "12:30", dt.time(12, 30)),
    ("time", "12:30:00.5", dt.time(12, 30, 0, 500000)),
    ("uuid", UUID, uuid.UUID(UUID)),
    ("email", "ann@example.com", "ann@example.com"),
    ("url", "https://example.com/?a=b", "https://example.com/?a=b"),
]
REFUSED = [
    ("str", "x" * 61, "at most 60 characters"),
    ("str", "a\nb", "characters that can be seen"),
    ("int", "9223372036854775808", "64 bits"),
    ("int", "1.5", "a whole number"),
    ("float", "nan", "a number such as"),
    ("decimal", "1.999", "a number such as"),
    ("bool", "yes", "true or false"),
    ("date", "31.1.2026", "a date such as"),
    ("datetime", "2026-01-31T12:00:00", "with its time zone"),
    ("datetime", "0001-01-01T00:00:00+10:00", "with its time zone"),
    ("time", "12:30Z", "a time such as"),
    ("uuid", "1", "a UUID such as"),
    ("email", "ann", "an address such as"),
    ("url", "example.com", "a URL such as"),
]


@pytest.mark.parametrize(("kind", "text", "value"), ACCEPTED, ids=lambda value: ascii(value)[:40])
def test_a_default_becomes_code_in_ascii_for_its_value(kind, text, value):
    read = KINDS[kind].default

    code = read(text)

    assert code.isascii()
    assert eval(code, NAMES) == value
    assert type(eval(code, NAMES)) is type(value)


@pytest.mark.parametrize(("kind", "text", "reason"), REFUSED, ids=lambda value: ascii(value)[:40])
def test_what_is_no_value_of_the_type_is_refused_with_an_example(kind, text, reason):
    with pytest.raises(ValueError, match=reason):
        KINDS[kind].default(text)


def test_quotes_are_those_that_need_fewer_backslashes():
    read = KINDS["str"].default

    assert [read("it's"), read('a "b"'), read('it\'s "b"')] == [
        '"it\'s"',
        "'a \"b\"'",
        "'it\\'s \"b\"'",
    ]


def test_every_code_is_one_expression():
    for kind, text, _ in ACCEPTED:
        ast.parse(KINDS[kind].default(text), mode="eval")
