import subprocess
import sys

import pytest
import sqlalchemy as sa

from webkit.database.models import NAMING
from webkit.migrations.autogeneration import differences, next_id, revision_source, tidied
from webkit.migrations.connections import connected
from webkit.migrations.environment import Environment, MigrationError


@pytest.fixture
def metadata():
    """Two tables, one of which refers to the other."""
    found = sa.MetaData(naming_convention=NAMING)
    sa.Table("a", found, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "b",
        found,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(255), unique=True, nullable=False),
        sa.Column("a_id", sa.ForeignKey("a.id"), index=True),
    )
    return found


def generate(root, address, metadata, message="make tables"):
    """Write a revision with the steps to the metadata; return its source, or nothing."""
    environment = Environment(root, metadata=metadata)
    steps = connected(address, lambda c: differences(environment, c))
    if steps is None:
        return ""
    head = environment.head()
    id = next_id(environment, message)
    parents = (head,) if head else ()
    source = revision_source(environment, message, id=id, parents=parents, steps=steps)
    (root / "migrations").mkdir(exist_ok=True)
    (root / f"migrations/{id}.py").write_text(source)
    connected(address, lambda c: Environment(root, metadata=metadata).upgrade(c, "head"))
    return source


def test_steps_that_were_written_and_applied_leave_no_difference(database, tmp_path, metadata):
    source = generate(tmp_path, database, metadata)

    assert source.startswith('"""Make tables."""\n')
    assert 'op.create_table("' in source.replace("'", '"')
    assert "###" not in source
    assert generate(tmp_path, database, metadata) == ""


def test_a_column_more_is_one_step_in_a_batch(database, tmp_path, metadata):
    generate(tmp_path, database, metadata)
    metadata.tables["a"].append_column(sa.Column("born", sa.Date))

    source = generate(tmp_path, database, metadata, "born")

    assert 'down_revision = "0001_make_tables"' in source
    assert "with op.batch_alter_table('a'" in source
    assert source.count("add_column") == 1
    assert generate(tmp_path, database, metadata) == ""


def test_what_is_lacking_has_to_be_applied_first(database, tmp_path, metadata, write):
    write("0001_a")

    with pytest.raises(MigrationError, match=r"The database lacks 0001_a\. Apply them first"):
        generate(tmp_path, database, metadata)


def test_an_empty_revision_imports_nothing(tmp_path):
    environment = Environment(tmp_path)

    source = revision_source(environment, "join", id="0003_join", parents=("0002_a", "0002_b"))

    assert "import" not in source
    assert 'down_revision = ("0002_a", "0002_b")' in source
    assert source.count("    pass\n") == 2


def test_the_first_of_all_builds_on_nothing(tmp_path):
    source = revision_source(Environment(tmp_path), "a. ", id="1", parents=())

    assert "down_revision: str | None = None" in source


def test_an_id_is_a_number_and_words(tmp_path, write):
    write("0007_a")
    write("ae1027a6acf", "0007_a")

    assert next_id(Environment(tmp_path), "Rename it, at last!") == "0008_rename_it_at_last"
    assert next_id(Environment(tmp_path), "ё") == "0008_revision"


def test_a_file_is_formatted_where_ruff_is(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("import os\nx = {'a':1}\n")

    tidied(path)

    assert path.read_text() == 'x = {"a": 1}\n'
    done = subprocess.run([sys.executable, path], check=False)
    assert done.returncode == 0
