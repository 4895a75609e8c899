"""What every repository does: one suite over all of them."""

import asyncio
from typing import Annotated

import msgspec
import pytest
from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webkit.database import Model, SQLRepository, WithID
from webkit.exceptions import Conflict, ValidationError
from webkit.filters import ListQuery, orders_of, where
from webkit.repositories import MemoryRepository


class Artist(msgspec.Struct, rename={"stage_name": "stageName"}):
    id: int
    name: str
    stage_name: str | None = None

    def __post_init__(self):
        if self.name == self.stage_name:
            raise ValueError("a stage name is another name")


class ArtistRow(WithID, Model):
    __tablename__ = "behaviour_artist"
    __table_args__ = (UniqueConstraint("id", "stage_name"), WithID.__table_args__)

    name: Mapped[str] = mapped_column(String(50), unique=True)
    stage_name: Mapped[str | None] = mapped_column(String(50))


class Album(msgspec.Struct, kw_only=True):
    id: int
    title: str
    artist: Artist | None = None


class Song(msgspec.Struct):
    id: int
    name: str


class FullAlbum(msgspec.Struct, kw_only=True):
    songs: Annotated[list[Song], msgspec.Meta(max_length=2)]
    id: int
    tags: Annotated[list[Song], msgspec.Meta(max_length=5)]


tagged = Table(
    "behaviour_tagged",
    Model.metadata,
    Column("album_id", ForeignKey("behaviour_album.id"), primary_key=True),
    Column("tag_id", ForeignKey("behaviour_tag.id"), primary_key=True),
)


class TagRow(WithID, Model):
    __tablename__ = "behaviour_tag"

    name: Mapped[str] = mapped_column(String(50))


class SongRow(WithID, Model):
    __tablename__ = "behaviour_song"

    name: Mapped[str] = mapped_column(String(50))
    album_id: Mapped[int | None] = mapped_column(ForeignKey("behaviour_album.id"), index=True)


class AlbumRow(WithID, Model):
    __tablename__ = "behaviour_album"

    title: Mapped[str] = mapped_column(String(50))
    artist_id: Mapped[int | None] = mapped_column(ForeignKey(ArtistRow.id), index=True)
    artist: Mapped[ArtistRow | None] = relationship()
    songs: Mapped[list[SongRow]] = relationship(order_by=SongRow.name.desc())
    tags: Mapped[list[TagRow]] = relationship(secondary=tagged)


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request):
    """Where repositories keep their objects, one place after the other."""
    return request.param


@pytest.fixture
async def artists(place, open_database):
    """A repository of each kind that has nothing in it."""
    if place == "memory":
        return MemoryRepository(Artist, unique=["name", ("id", "stage_name")])
    return SQLRepository(ArtistRow, Artist).on(await open_database(place, ArtistRow))


@pytest.fixture
async def albums(place, open_database):
    """A repository of each kind with albums of Nina, Miles, and nobody."""
    nina, miles = Artist(1, "Nina", "Eunice"), Artist(2, "Miles")
    if place == "memory":
        titles = {"Pastel Blues": nina, "Ballads": None, "Kind of Blue": miles}
        items = enumerate(titles.items(), 1)
        return MemoryRepository(
            Album, [Album(id=id, title=title, artist=artist) for id, (title, artist) in items]
        )
    database = await open_database(place, ArtistRow, AlbumRow)
    artists = SQLRepository(ArtistRow, Artist).on(database)
    await artists.add_many([{"name": "Nina", "stage_name": "Eunice"}, {"name": "Miles"}])
    repository = SQLRepository(AlbumRow, Album).on(database)
    for title, id in {"Pastel Blues": 1, "Ballads": None, "Kind of Blue": 2}.items():
        await repository.add({"title": title, "artist_id": id})
    return repository


LIVE, JAZZ = Song(1, "live"), Song(2, "jazz")
FULL = [
    FullAlbum(id=1, songs=[Song(2, "c"), Song(3, "b")], tags=[LIVE, JAZZ]),
    FullAlbum(id=2, songs=[], tags=[JAZZ]),
    FullAlbum(id=3, songs=[Song(4, "d")], tags=[]),
]


@pytest.fixture
async def full_albums(place, open_database):
    """A repository of each kind with albums of three songs, none, and one."""
    if place == "memory":
        return MemoryRepository(FullAlbum, FULL)
    database = await open_database(place, ArtistRow, AlbumRow, SongRow, TagRow, tagged)
    async with database.session() as session:
        songs = [SongRow(id=id, name=name) for id, name in enumerate("acbd", 1)]
        live, jazz = (TagRow(id=tag.id, name=tag.name) for tag in (LIVE, JAZZ))
        session.add_all(
            [
                AlbumRow(id=1, title="a", songs=songs[:3], tags=[live, jazz]),
                AlbumRow(id=2, title="b", tags=[jazz]),
                AlbumRow(id=3, title="c", songs=songs[3:]),
            ]
        )
    return SQLRepository(AlbumRow, FullAlbum).on(database)


async def fail_after(repository, *steps):
    """Do the steps in a transaction that fails after them."""
    async with repository.transaction():
        for step in steps:
            await step
        raise LookupError


async def everything(repository):
    return list((await repository.list(ListQuery())).items)


async def test_what_was_added_can_be_found(artists):
    added = await artists.add({"name": "Nina"})

    assert added == await artists.get(added.id) == Artist(1, "Nina")
    assert await artists.get(2) is None


async def test_keys_are_counted_from_one(artists):
    added = [await artists.add({"name": name}) for name in "abc"]

    assert [item.id for item in added] == [1, 2, 3]


async def test_a_key_that_was_given_away_is_not_given_again(artists):
    await artists.add({"name": "a"})
    await artists.remove(1)

    assert (await artists.add({"name": "b"})).id == 2


async def test_only_the_fields_that_are_given_change(artists):
    await artists.add({"name": "Eunice", "stage_name": "Nina"})

    changed = await artists.update(1, {"name": "Eunice Waymon"})

    assert changed == await artists.get(1) == Artist(1, "Eunice Waymon", "Nina")


async def test_what_is_not_there_cannot_be_changed(artists):
    assert await artists.update(1, {"name": "Nina"}) is None
    assert await everything(artists) == []


async def test_an_object_may_get_another_key(artists):
    await artists.add({"name": "Nina"})

    await artists.update(1, {"id": 7})

    assert await everything(artists) == [Artist(7, "Nina")]


async def test_what_was_removed_is_gone(artists):
    await artists.add({"name": "Nina"})

    assert [await artists.remove(1), await artists.remove(1)] == [True, False]
    assert await artists.get(1) is None


async def test_a_list_is_filtered_ordered_and_cut(artists):
    for name in "cabd":
        await artists.add({"name": name})

    query = ListQuery(
        conditions=where(name__lte="c"), ordering=orders_of(["-name"]), limit=2, count=True
    )
    items, total = await artists.list(query)

    assert ([item.name for item in items], total) == (["c", "b"], 3)


@pytest.mark.parametrize(
    ("wishes", "found"),
    [
        ({"artist__name": "Nina"}, [1]),
        ({"artist__name": "nina"}, []),
        ({"artist__name__iexact": "nina"}, [1]),
        ({"artist__name__in": ["Nina", "Miles"]}, [1, 3]),
        ({"artist__name__icontains": "i", "title__contains": "Kind"}, [3]),
        ({"artist__id__gte": 2}, [3]),
        ({"artist__stage_name": "Eunice"}, [1]),
        ({"artist__stage_name__isnull": True}, [2, 3]),
        ({"artist__stage_name__isnull": False}, [1]),
    ],
)
async def test_a_list_is_filtered_by_what_its_objects_refer_to(albums, wishes, found):
    items, total = await albums.list(ListQuery(conditions=where(**wishes), count=True))

    assert ([item.id for item in items], total) == (found, len(found))


async def test_objects_come_with_the_first_of_those_that_refer_to_them(full_albums):
    assert await everything(full_albums) == FULL
    assert await full_albums.get(1) == FULL[0]
    query = ListQuery(ordering=orders_of(["-id"]), limit=2, count=True)
    assert await full_albums.list(query) == (FULL[:0:-1], 3)


async def test_a_list_without_objects_needs_nothing_of_those_that_would_refer_to_them(full_albums):
    query = ListQuery(conditions=where(id=99), count=True)

    assert await full_albums.list(query) == ([], 0)
    assert await full_albums.get(99) is None


async def test_a_search_looks_into_what_objects_refer_to(albums):
    query = ListQuery.of(search="MI blue", search_fields=["title", "artist__name"])

    assert [item.title for item in (await albums.list(query)).items] == ["Kind of Blue"]


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Nina"},
        {"id": 1, "name": "Miles"},
    ],
)
async def test_what_is_taken_cannot_be_added(artists, values):
    await artists.add({"name": "Nina"})

    with pytest.raises(Conflict):
        await artists.add(values)

    assert await everything(artists) == [Artist(1, "Nina")]


@pytest.mark.parametrize("changes", [{"name": "Nina"}, {"id": 1}])
async def test_nor_can_an_object_become_what_is_taken(artists, changes):
    await artists.add_many([{"name": "Nina"}, {"name": "Miles"}])

    with pytest.raises(Conflict):
        await artists.update(2, changes)

    assert await everything(artists) == [Artist(1, "Nina"), Artist(2, "Miles")]


async def test_an_object_is_in_nobodys_way_when_it_keeps_what_it_has(artists):
    await artists.add({"name": "Nina"})

    assert await artists.update(1, {"name": "Nina"}) == Artist(1, "Nina")


async def test_a_name_is_free_again_when_its_owner_has_another_or_is_gone(artists):
    await artists.add_many([{"name": "a"}, {"name": "b"}])
    await artists.update(1, {"name": "c"})
    await artists.remove(2)

    await artists.add_many([{"name": "a"}, {"name": "b"}])

    assert [item.name for item in await everything(artists)] == ["c", "a", "b"]


async def test_a_rule_of_the_model_is_an_answer(artists):
    await artists.add({"name": "Nina"})

    with pytest.raises(ValidationError) as caught:
        await artists.update(1, {"stage_name": "Nina"})

    assert caught.value.errors[0]["detail"] == "a stage name is another name"


async def test_many_are_added_all_or_none(artists):
    with pytest.raises(Conflict) as caught:
        await artists.add_many([{"name": "a"}, {"name": "b"}, {"name": "a"}])

    assert caught.value.errors[0]["pointer"] == "#/2/name"
    assert await everything(artists) == []
    assert [item.name for item in await artists.add_many([{"name": "a"}])] == ["a"]


async def test_what_comes_out_is_the_callers(artists):
    added = await artists.add({"name": "Nina"})
    added.name = "changed"
    (await artists.get(1)).name = "changed"
    (await everything(artists))[0].name = "changed"
    (await artists.update(1, {})).name = "changed"

    assert await artists.get(1) == Artist(1, "Nina")


async def test_a_transaction_is_done_as_a_whole(artists):
    async with artists.transaction():
        await artists.add({"name": "a"})
        await artists.add({"name": "b"})

    assert len(await everything(artists)) == 2


async def test_a_transaction_that_fails_leaves_nothing(artists):
    await artists.add({"name": "a"})

    with pytest.raises(LookupError):
        await fail_after(artists, artists.remove(1), artists.add({"name": "b"}))

    assert await everything(artists) == [Artist(1, "a")]
    assert (await artists.add({"name": "b"})).name == "b"


async def test_a_part_of_a_transaction_can_fail_on_its_own(artists):
    async with artists.transaction():
        await artists.add({"name": "a"})
        with pytest.raises(LookupError):
            await fail_after(artists, artists.add({"name": "b"}))
        async with artists.transaction():
            await artists.add({"name": "c"})

    assert [item.name for item in await everything(artists)] == ["a", "c"]


async def test_nobody_else_sees_what_is_not_done(artists):
    added, seen = asyncio.Event(), asyncio.Event()

    async def write():
        async with artists.transaction():
            await artists.add({"name": "a"})
            assert len(await everything(artists)) == 1
            added.set()
            await seen.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(write())
        await added.wait()
        before = await everything(artists)
        seen.set()

    assert (len(before), len(await everything(artists))) == (0, 1)


async def test_others_write_when_the_transaction_is_over(artists):
    added = asyncio.Event()

    async def write():
        async with artists.transaction():
            await artists.add({"name": "a"})
            added.set()
            await asyncio.sleep(0)
            await artists.add({"name": "b"})

    async def write_more():
        await added.wait()
        await artists.add({"name": "c"})

    await asyncio.gather(write(), write_more())

    assert sorted(item.name for item in await everything(artists)) == ["a", "b", "c"]


async def test_what_a_transaction_starts_is_a_part_of_it(artists):
    async def add():
        await asyncio.create_task(artists.add({"name": "a"}))

    with pytest.raises(LookupError):
        await fail_after(artists, add())

    assert await everything(artists) == []


async def test_what_a_transaction_has_left_behind_writes_on_its_own(artists):
    over = asyncio.Event()

    async def late():
        await over.wait()
        await artists.add({"name": "late"})

    async with artists.transaction():
        task = asyncio.ensure_future(late())
        await asyncio.sleep(0)
    over.set()
    await task

    assert [item.name for item in await everything(artists)] == ["late"]


async def test_many_writers_lose_nothing(artists):
    async def write(number):
        async with artists.transaction():
            await artists.add({"name": f"a{number}"})
            await asyncio.sleep(0)
            await artists.add({"name": f"b{number}"})

    await asyncio.gather(*map(write, range(20)))

    assert sorted(item.id for item in await everything(artists)) == list(range(1, 41))


async def test_only_one_of_those_who_want_the_same_name_gets_it(artists):
    wanted = [artists.add({"name": "Nina"}) for _ in range(10)]

    answers = await asyncio.gather(*wanted, return_exceptions=True)

    assert sum(isinstance(answer, Artist) for answer in answers) == 1


async def test_keys_that_came_with_their_objects_are_passed_over(artists):
    await artists.add({"id": 1, "name": "a"})
    await artists.add({"id": 2, "name": "b"})

    assert (await artists.add({"name": "c"})).id == 3


async def test_many_with_keys_of_their_own_are_passed_over_too(artists):
    await artists.add_many([{"id": 1, "name": "a"}, {"id": 5, "name": "b"}])

    assert (await artists.add({"name": "c"})).id not in {1, 5}


async def test_several_need_not_have_the_same_fields(artists):
    added = await artists.add_many([{"name": "a"}, {"name": "b", "stage_name": "x"}])

    assert [item.stage_name for item in added] == [None, "x"]
    assert await artists.add_many([]) == []
