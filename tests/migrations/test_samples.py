import datetime as dt
import json
import uuid
from decimal import Decimal

import pytest
import sqlalchemy as sa

from webkit.exceptions import UsageError
from webkit.migrations.connections import connected
from webkit.migrations.samples import insert_rows, rows_in


@pytest.fixture(scope="module")
def metadata():
    """Artists with albums, and a table whose key nobody counts."""
    found = sa.MetaData()
    sa.Table(
        "albums",
        found,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("artist_id", sa.ForeignKey("artists.id")),
    )
    sa.Table(
        "artists",
        found,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("born", sa.Date),
        sa.Column("seen", sa.DateTime(timezone=True)),
        sa.Column("price", sa.Numeric(15, 2)),
        sa.Column("more", sa.JSON),
        sa.Column("key", sa.Uuid),
    )
    sa.Table("words", found, sa.Column("word", sa.String(20), primary_key=True))
    return found


@pytest.fixture
def sample(tmp_path):
    """Write a file of rows and return its path."""

    def written(content, name="artists"):
        path = tmp_path / name / "sample.json"
        path.parent.mkdir()
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return written


ARTIST = {
    "id": 7,
    "born": "1933-02-21",
    "seen": "2001-01-01T12:00:00+02:00",
    "price": "9.90",
    "more": {"a": [1]},
    "key": "12345678-1234-5678-1234-567812345678",
}


def test_rows_are_in_the_types_of_their_columns(sample, metadata):
    rows = rows_in([sample({"artists": [ARTIST, {"born": None}]})], metadata)

    assert rows == {
        "artists": [
            {
                "id": 7,
                "born": dt.date(1933, 2, 21),
                "seen": dt.datetime(2001, 1, 1, 10, tzinfo=dt.UTC),
                "price": Decimal("9.90"),
                "more": {"a": [1]},
                "key": uuid.UUID(ARTIST["key"]),
            },
            {"born": None},
        ]
    }


def test_rows_go_in_as_tables_refer_to_each_other_and_once(database, sample, metadata):
    connected(database, metadata.create_all)
    path = sample({"albums": [{"artist_id": 7}], "artists": [ARTIST], "words": [{"word": "a"}]})
    rows = rows_in([path], metadata)

    first = connected(database, lambda c: insert_rows(c, rows, metadata))
    second = connected(database, lambda c: insert_rows(c, rows, metadata))

    assert first == {"artists": 1, "albums": 1, "words": 1}
    assert second == {}


def test_keys_are_counted_on_from_those_in_the_sample(database, sample, metadata):
    connected(database, metadata.create_all)
    rows = rows_in([sample({"artists": [ARTIST]})], metadata)
    connected(database, lambda c: insert_rows(c, rows, metadata))

    insert = sa.insert(metadata.tables["artists"]).values(born=None)
    done = connected(database, lambda c: c.execute(insert).inserted_primary_key)

    assert tuple(done) == (8,)


def test_all_that_a_table_cannot_take_is_named(sample, metadata):
    wrong = {"artists": [{"born": "soon", "age": 3}, {"id": "x"}], "songs": [{}]}
    paths = [sample(wrong), sample("{", "broken"), sample({"words": [3]}, "words")]

    with pytest.raises(UsageError) as caught:
        rows_in(paths, metadata)

    lines = str(caught.value).splitlines()
    assert [line.partition(" ")[0] for line in lines] == [
        "artists/sample.json:",
        "artists/sample.json:",
        "artists/sample.json:",
        "artists/sample.json:",
        "broken/sample.json:",
        "words/sample.json:",
    ]
    assert "artists[0].born: Invalid" in lines[0]
    assert "artists[0]: artists has no column 'age'" in lines[1]
    assert "songs[0]: there is no such table. There is albums, artists, words" in lines[3]
