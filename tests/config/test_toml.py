from pathlib import Path

import pytest

from webkit.config.syntax import FormatError
from webkit.config.toml import parse_toml


TEXT = '''
title = "x"   # 2
[shop]        # 3
port = 1      # 4
[shop.tax]    # 5
rate = 2      # 6
a.b = 3       # 7
"quo ted" = 4 # 8
text = """    # 9
port = 5
[none]
"""
after = 6     # 13
line = """on one""" # 14
[[shop.rows]] # 15
port = 7      # 16
[ "un.usual" ] # 17
port = 8      # 18
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("title", 2),
        ("shop", 3),
        ("shop/port", 4),
        ("shop/tax", 5),
        ("shop/tax/rate", 6),
        ("shop/tax/a", 7),
        ("shop/tax/a/b", 7),
        ("shop/tax/quo ted", 8),
        ("shop/tax/text", 9),
        ("shop/tax/after", 13),
        ("shop/tax/line", 14),
        ("shop/rows", 15),
        ("un.usual", 17),
        ("un.usual/port", 18),
    ],
)
def test_every_key_has_its_line(path, line):
    _, lines = parse_toml(TEXT, Path())

    assert lines[tuple(path.split("/"))] == line


def test_what_a_text_over_several_lines_holds_is_no_key():
    tree, lines = parse_toml(TEXT, Path())

    assert tree["shop"]["tax"]["text"].startswith("    # 9\nport = 5")
    assert ("none",) not in lines


@pytest.mark.parametrize(
    ("text", "line"), [("a = = 1", 1), ("\n\na = '80618061", 3), ("[a]\n[a]", 2), ("a = [1,\n", 2)]
)
def test_what_is_no_toml_is_told_with_its_line_and_without_its_text(text, line):
    with pytest.raises(FormatError) as caught:
        parse_toml(text, Path())

    assert caught.value.line == line
    assert "80618061" not in str(caught.value)
