"""The answers of a viewset to exceptions that mean something to it."""

import re

import pytest
from aiohttp import web

from webkit.application import create_app
from webkit.exceptions import APIException, ConfigurationError, NotFound, ValidationError
from webkit.rescues import rescue_of
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


async def missing(request, error):
    return web.json_response({"missing": str(error)}, status=410)


async def lookup(request, error):
    return web.json_response({"lookup": str(error)}, status=411)


async def any_answer(request, error):
    return web.json_response({"detail": error.detail, "codes": [e["code"] for e in error.errors]})


class Rescued(BaseViewSet):
    exception_handlers = {LookupError: lookup, KeyError: missing, APIException: any_answer}  # noqa: RUF012  (nobody changes it)

    async def list(self, kind: str = "") -> str:
        raise {"key": KeyError, "index": IndexError, "not": NotFound, "value": ValueError}[kind](
            "x"
        )

    async def create(self, body: dict[str, int]) -> str:
        return "made"

    async def detail(request):
        raise KeyError("seed")


class Inherits(Rescued):
    pass


class Resets(Rescued):
    exception_handlers = {}  # noqa: RUF012  (nobody changes it)


@pytest.fixture
def serve(aiohttp_client):
    async def serve(viewset=Rescued):
        router = SimpleRouter()
        router.register(viewset, basename="r")
        return await aiohttp_client(create_app(routes=router.routes))

    return serve


@pytest.mark.parametrize("viewset", [Rescued, Inherits])
@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("key", 410, {"missing": "'x'"}),
        ("index", 411, {"lookup": "x"}),
        ("not", 200, {"detail": "x", "codes": []}),
    ],
)
async def test_the_nearest_class_answers(serve, viewset, kind, status, body):
    client = await serve(viewset)

    answer = await client.get(f"/r/?kind={kind}")

    assert (answer.status, await answer.json()) == (status, body)


async def test_what_is_not_named_goes_on(serve):
    client = await serve()

    assert (await client.get("/r/?kind=value")).status == 500


async def test_what_is_wrong_with_a_request_can_be_answered_too(serve):
    client = await serve()

    answer = await client.post("/r/", json={"a": "x"})

    assert await answer.json() == {"detail": ValidationError.detail, "codes": ["type"]}


async def test_a_method_of_the_request_alone_is_rescued_too(serve):
    client = await serve()

    answer = await client.get("/r/1/")

    assert (answer.status, await answer.json()) == (410, {"missing": "'seed'"})


async def test_a_subclass_may_have_none(serve):
    client = await serve(Resets)

    assert (await client.get("/r/?kind=key")).status == 500
    assert rescue_of(Resets) is None
    assert rescue_of(None) is None


def test_what_cannot_be_is_refused_at_start_up():
    class Wrong(BaseViewSet):
        exception_handlers = {int: missing, "KeyError": missing, KeyError: print}  # noqa: RUF012  (nobody changes it)

        async def list(self) -> str:
            return ""

    router = SimpleRouter()
    router.register(Wrong)

    with pytest.raises(ConfigurationError) as caught:
        create_app(routes=router.routes)

    assert [
        re.sub(r"^Wrong: exception_handlers: ", "", line) for line in caught.value.problems
    ] == [
        "<class 'int'> is no class of exceptions",
        "'KeyError' is no class of exceptions",
        "KeyError: builtins.print is not written `async def`",
    ]


async def only_the_error(error): ...


def test_answers_stand_in_a_mapping():
    viewset = type("Odd", (), {"exception_handlers": [KeyError]})

    with pytest.raises(ConfigurationError, match=r"\] is no mapping. Write {KeyErr"):
        rescue_of(viewset)


def test_an_answer_takes_the_request_and_the_error():
    viewset = type("Odd", (), {"exception_handlers": {KeyError: only_the_error}})

    with pytest.raises(ConfigurationError) as caught:
        rescue_of(viewset)

    assert caught.value.problems == (
        "Odd: exception_handlers: KeyError: tests.test_rescues.only_the_error does not take the"
        " request and the error",
    )
