import datetime as dt
import tomllib

import pytest

from webkit.config.entries import Entry
from webkit.config.listing import bare, listed


def entry(path, raw, *, is_hidden=False, origin="a.toml:1"):
    return Entry(tuple(path.split("/")), raw, origin, is_hidden)


VALUES = [
    "x",
    'a "b" \\ c\n\t€',
    5,
    1.5,
    True,
    [1, "a", [True]],
    {"a": 1, "b c": {"d": []}},
    dt.date(2026, 1, 2),
    dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_listing_of_toml_can_be_read_as_toml(value):
    assert tomllib.loads(listed([entry("a b", value)], "shop")) == {"shop": {"a b": value}}


def test_tables_have_headers():
    entries = [entry("a", 1), entry("t/b", 2), entry("t/u v/c", 3), entry("d", 4)]

    assert (
        listed(entries, "shop")
        == '[shop]\na = 1\nd = 4\n\n[shop.t]\nb = 2\n\n[shop.t."u v"]\nc = 3\n'
    )
    assert listed(entries, "shop", is_ini=True, with_header=False) == (
        "a = 1\nd = 4\n\n[shop/t]\nb = 2\n\n[shop/t/u v]\nc = 3\n"
    )


def test_a_section_without_values_is_its_header():
    assert listed([], "shop") == "[shop]\n"


def test_a_section_of_tables_alone_has_no_header_of_its_own():
    assert listed([entry("t/a", 1)], "shop") == "[shop.t]\na = 1\n"


def test_a_listing_of_ini_has_text():
    entries = [entry("a", "x\ny"), entry("b", ["p", 1]), entry("c", True)]

    assert listed(entries, "shop", is_ini=True) == "[shop]\na = x\n    y\nb = p, 1\nc = true\n"


def test_what_is_not_set_is_a_comment():
    assert listed([entry("docs", None)], "shop") == "[shop]\n# docs =\n"


def test_the_origin_stands_behind_a_value():
    assert listed([entry("a", 1)], "shop", with_origin=True) == "[shop]\na = 1  # a.toml:1\n"


@pytest.mark.parametrize("is_ini", [True, False])
def test_a_secret_is_not_shown(is_ini):
    entries = [
        entry("a", "80618061", is_hidden=True),
        entry("b", ["80618061"], is_hidden=True),
        entry("c", "postgresql://shop:80618061@db/shop?a=b&password=80618061&c=d"),
        entry("d", "", is_hidden=True),
    ]

    text = listed(entries, "shop", is_ini=is_ini) + "".join(map(bare, entries))

    assert "80618061" not in text
    assert text.count("***") == 8
    assert "postgresql://shop:***@db/shop?a=b&password=***&c=d" in text


@pytest.mark.parametrize(
    ("raw", "text"),
    [("x y", "x y"), (True, "true"), (None, ""), ([1, "a"], '[1, "a"]'), ({"a": 1}, "{a = 1}")],
)
def test_a_value_alone_has_no_quotes(raw, text):
    assert bare(entry("a", raw)) == text
