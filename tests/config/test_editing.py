import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from webkit.config.editing import EDITORS, edited, readings_of, refuse_kind
from webkit.exceptions import UsageError


TOML = """\
# the shop
[webkit]
title = "Shop"   # its name
port=8080
# docs = true

[shop]
rows = [
  1,  # one
]

[shop.tax]
rate = 7
"""

INI = """\
; the shop
[aio]
log_level = INFO
modules: a
  b
# the last

[listen/example]
one=x
two = y"""


def lines_changed(before, after):
    old, new = before.splitlines(), after.splitlines()
    return [line for line in new if line not in old], [line for line in old if line not in new]


@pytest.mark.parametrize(
    ("keys", "value", "new", "gone"),
    [
        ("webkit/title", "X", ['title = "X"   # its name'], ['title = "Shop"   # its name']),
        ("webkit/port", 9, ["port=9"], ["port=8080"]),
        ("webkit/docs", True, ["docs = true"], []),
        ("shop/tax/name", "vat", ['name = "vat"'], []),
        ("shop/most", 3, ["most = 3"], []),
        ("new/a", [1], ["[new]", "a = [1]"], []),
        ("new/a/b", 1, ["[new.a]", "b = 1"], []),
        ("shop/text", "a\nb", ['text = """a', 'b"""'], []),
    ],
)
def test_in_toml_one_option_changes_and_nothing_else(keys, value, new, gone):
    keys = tuple(keys.split("/"))

    text = edited(TOML, ".toml", keys=keys, value=value)

    assert lines_changed(TOML, text) == (new, gone)
    tree = tomllib.loads(text)
    for key in keys:
        tree = tree[key]
    assert tree == value


@pytest.mark.parametrize(
    ("keys", "value", "new", "gone"),
    [
        ("aio/log_level", "DEBUG", ["log_level = DEBUG"], ["log_level = INFO"]),
        ("aio/LOG_LEVEL", "DEBUG", ["log_level = DEBUG"], ["log_level = INFO"]),
        ("aio/new", "1", ["new = 1"], []),
        ("listen/example/three", "a\nb", ["three = a", "    b"], []),
        (
            "aio/other/log_level",
            "${aio:log_level}",
            ["[aio/other]", "log_level = ${aio:log_level}"],
            [],
        ),
        ("listen/example/two", "z", ["two = z"], ["two = y"]),
    ],
)
def test_in_ini_one_option_changes_and_nothing_else(keys, value, new, gone):
    text = edited(INI, ".conf", keys=tuple(keys.split("/")), value=value)

    assert lines_changed(INI, text) == (new, gone)


@pytest.mark.parametrize("suffix", [".toml", ".ini"])
def test_what_has_returns_at_the_ends_of_lines_keeps_them(suffix):
    text = edited("[a]\r\nb = 1\r\n\r\n[c]\r\n", suffix, keys=("a", "d"), value="x")

    assert "\n" not in text.replace("\r\n", "")
    assert text.startswith("[a]\r\nb = 1\r\nd = ")


@pytest.mark.parametrize(
    ("suffix", "text"),
    [(".toml", '[a]\nb = "c"\n'), (".conf", "[a]\nb = c\n"), (".ini", "[a]\nb = c\n")],
)
def test_an_empty_text_gets_the_section(suffix, text):
    assert edited("", suffix, keys=("a", "b"), value="c") == text


def test_a_section_that_is_there_and_empty_gets_the_option():
    assert edited("[a]\n", ".ini", keys=("a", "b"), value="c") == "[a]\nb = c\n"


def test_an_inline_table_is_edited_in_its_place():
    assert edited("a = {b = 1}\n", ".toml", keys=("a", "c"), value=2) == "a = {b = 1,c = 2}\n"


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        (("webkit", "title", "x"), "title is a value, and not a section"),
        (("shop", "tax"), "shop.tax is a section, and not a value"),
        (("shop", "rows", "x"), "rows is a value, and not a section"),
    ],
)
def test_a_place_where_something_else_stands_is_refused(keys, reason):
    with pytest.raises(UsageError) as caught:
        edited(TOML, ".toml", keys=keys, value=1)

    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("text", "suffix", "before", "readings"),
    [
        ("8080", ".toml", None, [8080, "8080"]),
        ("8080", ".toml", "x", ["8080", 8080]),
        ("[1, 2]", ".toml", None, [[1, 2], "[1, 2]"]),
        ("DEBUG", ".toml", None, ["DEBUG"]),
        ('"8080"', ".toml", None, ["8080", '"8080"']),
        ("8080", ".ini", None, ["8080"]),
        ("a\\nb", ".ini", None, ["a\nb"]),
        ("a\\nb", ".toml", None, ["a\nb"]),
    ],
)
def test_a_text_is_read_as_what_it_may_be(text, suffix, before, readings):
    assert readings_of(text, suffix, before=before) == readings


def test_only_kinds_that_keep_their_comments_are_edited():
    for suffix in EDITORS:
        refuse_kind(Path(f"webkit{suffix}"))
    with pytest.raises(UsageError) as caught:
        refuse_kind(Path("webkit.yaml"))

    assert str(caught.value) == (
        "webkit.yaml: in .yaml a change would lose comments and order."
        " Edit it by hand, or write .toml, .ini, .conf"
    )


@pytest.mark.parametrize(("suffix", "library"), [(".toml", "tomlkit"), (".ini", "configupdater")])
def test_without_its_library_it_says_what_to_install(suffix, library):
    code = (
        f"import sys; sys.modules['{library}'] = None\n"
        "from webkit.config.editing import edited\n"
        f"try: edited('', '{suffix}', keys=('a', 'b'), value='c')\n"
        "except Exception as error: print(error)"
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == ('webkit config --set needs an extra. Run: pip install "webkit[config]"\n')
