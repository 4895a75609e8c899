"""`webkit db`, in a project with two apps that serve tables."""

import contextlib
import io
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import click
import pytest

from webkit.cli import db
from webkit.cli.main import main


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project whose app refers to another one's table. Not to be changed."""
    place = tmp_path_factory.mktemp("made")
    before = Path.cwd()
    os.chdir(place)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            status_of("startproject", "shop")
            os.chdir(place / "shop")
            status_of("startapp", "artists", "name:str", "born:date?")
            status_of("startapp", "albums", "title:str!", "artist:ref:artists")
    finally:
        os.chdir(before)
    return place / "shop"


@pytest.fixture
def project(made, tmp_path, monkeypatch):
    """A copy of the project; the test runs in it."""
    monkeypatch.chdir(shutil.copytree(made, tmp_path / "shop"))
    monkeypatch.setenv("ENVIRONMENT", "local")
    return tmp_path / "shop"


def status_of(*arguments):
    with pytest.raises(SystemExit) as ending:
        main(arguments)
    return ending.value.code


@pytest.fixture
def run(warm):
    """Run a command that imports the project, which belongs into a process of its own."""

    def run(*arguments):
        command = [warm / "webkit", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


def tables_in(project):
    with contextlib.closing(sqlite3.connect(project / "db.sqlite3")) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def test_init_makes_the_database_and_its_tables_and_can_be_repeated(project, capsys):
    assert [status_of("db", "init"), status_of("db", "init")] == [0, 0]

    assert capsys.readouterr().out.splitlines() == [
        "Made sqlite:///db.sqlite3",
        "Applied 0001_artists",
        "Applied 0002_albums",
        "Nothing to do: sqlite:///db.sqlite3 is up to date.",
    ]
    assert {"artists", "albums"} <= tables_in(project)


def test_the_database_belongs_to_the_project_wherever_one_stands(project, monkeypatch):
    monkeypatch.chdir(project / "apps")

    status_of("db", "upgrade")

    assert "artists" in tables_in(project)


def test_what_is_lacking_is_told_and_applied_and_taken_back(project, capsys):
    status_of("db", "current")
    status_of("db", "upgrade", "0001_artists")
    status_of("db", "current")
    status_of("db", "downgrade", "-1")
    status_of("db", "downgrade", "base")

    assert capsys.readouterr().out.splitlines() == [
        "(none)",
        "pending: 0001_artists",
        "pending: 0002_albums",
        "Applied 0001_artists",
        "0001_artists",
        "pending: 0002_albums",
        "Took back 0001_artists",
        "Nothing to do.",
    ]


def test_a_migration_that_fails_says_where_that_leaves_the_database(project, capsys):
    path = project / "migrations/0002_albums.py"
    path.write_text(path.read_text().replace("op.create_table(", "op.no_such_thing("))

    assert status_of("db", "upgrade") == 1

    error = capsys.readouterr().err
    assert "0002_albums failed: AttributeError" in error
    assert "The database sqlite:///db.sqlite3 is at revision: none" in error
    assert "artists" not in tables_in(project)


@pytest.mark.slow
def test_several_ends_are_explained_and_joined(project, capsys, run):
    source = (project / "migrations/0002_albums.py").read_text()
    other = source.replace("0002_albums", "0002_other").replace('"albums"', '"other"')
    (project / "migrations/0002_other.py").write_text(other)

    assert status_of("db", "upgrade") == 1
    assert "2 ends" in capsys.readouterr().err
    done = run("db", "revision", "--merge")
    assert done.stdout.startswith("Wrote migrations/0003_join_two_ends.py"), done.stderr
    assert status_of("db", "upgrade") == 0
    assert {"albums", "other"} <= tables_in(project)
    assert "there is nothing to join" in run("db", "revision", "--merge").stderr


@pytest.mark.slow
def test_check_and_revision_see_what_the_models_say_more(project, run):
    assert run("db", "check").returncode == 1  # nothing is applied
    status_of("db", "upgrade")
    assert run("db", "check").stdout == "The tables are as the models say.\n"
    assert "no revision is needed" in run("db", "revision", "-m", "nothing").stdout
    with (project / "apps/artists/models.py").open("a") as file:
        file.write("    label: Mapped[str | None] = mapped_column(sa.String(80))\n")

    found = run("db", "check")
    written = run("db", "revision", "-m", "label of artists")

    assert found.returncode == 1
    assert "label" in found.stdout
    assert "webkit db revision" in found.stdout
    assert written.stdout.startswith("Wrote migrations/0003_label_of_artists.py\n"), written.stderr
    status_of("db", "upgrade")
    assert run("db", "check").returncode == 0
    check = [sys.executable, "-m", "ruff", "format", "--check", project / "migrations"]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0


def test_an_empty_revision_is_written_by_hand(project, run):
    done = run("db", "revision", "--empty")

    assert done.stdout.startswith("Wrote migrations/0003_change_the_tables.py"), done.stderr


@pytest.mark.slow
def test_sample_data_goes_into_empty_tables_once(project, run):
    assert "No unit has a sample.json" in run("db", "sample").stderr
    status_of("db", "upgrade")
    (project / "apps/artists/sample.json").write_text('{"artists": [{"name": "Nina"}]}')

    first, second = run("db", "sample"), run("db", "sample")

    assert (first.stdout, second.stdout) == ("artists: 1 rows\n", "artists: has rows already\n")


def test_drop_asks_and_takes_no_silence_for_an_answer(project, capsys, monkeypatch):
    status_of("db", "init")

    assert status_of("db", "drop") == 2
    assert "--yes" in capsys.readouterr().err
    monkeypatch.setattr(db, "is_interactive", lambda: True)
    monkeypatch.setattr(click, "confirm", lambda question, abort: True)
    assert [status_of("db", "drop"), status_of("db", "drop", "--yes")] == [0, 0]
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Dropped sqlite:///db.sqlite3",
        "sqlite:///db.sqlite3 is not there.",
    ]


def test_production_is_never_dropped(project, capsys, monkeypatch):
    status_of("db", "init")
    monkeypatch.setenv("ENVIRONMENT", "production")

    assert status_of("db", "drop", "--yes") == 2

    assert "This is production" in capsys.readouterr().err
    assert (project / "db.sqlite3").exists()


def test_a_wrong_section_is_a_mistake_of_configuration(project, capsys):
    with (project / "webkit.toml").open("a") as file:
        file.write("pool_size = 0\n")

    assert status_of("db", "current") == 2

    assert "database.pool_size" in capsys.readouterr().err


def test_undo_asks_the_database_whether_a_revision_is_applied(project, capsys):
    assert not db.is_applied("0001_artists")
    status_of("db", "upgrade", "0001_artists")

    assert db.is_applied("0001_artists")
    assert not db.is_applied("0002_albums")
    status_of("startapp", "albums", "--undo")
    assert status_of("startapp", "artists", "--undo") == 1

    assert "Take it back first" in capsys.readouterr().err
    assert [path.name for path in (project / "migrations").glob("*.py")] == ["0001_artists.py"]
    assert (project / "apps/artists/models.py").exists()
