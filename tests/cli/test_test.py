import pytest

from webkit.cli import test as module


pytestmark = pytest.mark.slow

FILES = {
    "apps/guests/tests/test_guests.py": "def test_of_guests():\n    pass\n",
    "apps/guests/README.md": "# Guests\n\n>>> 'guests' * 10\n'guests...guests'\n",
    "apps/rooms/tests/test_rooms.py": "def test_of_rooms():\n    assert False\n",
    "apps/rooms/README.rst": "Rooms\n\n>>> import os; os.environ['ENVIRONMENT']\n'testing'\n",
}


@pytest.fixture(autouse=True)
def _files(project, write, monkeypatch):
    write(FILES)


def _ran(done):
    words = ["test_guests.py", "README.md", "test_rooms.py", "README.rst"]
    return [word for word in words if word in done.stdout]


def test_all_tests_of_the_project_run_and_all_examples(webkit):
    done = webkit("test", "--", "-v")

    assert done.returncode == 1
    assert _ran(done) == ["test_guests.py", "README.md", "test_rooms.py", "README.rst"]
    assert "1 failed, 3 passed" in done.stdout


def test_those_of_one_unit_run_alone(webkit):
    done = webkit("test", "guests", "--", "-v", "-p", "no:randomly")

    assert done.returncode == 0
    assert _ran(done) == ["test_guests.py", "README.md"]


def test_of_several_units_all_run_where_one_fails(webkit, tmp_path):
    done = webkit("test", "guests", "rooms", "-v", cwd=tmp_path / "apps")

    assert done.returncode == 1
    assert _ran(done) == ["test_guests.py", "README.md", "test_rooms.py", "README.rst"]


def test_options_go_to_pytest(webkit):
    done = webkit("test", "-k", "of_guests")

    assert "1 passed, 3 deselected" in done.stdout


def test_a_unit_that_is_not_there_is_a_mistake(webkit):
    done = webkit("test", "geusts")

    assert done.returncode == 2
    assert done.stderr == (
        "Error: There is no unit 'geusts' in this project. There is guests, rooms\n"
    )


def test_an_option_that_pytest_does_not_know_is_a_mistake(webkit):
    assert webkit("test", "--", "--no-such-option").returncode == 2


def test_a_unit_without_tests_is_told_where_to_write_them(webkit, tmp_path):
    for name in ("tests/test_guests.py", "README.md"):
        (tmp_path / "apps/guests" / name).unlink()
    (tmp_path / "apps/guests/tests").rmdir()

    done = webkit("test", "guests")

    assert done.returncode == 2
    assert done.stderr == "Error: The unit 'guests' has no tests. Write apps/guests/tests\n"


def test_where_no_test_is_left_nothing_has_passed(webkit):
    assert webkit("test", "guests", "-k", "nothing").returncode == 1


@pytest.mark.parametrize(
    "place", ["apps/test_notes.py", "apps/tests/test_notes.py", "tests/test_notes.py"]
)
def test_a_unit_that_is_no_package_has_tests_named_after_it(webkit, write, place):
    write(
        {
            "apps/notes.py": "from webkit.units import Unit\n\nexport = Unit()\n",
            "main.py": "from webkit.application import create_app\n\n"
            "create_web_app = create_app(units=['apps.guests', 'apps.notes'])\n",
            place: "def test_of_notes():\n    pass\n",
        }
    )

    done = webkit("test", "notes", "--", "-v")

    assert (done.returncode, "1 passed" in done.stdout) == (0, True)


def test_without_pytest_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(module.MissingExtraError, match=r"webkit test needs an extra.*\[dev\]"):
        module.command.main(["guests"], standalone_mode=False)
