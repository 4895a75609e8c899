"""The repository over a table: what the one in memory does not have."""

import datetime as dt
from typing import Annotated

import msgspec
import pytest
from aiohttp import web
from sqlalchemy import JSON, ForeignKey, String, and_, or_
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from webkit.application import create_app
from webkit.database import DATABASE, Model, SQLRepository, WithID
from webkit.database.plans import Plan
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


class Twins(msgspec.Struct):
    id: int
    label_id: int | None
    twins: Annotated[list[Label], msgspec.Meta(max_length=3)] = []


class TwinLabelRow(Model):
    __tablename__ = "repositories_twin"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    changed: Mapped[int] = mapped_column(default=0)
    album_id: Mapped[int] = mapped_column(ForeignKey("repositories_full.id"))


class FullRow(WithID, Model):
    __tablename__ = "repositories_full"

    label_id: Mapped[int | None]
    twins: Mapped[list[TwinLabelRow]] = relationship()
    live: Mapped[list[TwinLabelRow]] = relationship(
        primaryjoin=lambda: and_(TwinLabelRow.album_id == FullRow.id, TwinLabelRow.changed > 0),
        viewonly=True,
    )
    mine: Mapped[list[TwinLabelRow]] = relationship(
        primaryjoin=lambda: and_(TwinLabelRow.album_id == FullRow.id, FullRow.label_id > 0),
        viewonly=True,
    )
    either: Mapped[list[TwinLabelRow]] = relationship(
        primaryjoin=lambda: or_(TwinLabelRow.album_id == FullRow.id, TwinLabelRow.changed > 0),
        viewonly=True,
    )
    pairs: Mapped[list[TwinLabelRow]] = relationship(
        primaryjoin=lambda: and_(
            foreign(TwinLabelRow.album_id) == FullRow.id,
            foreign(TwinLabelRow.changed) == FullRow.label_id,
        ),
        viewonly=True,
    )


async def test_what_refers_to_the_rows_of_a_page_is_one_more_statement(open_database, monkeypatch):
    database = await open_database("sqlite", FullRow, TwinLabelRow)
    albums = SQLRepository(FullRow, Twins).on(database)
    await database.write_many(
        "INSERT INTO repositories_full (id) VALUES (?)", [[number] for number in range(1500)]
    )
    asked, read = [], database.read

    async def counted(sql, args=()):
        asked.append(sql)
        return await read(sql, args)

    monkeypatch.setattr(database, "read", counted)

    assert len((await albums.list(ListQuery(limit=50))).items) == 50
    assert len(asked) == 2
    assert len((await albums.list(ListQuery())).items) == 1500
    assert len(asked) == 5  # a thousand at once


async def test_what_is_known_of_a_table_is_found_out_once(open_database, monkeypatch):
    albums, made, of = SQLRepository(FullRow, Twins), [], Plan.of

    def counted(*args, **facts):
        made.append(args)
        return of(*args, **facts)

    monkeypatch.setattr(Plan, "of", counted)
    database = await open_database("sqlite", FullRow, TwinLabelRow)
    first, second = albums.on(database), albums.on(database)
    await first.add({"label_id": 3})

    assert (await second.list(ListQuery())).items == [Twins(1, 3)]
    assert made == [(FullRow, Twins)]


async def test_an_object_that_others_refer_to_is_added_and_changed(open_database):
    database = await open_database("sqlite", FullRow, TwinLabelRow)
    albums = SQLRepository(FullRow, Twins).on(database)

    added = await albums.add({"label_id": 3})
    await database.write("INSERT INTO repositories_twin VALUES (7, 'Verve', 0, 1)")
    changed = await albums.update(1, {"label_id": 4})

    assert (added, changed) == (Twins(1, 3), Twins(1, 4, [Label(7, "Verve")]))


class Unbounded(msgspec.Struct):
    id: int
    twins: list[Label]


class One(msgspec.Struct):
    id: int
    twins: Label


class Live(msgspec.Struct):
    id: int
    live: Annotated[list[Label], msgspec.Meta(max_length=3)]


class Mine(msgspec.Struct):
    id: int
    mine: Annotated[list[Label], msgspec.Meta(max_length=3)]


class Either(msgspec.Struct):
    id: int
    either: Annotated[list[Label], msgspec.Meta(max_length=3)]


class Pairs(msgspec.Struct):
    id: int
    pairs: Annotated[list[Label], msgspec.Meta(max_length=3)]


async def test_what_a_relationship_leaves_out_is_left_out(open_database):
    database = await open_database("sqlite", FullRow, TwinLabelRow)
    await database.write("INSERT INTO repositories_full (id) VALUES (1)")
    await database.write("INSERT INTO repositories_twin VALUES (1, 'a', 0, 1), (2, 'b', 1, 1)")

    found = await SQLRepository(FullRow, Live).on(database).get(1)

    assert found == Live(1, [Label(2, "b", 1)])


class Several(msgspec.Struct):
    id: int
    label: Annotated[list[Label], msgspec.Meta(max_length=3)]


@pytest.mark.parametrize(
    ("table", "model", "problem"),
    [
        (
            FullRow,
            Unbounded,
            "SQLRepository(FullRow, Unbounded): twins: nothing says how many there are at most."
            " Write Annotated[list[Label], Meta(max_length=100)]",
        ),
        (FullRow, One, "FullRow.twins is no relationship to one row"),
        (FullRow, Mine, "FullRow.mine is about more than a key. Read it in a session"),
        (FullRow, Either, "FullRow.either is about more than a key. Read it in a session"),
        (FullRow, Pairs, "FullRow.pairs is about more than a key. Read it in a session"),
        (AlbumRow, Several, "AlbumRow.label is no relationship to several rows"),
    ],
    ids=range(6),
)
async def test_a_relationship_that_cannot_be_read_is_told(open_database, table, model, problem):
    database = await open_database("sqlite")

    with pytest.raises(ConfigurationError) as caught:
        SQLRepository(table, model).on(database)

    assert list(caught.value.problems) == [problem]


class TwinsFilters(msgspec.Struct):
    twins: int | None = None


def test_what_is_no_column_cannot_be_asked_for():
    class Albums(ReadOnlyViewSet[Twins, int]):
        repository = SQLRepository(FullRow, Twins)
        filters = TwinsFilters
        ordering_fields = ("twins",)

    assert list(Albums.mistakes()) == [
        "filters: twins is no column. There are id, label_id",
        "ordering_fields: twins is no column. There are id, label_id",
    ]


class JsonAlbum(msgspec.Struct):
    id: int
    notes: Label


class NotesRow(WithID, Model):
    __tablename__ = "repositories_notes"

    notes: Mapped[dict] = mapped_column(JSON())


class NotesFilters(msgspec.Struct):
    notes__name: str | None = None


def test_an_object_in_a_column_has_no_fields_to_ask_about():
    class Notes(ReadOnlyViewSet[JsonAlbum, int]):
        repository = SQLRepository(NotesRow, JsonAlbum)
        filters = NotesFilters

    (problem,) = Notes.mistakes()
    assert problem.startswith("filters: 'notes__name' ends with no operator")


async def test_the_tables_of_conditions_are_joined_once(database, labels):
    full = SQLRepository(AlbumRow, FullAlbum).on(database)
    query = ListQuery(conditions=where(label__name="Verve"), count=True)

    listing = full._plan.statements.listed(query)

    assert listing.rows.sql.count("JOIN") == 2  # of the list, and of its number
    assert full._plan.statements.listed(ListQuery()).counted.sql.count("JOIN") == 0


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
