import pytest
from aiohttp import web

from webkit.exceptions import ConfigurationError
from webkit.handlers import plan_function
from webkit.injections import Wanted, offer
from webkit.services import BaseService


class VisitService(BaseService):
    """Counts visits."""


async def count(visits: VisitService) -> dict[str, bool]:
    return {"given": visits == "the service"}


async def plain(request):
    return web.Response()


def _plan(function):
    return plan_function(function, variables=(), method="GET")


async def test_each_binding_has_what_its_finder_finds():
    wanted = []

    def find(what):
        wanted.append(what)
        return "the service"

    handler = _plan(count).bind(find)

    response = await handler(None)
    assert response.body == b'{"given":true}'
    assert wanted == [Wanted(VisitService)]


def test_two_bindings_are_two_handlers_of_one_function():
    plan = _plan(count)

    one, two = plan.bind(), plan.bind()

    assert one is not two
    assert one.__wrapped__ is two.__wrapped__ is count
    assert (one.__name__, one.__module__) == ("count", __name__)


def test_a_plan_that_needs_nothing_is_bound_to_any_router():
    assert callable(_plan(plain).bind_in(web.Application().router))


def test_one_that_needs_a_service_says_so_with_its_place():
    with pytest.raises(ConfigurationError, match=r"count \(.*only an application of create_app"):
        _plan(count).bind_in(web.Application().router)


def test_what_is_not_found_is_told_with_its_place():
    router = web.Application().router

    def find(what):
        raise ConfigurationError(["no such service", "anywhere"])

    offer(router, find)

    with pytest.raises(ConfigurationError) as caught:
        _plan(count).bind_in(router)
    assert [problem.partition(" (")[0] for problem in caught.value.problems] == ["count", "count"]
    assert caught.value.problems[1].endswith(": anywhere")
