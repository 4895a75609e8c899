"""Pages."""

from itertools import chain

import msgspec
import pytest

from webkit.application import create_app
from webkit.filters import ListQuery, orders_of, where
from webkit.pagination import Cursor, CursorPage, LimitOffset, Page, PageNumber, PageStyle
from webkit.repositories import MemoryRepository
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


class Item(msgspec.Struct):
    id: int
    rank: int = 0


SEVEN = [Item(number, number % 2) for number in range(1, 8)]


class Recorded(MemoryRepository[Item]):
    """A memory repository that remembers what it was asked for."""

    asked = None

    async def list(self, query):
        self.asked = query
        return await super().list(query)


@pytest.fixture
def serve(aiohttp_client):
    async def serve(style, source=SEVEN, **wishes):
        class ItemViewSet(BaseViewSet):
            async def list(self, page: style) -> Page[Item] | CursorPage[Item] | None:
                return await page.of(source, request=self.request, **wishes)

        router = SimpleRouter()
        router.register(ItemViewSet, basename="item")
        client = await aiohttp_client(create_app(routes=router.routes))

        async def get(query=""):
            url = query if "://" in query else client.make_url(f"/item/?{query}")
            answer = await client.session.get(url)
            page = await answer.json()
            if answer.status != 200:
                return page
            page["ids"] = [item["id"] for item in page.pop("results")]
            for name in ("next", "previous"):
                if page[name] and style.size == "limit":
                    page[name] = page[name].removeprefix(str(client.make_url("/item/")))
            return page

        return get

    return serve


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("", {"ids": [1, 2, 3, 4, 5, 6, 7], "next": None, "previous": None}),
        ("limit=3", {"ids": [1, 2, 3], "next": "?limit=3&offset=3", "previous": None}),
        (
            "limit=3&offset=3",
            {"ids": [4, 5, 6], "next": "?limit=3&offset=6", "previous": "?limit=3"},
        ),
        (
            "limit=2&offset=3",
            {"ids": [4, 5], "next": "?limit=2&offset=5", "previous": "?limit=2&offset=1"},
        ),
        (
            "limit=3&offset=1",
            {"ids": [2, 3, 4], "next": "?limit=3&offset=4", "previous": "?limit=3"},
        ),
        ("limit=3&offset=6", {"ids": [7], "next": None, "previous": "?limit=3&offset=3"}),
        ("limit=3&offset=9", {"ids": [], "next": None, "previous": "?limit=3&offset=6"}),
        ("offset=6", {"ids": [7], "next": None, "previous": "?limit=50"}),
    ],
)
async def test_a_limit_and_an_offset_give_a_part_and_its_neighbours(serve, query, page):
    get = await serve(LimitOffset)

    assert await get(query) == {"count": 7, **page}


@pytest.mark.parametrize(
    ("query", "link"),
    [
        ("q=&limit=1", "?q=&limit=1&offset=1"),
        ("a=1&a=2&limit=1&offset=0", "?a=1&a=2&limit=1&offset=1"),
        ("limit=1&x=%C3%A4%26%3D", "?x=%C3%A4%26%3D&limit=1&offset=1"),
        ("%6Cimit=1&flag", "?flag&limit=1&offset=1"),
        ("&&limit=1&", "?limit=1&offset=1"),
    ],
)
async def test_links_keep_every_other_parameter(serve, query, link):
    get = await serve(LimitOffset)

    assert (await get(query))["next"] == link


async def test_links_are_what_the_client_has_asked_for(aiohttp_client, serve):
    get = await serve(PageNumber)

    page = await get("page_size=3")

    assert page["next"].startswith("http://127.0.0.1:")
    assert page["next"].endswith("/item/?page_size=3&page=2")


@pytest.mark.parametrize(
    ("query", "ids", "following", "previous"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7], None, None),
        ("page_size=3", [1, 2, 3], "?page_size=3&page=2", None),
        ("page_size=3&page=1", [1, 2, 3], "?page_size=3&page=2", None),
        ("page_size=3&page=2", [4, 5, 6], "?page_size=3&page=3", "?page_size=3"),
        ("page=3&page_size=3", [7], None, "?page_size=3&page=2"),
        ("page=last&page_size=3", [7], None, "?page_size=3&page=2"),
        ("page=last", [1, 2, 3, 4, 5, 6, 7], None, None),
    ],
)
async def test_pages_are_counted_from_one(serve, query, ids, following, previous):
    get = await serve(PageNumber)

    page = await get(query)

    assert page["ids"] == ids
    assert page["count"] == 7
    for found, wanted in ((page["next"], following), (page["previous"], previous)):
        assert found == wanted if wanted is None else found.endswith(f"/item/{wanted}")


async def test_there_is_no_page_beyond_the_end(serve):
    get = await serve(PageNumber)

    assert (await get("page=2"))["status"] == 404


@pytest.mark.parametrize("query", ["", "page=1", "page=last"])
@pytest.mark.parametrize("style", [PageNumber, LimitOffset])
async def test_the_first_page_of_nothing_is_empty(serve, style, query):
    get = await serve(style, [])

    assert await get(query) == {"count": 0, "ids": [], "next": None, "previous": None}


@pytest.mark.parametrize(
    ("style", "query", "parameter"),
    [
        (LimitOffset, "limit=x", "limit"),
        (LimitOffset, "limit=0", "limit"),
        (LimitOffset, "limit=1001", "limit"),
        (LimitOffset, "offset=-1", "offset"),
        (LimitOffset, "offset=1e99", "offset"),
        (LimitOffset, f"offset={10**30}", "offset"),
        (PageNumber, "page=0", "page"),
        (PageNumber, "page=first", "page"),
        (PageNumber, f"page={10**12}", "page"),
        (PageNumber, "page_size=-1", "page_size"),
        (Cursor, "page_size=0", "page_size"),
    ],
)
async def test_what_is_beyond_the_limits_is_refused(serve, style, query, parameter):
    get = await serve(style)

    problem = await get(query)

    assert problem["status"] == 422
    assert [error["parameter"] for error in problem["errors"]] == [parameter]


@pytest.mark.parametrize("style", [LimitOffset, PageNumber])
async def test_a_list_need_not_be_counted(serve, style):
    repository = Recorded(Item, SEVEN)
    get = await serve(style, repository, count=False)

    page = await get(f"{style.size}=3")

    assert (page["count"], page["ids"]) == (None, [1, 2, 3])
    assert page["next"]
    assert (repository.asked.count, repository.asked.limit) == (False, 4)


async def test_the_last_page_can_be_found_without_counting_for_the_client(serve):
    get = await serve(PageNumber, MemoryRepository(Item, SEVEN), count=False)

    page = await get("page=last&page_size=3")

    assert (page["count"], page["ids"], page["next"]) == (None, [7], None)


@pytest.mark.parametrize("style", [LimitOffset, PageNumber, Cursor])
async def test_a_repository_is_asked_in_an_order_without_ties(serve, style):
    repository = Recorded(Item, SEVEN)
    query = ListQuery(ordering=orders_of(["-rank"]), conditions=where(id__gt=2))
    get = await serve(style, repository, query=query)

    page = await get(f"{style.size}=3")

    assert page["ids"] == [3, 5, 7]
    assert [order.field for order in repository.asked.ordering] == ["rank", "id"]


async def test_a_sequence_has_its_own_order(serve):
    get = await serve(LimitOffset, SEVEN[::-1])

    assert (await get("limit=2"))["ids"] == [7, 6]


async def _walked(get, url, direction):
    """Follow the links from a page, and return the ids of each."""
    pages = []
    while url is not None:
        page = await get(url)
        pages.append(page["ids"])
        url = page[direction]
    return pages


@pytest.mark.parametrize("ordering", [[], ["rank"], ["-rank"], ["rank", "-id"], ["-id"]])
@pytest.mark.parametrize("source", [SEVEN, MemoryRepository(Item, SEVEN)])
async def test_a_cursor_reads_everything_once_and_back(serve, source, ordering):
    query = ListQuery(ordering=orders_of(ordering))
    get = await serve(Cursor, source, query=query)
    signs = {"rank": 1, "id": 1} | {key.lstrip("-"): -1 if key[0] == "-" else 1 for key in ordering}
    fields = [*(key.lstrip("-") for key in ordering), "id"]
    wanted = sorted(SEVEN, key=lambda item: [signs[name] * getattr(item, name) for name in fields])

    pages = await _walked(get, "page_size=2", "next")
    last = await get("page_size=2")
    while last["next"]:
        last = await get(last["next"])
    back = await _walked(get, last["previous"], "previous")

    assert list(chain.from_iterable(pages)) == [item.id for item in wanted]
    assert list(chain.from_iterable(back[::-1])) == [item.id for item in wanted][:6]


async def test_the_first_page_of_a_cursor_has_nothing_before_and_counts_nothing(serve):
    get = await serve(Cursor)

    page = await get("page_size=3&q=")

    assert page["previous"] is None
    assert "count" not in page
    assert "?q=&page_size=3&cursor=" in page["next"]


async def test_a_cursor_counts_everything_if_it_shall(serve):
    get = await serve(Cursor, count=True)

    page = await get("page_size=3")

    assert (page["count"], (await get(page["next"]))["count"]) == (7, 7)


async def test_a_cursor_passes_over_nothing_that_is_added_or_removed_meanwhile(serve):
    repository = MemoryRepository(Item, SEVEN)
    get = await serve(Cursor, repository)
    first = await get("page_size=3")

    await repository.remove(1)
    await repository.remove(3)
    await repository.add({"id": 8})

    assert await _walked(get, first["next"], "next") == [[4, 5, 6], [7, 8]]


async def test_behind_an_end_that_is_gone_the_way_back_leads_to_what_is_left(serve):
    repository = MemoryRepository(Item, SEVEN)
    get = await serve(Cursor, repository)
    first = await get("page_size=3")
    for number in range(4, 8):
        await repository.remove(number)

    empty = await get(first["next"])

    assert (empty["ids"], empty["next"]) == ([], None)
    assert (await get(empty["previous"]))["ids"] == [1, 2, 3]


async def test_before_a_beginning_that_is_gone_the_way_on_leads_to_what_is_left(serve):
    repository = MemoryRepository(Item, SEVEN)
    get = await serve(Cursor, repository)
    second = await get((await get("page_size=3"))["next"])
    for number in range(1, 4):
        await repository.remove(number)

    empty = await get(second["previous"])

    assert (empty["ids"], empty["previous"]) == ([], None)
    assert (await get(empty["next"]))["ids"] == [4, 5, 6]


@pytest.mark.parametrize("source", [SEVEN, []])
async def test_an_empty_cursor_is_the_beginning_and_a_broken_one_refused(serve, source):
    get = await serve(Cursor, source)

    assert (await get("cursor="))["ids"] == [item.id for item in source]
    assert (await get("cursor=broken"))["status"] == 400


@pytest.mark.parametrize(
    ("style", "size", "maximum", "found"),
    [
        (LimitOffset, None, None, (50, 1000)),
        (LimitOffset, 5, None, (5, 1000)),
        (LimitOffset, 5000, None, (5000, 5000)),
        (LimitOffset, None, 20, (20, 20)),
        (PageNumber, None, 100, (50, 100)),
        (PageNumber, 5, 20, (5, 20)),
        (Cursor, 30, 20, (20, 20)),
    ],
)
def test_a_style_can_have_other_sizes(style, size, maximum, found):
    sized = style.sized(size, maximum=maximum)

    schema = msgspec.json.schema(sized)["$defs"][style.__name__]["properties"][style.size]
    assert (schema["default"], schema["maximum"]) == found
    assert (schema["minimum"], schema["description"][:8]) == (1, "How many")
    assert getattr(sized(), style.size) == found[0]
    assert issubclass(sized, style)


def test_a_style_without_changes_stays_itself():
    assert LimitOffset.sized(None, maximum=None) is LimitOffset


async def test_a_style_of_ones_own_makes_its_own_pages():
    with pytest.raises(NotImplementedError):
        await PageStyle().of([], request=None)


def test_a_page_is_written_in_the_order_that_drf_has():
    assert msgspec.json.encode(Page(results=[])) == (
        b'{"count":null,"next":null,"previous":null,"results":[]}'
    )
