"""What is built and installed makes the same projects as the checkout does."""

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from webkit.scaffold import vendoring


pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
START = "from webkit.cli.main import startproject; startproject()"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the wheel that is built from the sdist that is built from the checkout."""
    directory = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", directory, ROOT]
    if importlib.util.find_spec("hatchling"):
        command.append("--no-isolation")
    subprocess.run(command, capture_output=True, check=True)
    (wheel,) = directory.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory):
    """Return a directory where pip has installed the wheel."""
    site = tmp_path_factory.mktemp("site")
    options = ["--no-deps", "--no-index", "--quiet", "--root-user-action=ignore"]
    command = [sys.executable, "-m", "pip", "install", *options, f"--target={site}", wheel]
    subprocess.run(command, check=True)
    return site


def tree(directory):
    """Return the files that two projects have in common: all but the secret and the wheel."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and path.name != ".env" and path.suffix != ".whl"
    }


def started(place, *, path):
    """Make a project with the webkit that is found in ``path``, or else with this one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    environment = {**kept, "PYTHONSAFEPATH": "1", "PYTHONPATH": path}
    command = [sys.executable, "-c", START, "shop"]
    subprocess.run(command, cwd=place, env=environment, stdout=subprocess.DEVNULL, check=True)
    return place / "shop"


def test_the_wheel_has_the_templates_of_the_repository(wheel):
    expected = {
        f"webkit/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "templates").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }

    names = zipfile.ZipFile(wheel).namelist()

    assert {name for name in names if name.startswith("webkit/templates/")} == expected
    assert len(names) == len(set(names))


def test_the_checkout_and_what_is_installed_make_the_same_project(site, tmp_path):
    for name in ("installed", "editable"):
        (tmp_path / name).mkdir()

    installed = started(tmp_path / "installed", path=str(site))
    editable = started(tmp_path / "editable", path="")

    assert tree(installed) == tree(editable)
    assert not list(installed.rglob("__pycache__"))


def test_the_wheel_in_a_project_has_what_the_built_one_has(wheel, site, tmp_path):
    vendored = started(tmp_path, path=str(site)) / "vendor" / vendoring.wheel_name()

    assert members_of(vendored) == members_of(wheel)


def members_of(path):
    """Return the members; RECORD has the hash of WHEEL, which names the tool that packed it."""
    archive = zipfile.ZipFile(path)
    names = [name for name in archive.namelist() if not name.endswith(("/WHEEL", "/RECORD"))]
    return {name: archive.read(name) for name in names}
