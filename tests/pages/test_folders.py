from webkit.pages.folders import Folders, folders_of
from webkit.units import Unit


def test_the_folders_of_a_unit_are_beside_its_module(write, unit):
    root = write({"polls/templates/index.html": "", "polls/static/style.css": ""})

    found, problems = folders_of(unit("polls"))

    assert found == Folders(templates=root / "polls/templates", static=root / "polls/static")
    assert problems == []


def test_a_unit_without_them_has_none(unit):
    assert folders_of(unit("polls")) == (Folders(), [])


def test_a_unit_may_name_others(write, unit):
    root = write({"polls/views/index.html": "", "assets/style.css": ""})

    found, problems = folders_of(unit("polls", templates="views", static=root / "assets"))

    assert found == Folders(templates=root / "polls/views", static=root / "assets")
    assert problems == []


def test_a_folder_that_is_named_and_missing_is_a_mistake(tmp_path, unit):
    found, problems = folders_of(unit("polls", templates="views", static="asets"))

    assert found == Folders()
    assert problems == [
        f"unit polls: templates: there is no folder {tmp_path / 'polls/views'}",
        f"unit polls: static: there is no folder {tmp_path / 'polls/asets'}",
    ]


def test_a_unit_of_no_file_has_those_that_it_names(write):
    root = write({"views/index.html": ""})
    unit = Unit({"name": "polls"}, templates=root / "views")
    unit.home = None

    assert folders_of(unit) == (Folders(templates=root / "views"), [])


def test_a_unit_remembers_the_directory_of_the_module_that_made_it():
    from pathlib import Path

    assert Unit({"name": "polls"}).home == Path(__file__).parent


def test_a_project_without_a_directory_has_no_folders():
    assert Folders.beside(None) == Folders()
