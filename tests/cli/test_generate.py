"""`webkit generate resource`, in a project with an app."""

import contextlib
import io

import pytest

from webkit.cli.main import main


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with the app music, which serves a table; the test runs in it."""
    monkeypatch.chdir(tmp_path)
    with contextlib.redirect_stdout(io.StringIO()):
        status_of("startproject", "shop")
        monkeypatch.chdir(tmp_path / "shop")
        status_of("startapp", "music", "name:str")
    return tmp_path / "shop"


def status_of(*arguments):
    with pytest.raises(SystemExit) as ending:
        main(arguments)
    return ending.value.code


def generate(*arguments):
    return status_of("generate", "resource", *arguments)


def test_an_app_gets_another_resource(project, capsys):
    assert generate("music", "albums", "title:str!", "by:ref:music", "--model", "Record") == 0

    assert capsys.readouterr().out.splitlines() == [
        "Created apps/music/albums: 5 files, and migrations/0002_albums.py",
        "Registered in apps/music/routes.py. It is served at /albums/",
        "Next: webkit db upgrade",
    ]
    assert "class Record(" in (project / "apps/music/albums/models.py").read_text()


def test_routes_of_another_shape_are_left_to_a_person(project, capsys):
    (project / "apps/music/routes.py").write_text("routespatters = []\n")

    assert generate("music", "albums", "title:str") == 0

    printed = capsys.readouterr().out
    assert "Add:\n    from .albums.views import AlbumViewSet\n    router.register(" in printed


def test_a_dry_run_writes_nothing(project, capsys):
    before = sorted(project.rglob("*"))

    assert generate("music", "albums", "title:str", "--dry-run") == 0

    assert "update apps/music/routes.py" in capsys.readouterr().out
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["music", "albums"], 2, "Missing argument"),
        (["nothing", "albums", "a:int"], 2, "There is no app 'nothing' here"),
        (["music", "albums", "a:integer"], 2, "Did you mean int?"),
        (["music", "music", "a:int"], 1, "There is a table 'music' already"),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(project, capsys, arguments, status, message):
    assert generate(*arguments) == status

    assert message in capsys.readouterr().err
    assert not (project / "apps/music/albums").exists()


def test_undo_takes_the_resource_away(project, capsys):
    generate("music", "albums", "title:str")
    capsys.readouterr()

    assert generate("music", "albums", "--undo", "--dry-run") == 0
    assert "remove apps/music/albums/models.py" in capsys.readouterr().out
    assert generate("music", "albums", "--undo") == 0

    assert capsys.readouterr().out == "Removed 6 files of apps/music/albums.\n"
    assert "Album" not in (project / "apps/music/routes.py").read_text()


def test_undo_with_routes_of_another_shape_says_what_is_left_to_do(project, capsys):
    generate("music", "albums", "title:str")
    with (project / "apps/music/routes.py").open("a") as file:
        file.write("print(AlbumViewSet)\n")

    generate("music", "albums", "--undo")

    assert "Remove the viewset from it" in capsys.readouterr().out
