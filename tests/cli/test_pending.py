import contextlib
import sqlite3

import pytest

from webkit.cli.pending import pending_hint


URL = "sqlite:///db.sqlite3"


@pytest.fixture
def project(tmp_path):
    """A project with one migration."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations/0001_a.py").write_text('revision = "0001_a"\ndown_revision = None\n')
    return tmp_path


def apply(project, revision):
    with contextlib.closing(sqlite3.connect(project / "db.sqlite3")) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        connection.commit()


def test_a_database_that_is_not_there_lacks_them(project):
    assert pending_hint(project, URL).endswith("webkit db upgrade")
    assert not (project / "db.sqlite3").exists()


def test_a_database_that_is_behind_lacks_them(project):
    apply(project, "0000_before")

    assert pending_hint(project, URL)


def test_a_database_without_migrations_lacks_them(project):
    sqlite3.connect(project / "db.sqlite3").close()

    assert pending_hint(project, URL)


def test_one_that_is_up_to_date_needs_no_hint(project):
    apply(project, "0001_a")

    assert pending_hint(project, URL) is None


@pytest.mark.parametrize("url", ["postgresql://db/shop", "sqlite://", "oracle://x"])
def test_what_cannot_be_looked_at_in_a_moment_is_left_alone(project, url):
    assert pending_hint(project, url) is None


def test_a_project_without_migrations_needs_no_hint(tmp_path):
    assert pending_hint(tmp_path, URL) is None


def test_migrations_that_cannot_be_read_are_told_by_others(project):
    (project / "migrations/0001_a.py").write_text("(")

    assert pending_hint(project, URL) is None
