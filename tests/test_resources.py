"""Resources: full CRUD over a repository, and every way to have it otherwise."""

import dataclasses
import re
import uuid
from typing import Literal, NotRequired, TypedDict

import attrs
import msgspec
import pydantic
import pytest
from aiohttp import web

from webkit.application import create_app
from webkit.exceptions import ConfigurationError, PermissionDenied
from webkit.filters import Ordering, where
from webkit.pagination import Cursor, LimitOffset, Page, PageNumber, PageStyle
from webkit.permissions import BasePermission
from webkit.repositories import MemoryRepository, Repository
from webkit.resources import ReadOnlyViewSet, ResourceViewSet
from webkit.routers import SimpleRouter


UNSET = msgspec.UNSET


class Artist(msgspec.Struct, rename={"stage_name": "stageName"}):
    id: int
    name: str
    stage_name: str | None = None
    owner: str = ""


class NewArtist(msgspec.Struct, rename={"stage_name": "stageName"}):
    name: str
    stage_name: str | None = None


class PatchArtist(msgspec.Struct, rename={"stage_name": "stageName"}):
    name: str | msgspec.UnsetType = UNSET
    stage_name: str | msgspec.UnsetType | None = UNSET


FIRST = [Artist(1, "Eunice", "Nina", "me"), Artist(2, "Miles"), Artist(3, "Ella", owner="me")]


class ArtistViewSet(ResourceViewSet[Artist, NewArtist, PatchArtist, int]):
    repository = MemoryRepository(Artist, FIRST, unique=["name"])


@pytest.fixture
def serve(aiohttp_client):
    async def serve(viewset):
        router = SimpleRouter()
        router.register(viewset, basename="artist")
        app = create_app(routes=router.routes)
        client = await aiohttp_client(app)

        async def ask(method, path="", json=None):
            answer = await client.request(method, f"/artist/{path}", json=json)
            body = None if answer.status == 204 else await answer.json()
            return answer.status, body

        ask.client, ask.app = client, app
        return ask

    return serve


def written(artist):
    return msgspec.to_builtins(artist)


async def test_three_lines_serve_everything(serve):
    ask = await serve(ArtistViewSet)

    assert await ask("GET") == (
        200,
        {"count": 3, "next": None, "previous": None, "results": [*map(written, FIRST)]},
    )
    assert await ask("POST", json={"name": "Aretha"}) == (201, written(Artist(4, "Aretha")))
    assert await ask("GET", "4/") == (200, written(Artist(4, "Aretha")))
    assert await ask("PUT", "1/", {"name": "Nina"}) == (200, written(Artist(1, "Nina", owner="me")))
    assert await ask("PATCH", "1/", {"stageName": "N."}) == (
        200,
        written(Artist(1, "Nina", "N.", "me")),
    )
    assert await ask("PATCH", "1/", {"stageName": None}) == (
        200,
        written(Artist(1, "Nina", owner="me")),
    )
    assert await ask("PATCH", "1/", {}) == (200, written(Artist(1, "Nina", owner="me")))
    assert await ask("DELETE", "1/") == (204, None)
    assert (await ask("GET", "1/"))[0] == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_what_is_not_there_is_not_found(serve, method):
    ask = await serve(ArtistViewSet)

    assert (await ask(method, "9/", {"name": "x"} if method[0] == "P" else None))[0] == 404


async def test_a_new_object_says_where_it_is(serve):
    ask = await serve(ArtistViewSet)

    answer = await ask.client.post("/artist/", json={"name": "Aretha"})

    assert answer.headers["Location"] == "/artist/4/"


@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PUT", "1/"), ("PATCH", "1/")])
async def test_what_is_taken_is_a_conflict_that_names_the_field(serve, method, path):
    ask = await serve(ArtistViewSet)

    status, problem = await ask(method, path, {"name": "Miles"})

    assert (status, problem["errors"][0]["pointer"]) == (409, "#/name")


async def test_two_applications_share_nothing(serve):
    one, other = await serve(ArtistViewSet), await serve(ArtistViewSet)

    await one("DELETE", "1/")

    assert (await other("GET", "1/"))[0] == 200


async def test_a_resource_may_be_read_only(serve):
    class Readers(ReadOnlyViewSet[Artist, int]):
        repository = ArtistViewSet.repository

    ask = await serve(Readers)

    assert (await ask("GET", "1/"))[0] == (await ask("GET"))[0] == 200
    assert (await ask("DELETE", "1/"))[0] == (await ask("POST", json={}))[0] == 405


class Filters(msgspec.Struct):
    owner: str | None = None
    name__in: list[str] | msgspec.UnsetType = UNSET


class Searchable(ArtistViewSet):
    page_size = 2
    filters = Filters
    search_fields = ("name", "stage_name")
    ordering_fields = ("name", "stage_name")
    ordering = ("-name",)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Miles", "Eunice"]),
        ("offset=2", ["Ella"]),
        ("ordering=name", ["Ella", "Eunice"]),
        ("ordering=-stageName,name", ["Eunice", "Ella"]),
        ("ordering=", ["Miles", "Eunice"]),
        ("owner=me", ["Eunice", "Ella"]),
        ("name__in=Ella&name__in=Miles", ["Miles", "Ella"]),
        ("search=nina", ["Eunice"]),
        ("search=E&owner=me&limit=1", ["Eunice"]),
        ("search=", ["Miles", "Eunice"]),
    ],
)
async def test_a_list_is_filtered_searched_and_ordered_as_the_client_wishes(serve, query, names):
    ask = await serve(Searchable)

    status, page = await ask("GET", f"?{query}")

    assert (status, [item["name"] for item in page["results"]]) == (200, names)


class Album(msgspec.Struct):
    id: int
    artist: Artist | None = None


class AlbumFilters(msgspec.Struct):
    artist__name__iexact: str | None = None
    artist__id__in: list[int] | None = None


class Albums(ReadOnlyViewSet[Album, int]):
    repository = MemoryRepository(Album, [Album(1, FIRST[0]), Album(2, FIRST[1]), Album(3)])
    filters = AlbumFilters
    search_fields = ("artist__stage_name",)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("artist__name__iexact=MILES", [2]),
        ("artist__id__in=1&artist__id__in=2", [1, 2]),
        ("search=nin", [1]),
    ],
)
async def test_a_list_is_filtered_by_what_is_in_its_objects(serve, query, ids):
    ask = await serve(Albums)

    assert [item["id"] for item in (await ask("GET", f"?{query}"))[1]["results"]] == ids
    assert (await ask("GET", "?artist__id__in=x"))[0] == 422


async def test_every_wrong_wish_is_named(serve):
    ask = await serve(Searchable)

    status, problem = await ask("GET", "?ordering=owner&limit=0&offset=x")

    assert status == 422
    assert {error["parameter"] for error in problem["errors"]} == {"ordering", "limit", "offset"}


async def test_a_list_can_be_whole(serve):
    class Whole(ArtistViewSet):
        page = None
        ordering = ("name",)

    ask = await serve(Whole)

    status, items = await ask("GET")

    assert (status, [item["name"] for item in items]) == (200, ["Ella", "Eunice", "Miles"])


async def test_a_list_can_be_read_by_page_numbers(serve):
    class Numbered(ArtistViewSet):
        page = PageNumber
        page_size = 2

    ask = await serve(Numbered)

    _, page = await ask("GET", "?page=2")

    assert [item["id"] for item in page["results"]] == [3]
    assert (await ask("GET", "?page=3"))[0] == 404


async def test_a_list_can_be_read_by_cursor(serve):
    class Streamed(ArtistViewSet):
        page = Cursor
        page_size = 2
        ordering_fields = ("owner",)

    ask = await serve(Streamed)

    _, page = await ask("GET", "?ordering=-owner")
    answer = await ask.client.session.get(page["next"])

    assert [item["id"] for item in page["results"]] == [1, 3]
    assert [item["id"] for item in (await answer.json())["results"]] == [2]
    assert (await ask("GET", f"?cursor={page['next'].partition('cursor=')[2]}"))[0] == 400


@pytest.mark.parametrize(("counted", "count"), [(True, 3), (False, None), (None, 3)])
async def test_the_list_is_counted_or_not(serve, counted, count):
    ask = await serve(type("Counted", (ArtistViewSet,), {"counted": counted}))

    assert (await ask("GET"))[1]["count"] == count


async def test_a_style_of_ones_own(serve):
    class Top(PageStyle, frozen=True, kw_only=True):
        size = "top"
        answer = Page
        top: int = 1

        async def of(self, source, *, request, query, count=None):
            items, _ = await source.list(query)
            return Page(results=list(items[: self.top]))

    class Tops(ArtistViewSet):
        page = Top

    ask = await serve(Tops)

    assert len((await ask("GET", "?top=2"))[1]["results"]) == 2


class Bulk(ArtistViewSet):
    bulk = True
    max_bulk_size = 2


async def test_several_can_be_added_at_once(serve):
    ask = await serve(Bulk)

    status, items = await ask("POST", json=[{"name": "a"}, {"name": "b"}])

    assert (status, [item["id"] for item in items]) == (201, [4, 5])


async def test_in_bulk_one_can_be_added_too(serve):
    ask = await serve(Bulk)

    answer = await ask.client.post("/artist/", json={"name": "a"})

    assert (answer.status, answer.headers["Location"]) == (201, "/artist/4/")


@pytest.mark.parametrize(
    ("names", "status", "pointer"),
    [
        (["a", "Miles"], 409, "#/1/name"),
        (["a", 3], 422, "#/1/name"),
        (["a", "b", "c"], 422, "#"),
    ],
)
async def test_all_are_added_or_none(serve, names, status, pointer):
    ask = await serve(Bulk)

    found, problem = await ask("POST", json=[{"name": name} for name in names])

    assert (found, problem["errors"][0]["pointer"]) == (status, pointer)
    assert (await ask("GET"))[1]["count"] == 3


class Owned(Bulk):
    async def perform_create(self, values, /):
        return await super().perform_create({**values, "owner": "you"})

    async def perform_update(self, obj, values, /):
        return await super().perform_update(obj, {**values, "stage_name": obj.name})

    async def perform_destroy(self, obj, /):
        if obj.owner:
            raise PermissionDenied
        await super().perform_destroy(obj)


async def test_a_hook_does_what_the_client_does_not_say(serve):
    ask = await serve(Owned)

    assert (await ask("POST", json={"name": "a"}))[1]["owner"] == "you"
    assert (await ask("PATCH", "1/", {"name": "x"}))[1]["stageName"] == "Eunice"
    assert (await ask("DELETE", "1/"))[0] == 403
    assert (await ask("DELETE", "2/"))[0] == 204


async def test_in_bulk_the_hook_is_called_for_each(serve):
    ask = await serve(Owned)

    _, items = await ask("POST", json=[{"name": "a"}, {"name": "b"}])
    status, problem = await ask("POST", json=[{"name": "c"}, {"name": "a"}])

    assert [item["owner"] for item in items] == ["you", "you"]
    assert (status, problem["errors"][0]["pointer"]) == (409, "#/1/name")
    assert (await ask("GET"))[1]["count"] == 5


class Mine(ArtistViewSet):
    def scope(self):
        return where(owner="me")


@pytest.mark.parametrize(
    ("method", "status"), [("GET", 200), ("PUT", 200), ("PATCH", 200), ("DELETE", 204)]
)
async def test_what_is_out_of_scope_does_not_exist(serve, method, status):
    ask = await serve(Mine)
    body = {"name": "x"} if method[0] == "P" else None

    assert (await ask("GET"))[1]["count"] == 2
    assert (await ask(method, "1/", body))[0] == status
    assert (await ask(method, "2/", body))[0] == 404


class IsOwner(BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.owner == "me"


async def test_a_permission_is_asked_about_every_object(serve):
    class Guarded(ArtistViewSet):
        permissions = (IsOwner,)

    ask = await serve(Guarded)

    assert [(await ask("GET", f"{number}/"))[0] for number in (1, 2)] == [200, 403]
    assert (await ask("DELETE", "2/"))[0] == 403
    assert (await ask("GET"))[1]["count"] == 3


async def test_what_goes_away_meanwhile_is_not_found(serve):
    class Racing(ArtistViewSet):
        async def check_object_permissions(self, obj, /):
            await self.repository.remove(obj.id)

    ask = await serve(Racing)

    assert (await ask("PUT", "1/", {"name": "x"}))[0] == 404
    assert (await ask("DELETE", "2/"))[0] == 404


async def test_the_path_may_name_another_field(serve):
    class Named(ResourceViewSet[Artist, NewArtist, PatchArtist, str]):
        repository = ArtistViewSet.repository
        lookup_field = "name"

    ask = await serve(Named)

    assert (await ask("GET", "Miles/"))[1]["id"] == 2
    assert (await ask("PATCH", "Miles/", {"name": "Dewey"}))[1]["id"] == 2
    assert (await ask("DELETE", "Miles/"))[0] == 404
    assert (await ask("DELETE", "Dewey/"))[0] == 204
    answer = await ask.client.post("/artist/", json={"name": "A ä"})
    assert answer.headers["Location"] == "/artist/A%20%C3%A4/"


async def test_the_path_may_have_another_name_for_the_key(serve):
    class Numbered(ArtistViewSet):
        lookup_field = "number"

    ask = await serve(Numbered)

    assert (await ask("GET", "2/"))[1]["name"] == "Miles"


class Own(ArtistViewSet):
    async def list(
        self,
        page: LimitOffset,
        filters: Filters,
        ordering: Ordering[Literal["name", "-name"]] = ("-name",),
        owner_of: int | None = None,
    ) -> Page[Artist]:
        if owner_of:
            return await super().list(page)
        return await self.paginate(page, filters=filters, ordering=ordering)

    async def create(self, artist: NewArtist, dry: bool = False) -> Artist:
        return Artist(0, artist.name) if dry else await super().create(artist)

    async def detail(self, id: int) -> Artist:
        artist = await super().detail(id)
        artist.stage_name = "seen"
        return artist


async def test_an_action_can_be_written_by_hand_and_use_the_inherited_one(serve):
    ask = await serve(Own)

    async def ids(query):
        return [item["id"] for item in (await ask("GET", query))[1]["results"]]

    assert await ids("?owner=me") == [1, 3]
    assert await ids("?ordering=name") == [3, 1, 2]
    assert await ids("?owner_of=1&limit=1") == [1]
    assert (await ask("POST", "?dry=1", {"name": "x"}))[1]["id"] == 0
    assert (await ask("POST", "", {"name": "x"}))[1]["id"] == 4
    assert (await ask("GET", "2/"))[1]["stageName"] == "seen"


@dataclasses.dataclass
class DataArtist:
    id: uuid.UUID
    name: str


@dataclasses.dataclass
class NewDataArtist:
    name: str


@dataclasses.dataclass
class PatchDataArtist:
    name: str | msgspec.UnsetType = UNSET


@attrs.define
class AttrsArtist:
    id: str
    name: str


@attrs.define
class NewAttrsArtist:
    name: str


@attrs.define
class PatchAttrsArtist:
    name: str | msgspec.UnsetType = UNSET


class TypedArtist(TypedDict):
    id: int
    name: str


class NewTypedArtist(TypedDict):
    name: str


class PatchTypedArtist(TypedDict):
    name: NotRequired[str]


class ModelArtist(pydantic.BaseModel):
    id: int
    name: str


class NewModelArtist(pydantic.BaseModel):
    name: str


class PatchModelArtist(pydantic.BaseModel):
    name: str = "nobody"


@pytest.mark.parametrize(
    ("model", "new", "patch", "key"),
    [
        (DataArtist, NewDataArtist, PatchDataArtist, uuid.UUID),
        (AttrsArtist, NewAttrsArtist, PatchAttrsArtist, str),
        (TypedArtist, NewTypedArtist, PatchTypedArtist, int),
        (ModelArtist, NewModelArtist, PatchModelArtist, int),
    ],
)
async def test_models_of_every_kind_will_do(serve, model, new, patch, key):
    class Models(ResourceViewSet[model, new, patch, key]):
        repository = MemoryRepository(model)
        ordering_fields = ("name",)

    ask = await serve(Models)
    answer = await ask.client.post("/artist/", json={"name": "a"})
    path = answer.headers["Location"].removeprefix("/artist/")

    assert answer.status == 201
    assert (await ask("PATCH", path, {}))[1]["name"] == "a"
    assert (await ask("PUT", path, {"name": "b"}))[1]["name"] == "b"
    assert [item["name"] for item in (await ask("GET", "?ordering=-name"))[1]["results"]] == ["b"]
    assert (await ask("DELETE", path))[0] == 204


def _problems(viewset):
    router = SimpleRouter()
    router.register(viewset, basename="artist")
    with pytest.raises(ConfigurationError) as caught:
        create_app(routes=router.routes)
    return "\n".join(re.sub(r" \(\S+:\d+\)", "", text) for text in caught.value.problems)


def test_a_resource_without_a_repository_is_a_mistake():
    class Bare(ResourceViewSet[Artist, NewArtist, PatchArtist, int]):
        pass

    assert "Bare: has no repository. Write `repository = MemoryRepository" in _problems(Bare)


def test_a_repository_that_is_annotated_comes_from_elsewhere():
    class Annotated(ResourceViewSet[Artist, NewArtist, PatchArtist, int]):
        repository: Repository[Artist, int]

    assert not list(Annotated.mistakes())


def test_a_resource_that_does_not_name_its_types_is_a_mistake():
    class Untyped(ResourceViewSet):
        repository = MemoryRepository(Artist)

    assert _problems(Untyped) == (
        "Untyped: nothing says what it serves. Derive it from ResourceViewSet[T, NewT, PatchT, ID]"
    )


async def test_a_repository_without_an_application_is_the_same_for_all(serve):
    class Shared:
        """A repository that somebody else has written."""

        model, key = Artist, "id"

        async def get(self, id, /):
            return Artist(id, "shared")

    class Others(ReadOnlyViewSet[Artist, int]):
        repository = Shared()
        actions = ("detail",)

    ask = await serve(Others)

    assert await ask("GET", "7/") == (200, written(Artist(7, "shared")))
    assert web.Application not in map(type, vars(Others).values())
