import ast

import pytest

from webkit.exceptions import UsageError
from webkit.scaffold.fields import fields_in
from webkit.scaffold.revisions import (
    creation_of,
    creator_of,
    head_of,
    last_made,
    next_id,
    revisions_in,
)


COMMAND = ("webkit", "startapp", "things", 'a:str=it\'s """q""" \\', "b:int?", "c:str=джаз")


def write(root, name, *, revision="0001", below="None"):
    path = root / "migrations" / f"{name}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'revision = "{revision}"\ndown_revision: str | None = {below}\n')


def test_a_project_without_a_folder_has_no_revisions(tmp_path):
    assert revisions_in(tmp_path) == ()
    assert head_of(()) is None


def test_revisions_are_read_without_being_run(tmp_path):
    write(tmp_path, "0001_a", revision="0001_a")
    write(tmp_path, "0002_b", revision="0002_b", below='("0001_a", "0001_x")')
    with (tmp_path / "migrations/0002_b.py").open("a") as file:
        file.write("raise SystemExit\nbranch_labels = None\nnamed = compute()\n")
    (tmp_path / "migrations/notes.py").write_text("# no revision\n")

    found = revisions_in(tmp_path)

    assert [revision.id for revision in found] == ["0001_a", "0002_b"]
    assert found[1].parents == ("0001_a", "0001_x")
    assert head_of(found) == "0002_b"


def test_a_file_that_is_no_python_is_named(tmp_path):
    write(tmp_path, "0001_a", below="(")

    with pytest.raises(UsageError, match=r"migrations/0001_a.py cannot be read"):
        revisions_in(tmp_path)


def test_several_ends_are_explained(tmp_path):
    for name in ("0001_a", "0002_b", "0002_c"):
        write(tmp_path, name, revision=name, below="None" if name == "0001_a" else '"0001_a"')

    with pytest.raises(UsageError, match=r"2 ends: 0002_b, 0002_c.*revision --merge"):
        head_of(revisions_in(tmp_path))


def test_ids_are_counted_and_fit_their_column(tmp_path):
    write(tmp_path, "first", revision="0041_first")
    write(tmp_path, "hash", revision="ae1027a6acf")

    assert next_id(revisions_in(tmp_path), "b" * 50) == f"0042_{'b' * 27}"
    assert next_id((), "artists") == "0001_artists"


def test_a_revision_remembers_the_command_that_made_it(tmp_path):
    fields = fields_in(COMMAND[3:])
    source = creation_of("things", fields, id="0001_things", parent=None, command=COMMAND)
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations/0001_things.py").write_text(source)

    (found,) = revisions_in(tmp_path)

    assert source.isascii()
    assert (found.id, found.parents, found.command) == ("0001_things", (), COMMAND)


def test_a_docstring_that_somebody_has_changed_is_no_command(tmp_path):
    write(tmp_path, "0001_a")
    path = tmp_path / "migrations/0001_a.py"
    path.write_text('"""It.\n\nMade by: "unclosed"""\n' + path.read_text())

    assert revisions_in(tmp_path)[0].command == ()


def test_a_parent_needs_no_annotation():
    source = creation_of("b", fields_in(["a:int"]), id="0002_b", parent="0001_a", command=())

    assert 'down_revision = "0001_a"\n' in source


def test_columns_are_those_of_the_fields():
    words = ["name:str!", "artist:ref:artists", "born:date?", "next:ref:things!?"]
    source = creation_of("things", fields_in(words), id="1", parent=None, command=())

    lines = [line.strip() for line in source.splitlines() if "sa.Column" in line]
    assert lines[1:] == [
        'sa.Column("name", sa.String(255), nullable=False, unique=True),',
        'sa.Column("artist_id", sa.BigInteger, sa.ForeignKey("artists.id"), nullable=False,'
        " index=True),",
        'sa.Column("born", sa.Date, nullable=True),',
        'sa.Column("next_id", sa.BigInteger, sa.ForeignKey("things.id"), nullable=True,'
        " unique=True),",
    ] or ast.parse(source)


def test_it_is_known_which_revision_has_created_a_table_that_is_still_there(tmp_path):
    for name, step in (
        ("0001_a", 'op.create_table("a", *columns)\n    op.create_table("b")'),
        ("0002_b", "op.drop_table('b')\n    op.create_table(NAME)\n    op.create_table()"),
        ("0003_c", "pass\n\ndef downgrade():\n    op.drop_table('a')"),
    ):
        write(tmp_path, name, revision=name)
        with (tmp_path / f"migrations/{name}.py").open("a") as file:
            file.write(f"\ndef upgrade():\n    {step}\n")

    found = revisions_in(tmp_path)

    assert [(item.created, item.dropped) for item in found] == [
        (("a", "b"), ()),
        ((), ("b",)),
        ((), ()),
    ]
    assert [creator_of(found, table) for table in "abc"] == [found[0], None, None]


def test_the_last_one_that_a_command_has_made_is_found(tmp_path):
    for name in ("0001_a", "0002_a", "0003_b"):
        write(tmp_path, name, revision=name)
        path = tmp_path / f"migrations/{name}.py"
        path.write_text(
            f'"""It.\n\nMade by: webkit startapp {name[-1]} x:int\n"""\n{path.read_text()}'
        )

    assert last_made(tmp_path, ("webkit", "startapp", "a")).id == "0002_a"
    assert last_made(tmp_path, ("webkit", "startapp", "c")) is None
