"""The repository over a table: what the one in memory does not have."""

import datetime as dt

import msgspec
import pytest
from aiohttp import web
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webkit.application import create_app
from webkit.database import DATABASE, Model, SQLRepository, WithID
from webkit.exceptions import ConfigurationError, Conflict, ValidationError
from webkit.filters import ListQuery, where
from webkit.resources import ReadOnlyViewSet
from webkit.routers import SimpleRouter


class LabelRow(WithID, Model):
    __tablename__ = "repositories_label"

    name: Mapped[str] = mapped_column(String(20), unique=True)
    changed: Mapped[int] = mapped_column(default=0, onupdate=lambda: 1)


class AlbumRow(WithID, Model):
    __tablename__ = "repositories_album"

    title: Mapped[str] = mapped_column(String(20))
    label_id: Mapped[int | None] = mapped_column(ForeignKey("repositories_label.id"))
    twin_id: Mapped[int | None] = mapped_column(ForeignKey("repositories_album.id"))
    version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[dt.datetime | None]
    label: Mapped[LabelRow | None] = relationship()


class Label(msgspec.Struct):
    id: int
    name: str
    changed: int = 0


class Album(msgspec.Struct, rename="camel"):
    id: int
    title: str
    label_id: int | None = None
    version: int = 1


class FullAlbum(msgspec.Struct, kw_only=True):
    id: int
    label: Label | None = None
    title: str


@pytest.fixture
async def database(open_database, kind):
    return await open_database(kind, LabelRow, AlbumRow)


@pytest.fixture
def labels(database):
    return SQLRepository(LabelRow, Label).on(database)


@pytest.fixture
def albums(database):
    return SQLRepository(AlbumRow, Album).on(database)


@pytest.fixture
def versioned(database):
    return SQLRepository(AlbumRow, Album, version="version").on(database)


@pytest.fixture
def kept(database):
    return SQLRepository(AlbumRow, Album, deleted="deleted_at").on(database)


@pytest.mark.parametrize("key", [2**70, "x", None, 1.5])
async def test_a_key_that_no_row_can_have_finds_nothing(labels, key):
    await labels.add({"name": "Verve"})

    assert await labels.get(key) is None
    assert await labels.update(key, {"name": "ECM"}) is None
    assert await labels.remove(key) is False


async def test_every_value_that_a_column_cannot_keep_is_told(labels):
    with pytest.raises(ValidationError) as caught:
        await labels.add({"name": "x" * 21, "changed": 2**40})

    assert [(item["pointer"], item["code"]) for item in caught.value.errors] == [
        ("#/name", "too_long"),
        ("#/changed", "out_of_range"),
    ]


async def test_a_value_without_a_column_is_a_mistake(labels):
    with pytest.raises(TypeError, match="LabelRow has no column 'nane'"):
        await labels.add({"nane": "Verve"})


async def test_a_value_that_is_needed_is_asked_for(labels):
    with pytest.raises(ValidationError) as caught:
        await labels.add({})

    assert caught.value.errors[0]["pointer"] == "#/name"


async def test_what_a_change_makes_is_made(labels):
    added = await labels.add({"name": "Verve"})

    assert (added.changed, (await labels.update(added.id, {"name": "ECM"})).changed) == (0, 1)


async def test_a_reference_to_nothing_is_a_conflict_that_names_the_field(albums, labels):
    label = await labels.add({"name": "Verve"})
    album = await albums.add({"title": "Ballads", "label_id": label.id})

    for attempt in (
        albums.add({"title": "x", "label_id": 99}),
        albums.update(album.id, {"label_id": 99}),
    ):
        with pytest.raises(Conflict) as caught:
            await attempt
        assert [item["pointer"] for item in caught.value.errors] == ["#/labelId"]


async def test_a_reference_to_something_is_not_named_beside_one_to_nothing(albums, labels):
    label = await labels.add({"name": "Verve"})

    with pytest.raises(Conflict) as caught:
        await albums.add({"title": "x", "label_id": label.id, "twin_id": 99})

    assert [item["pointer"] for item in caught.value.errors] == ["#/twin_id"]


async def test_of_many_the_one_that_is_refused_is_named(labels):
    with pytest.raises(Conflict) as caught:
        await labels.add_many([{"name": "a"}, {"name": "b"}, {"name": "a"}])

    assert [item["pointer"] for item in caught.value.errors] == ["#/2/name"]
    assert (await labels.list(ListQuery(count=True))).total == 0


async def test_an_error_that_is_about_no_rule_stays_one(database, labels):
    await database.write("DROP TABLE repositories_album")
    await database.write("DROP TABLE repositories_label")

    for attempt in (labels.add({"name": "a"}), labels.add_many([{"name": "a"}])):
        with pytest.raises(Exception, match="repositories_label"):
            await attempt


async def test_what_others_refer_to_is_not_removed(albums, labels):
    label = await labels.add({"name": "Verve"})
    await albums.add({"title": "Ballads", "label_id": label.id})

    with pytest.raises(Conflict) as caught:
        await labels.remove(label.id)

    assert caught.value.code == "referenced"


async def test_a_row_that_is_referred_to_comes_with_the_row(database, labels):
    full = SQLRepository(AlbumRow, FullAlbum).on(database)
    label = await labels.add({"name": "Verve"})

    added = await full.add({"title": "Ballads", "label_id": label.id})
    lonely = await full.add({"title": "Solo"})

    assert added == await full.get(added.id) == FullAlbum(id=1, label=label, title="Ballads")
    assert lonely == FullAlbum(id=2, label=None, title="Solo")
    assert (await full.list(ListQuery(count=True))).items == [added, lonely]
    assert (await full.update(2, {"label_id": label.id})).label == label
    assert await full.update(99, {"title": "x"}) is None


async def test_rows_that_are_referred_to_need_no_statements_of_their_own(
    database, labels, monkeypatch
):
    full = SQLRepository(AlbumRow, FullAlbum).on(database)
    for number in range(20):
        label = await labels.add({"name": f"label {number}"})
        await full.add({"title": "x", "label_id": label.id})
    asked = []
    read = database.read

    async def counted(sql, args=()):
        asked.append(sql)
        return await read(sql, args)

    monkeypatch.setattr(database, "read", counted)

    assert len((await full.list(ListQuery())).items) == 20
    assert len(asked) == 1


async def test_a_version_grows_with_every_change(versioned):
    album = await versioned.add({"title": "a"})

    changed = [await versioned.update(album.id, {"title": title}) for title in "bc"]

    assert [item.version for item in (album, *changed)] == [1, 2, 3]


async def test_a_stale_version_is_a_conflict(versioned):
    album = await versioned.add({"title": "a"})
    await versioned.update(album.id, {"title": "b", "version": 1})

    with pytest.raises(Conflict) as caught:
        await versioned.update(album.id, {"title": "c", "version": 1})

    assert caught.value.code == "stale"
    assert (await versioned.get(album.id)).title == "b"
    assert await versioned.update(99, {"title": "c", "version": 1}) is None


async def test_what_is_removed_can_stay_in_the_table(kept, albums):
    album = await kept.add({"title": "a"})

    assert [await kept.remove(album.id), await kept.remove(album.id)] == [True, False]

    assert await kept.get(album.id) is None
    assert await kept.update(album.id, {"title": "b"}) is None
    assert (await kept.list(ListQuery(count=True))).total == 0
    assert await albums.get(album.id) == album


class Typo(msgspec.Struct):
    id: int
    tilte: str


async def test_a_mistake_is_found_when_the_repository_is_used(database):
    with pytest.raises(ConfigurationError, match="tilte: AlbumRow has no such column"):
        SQLRepository(AlbumRow, Typo).on(database)


def test_a_mistake_is_found_when_its_viewset_is_registered():
    class TypoViewSet(ReadOnlyViewSet[Typo, int]):
        repository = SQLRepository(AlbumRow, Typo)

    router = SimpleRouter()
    router.register(TypoViewSet)

    with pytest.raises(ConfigurationError, match="tilte: AlbumRow has no such column"):
        create_app(routes=router.routes)


def test_an_application_without_a_database_is_told_so():
    with pytest.raises(ConfigurationError, match=r"no database\. Write \[database\]"):
        SQLRepository(AlbumRow, Album).of(web.Application())


async def test_an_application_has_one_repository(database):
    app = web.Application()
    app[DATABASE] = database
    definition = SQLRepository(LabelRow, Label)

    assert definition.of(app) is definition.of(app)
    assert await definition.of(app).add({"name": "Verve"}) == Label(1, "Verve")


async def test_fields_are_filtered_by_their_names_in_python(albums):
    await albums.add_many([{"title": "a"}, {"title": "b"}])

    items, _ = await albums.list(ListQuery(conditions=where(title="b", label_id__isnull=True)))

    assert [item.title for item in items] == ["b"]
