import pytest

from webkit.exceptions import ConflictError
from webkit.scaffold.removals import files_below, heir_of, parted
from webkit.scaffold.revisions import revisions_in


@pytest.fixture
def project(tmp_path):
    """A project with two revisions."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations/0001_a.py").write_text('revision = "0001_a"\n')
    (tmp_path / "migrations/0002_b.py").write_text(
        'revision = "0002_b"\ndown_revision = "0001_a"\n'
    )
    return tmp_path


def heir(project, index, *, is_applied=False):
    made = revisions_in(project)[index]
    return heir_of(
        project, made, table="a", directory="apps/a", is_applied=lambda revision: is_applied
    )


def test_files_that_are_as_they_were_made_are_told_from_the_others(tmp_path):
    for name in ("same", "changed", "more"):
        (tmp_path / name).write_text(name)
    (tmp_path / "link").symlink_to("same")
    made = {"same": b"same", "changed": b"before", "link": b"same", "gone": b""}

    found = parted(tmp_path, ["same", "changed", "more", "link"], made)

    assert found == (("same",), ("changed", "more", "link"))


def test_what_python_compiled_is_no_file_of_a_directory(tmp_path):
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__/a.pyc").touch()
    (tmp_path / "a.py").touch()

    assert files_below(tmp_path) == [tmp_path / "a.py"]


def test_a_revision_that_another_builds_on_has_an_heir(project):
    assert heir(project, 0, is_applied=True) == "0002_b"
    assert heir(project, 1) is None


@pytest.mark.parametrize(("parents", "below"), [(True, "0001_a"), (False, "base")])
def test_a_revision_that_the_database_has_is_taken_back_first(project, parents, below):
    if not parents:
        (project / "migrations/0001_a.py").unlink()
        (project / "migrations/0002_b.py").write_text('revision = "0002_b"\n')

    with pytest.raises(ConflictError) as caught:
        heir(project, -1, is_applied=True)

    assert str(caught.value) == (
        "The database has the migration 0002_b. Nothing was removed. Take it back first, with all"
        f" that is in the table: webkit db downgrade {below}"
    )


def test_a_table_that_others_refer_to_stays(project):
    for app in ("a", "other"):
        (project / "apps" / app).mkdir(parents=True)
        (project / "apps" / app / "models.py").write_text('sa.ForeignKey("a.id")')

    with pytest.raises(ConflictError, match="These refer to the table 'a'") as caught:
        heir(project, 1)

    assert caught.value.paths == ("apps/other/models.py",)
