"""docs/seeds.md keeps its promises: every feature of an old system has a test that exists."""

import re
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
TABLE = re.compile(r"^\| ([A-Z]\d+) \| (.*) \| (.*) \| (.*) \|$", re.MULTILINE)
ROWS = TABLE.findall((ROOT / "docs" / "seeds.md").read_text())


@pytest.mark.parametrize(("letter", "last"), [("W", 29), ("A", 29), ("Q", 14)])
def test_every_feature_of_a_system_has_a_row(letter, last):
    rows = [row[0] for row in ROWS if row[0][0] == letter]

    assert rows == [f"{letter}{number}" for number in range(1, last + 1)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_row_names_tests_that_exist(row):
    names = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row[3])

    assert names
    for path, test in names:
        assert re.search(rf"^(async )?def {test}\(", (ROOT / path).read_text(), re.MULTILINE), test
