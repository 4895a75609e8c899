"""What every repository has from webkit: its place in an application, and its answers."""

import gc
import weakref

import pytest
from aiohttp import web

from webkit.application import create_app
from webkit.exceptions import APIException, Conflict
from webkit.repositories import PerApplication, at_index, taken
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


class Counter(PerApplication):
    count = 0

    def bound_to(self, app):
        return type(self)()


class CountViewSet(BaseViewSet):
    counter = Counter()

    async def list(self) -> int:
        self.counter.count += 1
        return self.counter.count


def _app():
    router = SimpleRouter()
    router.register(CountViewSet, basename="count")
    return create_app(routes=router.routes)


async def _asked(client, path="/count/"):
    return await (await client.get(path)).json()


async def test_two_applications_share_nothing(aiohttp_client):
    one, other = await aiohttp_client(_app()), await aiohttp_client(_app())

    assert [await _asked(one), await _asked(one), await _asked(other)] == [1, 2, 1]


async def test_what_is_mounted_in_an_application_shares_what_it_has(aiohttp_client):
    app = _app()
    app.add_subapp("/v2", _app())
    client = await aiohttp_client(app)

    assert [await _asked(client), await _asked(client, "/v2/count/")] == [1, 2]


async def test_a_test_reaches_what_an_application_has(aiohttp_client):
    app = _app()
    await _asked(await aiohttp_client(app))

    assert CountViewSet.counter.of(app).count == 1


def test_outside_of_a_request_it_is_the_definition():
    assert CountViewSet().counter is CountViewSet.counter is vars(CountViewSet)["counter"]


def test_an_application_that_goes_away_takes_its_own_with_it():
    app, counter = web.Application(), Counter()
    gone = weakref.ref(counter.of(app))

    del app
    gc.collect()

    assert gone() is None


def test_what_does_not_say_how_to_make_another_cannot_be_used():
    with pytest.raises(NotImplementedError):
        PerApplication().of(web.Application())


def test_a_conflict_names_the_field():
    error = taken("name")

    assert isinstance(error, Conflict)
    assert error.detail == "There is one with this name already."
    assert error.errors == [{"pointer": "#/name", "detail": error.detail, "code": "unique"}]


def test_a_conflict_names_every_field_that_has_a_part_in_it():
    error = taken("artist", "title")

    assert error.detail == "There is one with this artist and title already."
    assert [item["pointer"] for item in error.errors] == ["#/artist", "#/title"]


def test_an_answer_about_one_of_many_says_which():
    with pytest.raises(Conflict) as caught, at_index(3):
        raise taken("name")

    assert caught.value.errors[0]["pointer"] == "#/3/name"


def test_an_answer_without_a_pointer_passes_as_it_is():
    with pytest.raises(APIException) as caught, at_index(3):
        raise APIException(errors=[{"parameter": "page"}])

    assert caught.value.errors == [{"parameter": "page"}]
