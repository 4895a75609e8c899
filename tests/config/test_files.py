import pytest

from webkit.config.files import FORMATS, PLACES, find_file, read_file
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


def found(root, **options):
    problems = []
    return find_file(root, problems=problems, **options), problems


@pytest.mark.parametrize("suffix", ["toml", "yaml", "yml", "ini", "conf", "json"])
@pytest.mark.parametrize("place", ["", "config/", "etc/"])
def test_the_file_of_a_project_is_found_by_its_name(tmp_path, place, suffix):
    (tmp_path / place).mkdir(exist_ok=True)
    (tmp_path / place / f"webkit.{suffix}").touch()

    assert found(tmp_path) == (f"{place}webkit.{suffix}", [])


def test_without_a_file_there_is_none(tmp_path):
    (tmp_path / "webkit.py").touch()
    (tmp_path / "webkit.toml").mkdir()

    assert found(tmp_path, places=[".", "etc"]) == (None, [])


def test_the_first_place_that_has_one_counts(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "webkit.toml").touch()
    system = tmp_path / "system"
    system.mkdir()
    (system / "webkit.yaml").touch()

    assert found(tmp_path, places=[".", "config", str(system)]) == ("config/webkit.toml", [])
    assert found(tmp_path, places=[".", str(system)]) == (f"{system}/webkit.yaml", [])
    assert PLACES == (".", "config", "etc", "/etc/webkit")


def test_two_in_one_place_are_a_mistake(tmp_path):
    for name in ("webkit.toml", "webkit.yaml", "webkit.json"):
        (tmp_path / name).touch()

    name, problems = found(tmp_path)

    assert name == "webkit.toml"
    assert problems == ["webkit.toml: webkit.yaml is there as well. Keep one of them"]


def test_a_file_that_is_nested_too_deeply_is_a_mistake(tmp_path):
    (tmp_path / "a.json").write_text('{"a":' * 100_000)

    assert read(tmp_path / "a.json") == ({}, ["a.json: cannot be read: it is nested too deeply"])
