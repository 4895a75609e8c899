"""How much of DRF's own tests is held here: the rows of the reference, counted from the files.

A file names its rows in the first line; `# 12` above a test says that it is the one for row 12.
"""

import re
from pathlib import Path

import pytest


HERE = Path(__file__).parent
FILES = sorted(HERE.glob("test_drf_*.py"))
COMPAT = HERE.parents[1] / "docs" / "compat.md"
ROWS = 168
# Rows whose intent another test has, where its subject is.
ELSEWHERE = {115: "tests/typing", 166: "tests/test_testing.py", 167: "tests/config/test_loading.py"}
LEFT_OUT = {
    52: "a middleware of Django",
    **dict.fromkeys((56, 57, 58, 59), "links of DRF's HTML pages"),
    **dict.fromkeys((71, 72), "versions and renderers of a single view"),
    85: "the class ErrorDetail",
    86: "translations",
    116: "Django's ORM",
    136: "the numbers of pages in HTML",
    139: "permissions of Django's models",
    145: "sessions, CSRF and users of Django",
    157: "renderers chosen by Accept",
    161: "suffixes, HTML forms, and the browsable API",
}


def numbers(text):
    """Yield the rows that a text names: ``1 to 4, 7 and 9``."""
    for first, last in re.findall(r"(\d+)(?: to (\d+))?", text):
        yield from range(int(first), int(last or first) + 1)


def named_in(path):
    """Return the rows that the first line of a file names."""
    line = path.read_text().splitlines()[0]
    return set(numbers(re.search(r"\brows? ([\d, toand]+)", line)[1]))


def marked_in(path):
    """Return the rows that comments above tests name."""
    lines = re.findall(r"^# (\d[\d, ]*)(?::|$)", path.read_text(), re.MULTILINE)
    return {row for line in lines for row in numbers(line)}


HELD = {row for path in FILES for row in named_in(path)}


def test_every_row_is_held_or_left_out_for_a_reason():
    assert HELD | ELSEWHERE.keys() | LEFT_OUT.keys() == set(range(1, ROWS + 1))
    assert not HELD & LEFT_OUT.keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_that_marks_its_tests_has_one_for_each_row_that_it_names(path):
    assert marked_in(path) in (set(), named_in(path))


@pytest.mark.parametrize("place", ELSEWHERE.values())
def test_what_is_held_elsewhere_is_there(place):
    assert (HERE.parents[1] / place).exists()


def test_the_number_in_the_documentation_is_the_number_of_rows_that_are_held():
    found = re.search(r"(\d+) of the (\d+) intents", COMPAT.read_text())

    assert (int(found[1]), int(found[2])) == (len(HELD | ELSEWHERE.keys()), ROWS)


DEVIATION = re.compile(r"^\| (?!DRF|there|---)(.*) \| (.*) \| (.*) \| (.*) \|$", re.MULTILINE)


@pytest.mark.parametrize("row", DEVIATION.findall(COMPAT.read_text()), ids=lambda row: row[0][:40])
def test_a_deviation_has_a_reason_and_a_test(row):
    tests = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row[3])

    assert row[2]
    assert tests
    for path, test in tests:
        source = (HERE.parents[1] / path).read_text()
        assert re.search(rf"^(async )?def {test}\(", source, re.MULTILINE), test
