import pytest
import sqlalchemy as sa
from sqlalchemy import inspect, text

from webkit import migrations
from webkit.database.settings import address_of
from webkit.migrations.connections import connected
from webkit.migrations.environment import Environment, MigrationError


CREATE = 'op.create_table("{0}", sa.Column("id", sa.Integer, primary_key=True))'
DROP = 'op.drop_table("{0}")'


def tables_in(address):
    return sorted(connected(address, lambda connection: inspect(connection).get_table_names()))


def upgrade(address, environment, to="heads"):
    return connected(address, lambda c: environment.upgrade(c, to), alone=True)


@pytest.fixture
def two(write):
    """Two revisions, each with a table."""
    write("0001_a", up=CREATE.format("a"), down=DROP.format("a"))
    write("0002_b", "0001_a", up=CREATE.format("b"), down=DROP.format("b"))


def test_a_project_without_revisions_has_nothing_to_do(database, tmp_path):
    environment = Environment(tmp_path)

    assert (environment.head(), environment.heads) == (None, ())
    assert connected(database, environment.pending) == ()
    assert upgrade(database, environment) == ()


def test_an_upgrade_applies_what_is_lacking_once(database, tmp_path, two):
    environment = Environment(tmp_path)

    assert connected(database, environment.pending) == ("0001_a", "0002_b")
    assert upgrade(database, environment, "0001_a") == ("0001_a",)
    assert upgrade(database, environment) == ("0002_b",)
    assert upgrade(database, environment) == ()
    assert connected(database, environment.current) == ("0002_b",)
    assert connected(database, environment.pending) == ()
    assert tables_in(database) == ["a", "alembic_version", "b"]


def test_a_downgrade_takes_it_back(database, tmp_path, two):
    environment = Environment(tmp_path)
    upgrade(database, environment)

    assert connected(database, lambda c: environment.downgrade(c, "-1")) == ("0002_b",)
    assert connected(database, lambda c: environment.downgrade(c, "base")) == ("0001_a",)
    assert tables_in(database) == ["alembic_version"]


def test_an_upgrade_that_fails_changes_nothing_at_all(database, tmp_path, two, write):
    write("0003_c", "0002_b", up='op.execute("INSERT INTO nowhere VALUES (1)")')

    with pytest.raises(MigrationError, match=r"0003_c failed: \w+: .*nowhere"):
        upgrade(database, Environment(tmp_path))

    assert "a" not in tables_in(database)
    assert connected(database, Environment(tmp_path).current) == ()


def test_a_revision_may_raise_anything(database, tmp_path, write):
    write("0001_a", up='raise LookupError("no luck")')

    with pytest.raises(MigrationError, match="0001_a failed: LookupError: no luck"):
        upgrade(database, Environment(tmp_path))


def test_a_revision_that_is_not_there_is_named(database, tmp_path, two):
    with pytest.raises(MigrationError, match="'0009'"):
        upgrade(database, Environment(tmp_path), "0009")


def test_several_ends_are_explained(tmp_path, two, write):
    write("0002_c", "0001_a")

    with pytest.raises(MigrationError, match=r"2 ends.*0002_b, 0002_c.*revision --merge"):
        Environment(tmp_path).head()


def test_ends_that_were_joined_are_one(database, tmp_path, two, write):
    write("0002_c", "0001_a")
    write("0003_join", ("0002_b", "0002_c"))
    environment = Environment(tmp_path)

    assert environment.head() == "0003_join"
    assert set(upgrade(database, environment)) == {"0001_a", "0002_b", "0002_c", "0003_join"}
    assert connected(database, environment.pending) == ()


@pytest.mark.parametrize("up", ["(", "pass\n\nraise LookupError"])
def test_files_that_cannot_be_read_are_a_mistake_of_migrations(tmp_path, write, up):
    write("0001_a", up=up)

    with pytest.raises(MigrationError, match="migrations cannot be read"):
        Environment(tmp_path)


def test_a_database_of_other_files_is_named(database, tmp_path, two):
    upgrade(database, Environment(tmp_path))
    (tmp_path / "migrations/0002_b.py").unlink()

    with pytest.raises(MigrationError, match=r"The database is at 0002_b, which is not in"):
        connected(database, Environment(tmp_path).current)


def test_a_row_that_refers_to_nothing_undoes_its_migration(tmp_path, write):
    address = address_of(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    write("0001_a", up=CREATE.format("a"))
    write(
        "0002_b",
        "0001_a",
        up='op.create_table("b", sa.Column("a", sa.Integer, sa.ForeignKey("a.id")));'
        ' op.execute("INSERT INTO b VALUES (7)")',
    )

    with pytest.raises(MigrationError, match="A row of b would refer to nothing in a"):
        upgrade(address, Environment(tmp_path))

    assert "b" not in tables_in(address)


def test_a_column_is_changed_in_a_batch_where_the_database_needs_that(database, tmp_path, write):
    write("0001_a", up=CREATE.format("a"))
    write(
        "0002_b",
        "0001_a",
        up='with op.batch_alter_table("a") as batch: batch.add_column(sa.Column("n", sa.Text))',
    )
    write(
        "0003_c",
        "0002_b",
        up='with op.batch_alter_table("a") as batch: batch.alter_column("n", nullable=False)',
    )

    upgrade(database, Environment(tmp_path))

    (column,) = connected(database, lambda c: inspect(c).get_columns("a"))[1:]
    assert (column["name"], column["nullable"]) == ("n", False)


def test_names_of_constraints_are_those_of_the_models(database, tmp_path, write):
    write("0001_a", up='op.create_table("a", sa.Column("n", sa.Integer, unique=True))')

    upgrade(database, Environment(tmp_path))

    (rule,) = connected(database, lambda c: inspect(c).get_unique_constraints("a"))
    assert rule["name"] == "uq_a_n"


def test_it_compares_with_other_metadata_if_it_is_given_some(database, tmp_path):
    metadata = sa.MetaData()
    environment = Environment(tmp_path, metadata=metadata)

    context = connected(database, environment.context)

    assert context.opts["target_metadata"] is metadata
    assert connected(database, lambda c: c.execute(text("SELECT 1")).scalar()) == 1


def test_the_package_has_its_names_and_no_other():
    assert migrations.Environment is Environment
    with pytest.raises(AttributeError, match="has no attribute 'environments'"):
        _ = migrations.environments
