import sys

import pytest
from aiohttp import web

from webkit.cli.projects import Project, find_project, load_app
from webkit.exceptions import ConfigurationError, UsageError


@pytest.fixture
def project(tmp_path):
    root = tmp_path.resolve() / "shop"
    (root / "apps" / "api").mkdir(parents=True)
    (root / "pyproject.toml").write_text('[tool.webkit]\napp = "service:make"\n')
    return root


@pytest.mark.parametrize("below", ["", "apps", "apps/api"])
def test_the_project_is_found_from_everywhere_in_it(project, below):
    assert find_project(project / below) == Project(root=project, app="service:make")


def test_it_is_found_from_the_working_directory(project, monkeypatch):
    monkeypatch.chdir(project / "apps")

    assert find_project().root == project


def test_a_pyproject_of_something_else_is_passed_over(project):
    (project / "apps" / "pyproject.toml").write_text('tool = "none"\n')
    (project / "apps" / "api" / "pyproject.toml").write_text("[tool.ruff]\n")

    assert find_project(project / "apps" / "api").root == project


def test_the_application_is_main_app_unless_it_says_otherwise(project):
    (project / "pyproject.toml").write_text("[tool.webkit]\n")

    assert find_project(project).app == "main:app"


def test_outside_of_every_project_it_says_how_to_make_one(tmp_path):
    with pytest.raises(UsageError, match=r"is in no project.*webkit startproject NAME"):
        find_project(tmp_path)


@pytest.mark.parametrize("text", [b"[tool.webkit", b'[tool.webkit]\nname = "\xff"'])
def test_a_pyproject_that_cannot_be_read_is_told(project, text):
    (project / "pyproject.toml").write_bytes(text)

    with pytest.raises(ConfigurationError, match=r"pyproject\.toml: cannot be read: "):
        find_project(project)


def test_a_reference_that_is_no_text_is_told(project):
    (project / "pyproject.toml").write_text("[tool.webkit]\napp = 5\n")

    with pytest.raises(ConfigurationError, match=r"tool\.webkit\.app: 5 is no text\. Write"):
        find_project(project)


SERVICE = """
from aiohttp import web

def make():
    return web.Application()

async def get():
    return web.Application()

app = make()
"""


@pytest.mark.parametrize("name", ["app", "make", "get"])
def test_the_application_is_loaded_in_each_of_its_forms(project, monkeypatch, name):
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "projects_service", raising=False)
    (project / "projects_service.py").write_text(SERVICE)

    app = load_app(Project(root=project, app=f"projects_service:{name}"))

    assert isinstance(app, web.Application)
    del sys.modules["projects_service"]
