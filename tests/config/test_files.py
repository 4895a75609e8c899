import pytest

from webkit.config.files import FORMATS, read_file
from webkit.config.values import plain


def read(path):
    problems = []
    return read_file(path, shown=path.name, problems=problems), problems


def test_a_file_becomes_a_tree_that_knows_its_lines(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text("[shop]\nmost = 3\n")

    tree, problems = read(path)

    assert (plain(tree), problems) == ({"shop": {"most": 3}}, [])
    assert (tree["shop"].origin, tree["shop"]["most"].origin) == ("a.toml:1", "a.toml:2")


def test_a_file_of_an_unknown_kind_is_a_mistake(tmp_path):
    assert read(tmp_path / "a.xml") == (
        {},
        [f"a.xml: is of no known kind. Known: {', '.join(FORMATS)}"],
    )


def test_a_file_that_is_not_there_is_a_mistake(tmp_path):
    assert read(tmp_path / "a.toml") == ({}, ["a.toml: cannot be read: No such file or directory"])


def test_a_directory_is_no_file(tmp_path):
    (tmp_path / "a.toml").mkdir()

    assert read(tmp_path / "a.toml") == ({}, ["a.toml: cannot be read: Is a directory"])


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (b"\xff\xfe", "a.toml: cannot be read: 'utf-8' codec can't decode byte 0xff"),
        (b"\n[a\n", "a.toml:2: cannot be read: Expected ']'"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path, text, start):
    (tmp_path / "a.toml").write_bytes(text)

    tree, (problem,) = read(tmp_path / "a.toml")

    assert tree == {}
    assert problem.startswith(start)
