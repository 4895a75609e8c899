"""Whether a table and a type of objects fit to each other."""

from typing import Annotated

import msgspec
import pytest
from aiohttp import web
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from webkit.application import create_app
from webkit.config import Settings, load
from webkit.database import Model, SQLRepository, WithID
from webkit.database.definitions import problems_of, relation_problems
from webkit.exceptions import ConfigurationError
from webkit.resources import ReadOnlyViewSet
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


class OwnLabelRow(WithID, Model):
    __tablename__ = "definitions_label"

    name: Mapped[str]
    city: Mapped[str | None]
    albums: Mapped[list["OwnAlbumRow"]] = relationship()


class OwnAlbumRow(WithID, Model):
    __tablename__ = "definitions_album"

    label_id: Mapped[int] = mapped_column(ForeignKey("definitions_label.id"))
    label: Mapped[OwnLabelRow] = relationship(viewonly=True)


class Label(msgspec.Struct):
    id: int
    name: str


class Wrong(msgspec.Struct):
    id: int
    nane: str


class OfWrong(msgspec.Struct):
    id: int
    label: Wrong


class WithWrongs(msgspec.Struct):
    id: int
    albums: Annotated[list[Wrong], msgspec.Meta(max_length=9)]


class OfNumber(msgspec.Struct):
    id: int
    label: int


class OfOne(msgspec.Struct):
    id: int
    albums: Label


class OfSeveral(msgspec.Struct):
    id: int
    label: Annotated[list[Label], msgspec.Meta(max_length=9)]


class OfAlbum(msgspec.Struct):
    id: int
    album: Label


def test_every_name_that_is_no_column_is_told():
    has = "It has city, id, name"

    assert list(problems_of(OwnLabelRow, Wrong, ["id", "version"])) == [
        f"SQLRepository(OwnLabelRow, Wrong): OwnLabelRow has no column 'version'. {has}",
        f"SQLRepository(OwnLabelRow, Wrong): nane: OwnLabelRow has no such column. {has}",
    ]
    assert list(problems_of(OwnLabelRow, dict, ["id"])) == [
        "SQLRepository(OwnLabelRow, dict): objects need a type with fields, as a msgspec.Struct"
    ]


@pytest.mark.parametrize(
    ("table", "model", "problem"),
    [
        (
            OwnAlbumRow,
            OfWrong,
            "OwnAlbumRow.label: Wrong.nane: OwnLabelRow has no such column. It has city, id, name",
        ),
        (
            OwnLabelRow,
            WithWrongs,
            "OwnLabelRow.albums: Wrong.nane: OwnAlbumRow has no such column. It has id, label_id",
        ),
        (
            OwnAlbumRow,
            OfNumber,
            "OwnAlbumRow.label is a relationship, and int is no model."
            " Write one, or the name of a column",
        ),
        (OwnLabelRow, OfOne, "OwnLabelRow.albums is no relationship to one row"),
        (OwnAlbumRow, OfSeveral, "OwnAlbumRow.label is no relationship to several rows"),
    ],
    ids=range(5),
)
def test_what_is_wrong_with_a_relationship_is_told(table, model, problem):
    assert list(relation_problems(table, model)) == [problem]


class AlbumViewSet(ReadOnlyViewSet[OfWrong, int]):
    repository = SQLRepository(OwnAlbumRow, OfWrong)


class LabelViewSet(ReadOnlyViewSet[OfOne, int]):
    repository = SQLRepository(OwnLabelRow, OfOne)


class PlainViewSet(BaseViewSet):
    async def list(self) -> str:
        return "no repository"


class GoodViewSet(ReadOnlyViewSet[Label, int]):
    repository = SQLRepository(OwnLabelRow, Label)


def _app(tmp_path):
    router = SimpleRouter()
    for name, viewset in {
        "a": AlbumViewSet,
        "l": LabelViewSet,
        "g": GoodViewSet,
        "p": PlainViewSet,
    }.items():
        router.register(viewset, basename=name)
    config = load(Settings, root=tmp_path, environ={"ENVIRONMENT": "local"})
    return create_app(config=config, routes=router.routespatters)


async def test_a_start_tells_what_is_wrong_with_all_repositories(tmp_path):
    (tmp_path / "webkit.toml").write_text(f"[database]\nurl = 'sqlite:///{tmp_path}/db.sqlite3'\n")

    runner = web.AppRunner(_app(tmp_path))

    with pytest.raises(ConfigurationError) as caught:
        await runner.setup()
    await runner.cleanup()

    places = [problem.partition(" ")[0] for problem in caught.value.problems]
    assert places == ["AlbumViewSet", "LabelViewSet"]
    assert caught.value.problems[0].endswith(
        "Wrong.nane: OwnLabelRow has no such column. It has city, id, name"
    )


async def test_a_relationship_that_leads_nowhere_is_told():
    class Lonely(DeclarativeBase):
        pass

    class LostRow(WithID, Lonely):
        __tablename__ = "lost"

        album_id: Mapped[int] = mapped_column(ForeignKey("none.id"))
        album: Mapped[object] = relationship("Nobody")

    (problem,) = relation_problems(LostRow, OfAlbum)

    assert problem.startswith("LostRow.album: ")
    assert "expression 'Nobody' failed to locate a name" in problem
    assert "\n" not in problem


async def test_without_a_database_nothing_is_asked_of_it(aiohttp_client, tmp_path):
    client = await aiohttp_client(_app(tmp_path))

    assert (await client.get("/a/")).status == 500
