"""Filters, orders and searches: as types of the query, as data, and applied in memory."""

import datetime as dt
import decimal
import enum
import uuid
from typing import Annotated, Literal

import msgspec
import pytest

from webkit.application import create_app
from webkit.filters import (
    Condition,
    ListQuery,
    Many,
    Order,
    Ordering,
    Rows,
    field_of,
    orders_of,
    select,
    terms_of,
    value_of,
    where,
)
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


UTC = dt.UTC
NAIVE = dt.datetime.fromisoformat("2020-01-01")


class Genre(enum.Enum):
    JAZZ = "jazz"
    SOUL = "soul"


class Artist(msgspec.Struct):
    name: str
    born: int | None = None
    tags: list[str] = []


ARTISTS = [
    Artist("Nina", 1933, ["jazz", "soul"]),
    Artist("miles", 1926, ["jazz"]),
    Artist("Ella", None),
    Artist("Aretha", 1942, ["soul"]),
]


def names(query, items=ARTISTS):
    return [item.name for item in select(items, query).items]


def fitting(**wishes):
    return names(ListQuery(conditions=where(**wishes)))


@pytest.mark.parametrize(
    ("wishes", "found"),
    [
        ({}, ["Nina", "miles", "Ella", "Aretha"]),
        ({"name": "Nina"}, ["Nina"]),
        ({"name": "nina"}, []),
        ({"born": 1926}, ["miles"]),
        ({"born": "1926"}, []),
        ({"born__exact": 1926}, ["miles"]),
        ({"born__gt": 1926}, ["Nina", "Aretha"]),
        ({"born__gte": 1926}, ["Nina", "miles", "Aretha"]),
        ({"born__lt": 1933}, ["miles"]),
        ({"born__lte": 1933}, ["Nina", "miles"]),
        ({"born__gte": 1930, "born__lt": 1940}, ["Nina"]),
        ({"born__in": [1926, 1942, 7]}, ["miles", "Aretha"]),
        ({"born__in": []}, []),
        ({"name__contains": "e"}, ["miles", "Aretha"]),
        ({"name__contains": "E"}, ["Ella"]),
        ({"name__icontains": "E"}, ["miles", "Ella", "Aretha"]),
        ({"name__iexact": "MILES"}, ["miles"]),
        ({"born__iexact": "1942"}, ["Aretha"]),
        ({"name__startswith": "mi"}, ["miles"]),
        ({"name__startswith": "Mi"}, []),
        ({"born__startswith": "19"}, ["Nina", "miles", "Aretha"]),
        ({"born__contains": 3}, ["Nina"]),
        ({"born__icontains": "4"}, ["Aretha"]),
        ({"tags__contains": "soul"}, ["Nina", "Aretha"]),
        ({"tags__contains": "sou"}, []),
        ({"born__isnull": True}, ["Ella"]),
        ({"born__isnull": False}, ["Nina", "miles", "Aretha"]),
        ({"born": None, "name": None}, ["Nina", "miles", "Ella", "Aretha"]),
    ],
)
def test_only_what_fits_every_condition_is_listed(wishes, found):
    assert fitting(**wishes) == found


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("born", ("born", "exact")),
        ("born__gte", ("born", "gte")),
        ("born__year", ("born__year", "exact")),
        ("label__name__in", ("label__name", "in")),
        ("__gte", ("", "gte")),
    ],
)
def test_a_name_is_a_field_and_an_operator_if_there_is_one_of_that_name(name, parts):
    assert field_of(name) == parts


def test_a_condition_is_plain_data():
    assert where(born__gte=3, genre__in=[Genre.JAZZ]) == (
        ("born", "gte", 3),
        Condition("genre", "in", [Genre.JAZZ]),
    )


@pytest.mark.parametrize("name", ["label__name", "label__town"])
def test_a_field_of_ones_own_comes_before_that_of_an_object_in_it(name):
    item = {"label": {"name": "Verve", "town": "New York"}, "label__name": "ECM"}
    wanted = {"label__name": "ECM", "label__town": "New York"}

    assert select([item], ListQuery(conditions=where(**{name: wanted[name]}))).items == [item]


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ((), ["Nina", "miles", "Ella", "Aretha"]),
        (("name",), ["Aretha", "Ella", "Nina", "miles"]),
        (("-name",), ["miles", "Nina", "Ella", "Aretha"]),
        (("born",), ["Ella", "miles", "Nina", "Aretha"]),
        (("-born",), ["Aretha", "Nina", "miles", "Ella"]),
        (("tags", "-name"), ["Nina", "miles", "Aretha", "Ella"]),
    ],
)
def test_none_is_lower_than_every_value(keys, found):
    assert names(ListQuery(ordering=orders_of(keys))) == found


def test_a_list_of_different_kinds_can_be_ordered():
    values = [
        *("text", 3, None, 2.5, dt.date(2020, 1, 1), NAIVE, [1], {"a": 1}),
        *(decimal.Decimal("sNaN"), float("nan"), Genre.SOUL, uuid.UUID(int=1), b"x"),
        *(
            dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=14))),
            dt.datetime.max.replace(tzinfo=UTC),
        ),
    ]

    rows = select([{"x": value} for value in values], ListQuery(ordering=orders_of(["x"])))

    found = [repr(item["x"]) for item in rows.items]
    assert found.index("3") == found.index("2.5") + 1
    assert set(found[:3]) == {"None", "nan", "Decimal('sNaN')"}


def test_orders_that_are_alike_stay_in_the_order_of_the_list():
    items = [Artist("b", 1), Artist("a", 1), Artist("c", 1)]

    assert names(ListQuery(ordering=(Order("born", True),)), items) == ["b", "a", "c"]


def test_the_first_word_on_a_field_counts():
    assert orders_of(["name", "-born", "-name", "born"]) == (
        Order("name"),
        Order("born", True),
    )


def test_a_query_gets_a_key_behind_its_ordering_once():
    query = ListQuery(ordering=orders_of(["-name"]))

    keyed = query.keyed("id")

    assert keyed.ordering == (Order("name", True), Order("id"))
    assert keyed.keyed("id") is keyed


@pytest.mark.parametrize(
    ("ordering", "after", "found"),
    [
        (["name"], ("Ella",), ["Nina", "miles"]),
        (["-name"], ("Ella",), ["Aretha"]),
        (["name"], ("F",), ["Nina", "miles"]),
        (["born", "name"], (None, "A"), ["Ella", "miles", "Nina", "Aretha"]),
        (["born", "name"], (None, "Ella"), ["miles", "Nina", "Aretha"]),
        (["-born", "name"], (1933, "Nina"), ["miles", "Ella"]),
        (["-born"], (None,), []),
    ],
)
def test_only_what_is_behind_a_place_is_listed(ordering, after, found):
    assert names(ListQuery(ordering=orders_of(ordering), after=after)) == found


@pytest.mark.parametrize(
    ("facts", "found", "total"),
    [
        ({"limit": 2}, ["Nina", "miles"], None),
        ({"limit": 2, "offset": 3}, ["Aretha"], None),
        ({"limit": 2, "offset": 9, "count": True}, [], 4),
        ({"limit": 0, "count": True}, [], 4),
        ({"offset": 3}, ["Aretha"], None),
        ({"count": True, "conditions": where(born__gte=1930), "limit": 1}, ["Nina"], 2),
        (
            {"count": True, "ordering": orders_of(["name"]), "after": ("Ella",)},
            ["Nina", "miles"],
            4,
        ),
    ],
)
def test_the_total_is_that_of_all_that_fit(facts, found, total):
    rows = select(ARTISTS, ListQuery(**facts))

    assert isinstance(rows, Rows)
    assert ([item.name for item in rows.items], rows.total) == (found, total)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        ("  ", ()),
        ("blue note", ("blue", "note")),
        ("blue,note", ("blue", "note")),
        ('"blue note" live', ("blue note", "live")),
        ('say "', ("say",)),
        ('""', ()),
        ("a a b", ("a", "b")),
    ],
)
def test_a_search_is_words_and_phrases(text, terms):
    assert terms_of(text) == terms


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("A", ["Nina", "Ella", "Aretha"]),
        ("a 19", ["Nina", "Aretha"]),
        ("a 1933", ["Nina"]),
        ("none", []),
        ("", ["Nina", "miles", "Ella", "Aretha"]),
    ],
)
def test_every_term_is_in_one_of_the_fields(search, found):
    assert names(ListQuery.of(search=search, search_fields=("name", "born"))) == found


class Wishes(msgspec.Struct, rename="camel"):
    born__gte: int | None = None
    tags: str | msgspec.UnsetType = msgspec.UNSET


def test_a_query_is_made_of_what_a_client_writes():
    query = ListQuery.of(
        Wishes(born__gte=3), ordering=["-name"], search="a b", search_fields=["name"]
    )

    assert query == ListQuery(
        conditions=(Condition("born", "gte", 3),),
        ordering=(Order("name", True),),
        search=("a", "b"),
        search_fields=("name",),
    )


def test_queries_that_differ_in_values_alone_have_one_shape():
    one = ListQuery(conditions=where(born=1), search=("a",), after=(1, None), limit=1, offset=1)
    two = ListQuery(conditions=where(born=2), search=("b",), after=(2, None), limit=9, offset=7)

    assert hash(one.shape) == hash(two.shape)
    assert one.shape == two.shape


@pytest.mark.parametrize(
    "facts",
    [
        {"conditions": where(born__gt=1)},
        {"search": ("a",)},
        {"search_fields": ("name",)},
        {"ordering": (Order("born"),)},
        {"after": (None,)},
        {"after": (1,)},
        {"limit": 1},
        {"offset": 1},
        {"count": True},
    ],
)
def test_everything_else_is_in_the_shape(facts):
    assert ListQuery(**facts).shape != ListQuery().shape


def test_a_field_is_read_from_objects_and_from_mappings():
    assert value_of(Artist("Nina"), "name") == value_of({"name": "Nina"}, "name") == "Nina"


class Query(msgspec.Struct):
    years: Many[int] = ()
    plain: list[str] = []


class ArtistViewSet(BaseViewSet):
    async def list(
        self,
        query: Query,
        ordering: Ordering[Literal["name", "-name"]] = ("name",),
        ids: Annotated[Many[int] | None, "unused"] = None,
    ) -> dict:
        return {"years": query.years, "plain": query.plain, "ordering": ordering, "ids": ids}


@pytest.fixture
async def client(aiohttp_client):
    router = SimpleRouter()
    router.register(ArtistViewSet, basename="artist")
    return await aiohttp_client(create_app(routes=router.routes))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"ordering": ["name"]}),
        ("ordering=", {"ordering": []}),
        ("ordering=-name", {"ordering": ["-name"]}),
        ("ordering=name,-name,", {"ordering": ["name", "-name"]}),
        ("ordering=name&ordering=-name", {"ordering": ["name", "-name"]}),
        ("years=1,2&years=3", {"ordering": ["name"], "years": [1, 2, 3]}),
        ("plain=a,b&plain=c", {"ordering": ["name"], "plain": ["a,b", "c"]}),
        ("ids=3,4", {"ordering": ["name"], "ids": [3, 4]}),
    ],
)
async def test_several_values_stand_in_one_text_where_the_type_says_so(client, query, found):
    answer = await client.get(f"/artist/?{query}")

    assert await answer.json() == {"years": [], "plain": [], "ids": None, **found}


async def test_an_unknown_order_is_refused_with_those_that_are_known(client):
    answer = await client.get("/artist/?ordering=name,born&years=x,1")

    assert answer.status == 422
    assert (await answer.json())["errors"] == [
        {"parameter": "years", "detail": "Expected `int`, got `str`", "code": "type"},
        {
            "parameter": "ordering",
            "detail": "Invalid enum value 'born'. Use one of 'name', '-name'",
            "code": "enum",
        },
    ]
