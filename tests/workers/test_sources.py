from pathlib import Path

import pytest

from webkit.workers.sources import is_own, is_source


ROOT = Path("/home/.cache/venv/shop")


@pytest.mark.parametrize(
    "name",
    [
        "main.py", "apps/api/views.py", "webkit.toml", ".env", "local.env", "env.testing",
        "templates/page.html", "a.jinja", "a.jinja2", "a.j2", "a.yaml", "a.yml", "a.ini", "a.conf",
        "data/seed.json",
    ],
)  # fmt: skip
def test_a_file_that_shapes_what_is_served_is_a_source(name):
    assert is_source(ROOT / name, root=ROOT)


@pytest.mark.parametrize(
    "name",
    [
        ".venv/lib/a.py", "venv/lib/a.py", "env/lib/site-packages/a.py", ".git/config.ini",
        "node_modules/x/package.json", "apps/__pycache__/a.py", ".mypy_cache/a.json", "vendor/a.py",
        "htmlcov/index.html",
    ],
)  # fmt: skip
def test_what_is_installed_or_made_is_none(name):
    assert not is_source(ROOT / name, root=ROOT)


@pytest.mark.parametrize(
    "name", ["db.sqlite3", "README.md", "views.py~", ".views.py.swp", ".#views.py", "4913"]
)
def test_other_files_are_none(name):
    assert not is_source(ROOT / name, root=ROOT)


def test_a_file_elsewhere_is_not_the_projects_own():
    assert not is_own(ROOT.parent / "other" / "main.py", root=ROOT)
