"""The table as a resource of webkit, in an application as a generated project makes it.

python -m benchmarks.servers.artists_webkit URL
"""

import datetime as dt
import sys
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from benchmarks.servers.artists import TABLE
from benchmarks.servers.serving import serve
from webkit.application import create_app
from webkit.database import DatabaseConfig, Model, SQLRepository, WithID, attach
from webkit.pagination import PageNumber
from webkit.resources import ResourceViewSet
from webkit.routers import SimpleRouter


Name = Annotated[str, Meta(min_length=1, max_length=80)]
Genre = Annotated[str, Meta(min_length=1, max_length=20)]
Rating = Annotated[int, Meta(ge=0, le=2_147_483_647)]


class ArtistRow(WithID, Model):
    """An artist as a row."""

    __tablename__ = TABLE

    name: Mapped[str] = mapped_column(String(80))
    genre: Mapped[str] = mapped_column(String(20), index=True)
    born: Mapped[dt.date | None] = mapped_column(Date())
    rating: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)


class NewArtist(Struct):
    """What an artist is created from."""

    name: Name
    genre: Genre
    born: dt.date | None = None
    rating: Rating = 0
    is_active: bool = True


class PatchArtist(Struct):
    """What a client may change."""

    name: Name | UnsetType = UNSET
    genre: Genre | UnsetType = UNSET
    born: dt.date | UnsetType | None = UNSET
    rating: Rating | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class Artist(Struct):
    """An artist."""

    id: int
    name: str
    genre: str
    born: dt.date | None
    rating: int
    is_active: bool


class ArtistFilters(Struct):
    """What the list may be asked for."""

    born__gte: dt.date | None = None
    genre: str | None = None


class ArtistViewSet(ResourceViewSet[Artist, NewArtist, PatchArtist, int]):
    """The artists."""

    repository = SQLRepository(ArtistRow, Artist)
    page = PageNumber
    page_size = 20
    filters = ArtistFilters
    ordering_fields = ("rating",)


if __name__ == "__main__":
    router = SimpleRouter()
    router.register(ArtistViewSet, basename="artists")
    app = create_app(routes=router.routespatters)
    attach(app, DatabaseConfig(url=sys.argv[1]))
    serve(app)
