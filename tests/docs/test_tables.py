"""The tables of the reference are those that the code makes today."""

import itertools
import re
import runpy
from pathlib import Path

import pytest


TABLES = runpy.run_path(str(Path(__file__).with_name("tables.py")))
PAGES = TABLES["pages"]()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tables_of_the_page_are_up_to_date(page):
    text = page.read_text()

    assert text == TABLES["renewed"](text), "run: python tests/docs/tables.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_row_says_what_it_is_for(page):
    assert TABLES["BY_HAND"] not in page.read_text()


def test_every_table_is_on_a_page():
    marks = [re.findall("<!-- generated: (.+) -->", page.read_text()) for page in PAGES]

    assert sorted(itertools.chain(*marks)) == sorted(TABLES["TABLES"])


def test_what_is_written_by_hand_stays():
    page = "<!-- generated: settings -->\n| `port` | a | b | c | Where. |\n<!-- /generated -->"

    lines = TABLES["renewed"](page).splitlines()

    assert [line for line in lines if line.endswith("| Where. |")] == [
        "| `port` | `WEBKIT__PORT` | integer from 1 to 65535 | `8080` | Where. |"
    ]
