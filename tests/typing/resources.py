# pyright: strict
"""What a user writes with resources, and what an editor must know of it: checked, and served."""

from collections.abc import Iterable, Sequence
from typing import Any, Generic, Literal, TypeVar, assert_type

import msgspec

from webkit.filters import Condition, ListQuery, Ordering, where
from webkit.pagination import Cursor, CursorPage, LimitOffset, Listing, Page, PageNumber
from webkit.repositories import MemoryRepository, Repository, Values
from webkit.resources import ReadOnlyViewSet, ResourceViewSet
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


class Artist(msgspec.Struct):
    id: int
    name: str
    born: int | None = None


class NewArtist(msgspec.Struct):
    name: str
    born: int | None = None


class PatchArtist(msgspec.Struct):
    name: str | msgspec.UnsetType = msgspec.UNSET
    born: int | msgspec.UnsetType | None = msgspec.UNSET


class ArtistFilters(msgspec.Struct):
    name: str | None = None
    born__gte: int | None = None


artists = MemoryRepository(Artist, [Artist(1, "Nina", 1933)], unique=["name"])


class ArtistViewSet(ResourceViewSet[Artist, NewArtist, PatchArtist, int]):
    """Three lines, and everything else by attributes."""

    repository = artists
    filters = ArtistFilters
    search_fields = ("name",)
    ordering = ("-born", "name")
    ordering_fields = ("name", "born")
    page = PageNumber
    page_size = 20
    bulk = True


class ReaderViewSet(ReadOnlyViewSet[Artist, int]):
    repository = artists
    page = Cursor
    actions = ("list",)


class OwnViewSet(ResourceViewSet[Artist, NewArtist, PatchArtist, int]):
    """Every action and hook by hand."""

    repository = artists

    def scope(self) -> Iterable[Condition]:
        return where(born__gte=1900)

    async def list(
        self,
        page: LimitOffset,
        filters: ArtistFilters,
        ordering: Ordering[Literal["name", "-name"]] = ("name",),
        shout: bool = False,
    ) -> Page[Artist]:
        found = await self.paginate(page, filters=filters, ordering=ordering)
        assert_type(found, Page[Artist])
        assert_type(found.results[0].name, str)
        return found

    async def create(self, artist: NewArtist, dry: bool = False) -> Artist:
        if dry:
            return Artist(0, artist.name)
        added = await super().create(artist)
        assert_type(added, Artist)
        return added

    async def detail(self, id: int) -> Artist:
        found = await super().detail(id)
        assert_type(found, Artist)
        assert_type(await self.get_object(id), Artist)
        assert_type(await self.repository.get(id), Artist | None)
        return found

    async def update(self, id: int, artist: NewArtist) -> Artist:
        return await super().update(id, artist)

    async def partial_update(self, id: int, changes: PatchArtist) -> Artist:
        return await super().partial_update(id, changes)

    async def destroy(self, id: int) -> None:
        await super().destroy(id)

    async def perform_create(self, values: Values, /) -> Artist:
        return await super().perform_create({**values, "name": "by hand"})


class StreamViewSet(ReadOnlyViewSet[Artist, int]):
    repository = artists

    async def list(self, page: Cursor) -> CursorPage[Artist]:
        assert_type(await super().list(page), Listing[Artist] | Sequence[Artist])
        return await self.paginate(page)


class WholeViewSet(ReadOnlyViewSet[Artist, int]):
    repository = artists

    async def list(self) -> Sequence[Artist]:
        found = await self.paginate()
        assert_type(found, Sequence[Artist])
        return found


T = TypeVar("T")


class NamedViewSet(ReadOnlyViewSet[T, int], Generic[T]):
    """A base of one's own, with actions that have the types of its subclasses."""

    async def list(self, page: LimitOffset, name: str | None = None) -> Page[T]:
        found = await self.paginate(page)
        assert_type(found, Page[T])
        return found


class NamedArtistViewSet(NamedViewSet[Artist]):
    repository = artists


class HandWrittenViewSet(BaseViewSet):
    """Pages without a resource, of a sequence and of a repository."""

    async def list(self, page: LimitOffset) -> Page[Artist]:
        found = await page.of([Artist(1, "Nina")], request=self.request)
        assert_type(found, Page[Artist])
        return await page.of(artists.of(self.request.app), request=self.request, query=ListQuery())


async def use(repository: Repository[Artist, int]) -> None:
    """What any repository gives."""
    assert_type(await repository.get(1), Artist | None)
    assert_type(await repository.update(1, {"name": "x"}), Artist | None)
    assert_type((await repository.list(ListQuery())).items, Sequence[Artist])
    assert_type((await repository.list(ListQuery())).total, int | None)
    async with repository.transaction():
        assert_type(await repository.add_many([{"name": "x"}]), Sequence[Artist])


async def use_memory() -> None:
    """A memory repository is a repository."""
    await use(artists)
    assert_type(artists, MemoryRepository[Artist])


def routes() -> list[Any]:
    """Return the routes of all that is right."""
    router = SimpleRouter()
    for viewset in (
        *(ArtistViewSet, ReaderViewSet, OwnViewSet, StreamViewSet),
        *(WholeViewSet, NamedArtistViewSet, HandWrittenViewSet),
    ):
        router.register(viewset)
    return router.routes
