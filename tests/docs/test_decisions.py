"""docs/decisions.md says why, and names every module that the design did not foresee."""

import re
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "decisions.md").read_text()
ENTRIES = re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE)

# The modules of the first table of layers, which need no entry.
FORESEEN = """
exceptions status references signals config decorators codec replies parameters handlers pagination
filters repositories permissions authentication throttling viewsets controllers routers middlewares
cors openapi pods services units database pages health application workers testing pytest_plugin
scaffold cli
"""


@pytest.mark.parametrize(("title", "text"), ENTRIES, ids=lambda value: value[:60])
def test_an_entry_has_a_date_and_its_four_parts(title, text):
    parts = re.findall(r"^\*\*(\w+)", text, re.MULTILINE)

    assert re.match(r"\d{4}-\d\d-\d\d: ", title)
    assert parts == ["Decided", "Because", "Instead", "Until"]


def test_entries_are_in_the_order_of_their_dates():
    dates = [title[:10] for title, _ in ENTRIES]

    assert dates == sorted(dates)


def test_every_module_that_nobody_foresaw_has_an_entry():
    modules = {path.stem for path in (ROOT / "webkit").iterdir() if not path.stem.startswith("_")}
    unforeseen = modules - {*FORESEEN.split(), "py"}

    assert [name for name in sorted(unforeseen) if f"`{name}`" not in TEXT] == []
