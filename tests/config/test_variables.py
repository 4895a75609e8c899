"""The lines of env files, and what variables say to a section."""

import pytest

from webkit.config.values import plain
from webkit.config.variables import Variables, prefix_of, said_by


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("WEBKIT__TITLE=Shop", "Shop"),
        ("  WEBKIT__TITLE = Shop  ", "Shop"),
        ("export WEBKIT__TITLE=Shop", "Shop"),
        ("WEBKIT__TITLE=Shop # what it is called", "Shop"),
        ("WEBKIT__TITLE=C#", "C#"),
        ("WEBKIT__TITLE=a=b", "a=b"),
        ('WEBKIT__TITLE="The # Shop"', "The # Shop"),
        ("WEBKIT__TITLE='The Shop'", "The Shop"),
        ('WEBKIT__TITLE="Shop" # what it is called', "Shop"),
        ("WEBKIT__TITLE='", "'"),
        ("WEBKIT__TITLE=Größe 🎸", "Größe 🎸"),
        ("WEBKIT__TITLE= # nothing", "webkit"),
        ("# WEBKIT__TITLE=Shop", "webkit"),
        ("", "webkit"),
    ],
)
def test_a_line_of_an_env_file_is_read_as_compose_reads_it(project, line, title):
    assert project({".env": f"\n{line}\n"}).settings.title == title


@pytest.mark.parametrize("name", [".env", "webkit.toml"])
def test_a_byte_order_mark_is_no_part_of_the_first_line(project, tmp_path, name):
    text = "PORT=9\n" if name == ".env" else "[webkit]\nport = 9\n"
    (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.encode())

    assert project().settings.port == 9


@pytest.mark.parametrize(
    ("section", "prefix"),
    [("webkit", "WEBKIT__"), ("guest-book", "GUEST_BOOK__"), ("guest_book", "GUEST_BOOK__")],
)
def test_a_section_has_variables_of_its_name(section, prefix):
    assert prefix_of(section) == prefix


def test_what_stands_behind_two_underscores_is_a_key_of_a_table():
    variables = Variables("", {"SHOP__TAX__RATE": "7", "SHOP__TAX__NAME": "vat", "SHOP_X": "1"})

    assert plain(said_by(variables, "shop")) == {"tax": {"rate": "7", "name": "vat"}}


@pytest.mark.parametrize(
    ("section", "name", "key"),
    [("webkit", "PORT", "port"), ("database", "DATABASE_URL", "url")],
)
def test_some_keys_have_a_variable_without_a_prefix_which_gives_way(section, name, key):
    short = {name: "1"}
    both = {f"{section.upper()}__{key.upper()}": "2", **short}

    assert plain(said_by(Variables("", short), section)) == {key: "1"}
    assert plain(said_by(Variables("", both), section)) == {key: "2"}


def test_the_source_of_a_variable_is_told_and_its_value_is_not():
    variables = Variables(".env: ", {"SHOP__A": "8061"})

    assert said_by(variables, "shop")["a"].origin == ".env: SHOP__A"
    assert "8061" not in repr(variables) + repr(said_by(variables, "shop"))
