from pathlib import Path

import pytest

from webkit.config.python import parse_python
from webkit.config.syntax import FormatError


TEXT = """\
from pathlib import Path
level = "debug"
LOG_LEVEL = level
TITLE = Path(__file__).name
if True:
    STOP_WAIT_TIME = 10
DATABASE = {"url": "x"}
WEBKIT = {"port": 1}
"""


def parse(text):
    return parse_python(text, Path("/srv/shop.py"))


def test_names_in_capitals_are_values_and_dicts_are_sections():
    tree, _ = parse(TEXT)

    assert tree == {
        "webkit": {"log_level": "debug", "title": "shop.py", "stop_wait_time": 10, "port": 1},
        "database": {"url": "x"},
    }


def test_every_name_has_its_line():
    _, lines = parse(TEXT)

    assert {"/".join(keys): line for keys, line in lines.items()} == {
        "webkit/log_level": 3,
        "webkit/title": 4,
        "webkit/stop_wait_time": 6,
        "database": 7,
        "webkit": 8,
    }


def test_a_name_that_is_imported_stands_on_line_one():
    _, lines = parse("from stat import *\n")

    assert lines["webkit", "st_mode".upper()[:2].lower() + "_mode"] == 1


def test_a_text_that_can_be_no_source_is_refused():
    with pytest.raises(FormatError):
        parse("A = '\x00'")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("A = 1\nB = = 1", 2, "invalid syntax"),
        ("A = 1\nB = int('x80618061')", 2, "raises ValueError"),
        ("\ndef f():\n    return C\nA = f()", 3, "raises NameError: name 'C' is not defined"),
        ("import no_such", 1, "raises ModuleNotFoundError: No module named 'no_such'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_without_its_text(text, line, reason):
    with pytest.raises(FormatError) as caught:
        parse(text)

    assert (caught.value.line, str(caught.value)) == (line, reason)
