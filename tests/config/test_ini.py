from pathlib import Path

import pytest

from webkit.config.ini import parse_ini
from webkit.config.syntax import FormatError


TEXT = """\
# a comment
[shop]
Title = The Shop ; and more
text: one
  two
# another
  three
path=a=b

[schedule/backup]
every = 2
[schedule/clean/up]
func = a.b
[DEFAULT]
name = x
"""


def parse(text):
    return parse_ini(text, Path())


def test_every_value_is_text_and_keys_are_in_small_letters():
    tree, _ = parse(TEXT)

    assert tree == {
        "shop": {"title": "The Shop ; and more", "text": "one\ntwo\nthree", "path": "a=b"},
        "schedule": {"backup": {"every": "2"}, "clean": {"up": {"func": "a.b"}}},
        "DEFAULT": {"name": "x"},
    }


def test_every_key_has_its_line():
    _, lines = parse(TEXT)

    assert {"/".join(keys): line for keys, line in lines.items()} == {
        "shop": 2,
        "shop/title": 3,
        "shop/text": 4,
        "shop/path": 8,
        "schedule": 10,
        "schedule/backup": 10,
        "schedule/backup/every": 11,
        "schedule/clean": 12,
        "schedule/clean/up": 12,
        "schedule/clean/up/func": 13,
        "DEFAULT": 14,
        "DEFAULT/name": 15,
    }


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a = 80618061", 1, "stands in no section"),
        ("[a]\n80618061\n", 2, "is not OPTION = VALUE"),
        ("[a]\nb = 1\nb = 80618061", 3, "b is written twice"),
        ("[a]\n[b]\n[a]\n", 3, "[a] is written twice"),
        ("[a]\nb = 80618061\n[a/b]\nc = 1\n", 2, "b is a section, and a value of another"),
        ("[a/b]\nc = 1\n[a]\nb = 80618061\n", 1, "a has a section and a value of one name"),
    ],
)
def test_what_is_no_ini_is_told_with_its_line_and_without_its_text(text, line, reason):
    with pytest.raises(FormatError) as caught:
        parse(text)

    assert (caught.value.line, str(caught.value)) == (line, reason)


def test_two_headers_of_one_section_are_one():
    with pytest.raises(FormatError, match="written twice"):
        parse("[a/b]\n[a/ b]\n[a/b]\n")
