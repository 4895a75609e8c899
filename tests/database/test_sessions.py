"""Sessions of SQLAlchemy that share a transaction with repositories."""

import datetime as dt
import uuid
from decimal import Decimal

import msgspec
import pytest
from sqlalchemy import JSON, ForeignKey, Numeric, String, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from webkit.database import Model, SQLRepository, WithID
from webkit.exceptions import Conflict
from webkit.filters import ListQuery


NOON = dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)


class SessionLabel(WithID, Model):
    __tablename__ = "sessions_label"

    name: Mapped[str] = mapped_column(String(20), unique=True)
    albums: Mapped[list["SessionAlbum"]] = relationship(back_populates="label")


class SessionAlbum(WithID, Model):
    __tablename__ = "sessions_album"

    title: Mapped[str] = mapped_column(String(20))
    label_id: Mapped[int] = mapped_column(ForeignKey("sessions_label.id"))
    label: Mapped[SessionLabel] = relationship(back_populates="albums")
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    data: Mapped[dict | None] = mapped_column(JSON())
    code: Mapped[uuid.UUID | None]
    released: Mapped[dt.datetime | None]


class Label(msgspec.Struct):
    id: int
    name: str


@pytest.fixture
async def database(open_database, kind):
    return await open_database(kind, SessionLabel, SessionAlbum)


@pytest.fixture
def labels(database):
    return SQLRepository(SessionLabel, Label).on(database)


async def _names(labels):
    return [item.name for item in (await labels.list(ListQuery())).items]


async def test_what_a_session_has_done_is_done_when_it_is_left(database, labels):
    async with database.session() as session:
        session.add(SessionLabel(name="Verve"))

    assert await _names(labels) == ["Verve"]


async def test_with_an_error_nothing_is_done(database, labels):
    with pytest.raises(LookupError):
        async with database.session() as session:
            session.add(SessionLabel(name="Verve"))
            await session.commit()
            await labels.add({"name": "ECM"})
            raise LookupError

    assert await _names(labels) == []


async def test_a_session_and_a_repository_see_what_the_other_does(database, labels):
    async with database.session() as session:
        await labels.add({"name": "Verve"})
        assert (await session.scalars(select(SessionLabel.name))).all() == ["Verve"]
        session.add(SessionLabel(name="ECM"))
        await session.flush()
        assert await _names(labels) == ["Verve", "ECM"]


async def test_a_session_is_a_part_of_a_transaction(database, labels):
    with pytest.raises(LookupError):
        async with database.transaction():
            await labels.add({"name": "Verve"})
            async with database.session() as session:
                session.add(SessionLabel(name="ECM"))
            raise LookupError

    assert await _names(labels) == []


async def test_a_session_that_rolls_back_undoes_what_it_has_done_alone(database, labels):
    async with database.transaction():
        await labels.add({"name": "Verve"})
        async with database.session() as session:
            session.add(SessionLabel(name="ECM"))
            await session.rollback()
            session.add(SessionLabel(name="Blue Note"))

    assert await _names(labels) == ["Verve", "Blue Note"]


async def test_a_savepoint_of_a_session_can_fail_on_its_own(database, labels):
    async with database.session() as session:
        session.add(SessionLabel(name="Verve"))
        with pytest.raises(LookupError):
            async with session.begin_nested():
                session.add(SessionLabel(name="ECM"))
                raise LookupError

    assert await _names(labels) == ["Verve"]


async def test_values_cross_as_they_cross_in_a_repository(database):
    values = {
        "title": "Été 🎷",
        "price": Decimal("9.90"),
        "data": {"a": [1, None, "é"]},
        "code": uuid.UUID(int=7),
        "released": NOON,
    }
    async with database.session() as session:
        session.add(SessionAlbum(label=SessionLabel(name="Verve"), **values))

    async with database.session() as session:
        album = (
            await session.scalars(select(SessionAlbum).options(selectinload(SessionAlbum.label)))
        ).one()

    assert {name: getattr(album, name) for name in values} == values
    assert album.label.name == "Verve"


async def test_statements_of_every_kind_are_run(database):
    async with database.session() as session:
        await session.execute(insert(SessionLabel), [{"name": name} for name in "abcd"])
        changed = await session.execute(
            update(SessionLabel).values(name="z").where(SessionLabel.name == "a")
        )
        gone = await session.execute(delete(SessionLabel).where(SessionLabel.name == "b"))
        names = await session.execute(select(SessionLabel.name).order_by(SessionLabel.name))

        assert (changed.rowcount, gone.rowcount) == (1, 1)
        assert names.fetchone() == ("c",)
        assert names.fetchmany(1) == [("d",)]
        assert names.fetchall() == [("z",)]
        assert names.fetchone() is None


async def test_functions_that_know_no_asyncio_can_be_run(database, labels):
    await labels.add_many([{"name": name} for name in "abc"])

    def read(session):
        result = session.execute(select(SessionLabel.name).order_by(SessionLabel.name))
        return result.fetchone(), result.fetchmany(5), result.fetchone()

    async with database.session() as session:
        assert await session.run_sync(read) == (("a",), [("b",), ("c",)], None)


async def test_what_is_taken_is_a_conflict(database, labels):
    await labels.add({"name": "Verve"})

    with pytest.raises(Conflict) as caught:
        async with database.session() as session:
            session.add(SessionLabel(name="Verve"))

    assert caught.value.errors[0]["pointer"] == "#/name"
    assert await _names(labels) == ["Verve"]


async def test_a_mistake_in_a_statement_stays_one(database):
    with pytest.raises(DBAPIError):
        async with database.session() as session:
            await session.execute(text("SELEC"))
