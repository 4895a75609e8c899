"""DRF's tests of its filters, by their intent: row 168 of the reference.

Prefixes of search fields are not carried over, and neither are lookups through relations.
"""

import msgspec
import pytest

from webkit.application import create_app
from webkit.exceptions import ConfigurationError
from webkit.filters import terms_of
from webkit.repositories import MemoryRepository
from webkit.resources import ReadOnlyViewSet
from webkit.routers import SimpleRouter


class Row(msgspec.Struct):
    id: int
    title: str
    text: str
    secret: str = ""


# As in DRF: z abc, zz bcd, zzz cde, ...
ROWS = [
    Row(number + 1, "z" * (number + 1), "abcdefghijklmnopqrstuvwxyz"[number : number + 3])
    for number in range(10)
]
ORDERED = [Row(1, "zyx", "abc"), Row(2, "yxw", "bcd"), Row(3, "xwv", "cde")]


@pytest.fixture
def ask(aiohttp_client):
    async def ask(query, rows=ROWS, **attributes):
        class RowViewSet(ReadOnlyViewSet[Row, int]):
            repository = MemoryRepository(Row, rows)

        viewset = type("Served", (RowViewSet,), attributes)
        router = SimpleRouter()
        router.register(viewset, basename="row")
        client = await aiohttp_client(create_app(routes=router.routes))
        answer = await client.get(f"/row/?{query}")
        found = await answer.json()
        return [item["id"] for item in found["results"]] if answer.status == 200 else found

    return ask


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        ('"Hello world"', ("Hello world",)),
        ("Hello world", ("Hello", "world")),
        ("Hello,world", ("Hello", "world")),
        ("Hello, world", ("Hello", "world")),
        ('"Hello, world"', ("Hello, world",)),
        ('"Hello" , "world"', ("Hello", "world")),
        ('word1 "foo bar" word2', ("word1", "foo bar", "word2")),
        ('"unfinished', ("unfinished",)),
    ],
)
def test_keep_quoted_together_regardless_of_commas(text, terms):
    assert terms_of(text) == terms


async def test_search(ask):
    assert await ask("search=b", search_fields=("title", "text")) == [1, 2]


async def test_search_returns_same_queryset_if_no_search_fields_or_terms_provided(ask):
    assert len(await ask("search=b")) == 10
    assert len(await ask("search=", search_fields=("title",))) == 10


async def test_search_field_with_multiple_words(ask):
    assert (
        await ask("search=foo bar,baz", [Row(1, "foo", "bar baz")], search_fields=("text",)) == []
    )
    found = await ask(
        "search=foo bar,baz", [Row(1, "foo", "bar baz")], search_fields=("title", "text")
    )
    assert found == [1]


async def test_case_insensitive_search(ask):
    assert await ask("search=ABC", search_fields=("text",)) == [1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ordering=text", [1, 2, 3]),
        ("ordering=-text", [3, 2, 1]),
        ("ordering=title", [3, 2, 1]),
        ("ordering=", [3, 2, 1]),
        ("", [3, 2, 1]),
    ],
)
async def test_ordering_and_reverse_ordering_and_default_ordering(ask, query, found):
    rows, fields = ORDERED, ("title", "text")

    assert await ask(query, rows, ordering_fields=fields, ordering=("title",)) == found


@pytest.mark.parametrize("key", ["--text", "not_a_field", "text,not_a_field", "password"])
async def test_incorrecturl_extrahyphens_ordering_and_incorrectfield_ordering(ask, key):
    """DRF drops what it does not know; a client of webkit is told."""
    problem = await ask(f"ordering={key}", ORDERED, ordering_fields=("text",))

    assert problem["status"] == 422
    assert problem["errors"][0]["detail"].endswith("Use one of 'text', '-text'")


async def test_default_ordering_using_string_and_improperly_configured(ask):
    with pytest.raises(ConfigurationError, match="ordering: Row has no field 'nothing'"):
        await ask("", ordering=("nothing",))


@pytest.mark.parametrize("key", ["secret", "-secret"])
async def test_order_by_sensitive_fields_only_if_they_are_named(ask, key):
    assert (await ask(f"ordering={key}", ordering_fields=("title",)))["status"] == 422


async def test_without_ordering_fields_nothing_can_be_ordered(ask):
    assert await ask("ordering=-id", ORDERED) == [1, 2, 3]


async def test_ordering_by_several_fields(ask):
    rows = [Row(1, "b", "x"), Row(2, "a", "y"), Row(3, "a", "x")]

    assert await ask("ordering=text,-title", rows, ordering_fields=("title", "text")) == [1, 3, 2]
