import sys

import pytest

from webkit.exceptions import ConfigurationError
from webkit.metadata import UnitMeta, meta_from, meta_of_distribution, meta_of_module


def _problems(meta):
    with pytest.raises(ConfigurationError) as caught:
        meta_from(meta)
    return caught.value.problems


# -- as it is given -----------------------------------------------------------------------------


def test_what_is_given_is_taken():
    meta = meta_from({"name": "visits", "version": "1.2.0", "description": "Counts visits."})

    assert meta == UnitMeta(name="visits", version="1.2.0", description="Counts visits.")


def test_a_name_is_enough():
    assert meta_from({"name": "visits"}) == UnitMeta(name="visits")


@pytest.mark.parametrize("version", ["0.0.0", "1.2.3", "1.0.0-rc.1", "1.0.0-0a+build.5"])
def test_a_version_is_semantic(version):
    assert meta_from({"name": "a", "version": version}).version == version


@pytest.mark.parametrize("version", ["", "1", "1.0", "01.0.0", "1.0.0-01", "v1.0.0", "1.0.0\n"])
def test_no_other_version_is_taken(version):
    assert _problems({"name": "a", "version": version}) == (
        f"unit version {version!r} is no semantic version. Write 1.0.0, or so",
    )


def test_all_mistakes_are_reported_together():
    meta = {"name": "Visits!", "version": "1", "description": "x" * 257, "author": "me"}

    assert _problems(meta) == (
        "unit meta does not know 'author'. It has name, version, description",
        "unit version '1' is no semantic version. Write 1.0.0, or so",
        "unit name 'Visits!' is not lower-case words with dashes, at most 50 characters",
        "unit 'Visits!': its description has 257 characters, and may have at most 256",
    )


def test_values_that_are_no_texts_are_named():
    assert _problems({"name": 5, "version": 1.0}) == (
        "unit name 5 is no text",
        "unit version 1.0 is no text",
    )


# -- from the module ----------------------------------------------------------------------------


def test_a_module_gives_its_last_name_and_its_first_line():
    names = {"__name__": "apps.guest_book", "__doc__": "Guests.\n\nMore."}

    assert meta_of_module(names) == UnitMeta(name="guest-book", description="Guests.")


def test_a_long_first_line_is_cut():
    found = meta_of_module({"__name__": "visits", "__doc__": "x" * 300})

    assert len(found.description) == 256


# -- from the distribution ----------------------------------------------------------------------

PROJECT = '[project]\nname = "Guest_Book.App"\nversion = "2.0.dev1"\ndescription = "Guests."\n'
POETRY = '[tool.poetry]\nname = "guests"\nversion = "1.0.0"\n'


def _globals(root, module, *, is_package=True):
    path = root.joinpath(*module.split("."))
    file = path / "__init__.py" if is_package else path.with_suffix(".py")
    return {"__name__": module, "__file__": str(file)}


@pytest.mark.parametrize(
    ("folder", "module", "is_package"),
    [
        (".", "guests", True),
        (".", "guests", False),
        (".", "apps.guests", True),
        (".", "apps.guests", False),
        ("src", "guests", True),
        ("src", "apps.guests.unit", False),
    ],
)
def test_the_project_file_beside_the_package_is_read(tmp_path, folder, module, is_package):
    (tmp_path / "pyproject.toml").write_text(PROJECT)

    found = meta_of_distribution(_globals(tmp_path / folder, module, is_package=is_package))

    assert found == UnitMeta(name="guest-book-app", version="2.0.dev1", description="Guests.")


def test_the_nearest_file_wins(tmp_path):
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps/pyproject.toml").write_text(POETRY)

    assert meta_of_distribution(_globals(tmp_path, "apps.guests")).name == "guests"


def test_project_comes_before_poetry_and_each_key_by_itself(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "first"\n' + POETRY)

    found = meta_of_distribution(_globals(tmp_path, "guests"))

    assert (found.name, found.version) == ("first", "1.0.0")


def test_without_a_file_the_installed_distribution_is_asked(tmp_path, monkeypatch):
    info = tmp_path / "Guest_Things-3.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: Guest_Things\nVersion: 3.1\nSummary: All of them.\n"
    )
    (info / "top_level.txt").write_text("guests_of_test\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    found = meta_of_distribution(_globals(tmp_path, "guests_of_test"))

    assert found == UnitMeta(name="guest-things", version="3.1", description="All of them.")


def test_a_module_without_a_file_may_be_installed_all_the_same():
    assert meta_of_distribution({"__name__": "aiohttp"}).name == "aiohttp"


def test_what_nobody_distributes_is_told_what_to_do(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        meta_of_distribution(_globals(tmp_path, "apps_of_nobody.guests"))

    assert caught.value.problems == (
        "auto_meta of apps_of_nobody.guests: neither a pyproject.toml beside its package nor an"
        " installed distribution tells a name. Give `meta`, or leave both out",
    )


def test_a_project_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project")

    with pytest.raises(ConfigurationError, match=r"pyproject\.toml: cannot be read: "):
        meta_of_distribution(_globals(tmp_path, "guests"))


def test_a_program_without_a_name_has_no_distribution(monkeypatch):
    monkeypatch.delitem(sys.modules, "nothing_of_test", raising=False)

    with pytest.raises(ConfigurationError, match="auto_meta of : neither"):
        meta_of_distribution({})
