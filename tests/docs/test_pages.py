"""Every code block of every page runs, and does what the page shows."""

import os
import re
import tomllib
import urllib.request
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
WITH_DOCKER = [
    page for page in PAGES if re.search(r"^ *```console.* docker", page.read_text(), re.MULTILINE)
]
# The commands of the README set up an environment each: tests below, and `.ci/run`, run them.
MARKED = re.compile(r"^<!-- ([\w-]+) -->\n```sh\n(.*)\n```$", re.MULTILINE)


def name(page):
    return str(page.relative_to(ROOT))


def follow(page, blocks, session):
    """Do what a reader does: a tutorial begins in an empty directory, other pages in a project."""
    if "docs" in page.parts and "tutorial" not in page.parts and blocks:
        session.printed_by(f"startproject quickstart --no-input --port {session.port}")
        session.directory /= "quickstart"
    if "schemathesis" in page.read_text():  # which readers do not have before
        del session.env["PYTEST_ADDOPTS"]
    for block in blocks:
        session.run(block)
    session.stop()


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_block_of_the_page_runs(page, read, new_session):
    if page in WITH_DOCKER and "docker" in os.environ.get("WEBKIT_WITHOUT", "").split():
        pytest.skip("left out by WEBKIT_WITHOUT: its test with Docker does the same, and more")
    blocks = [block for block in read(page) if block.language != "sh"]

    follow(page, blocks, new_session())


@pytest.mark.docker
@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("page", WITH_DOCKER, ids=name)
def test_every_block_of_the_page_runs_with_docker(page, read, new_session):
    blocks = [block for block in read(page) if block.language != "sh"]

    follow(page, blocks, new_session(has_docker=True))


def test_only_the_two_commands_of_the_readme_are_left_to_other_tests(read):
    left = [
        block.place.partition(":")[0]
        for page in PAGES
        for block in read(page)
        if block.language == "sh"
    ]

    assert left == ["README.md", "README.md"]


def test_the_readme_has_a_command_for_the_main_job_and_one_for_the_tests():
    marked = dict(MARKED.findall((ROOT / "README.md").read_text()))

    assert list(marked) == ["quickstart", "test-suite"]
    assert not any("\n" in command for command in marked.values())


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_first_command_of_the_readme_serves_a_project_with_an_app(checkout, served, free_port):
    readme = (checkout / "README.md").read_text()
    command = dict(MARKED.findall(readme))["quickstart"]

    server = served(command, cwd=checkout, port=free_port)

    server.wait_for(f"…http://127.0.0.1:{free_port}…", limit=500)
    with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/artists/", timeout=10) as answer:
        assert answer.status == 200


def test_the_second_command_of_the_readme_checks_what_a_change_needs():
    command = dict(MARKED.findall((ROOT / "README.md").read_text()))["test-suite"]

    checks = ("ruff check", "ruff format --check", "mypy", "pytest")
    assert [check for check in checks if check not in command] == []


def test_what_the_readme_needs_of_python_is_what_the_package_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert (
        f"Python {project['requires-python'].removeprefix('>=')}"
        in (ROOT / "README.md").read_text()
    )
