from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest

from webkit.config import Secret
from webkit.config.conversion import Conversion, defaults_of, holds_secret
from webkit.config.sources import Sources
from webkit.config.values import Table, Value, tabled
from webkit.config.variables import Variables


LOCAL = {"ENVIRONMENT": "local"}


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("title", "Shop", "Shop"),
        ("port", "80", 80),
        ("access_log", "false", False),
        ("access_log", "1", True),
        ("stop_wait_time", "0.5", 0.5),
        ("docs", "true", True),
        ("docs", "null", None),
        ("log_level", "DEBUG", "DEBUG"),
        ("secret_key", "hush", Secret("hush")),
    ],
)
def test_the_text_of_a_variable_becomes_the_type_of_its_setting(project, key, text, value):
    config = project(environ=LOCAL | {f"WEBKIT__{key.upper()}": text})

    assert getattr(config.settings, key) == value


class Tax(msgspec.Struct, frozen=True):
    rate: float
    name: str = "vat"


class Shop(msgspec.Struct, frozen=True):
    port: int | None = None
    is_open: bool = False
    level: Literal["LOW", "HIGH"] = "LOW"
    names: list[str] = []
    pairs: tuple[int, int] | None = None
    marks: frozenset[int] = frozenset()
    rates: dict[str, float] = {}
    taxes: dict[str, Tax] = {}
    tax: Tax | None = None
    more: dict[str, Any] | list[int] = {}
    anything: Any = None
    folder: Path = Path()
    token: Secret | None = None
    limit: Annotated[int, msgspec.Meta(ge=1)] | None = None


def as_it_is(value, keys):
    return value


def convert(files=None, **variables):
    tree = tabled({"shop": files or {}}, {}, file="a.toml")
    environ = {f"SHOP__{key.upper()}": text for key, text in variables.items()}
    sources = Sources(tree=tree, variables=(Variables("", environ),))
    conversion = Conversion("shop", file="a.toml", resolve=as_it_is)
    return conversion.record(sources.table("shop"), Shop), conversion.problems


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("is_open", "yes", True),
        ("is_open", "Off", False),
        ("level", "high", "HIGH"),
        ("names", "a, b ,", ["a", "b"]),
        ("names", "a\nb, c\n", ["a", "b, c"]),
        ("names", '["a", "b,c"]', ["a", "b,c"]),
        ("pairs", "1,2", (1, 2)),
        ("marks", "1", frozenset({1})),
        ("rates", '{"a": 1}', {"a": 1.0}),
        ("tax", '{"rate": 7}', Tax(rate=7.0)),
        ("folder", "/srv", Path("/srv")),
        ("limit", "5", 5),
        ("port", "null", None),
        ("anything", "yes", "yes"),
    ],
)
def test_text_becomes_what_the_type_asks_for(key, text, value):
    record, problems = convert(**{key: text})

    assert problems == []
    assert getattr(record, key) == value


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("names", ["a"], ["a"]),
        ("rates", {"a": 1, "b": 2.5}, {"a": 1.0, "b": 2.5}),
        ("taxes", {"a": {"rate": 1}}, {"a": Tax(rate=1.0)}),
        ("tax", {"rate": 1, "name": "x"}, Tax(rate=1.0, name="x")),
        ("more", {"a": {"b": 1}}, {"a": {"b": 1}}),
        ("more", [1], [1]),
        ("anything", {"a": [1]}, {"a": [1]}),
        ("folder", "/srv", Path("/srv")),
    ],
)
def test_what_a_file_holds_is_taken_in_its_own_type(key, raw, value):
    record, problems = convert({key: raw})

    assert problems == []
    assert getattr(record, key) == value


@pytest.mark.parametrize(
    ("key", "raw", "reason"),
    [
        ("port", "80", "'80' does not fit: Expected `int | null`, got `str`"),
        ("is_open", "yes", "'yes' does not fit: Expected `bool`, got `str`"),
        ("names", "a,b", "'a,b' does not fit: Expected `array`, got `str`"),
        ("names", ["a", 1], "['a', 1] does not fit: Expected `str`, got `int` - at `$[1]`"),
        ("port", {"a": 1}, "{'a': 1} does not fit: Expected `int | null`, got `object`"),
        ("folder", 5, "5 does not fit: Expected `Path`, got `int`"),
        ("limit", 0, "0 does not fit: Expected `int` >= 1"),
        ("tax", 5, "5 does not fit: Expected `object | null`, got `int`"),
        ("token", {"a": "80618061"}, "the value does not fit: Expected `Secret`, got `dict`"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(key, raw, reason):
    record, problems = convert({key: raw})

    assert record is None
    assert problems == [f"a.toml: shop.{key}: {reason}"]


@pytest.mark.parametrize(
    ("key", "text", "reason"),
    [
        ("is_open", "perhaps", "'perhaps' does not fit: Expected `bool`, got `str`"),
        (
            "level",
            "loud",
            "'loud' does not fit: Invalid enum value 'loud'. Use one of 'LOW', 'HIGH'",
        ),
        ("marks", "a", "'a' does not fit: Expected `int`, got `str` - at `$[0]`"),
        ("names", "[1", "'[1' does not fit: Input data was truncated"),
        ("tax", '{"rate": 7', "'{\"rate\": 7' does not fit: Input data was truncated"),
        ("rates", "a=1", "'a=1' does not fit: Expected `object`, got `str`"),
    ],
)
def test_text_that_stands_for_no_such_thing_is_refused(key, text, reason):
    record, problems = convert(**{key: text})

    assert record is None
    assert problems == [f"SHOP__{key.upper()}: shop.{key}: {reason}"]


def test_every_mistake_in_a_table_has_its_own_line():
    _, problems = convert({"rates": {"a": "x", "b": 1, "c": "y"}, "taxes": {"eu": {"name": 1}}})

    assert problems == [
        "a.toml: shop.rates.a: 'x' does not fit: Expected `float`, got `str`",
        "a.toml: shop.rates.c: 'y' does not fit: Expected `float`, got `str`",
        "a.toml: shop.taxes.eu.name: 1 does not fit: Expected `str`, got `int`",
        "shop.taxes.eu.rate: is missing. Set it in a.toml, or SHOP__TAXES__EU__RATE",
    ]


class Range(msgspec.Struct, frozen=True):
    """A rule over several keys."""

    low: int = 0
    high: int = 9
    password: str = ""

    def __post_init__(self):
        if self.low > self.high:
            raise ValueError(f"low is above high, says {self.password or 'nobody'}")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ({}, "low is above high, says nobody"),
        ({"password": "80618061"}, "does not fit"),
    ],
)
def test_a_rule_over_several_keys_is_reported_at_the_section(raw, reason):
    table = tabled({"low": 10, **raw}, {}, file="a.toml")
    table.origin = "a.toml:4"
    conversion = Conversion("range", file="a.toml", resolve=as_it_is)

    assert conversion.record(table, Range) is None
    assert conversion.problems == [f"a.toml:4: range: {reason}"]


def test_a_rule_over_several_keys_is_asked_where_all_of_them_fit():
    conversion = Conversion("range", file="a.toml", resolve=as_it_is)
    conversion.record(tabled({"low": "x", "high": -1}, {}, file="a.toml"), Range)

    assert conversion.problems == ["a.toml: range.low: 'x' does not fit: Expected `int`, got `str`"]


def test_a_rule_that_defaults_do_not_keep_has_no_line():
    conversion = Conversion("range", file="a.toml", resolve=as_it_is)
    conversion.record(Table({"low": Value(raw=10, origin="x")}), Range)

    assert conversion.problems == ["range: low is above high, says nobody"]


def test_a_schema_without_keys_knows_none():
    conversion = Conversion("empty", file="a.toml", resolve=as_it_is)
    conversion.record(tabled({"a": 1}, {}, file="a.toml"), msgspec.defstruct("Empty", []))

    assert conversion.problems == ["a.toml: empty.a: unknown key. Known: none"]


def test_a_schema_is_a_layer_below_all_others():
    table = defaults_of(Shop)

    assert table["level"] == Value(raw="LOW", origin="default")
    assert table["token"].is_hidden
    assert table["names"].raw == []
    assert "rate" not in defaults_of(Tax)


class Tree(msgspec.Struct):
    """A type that is made of itself."""

    branches: "list[Tree]"


def test_a_type_holds_a_secret_wherever_it_stands_in_it():
    assert holds_secret(dict[str, list[Secret | None]])
    assert holds_secret(Shop)
    assert not holds_secret(dict[str, Tax])
    assert not holds_secret(Tree)
