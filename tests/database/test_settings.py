"""What a database is told."""

from pathlib import Path

import pytest

from webkit.config import Settings, load
from webkit.database.settings import DatabaseConfig, address_of, masked, section_of
from webkit.exceptions import ConfigurationError


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///db.sqlite3", Path("db.sqlite3")),
        ("sqlite:////var/lib/shop.sqlite3", Path("/var/lib/shop.sqlite3")),
        ("sqlite:///a%20b.sqlite3?timeout=5", Path("a b.sqlite3")),
        ("sqlite+aiosqlite:///db.sqlite3", Path("db.sqlite3")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
    ],
)
def test_an_url_of_sqlite_names_a_file_or_none(url, path):
    assert address_of(url)[:2] == ("sqlite", path)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_an_url_of_postgresql_is_one_whatever_its_scheme_says(scheme):
    address = address_of(f"{scheme}://shop:secret@db:5432/shop?sslmode=require")

    assert (address.kind, address.name) == ("postgresql", "shop")
    assert address.dsn == "postgresql://shop:secret@db:5432/shop?sslmode=require"


@pytest.mark.parametrize(
    "url", ["mysql://shop@db/shop", "db.sqlite3", "postgresql://db", "postgresql://[db/shop", ""]
)
def test_what_is_no_url_of_a_database_is_a_mistake(url):
    with pytest.raises(ConfigurationError, match=r"Write sqlite:///db\.sqlite3"):
        address_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://shop:secret@db:5432/shop",
        "postgresql://shop:s:e/c@ret@db/shop".replace("s:e/c@ret", "secret"),
        "postgresql://db/shop?user=shop&password=secret",
        "mysql://shop:secret@db/shop",
    ],
)
def test_a_password_is_not_shown(url):
    assert "secret" not in masked(url)
    assert "secret" not in repr(DatabaseConfig(url=url))


def test_what_is_told_shows_itself():
    assert repr(DatabaseConfig(pool_size=3)).startswith(
        "DatabaseConfig(url='sqlite:///db.sqlite3', pool_size=3, "
    )


def _section(tmp_path, text, **environ):
    (tmp_path / "webkit.toml").write_text(text)
    return section_of(load(Settings, root=tmp_path, environ={"ENVIRONMENT": "local", **environ}))


def test_the_section_of_a_configuration_becomes_what_a_database_is_told(tmp_path):
    section = _section(tmp_path, '[database]\nurl = "sqlite:///a.sqlite3"\n')

    assert (section.values, section.problems) == (DatabaseConfig(url="sqlite:///a.sqlite3"), ())


def test_an_url_that_is_not_understood_is_told_with_its_place(tmp_path):
    variables = {"DATABASE__URL": "postgresql://ann:secret@db"}

    in_file = _section(tmp_path, '[database]\npool_size = 3\nurl = "mysql://db/shop"\n')
    in_environment = _section(tmp_path, "", **variables)

    assert in_file.values is in_environment.values is None
    assert [*in_file.problems, *in_environment.problems] == [
        "webkit.toml:3: database.url: 'mysql://db/shop' is not understood."
        " Write sqlite:///db.sqlite3, or postgresql://user:password@host:5432/name",
        "DATABASE__URL: database.url: 'postgresql://ann:***@db' names no database."
        " Write sqlite:///db.sqlite3, or postgresql://user:password@host:5432/name",
    ]


def test_other_mistakes_of_the_section_are_told_as_those_of_every_other(tmp_path):
    section = _section(tmp_path, "[database]\npool_size = 0\n")

    assert section.values is None
    assert section.problems == (
        "webkit.toml:2: database.pool_size: 0 does not fit: Expected `int` >= 1",
    )
