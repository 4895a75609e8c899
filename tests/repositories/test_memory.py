"""The repository in memory."""

import dataclasses
import uuid
from typing import TypedDict

import msgspec
import pytest
from aiohttp import web

from webkit.exceptions import ConfigurationError, Conflict
from webkit.filters import ListQuery
from webkit.repositories import MemoryRepository


class Artist(msgspec.Struct, rename={"stage_name": "stageName"}):
    id: int
    name: str
    stage_name: str | None = None

    def __post_init__(self):
        if self.name == self.stage_name:
            raise ValueError("a stage name is another name")


@pytest.fixture
def artists():
    return MemoryRepository(Artist, unique=["name", ("id", "stage_name")])


async def everything(repository):
    return list((await repository.list(ListQuery())).items)


async def test_what_failed_takes_no_key(artists):
    await artists.add({"name": "a"})
    with pytest.raises(Conflict):
        await artists.add({"name": "a"})

    assert (await artists.add({"name": "b"})).id == 2


@dataclasses.dataclass
class Label:
    slug: str
    city: str = ""


@dataclasses.dataclass
class Song:
    id: uuid.UUID | None
    title: str


class Album(TypedDict):
    id: float
    title: str


async def test_a_key_may_be_a_text():
    labels = MemoryRepository(Label, key="slug")

    assert [(await labels.add({})).slug, (await labels.add({"slug": "ecm"})).slug] == ["1", "ecm"]


async def test_a_key_may_be_a_uuid():
    songs = MemoryRepository(Song)

    assert (await songs.add({"title": "So What"})).id == uuid.UUID(int=1)


async def test_any_other_key_comes_with_the_object_or_from_a_function():
    albums = MemoryRepository(Album, new_key=lambda count: count / 2)

    assert await albums.add({"title": "Kind of Blue"}) == {"id": 0.5, "title": "Kind of Blue"}
    assert await albums.add({"id": 7.5, "title": "Pastel Blues"}) == await albums.get(7.5)


async def test_a_key_that_cannot_be_made_is_a_mistake():
    albums = MemoryRepository(Album)

    with pytest.raises(ConfigurationError, match="Give it new_key"):
        await albums.add({"title": "Kind of Blue"})


async def test_any_mapping_is_an_object_too():
    things = MemoryRepository(dict, new_key=int)

    assert await things.add({"a": 1}) == {"id": 1, "a": 1}


async def test_a_conflict_has_the_names_that_clients_know():
    artists = MemoryRepository(Artist, unique="stage_name")
    await artists.add({"name": "a", "stage_name": "x"})

    with pytest.raises(Conflict) as caught:
        await artists.add({"name": "b", "stage_name": "x"})

    assert [item["pointer"] for item in caught.value.errors] == ["#/stageName"]


async def test_nothing_is_unique_about_none():
    artists = MemoryRepository(Artist, unique=["stage_name"])

    await artists.add_many([{"name": "a"}, {"name": "b"}])

    assert len(await everything(artists)) == 2


async def test_each_application_begins_with_the_first_items():
    first = Artist(5, "Nina")
    artists = MemoryRepository(Artist, [first], unique=["name"])
    apps = [web.Application(), web.Application()]

    await artists.of(apps[0]).update(5, {"name": "Eunice"})
    await artists.add({"name": "Miles"})

    assert await everything(artists.of(apps[0])) == [Artist(5, "Eunice")]
    assert await everything(artists.of(apps[1])) == [Artist(5, "Nina")]
    assert first == Artist(5, "Nina")
    with pytest.raises(Conflict):
        await artists.of(apps[1]).add({"name": "Nina"})
