import pytest

from webkit.database.drivers import DatabaseUnavailable
from webkit.database.settings import address_of
from webkit.migrations.creation import create, drop, exists


def test_a_database_is_made_once(address):
    assert not exists(address)

    assert [create(address), create(address)] == [True, False]
    assert exists(address)


def test_a_database_is_dropped_once(database):
    assert [drop(database), drop(database)] == [True, False]
    assert not exists(database)


def test_the_files_beside_a_database_go_with_it(tmp_path):
    address = address_of(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    for end in ("", "-wal", "-shm"):
        (tmp_path / f"a.sqlite3{end}").touch()
    (tmp_path / "a.sqlite3.backup").touch()

    drop(address)

    assert [path.name for path in tmp_path.iterdir()] == ["a.sqlite3.backup"]


def test_a_temporary_database_needs_no_making():
    assert not create(address_of("sqlite://"))


def test_a_server_that_is_away_is_named_without_its_password():
    with pytest.raises(DatabaseUnavailable, match=r"postgresql://ann:\*\*\*@127.0.0.1:1/x: .+"):
        exists(address_of("postgresql://ann:secret@127.0.0.1:1/x"))
