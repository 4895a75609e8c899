"""DRF's tests of its pagination, by their intent: rows 117 to 135 of the reference.

Where DRF falls back to a default for a parameter that makes no sense, webkit answers 422.
Row 136, the numbers of pages for HTML, is not carried over.
"""

from itertools import pairwise

import msgspec
import pytest

from webkit.application import create_app
from webkit.filters import where
from webkit.pagination import Cursor, LimitOffset, Page, PageNumber
from webkit.repositories import MemoryRepository
from webkit.resources import ReadOnlyViewSet
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


class Number(msgspec.Struct):
    id: int
    even: bool


HUNDRED = [Number(number, number % 2 == 0) for number in range(1, 101)]


class EvenNumbers(ReadOnlyViewSet[Number, int]):
    repository = MemoryRepository(Number, HUNDRED)
    page = PageNumber
    page_size = 5
    max_page_size = 20

    def scope(self):
        return where(even=True)


class Numbers(BaseViewSet):
    async def list(self, page: PageNumber.sized(5, maximum=20)) -> Page[int]:
        return await page.of(range(1, 101), request=self.request)


class Offsets(BaseViewSet):
    async def list(self, page: LimitOffset.sized(10, maximum=15)) -> Page[int]:
        return await page.of(range(1, 101), request=self.request)


@pytest.fixture
def serve(aiohttp_client):
    async def serve(viewset):
        router = SimpleRouter()
        router.register(viewset, basename="x")
        client = await aiohttp_client(create_app(routes=router.routes))

        async def ask(query=""):
            url = query if "://" in query else f"{client.make_url('/x/')}{query}"
            answer = await client.session.get(url)
            text = (await answer.text()).replace(str(client.make_url("/x/")), "/")
            body = msgspec.json.decode(text)
            if "results" in body and body["results"] and isinstance(body["results"][0], dict):
                body["results"] = [item["id"] for item in body["results"]]
            return body

        return ask

    return serve


def page(results, *, count, previous, next):
    return {
        "count": count,
        "next": next,
        "previous": previous,
        "results": list(results),
    }


async def test_filtered_items_are_paginated(serve):
    ask = await serve(EvenNumbers)

    assert await ask("?page=2") == page(
        [12, 14, 16, 18, 20], previous="/", next="/?page=3", count=50
    )


async def test_setting_page_size(serve):
    ask = await serve(EvenNumbers)

    assert await ask("?page_size=10") == page(
        range(2, 21, 2), previous=None, next="/?page_size=10&page=2", count=50
    )


async def test_setting_page_size_over_maximum(serve):
    ask = await serve(EvenNumbers)

    assert len((await ask("?page_size=20"))["results"]) == 20
    assert (await ask("?page_size=21"))["status"] == 422


async def test_setting_page_size_to_zero(serve):
    ask = await serve(EvenNumbers)

    assert (await ask("?page_size=0"))["status"] == 422


async def test_additional_query_params_are_preserved(serve):
    ask = await serve(EvenNumbers)

    assert await ask("?page=2&filter=even") == page(
        [12, 14, 16, 18, 20], previous="/?filter=even", next="/?filter=even&page=3", count=50
    )


async def test_empty_query_params_are_preserved(serve):
    ask = await serve(EvenNumbers)

    assert await ask("?page=2&filter=") == page(
        [12, 14, 16, 18, 20], previous="/?filter=", next="/?filter=&page=3", count=50
    )


async def test_404_not_found_for_zero_page(serve):
    ask = await serve(EvenNumbers)

    assert (await ask("?page=0"))["status"] == 422


async def test_404_not_found_for_invalid_page(serve):
    ask = await serve(EvenNumbers)

    assert (await ask("?page=invalid"))["status"] == 422
    problem = await ask("?page=11")
    assert (problem["status"], problem["detail"]) == (404, "Invalid page.")


async def test_unpaginated_list(serve):
    class Whole(EvenNumbers):
        page = None

    ask = await serve(Whole)

    assert [item["id"] for item in await ask("?page=2")] == list(range(2, 101, 2))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", page(range(1, 6), previous=None, next="/?page=2", count=100)),
        ("?page=2", page(range(6, 11), previous="/", next="/?page=3", count=100)),
        ("?page=last", page(range(96, 101), previous="/?page=19", next=None, count=100)),
    ],
    ids=["no_page_number", "second_page", "last_page"],
)
async def test_no_page_number_and_second_page_and_last_page(serve, query, found):
    ask = await serve(Numbers)

    assert await ask(query) == found


async def test_invalid_page(serve):
    ask = await serve(Numbers)

    assert [(await ask(f"?page={page}"))["status"] for page in ("invalid", "21")] == [422, 404]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (
            "?limit=5",
            page(range(1, 6), previous=None, next="/?limit=5&offset=5", count=100),
        ),
        (
            "?limit=5&offset=1",
            page(range(2, 7), previous="/?limit=5", next="/?limit=5&offset=6", count=100),
        ),
        (
            "?limit=5&offset=5",
            page(range(6, 11), previous="/?limit=5", next="/?limit=5&offset=10", count=100),
        ),
        (
            "?limit=5&offset=10",
            page(
                range(11, 16), previous="/?limit=5&offset=5", next="/?limit=5&offset=15", count=100
            ),
        ),
        (
            "?limit=5&offset=95",
            page(range(96, 101), previous="/?limit=5&offset=90", next=None, count=100),
        ),
        (
            "?limit=5&offset=1000",
            page([], previous="/?limit=5&offset=995", next=None, count=100),
        ),
        (
            "",
            page(range(1, 11), previous=None, next="/?limit=10&offset=10", count=100),
        ),
    ],
    ids=[
        *("no_offset", "single_offset", "first_offset", "middle_offset"),
        *("ending_offset", "erronous_offset", "default_limit"),
    ],
)
async def test_limit_and_offset(serve, query, found):
    ask = await serve(Offsets)

    assert await ask(query) == found


@pytest.mark.parametrize("query", ["offset=invalid", "limit=invalid", "limit=0", "limit=20"])
async def test_invalid_offset_and_invalid_limit_and_zero_limit_and_max_limit(serve, query):
    ask = await serve(Offsets)

    assert (await ask(f"?{query}"))["status"] == 422


class Created(msgspec.Struct):
    id: int
    created: int


# As in DRF: so many alike that some fill more than a page.
TIES = [1, 1, 1, 1, 1, 1, 2, 3, 4, 4, 4, 4, 5, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 9, 9, 9, 9, 9, 9]


class Cursors(ReadOnlyViewSet[Created, int]):
    repository = MemoryRepository(
        Created, [Created(id, created) for id, created in enumerate(TIES, 1)]
    )
    page = Cursor
    page_size = 5
    max_page_size = 20
    ordering = ("created",)
    ordering_fields = ("created", "id")


async def test_invalid_cursor(serve):
    ask = await serve(Cursors)

    problem = await ask("?cursor=123")

    assert (problem["status"], problem["detail"]) == (400, "Invalid cursor.")


@pytest.mark.parametrize("size", [1, 3, 5, 20])
@pytest.mark.parametrize("ordering", ["created", "-created", "-created,-id", "-id"])
async def test_cursor_pagination(serve, size, ordering):
    ask = await serve(Cursors)
    pages = [await ask(f"?page_size={size}&ordering={ordering}")]
    while pages[-1]["next"]:
        pages.append(await ask(_absolute(ask, pages[-1]["next"])))
    back = [pages[-1]]
    while back[-1]["previous"]:
        back.append(await ask(_absolute(ask, back[-1]["previous"])))

    forward = [id for page in pages for id in page["results"]]
    signs = [-1 if key[0] == "-" else 1 for key in ordering.split(",")]
    rows = [(TIES[id - 1], id) for id in forward]
    keyed = rows if "created" in ordering else [(row[1],) for row in rows]
    signs = signs if len(signs) == len(keyed[0]) else [*signs, 1]

    assert sorted(forward) == list(range(1, len(TIES) + 1))
    signed = [tuple(sign * part for sign, part in zip(signs, key, strict=True)) for key in keyed]
    assert all(one < other for one, other in pairwise(signed))
    assert [page["results"] for page in back] == [page["results"] for page in pages[::-1]]


def _absolute(ask, link):
    """Return the query of a link, which ``ask`` has shortened."""
    return link.removeprefix("/")


class Emptied(Cursors):
    """Serves nothing to those who ask for it."""

    def scope(self):
        return where(id=0) if self.request.query.get("empty") else ()


async def test_cursor_pagination_current_page_empty_forward(serve):
    ask = await serve(Emptied)
    first = await ask()

    empty = await ask(first["next"].removeprefix("/") + "&empty=1")

    assert (empty["results"], empty["next"]) == ([], None)
    last = await ask(empty["previous"].removeprefix("/").replace("empty=1", ""))
    assert last["results"] == [27, 28, 29, 30, 31]


async def test_cursor_pagination_current_page_empty_reverse(serve):
    ask = await serve(Emptied)
    second = await ask((await ask())["next"].removeprefix("/"))

    empty = await ask(second["previous"].removeprefix("/") + "&empty=1")

    assert (empty["results"], empty["previous"]) == ([], None)
    first = await ask(empty["next"].removeprefix("/").replace("empty=1", ""))
    assert first["results"] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("query", "found"), [("", 5), ("?page_size=20", 20), ("?page_size=3", 3)])
async def test_cursor_pagination_with_page_size(serve, query, found):
    ask = await serve(Cursors)

    assert len((await ask(query))["results"]) == found


@pytest.mark.parametrize("size", [100, 0, -5])
async def test_cursor_pagination_with_page_size_over_limit_zero_and_negative(serve, size):
    ask = await serve(Cursors)

    assert (await ask(f"?page_size={size}"))["status"] == 422


async def test_use_with_ordering_filter(serve):
    ask = await serve(Cursors)

    first = await ask("?ordering=-created")

    assert first["results"] == [26, 27, 28, 29, 30]
    assert "ordering=-created" in first["next"]


@pytest.mark.parametrize(
    ("style", "fields"),
    [
        (LimitOffset, ["count", "next", "previous", "results"]),
        (PageNumber, ["count", "next", "previous", "results"]),
        (Cursor, ["count", "next", "previous", "results"]),
    ],
)
def test_get_paginated_response_schema(style, fields):
    """That of an application's document is tested with the documents."""
    _, schemas = msgspec.json.schema_components([style.answer[Number]])

    [schema] = [item for name, item in schemas.items() if "Page" in name]
    assert sorted(schema["properties"]) == fields
    assert schema["required"] == ["results"]
    assert schema["properties"]["results"]["items"] == {"$ref": "#/$defs/Number"}
