"""The table as FastAPI's users write it: sessions of SQLAlchemy, on uvicorn with uvloop.

python -m benchmarks.servers.artists_fastapi URL
"""

import datetime as dt
import sys
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import BigInteger, Integer, String, event, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uvicorn import Config, Server

from benchmarks.servers.artists import TABLE
from benchmarks.servers.serving import listen


_PAGE = 20
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_PRAGMAS = ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON")

kind, _, place = sys.argv[1].partition("://")
engine = create_async_engine(f"{_DRIVERS[kind]}://{place}", pool_size=5, max_overflow=0)
sessions = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    """What the models stand on."""


class ArtistRow(Base):
    """An artist as a row."""

    __tablename__ = TABLE

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(80))
    genre: Mapped[str] = mapped_column(String(20))
    born: Mapped[dt.date | None]
    rating: Mapped[int]
    is_active: Mapped[bool]


Name = Annotated[str, Field(min_length=1, max_length=80)]
Genre = Annotated[str, Field(min_length=1, max_length=20)]
Rating = Annotated[int, Field(ge=0, le=2_147_483_647)]


class NewArtist(BaseModel):
    """What an artist is created from."""

    name: Name
    genre: Genre
    born: dt.date | None = None
    rating: Rating = 0
    is_active: bool = True


class PatchArtist(BaseModel):
    """What a client may change."""

    name: Name | None = None
    genre: Genre | None = None
    born: dt.date | None = None
    rating: Rating | None = None
    is_active: bool | None = None


class Artist(BaseModel):
    """An artist."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    genre: str
    born: dt.date | None
    rating: int
    is_active: bool


class Page(BaseModel):
    """A part of the artists."""

    count: int
    next: str | None
    previous: str | None
    results: list[Artist]


class ArtistFilters(BaseModel):
    """What the list may be asked for."""

    born__gte: dt.date | None = None
    genre: str | None = None
    ordering: Literal["rating", "-rating"] | None = None
    page: Annotated[int, Field(ge=1)] = 1


if kind == "sqlite":

    @event.listens_for(engine.sync_engine, "connect")
    def tell(connection: Any, record: object) -> None:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")


async def opened() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


Session = Annotated[AsyncSession, Depends(opened)]
app = FastAPI()


async def found(id: int, session: Session) -> ArtistRow:
    artist = await session.get(ArtistRow, id)
    if artist is None:
        raise HTTPException(404, detail="Not found.")
    return artist


Found = Annotated[ArtistRow, Depends(found)]


@app.get("/artists/", response_model=Page)
async def list_artists(
    request: Request, session: Session, filters: Annotated[ArtistFilters, Query()]
) -> dict[str, Any]:
    wanted = select(ArtistRow)
    if filters.born__gte is not None:
        wanted = wanted.where(ArtistRow.born >= filters.born__gte)
    if filters.genre is not None:
        wanted = wanted.where(ArtistRow.genre == filters.genre)
    count = await session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    column = ArtistRow.rating if filters.ordering else ArtistRow.id
    ordered = wanted.order_by(
        column.desc() if (filters.ordering or "").startswith("-") else column, ArtistRow.id
    )
    page = filters.page
    rows = await session.scalars(ordered.limit(_PAGE).offset((page - 1) * _PAGE))
    return {
        "count": count,
        "next": _link(request, page + 1) if page * _PAGE < count else None,
        "previous": _link(request, page - 1) if page > 1 else None,
        "results": rows.all(),
    }


@app.get("/artists/{id}/", response_model=Artist)
async def get_artist(artist: Found) -> ArtistRow:
    return artist


@app.post("/artists/", status_code=201, response_model=Artist)
async def create_artist(new: NewArtist, session: Session) -> ArtistRow:
    artist = ArtistRow(**new.model_dump())
    session.add(artist)
    await session.commit()
    return artist


@app.patch("/artists/{id}/", response_model=Artist)
async def change_artist(changes: PatchArtist, artist: Found, session: Session) -> ArtistRow:
    for name, value in changes.model_dump(exclude_unset=True).items():
        setattr(artist, name, value)
    await session.commit()
    return artist


@app.delete("/artists/{id}/", status_code=204)
async def delete_artist(artist: Found, session: Session) -> None:
    await session.delete(artist)
    await session.commit()


def _link(request: Request, page: int) -> str:
    return str(request.url.include_query_params(page=page))


if __name__ == "__main__":
    config = Config(app, loop="uvloop", http="httptools", access_log=False, log_level="error")
    Server(config).run(sockets=[listen()])
