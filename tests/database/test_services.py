"""The service with the tables of a project, under the names that aioli has for it."""

import datetime as dt

import msgspec
import pytest
from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webkit.application import UNITS, create_app
from webkit.database import DATABASE, Model, WithID
from webkit.database.services import DatabaseService
from webkit.exceptions import APIException, ConfigurationError, Conflict, NotFound, ValidationError
from webkit.services import BaseService, service_of
from webkit.testing import APIClient
from webkit.units import Unit


class Visitor(WithID, Model):
    __tablename__ = "services_visitor"

    name: Mapped[str] = mapped_column(String(20), unique=True)
    born: Mapped[dt.date | None]
    data: Mapped[dict | None] = mapped_column(JSON())


class Visit(WithID, Model):
    __tablename__ = "services_visit"

    visitor_id: Mapped[int] = mapped_column(ForeignKey("services_visitor.id"))


class Name(msgspec.Struct):
    id: int
    name: str


class VisitorService(BaseService):
    def __init__(self, unit):
        super().__init__(unit)
        database = self.integrate(DatabaseService)
        self.visitors = database.use_model(Visitor)
        self.names = database.use_model(Visitor, Name)
        self.visits = database.use_model(Visit)
        self.database = database


def _app():
    unit = Unit({"name": "guestbook"}, services=[VisitorService])
    return create_app(units=["webkit.database.services", unit])


@pytest.fixture
async def service(open_database, kind):
    app = _app()
    app[DATABASE] = await open_database(kind, Visitor, Visit)
    async with APIClient(app):
        yield service_of(app, VisitorService)


@pytest.fixture
async def visitors(service):
    for name, year in (("Nina", 1933), ("Ella", 1917), ("Etta", None)):
        born = year and dt.date(year, 1, 1)
        await service.visitors.create({"name": name}, born=born, data={"year": year})
    return service.visitors


def _names(found):
    return [item.name for item in found]


async def test_rows_have_all_columns_or_those_of_a_struct(service, visitors):
    nina = await visitors.get_one(1)

    assert (nina.id, nina.name, nina.born) == (1, "Nina", dt.date(1933, 1, 1))
    assert nina.data == {"year": 1933}
    assert await service.names.get_one(pk=1) == Name(1, "Nina")


async def test_one_is_found_by_what_it_has(visitors):
    assert (await visitors.get_one(name="Ella")).id == 2
    with pytest.raises(NotFound):
        await visitors.get_one(name="Billie")
    with pytest.raises(APIException) as caught:
        await visitors.get_one(name__startswith="E")
    assert (caught.value.status_code, caught.value.code) == (500, "several")


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ({}, ["Nina", "Ella", "Etta"]),
        ({"sort": "name"}, ["Ella", "Etta", "Nina"]),
        ({"sort": "-born,name"}, ["Nina", "Ella", "Etta"]),
        ({"limit": 1, "offset": 1}, ["Ella"]),
        ({"query": "born__gte=1917-01-01,name__icontains=N"}, ["Nina"]),
        ({"query": "name__in=Nina|Etta"}, ["Nina", "Etta"]),
        ({"query": "born__isnull=true"}, ["Etta"]),
        ({"query": "id__lte=2", "name__contains": "ll"}, ["Ella"]),
    ],
    ids=str,
)
async def test_many_are_found_by_wishes_as_clients_write_them(visitors, wishes, expected):
    assert _names(await visitors.get_many(**wishes)) == expected


@pytest.mark.parametrize(
    ("wishes", "parameter"),
    [
        ({"sort": "-nane"}, "sort"),
        ({"query": "nane=x"}, "query"),
        ({"query": "name"}, "query"),
        ({"query": "id__gt=x"}, "query"),
    ],
    ids=str,
)
async def test_wishes_that_cannot_be_understood_are_refused(visitors, wishes, parameter):
    with pytest.raises(ValidationError) as caught:
        await visitors.get_many(**wishes)

    assert [item["parameter"] for item in caught.value.errors] == [parameter]


async def test_rows_are_counted(visitors):
    assert [await visitors.count(), await visitors.count(query="name__startswith=E")] == [3, 2]


async def test_rows_are_changed_and_removed(visitors):
    assert (await visitors.update(1, {"name": "Eunice"}, born=None)).name == "Eunice"
    etta = await visitors.get_one(3)
    assert (await visitors.update(etta, name="Etta J.")).name == "Etta J."
    await visitors.delete(etta)
    await visitors.delete(1)

    for attempt in (visitors.update(1, name="x"), visitors.delete(1)):
        with pytest.raises(NotFound):
            await attempt


async def test_what_is_taken_or_points_to_nothing_is_a_conflict(service, visitors):
    for attempt in (visitors.create(name="Nina"), service.visits.create(visitor_id=99)):
        with pytest.raises(Conflict):
            await attempt


async def test_tables_share_a_transaction(service, visitors):
    with pytest.raises(LookupError):
        async with visitors.transaction():
            billie = await visitors.create(name="Billie")
            await service.visits.create(visitor_id=billie.id)
            raise LookupError

    assert (await visitors.count(), await service.visits.count()) == (3, 0)


def test_an_application_without_a_database_is_told_so():
    service = service_of(_app(), VisitorService)

    with pytest.raises(ConfigurationError, match=r"no database\. Write \[database\]"):
        service.database.transaction()


def test_the_unit_is_called_rdbms():
    assert list(_app()[UNITS]) == ["rdbms", "guestbook"]
