"""What STYLE asks of the prose, as far as a program can see it; and that links lead somewhere."""

import re
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"^( *)(`{3,})[^`\n]*\n.*?^ *\2$", re.DOTALL | re.MULTILINE)
GENERATED = re.compile(r"<!-- generated: .*?<!-- /generated -->", re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def prose_of(page):
    """Return what people have written on the page: no code, and no table made from code."""
    text = GENERATED.sub("", FENCE.sub("", page.read_text()))
    return re.sub("`[^`\n]*`", "CODE", text)


def anchors_of(page):
    """Return the anchors that a page gives its headings."""
    titles = re.findall("^#+ (.*)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_a_file_and_a_heading(page):
    links = LINK.findall(FENCE.sub("", page.read_text()))
    for link in (link for link in links if "://" not in link):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page

        assert target.exists(), link
        assert not anchor or anchor in anchors_of(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_nothing_is_called_easy(page):
    assert re.findall(r"\b(simply|just|easy|easily)\b", prose_of(page), re.IGNORECASE) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_line_has_one_sentence(page):
    lines = [line for line in prose_of(page).splitlines() if not line.startswith("|")]

    assert [line for line in lines if re.search(r"[a-z)`D][.?!] [A-Z]", line)] == []


def test_every_page_is_reached_from_the_index():
    reached, waiting = set(), [ROOT / "docs" / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        links = (link.partition("#")[0] for link in LINK.findall(prose_of(page)))
        found = {(page.parent / link).resolve() for link in links if link.endswith(".md")}
        waiting += found - reached

    assert [page for page in PAGES if page.parent != ROOT and page not in reached] == []
