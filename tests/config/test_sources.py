import pytest

from webkit.config.sources import Sources, read_sources
from webkit.config.values import plain, tabled


def read(root, file=None, overrides=(), **environ):
    problems = []
    found = read_sources(root, file=file, environ=environ, overrides=overrides, problems=problems)
    return found, problems


def test_without_files_nothing_is_said(tmp_path):
    sources, problems = read(tmp_path)

    assert (plain(sources.table("shop")), problems) == ({}, [])
    assert plain(Sources().table("shop")) == {}


def test_every_layer_wins_over_those_below_it_key_by_key(tmp_path):
    (tmp_path / "webkit.toml").write_text("[shop]\nb = 'file'\nc = 1\nd = 1\ne = 1\nf = 1\n")
    (tmp_path / ".env").write_text("SHOP__C=.env\nSHOP__D=1\nSHOP__E=1\nSHOP__F=1\n")
    (tmp_path / "local.env").write_text("SHOP__D=local.env\nSHOP__E=1\nSHOP__F=1\n")
    shipped = tabled({"shop": dict.fromkeys("abcdef", "shipped")}, {}, file="unit.toml")

    sources, _ = read(tmp_path, overrides=["shop:f=option"], SHOP__E="environ", SHOP__F="1")

    assert plain(sources.table("shop", shipped=shipped)) == {
        "a": "shipped",
        "b": "file",
        "c": ".env",
        "d": "local.env",
        "e": "environ",
        "f": "option",
    }


def test_a_file_that_is_named_stands_in_for_that_of_the_project(tmp_path):
    (tmp_path / "webkit.toml").write_text("[shop]\na = 1\nb = 1\n")
    (tmp_path / "other.toml").write_text("[shop]\na = 2\n")

    sources, problems = read(tmp_path, file="other.toml")

    assert (plain(sources.table("shop")), problems) == ({"a": 2}, [])
    assert sources.file == "other.toml"


def test_a_file_that_is_named_and_not_there_is_a_mistake(tmp_path):
    _, problems = read(tmp_path, file="other.toml")

    assert problems == ["other.toml: cannot be read: No such file or directory"]


def test_a_value_in_no_section_is_a_mistake(tmp_path):
    (tmp_path / "webkit.toml").write_text("port = 1\n[webkit]\n")

    _, problems = read(tmp_path)

    assert problems == ["webkit.toml:1: port: is a value in no section. Write it below [webkit]"]


def test_an_override_may_go_into_a_table(tmp_path):
    sources, _ = read(tmp_path, overrides=["shop:tax.rate=7=8"])

    assert plain(sources.table("shop")) == {"tax": {"rate": "7=8"}}
    assert sources.table("shop")["tax"]["rate"].origin == "command line"


@pytest.mark.parametrize("text", ["shop", "shop:a", "shop=a", ":a=1", "shop:=8061"])
def test_an_override_of_another_form_is_a_mistake_that_does_not_show_it(tmp_path, text):
    _, problems = read(tmp_path, overrides=[text])

    assert problems == [f"command line: {text.partition('=')[0]!r} is not SECTION:OPTION=VALUE"]
