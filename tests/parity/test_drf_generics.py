"""DRF's tests of its generic views, by their intent: rows 99 to 115 of the reference.

Row 115, the generics that can be subscripted, is ``tests/typing``; row 116 is about Django's ORM.
"""

import uuid

import msgspec
import pytest

from webkit.application import create_app
from webkit.exceptions import NotFound
from webkit.filters import where
from webkit.repositories import MemoryRepository
from webkit.resources import ReadOnlyViewSet, ResourceViewSet
from webkit.routers import SimpleRouter


class Basic(msgspec.Struct):
    id: int
    text: str
    number: int | None = None


class NewBasic(msgspec.Struct):
    text: str
    number: int | None = None


class PatchBasic(msgspec.Struct):
    text: str | msgspec.UnsetType = msgspec.UNSET
    number: int | msgspec.UnsetType | None = msgspec.UNSET


ITEMS = [Basic(1, "foo"), Basic(2, "bar"), Basic(3, "baz"), Basic(4, "filtered out")]


class Recorded(MemoryRepository[Basic]):
    """Counts what it is asked."""

    asked = 0

    async def get(self, id, /):
        type(self).asked += 1
        return await super().get(id)


class Everything(ResourceViewSet[Basic, NewBasic, PatchBasic, int]):
    repository = Recorded(Basic, ITEMS)
    page = None


class Filtered(Everything):
    def scope(self):
        return where(text__in=["foo", "bar", "baz", "foobar"])


@pytest.fixture
def serve(aiohttp_client):
    async def serve(viewset=Filtered):
        router = SimpleRouter()
        router.register(viewset, basename="item")
        client = await aiohttp_client(create_app(routes=router.routes))

        async def ask(method, path="", json=None):
            answer = await client.request(method, f"/item/{path}", json=json)
            raw = await answer.read()
            return answer.status, msgspec.json.decode(raw) if raw else None

        return ask

    return serve


@pytest.fixture
async def ask(serve):
    return await serve()


async def test_get_root_view(ask):
    assert await ask("GET") == (200, msgspec.to_builtins(ITEMS[:3]))


async def test_head_root_view(ask):
    assert await ask("HEAD") == (200, None)


async def test_post_root_view(ask):
    created = {"id": 5, "text": "foobar", "number": None}

    assert await ask("POST", json={"text": "foobar"}) == (201, created)
    assert await ask("GET", "5/") == (200, created)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_put_and_delete_root_view(ask, method):
    status, problem = await ask(method, json={"text": "foobar"})

    assert (status, problem["detail"]) == (405, f'Method "{method}" not allowed.')


async def test_post_cannot_set_id(ask):
    status, created = await ask("POST", json={"id": 999, "text": "foobar"})

    assert (status, created["id"]) == (201, 5)
    assert (await ask("GET", "999/"))[0] == 404


async def test_get_instance_view(ask):
    assert await ask("GET", "1/") == (200, {"id": 1, "text": "foo", "number": None})


async def test_post_instance_view(ask):
    status, problem = await ask("POST", "1/", {"text": "foobar"})

    assert (status, problem["detail"]) == (405, 'Method "POST" not allowed.')


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_put_and_patch_instance_view(ask, method):
    changed = {"id": 1, "text": "foobar", "number": None}

    assert await ask(method, "1/", {"text": "foobar"}) == (200, changed)
    assert await ask("GET", "1/") == (200, changed)


async def test_delete_instance_view(ask):
    assert await ask("DELETE", "1/") == (204, None)
    assert [item["id"] for item in (await ask("GET"))[1]] == [2, 3]


async def test_get_instance_view_incorrect_arg(serve):
    ask = await serve(Everything)
    before = Recorded.asked

    statuses = [(await ask("GET", f"{id}/"))[0] for id in ("a", "1.0", "-1", "9" * 5000)]

    assert statuses == [404] * 4
    assert Recorded.asked == before


async def test_put_cannot_set_id(ask):
    status, changed = await ask("PUT", "1/", {"id": 999, "text": "foobar"})

    assert (status, changed["id"]) == (200, 1)
    assert (await ask("GET", "999/"))[0] == 404


async def test_put_to_deleted_instance(ask):
    await ask("DELETE", "1/")

    assert (await ask("PUT", "1/", {"text": "foobar"}))[0] == 404
    assert [item["id"] for item in (await ask("GET"))[1]] == [2, 3]


async def test_put_to_filtered_out_instance(ask):
    assert (await ask("PUT", "4/", {"text": "foo"}))[0] == 404
    assert len((await ask("GET"))[1]) == 3


async def test_patch_cannot_create_an_object(ask):
    assert (await ask("PATCH", "999/", {"text": "foobar"}))[0] == 404
    assert (await ask("GET", "999/"))[0] == 404


async def test_overridden_get_object_view(serve):
    class Overridden(ReadOnlyViewSet[Basic, int]):
        repository = MemoryRepository(Basic)

        async def get_object(self, id: int, /) -> Basic:
            found = {item.id: item for item in ITEMS}.get(id)
            if found is None:
                raise NotFound
            return found

    ask = await serve(Overridden)

    assert await ask("GET", "1/") == (200, {"id": 1, "text": "foo", "number": None})
    assert (await ask("GET", "9/"))[0] == 404


class Inclusive(Everything):
    def scope(self):
        return where(text="foo")


class Exclusive(Everything):
    def scope(self):
        return where(text="other")


async def test_get_root_view_filters_by_name_with_filter_backend(serve):
    ask = await serve(Inclusive)

    assert await ask("GET") == (200, [{"id": 1, "text": "foo", "number": None}])


async def test_get_root_view_filters_out_all_models_with_exclusive_filter_backend(serve):
    ask = await serve(Exclusive)

    assert await ask("GET") == (200, [])


async def test_get_instance_view_filters_out_name_with_filter_backend(serve):
    ask = await serve(Exclusive)

    assert (await ask("GET", "1/"))[1]["detail"] == "Not found."


async def test_get_instance_view_will_return_single_object_when_filter_does_not_exclude_it(serve):
    ask = await serve(Inclusive)

    assert await ask("GET", "1/") == (200, {"id": 1, "text": "foo", "number": None})


async def test_get_object_or_404_with_invalid_string_for_uuid(serve):
    class Identified(msgspec.Struct):
        id: uuid.UUID

    class Identifieds(ReadOnlyViewSet[Identified, uuid.UUID]):
        repository = MemoryRepository(Identified, [Identified(uuid.UUID(int=1))])

    ask = await serve(Identifieds)

    assert (await ask("GET", "not-a-uuid/"))[0] == 404
    assert (await ask("GET", f"{uuid.UUID(int=1)}/"))[0] == 200
