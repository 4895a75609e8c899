import base64
import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import BytesParser
from pathlib import Path

import pytest

import webkit
from webkit.exceptions import UsageError
from webkit.scaffold import vendoring
from webkit.scaffold.rendering import template_directory


DIST_INFO = f"webkit-{webkit.__version__}.dist-info"


@pytest.fixture(scope="module")
def archive():
    return zipfile.ZipFile(io.BytesIO(vendoring.wheel()))


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return a directory where pip has installed the wheel."""
    directory = tmp_path_factory.mktemp("installed")
    wheel = directory / vendoring.wheel_name()
    wheel.write_bytes(vendoring.wheel())
    target = directory / "site"
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet"]
    options = [
        "--compile",
        "--disable-pip-version-check",
        "--root-user-action=ignore",
        f"--target={target}",
    ]
    subprocess.run([*command, *options, wheel], check=True)
    return target


def test_the_wheel_has_every_module_and_the_mark_of_a_typed_package(archive):
    package = Path(webkit.__file__).parent
    modules = {
        f"webkit/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*.py")
        if "templates" not in path.parts
    }

    assert modules <= set(archive.namelist())
    assert "webkit/py.typed" in archive.namelist()


def test_the_wheel_has_every_template_once(archive):
    templates = template_directory(".")
    expected = sorted(
        f"webkit/templates/{path.relative_to(templates).as_posix()}"
        for path in templates.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    )

    assert sorted(name for name in archive.namelist() if "/templates/" in name) == expected


def test_the_wheel_has_nothing_compiled_hidden_or_twice(archive):
    names = archive.namelist()

    assert len(names) == len(set(names))
    assert not [name for name in names if "__pycache__" in name or "/." in name]


def test_the_record_names_every_member_with_its_hash(archive):
    rows = list(csv.reader(archive.read(f"{DIST_INFO}/RECORD").decode().splitlines()))

    assert [name for name, _, _ in rows] == archive.namelist()
    for name, digest, size in rows[:-1]:
        content = archive.read(name)
        expected = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
        assert (digest, size) == (f"sha256={expected.decode()}", str(len(content)))
    assert rows[-1] == [f"{DIST_INFO}/RECORD", "", ""]


def test_the_metadata_is_that_of_the_distribution(archive):
    metadata = BytesParser().parsebytes(archive.read(f"{DIST_INFO}/METADATA"))

    assert metadata["Name"] == "webkit"
    assert metadata["Version"] == webkit.__version__
    assert "aiohttp" in " ".join(metadata.get_all("Requires-Dist"))
    assert "webkit = webkit.cli.main:main" in archive.read(f"{DIST_INFO}/entry_points.txt").decode()
    assert f"{DIST_INFO}/licenses/LICENSE" in archive.namelist()


def test_the_same_webkit_gives_the_same_bytes():
    umask = os.umask(0o077)
    try:
        first = vendoring.wheel()
    finally:
        os.umask(umask)

    assert vendoring.wheel() == first


@pytest.mark.slow
def test_pip_installs_it_and_what_it_installs_gives_the_same_wheel_again(installed):
    code = "import sys, webkit.scaffold.vendoring as v; sys.stdout.buffer.write(v.wheel())"
    environment = environment_of(installed)

    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True
    )

    assert (installed / "webkit/templates/project/cookiecutter.json").is_file()
    assert run.stdout == (installed.parent / vendoring.wheel_name()).read_bytes()


@pytest.mark.slow
def test_what_pip_compiled_in_the_templates_does_not_reach_a_project(installed, tmp_path):
    environment = environment_of(installed)
    code = "from webkit.cli.main import startproject; startproject()"
    assert list(installed.glob("webkit/templates/**/__pycache__"))

    subprocess.run([sys.executable, "-c", code, "shop"], env=environment, cwd=tmp_path, check=True)

    assert not list(tmp_path.rglob("__pycache__"))
    assert not list(tmp_path.rglob("*.pyc"))


def test_an_editable_install_may_know_an_older_version(monkeypatch, tmp_path):
    found = vendoring._installed(Path(webkit.__file__).parents[1])
    older = tmp_path / "webkit-0.0.1.dist-info"
    shutil.copytree(found, older)
    text = re.sub("(?m)^Version: .*$", "Version: 0.0.1", (older / "METADATA").read_text())
    (older / "METADATA").write_text(text)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setattr(webkit, "__file__", str(checkout(tmp_path) / "__init__.py"))

    packed = zipfile.ZipFile(io.BytesIO(vendoring.wheel()))

    metadata = packed.read(f"{DIST_INFO}/METADATA").decode()
    assert f"Version: {webkit.__version__}\n" in metadata
    assert "0.0.1" not in metadata


def test_a_bare_source_tree_says_how_to_install_it(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setattr(webkit, "__file__", str(checkout(tmp_path) / "__init__.py"))

    with pytest.raises(UsageError, match=r"is not installed.*Run: python -m pip install -e"):
        vendoring.wheel()


def environment_of(site):
    """Return an environment where webkit is the one in ``site``, and is not measured."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    return {**kept, "PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}


def checkout(directory):
    """Make a checkout with next to nothing in it, and return its package."""
    package = directory / "checkout" / "webkit"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (directory / "checkout" / "templates").mkdir()
    return package
