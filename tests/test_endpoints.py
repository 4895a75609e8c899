"""Bare functions and views that are compiled for the routes that they serve."""

import collections.abc
import re
from collections.abc import Sequence
from typing import Annotated

import msgspec
import pytest
from aiohttp import FormData, web

from webkit.application import create_app, served_routes
from webkit.endpoints import endpoint, planner_of, planner_problems
from webkit.exceptions import ConfigurationError
from webkit.filters import Many
from webkit.middlewares import api_exception_handler
from webkit.openapi import build_document
from webkit.parameters import Form, Header, Path
from webkit.viewsets import BaseViewSet


class New(msgspec.Struct):
    name: str


@endpoint
async def show(
    id: int, q: str = "", *, x_token: Annotated[str, Header()] = ""
) -> dict[str, object]:
    """Show one."""
    return {"id": id, "q": q, "token": x_token}


@endpoint
async def create(new: New, request: web.Request) -> New:
    return New(f"{new.name} by {request.method}")


@endpoint
async def lost(what) -> None: ...


@endpoint
def not_async() -> None: ...


class ArtistViewSet(BaseViewSet):
    greeting = "hello"

    async def list(self) -> str:
        return self.greeting

    async def create(self, new: New) -> New:
        return new


URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
ROUTES = [web.get("/items/{id}", show), web.post("/items", create)]


@pytest.fixture(params=["create_app", "aiohttp alone"])
async def client(request, aiohttp_client):
    """Serve the routes from an application of webkit, and from one that knows nothing of it."""
    routes = [
        *ROUTES,
        web.get("/artists", ArtistViewSet.as_view({"get": "list"}, greeting="hi")),
        web.route("*", "/any", ArtistViewSet.as_view({"GET": "list", "post": "create"})),
    ]
    if request.param == "create_app":
        return await aiohttp_client(create_app(routes=routes))
    app = web.Application(middlewares=[api_exception_handler])
    app.add_routes(routes)
    return await aiohttp_client(app)


async def test_a_function_has_typed_parameters(client):
    answer = await client.get("/items/3?q=x", headers={"X-Token": "t"})

    assert await answer.json() == {"id": 3, "q": "x", "token": "t"}


async def test_a_function_has_a_body(client):
    answer = await client.post("/items", json={"name": "a"})

    assert (answer.status, await answer.json()) == (200, {"name": "a by POST"})


async def test_bad_input_is_explained(client):
    answer = await client.post("/items", json={})

    assert answer.status == 422
    assert [item["pointer"] for item in (await answer.json())["errors"]] == ["#/name"]


async def test_a_malformed_id_is_not_found(client):
    answer = await client.get("/items/x")

    assert answer.status == 404


async def test_a_view_serves_one_verb_with_its_own_attributes(client):
    answers = [await client.get("/artists"), await client.head("/artists")]

    assert [answer.status for answer in answers] == [200, 200]
    assert await answers[0].json() == "hi"


async def test_a_view_serves_several_verbs_on_one_route(client):
    listed = await client.get("/any")
    created = await client.post("/any", json={"name": "a"})

    assert await listed.json() == "hello"
    assert (created.status, await created.json()) == (201, {"name": "a"})


async def test_a_view_refuses_other_verbs(client):
    answer = await client.delete("/any")

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, POST"


async def test_the_routes_of_functions_are_known_with_their_plans():
    app = create_app(routes=ROUTES)

    (first, second) = [route for route in served_routes(app) if not route.hidden]
    assert (first.path, first.handler.__name__, first.plan.variables) == (
        "/items/{id}",
        "show",
        ("id",),
    )
    assert second.plan.output.type is New


def test_mistakes_in_functions_are_found_at_start_up_together():
    routes = [web.get("/a", lost), web.get("/b", not_async), web.get("/c", show)]

    with pytest.raises(ConfigurationError) as caught:
        create_app(routes=routes)

    first, second = caught.value.problems
    assert first.startswith("lost (")
    assert "parameter 'what' has no annotation" in first
    assert second.startswith("not_async (")
    assert "`async def`" in second


def test_an_ordinary_handler_is_not_compiled():
    async def handler(request): ...

    assert planner_of(handler) is None


def test_an_endpoint_keeps_the_name_and_the_text_of_its_function():
    assert (show.__name__, show.__doc__) == ("show", "Show one.")


@pytest.mark.parametrize(
    ("arguments", "attributes", "message"),
    [
        ({}, {}, "as_view needs actions"),
        ({"get": "lost"}, {}, "ArtistViewSet has no attribute 'lost'"),
        ({"get": "list"}, {"colour": 1}, "ArtistViewSet has no attribute 'colour'"),
    ],
)
def test_a_view_that_cannot_be_is_refused_at_once(arguments, attributes, message):
    with pytest.raises(TypeError, match=message):
        ArtistViewSet.as_view(arguments, **attributes)


@pytest.mark.parametrize(
    ("given", "options"),
    [((), {}), (("GET",), {}), ((None,), {}), ((), {"method": "GET"}), ((show,), {}), ((1, 2), {})],
)
def test_anything_but_a_function_is_told_where_it_stands(given, options):
    @endpoint(*given, **options)
    async def wrong(): ...

    with pytest.raises(ConfigurationError) as caught:
        create_app(routes=[web.get("/a", wrong), web.get("/b", lost)])

    first, second = caught.value.problems
    assert re.fullmatch(
        r"tests/test_endpoints.py:\d+: @endpoint takes the function below it, and nothing else."
        " Write it without parentheses",
        first,
    )
    assert second.startswith("lost (")


@endpoint
async def keep(names: list[New], q: str = "") -> None: ...


def test_a_route_for_every_method_has_no_body_to_rely_on():
    with pytest.raises(ConfigurationError) as caught:
        create_app(routes=[web.route("*", "/keep", keep)])

    (problem,) = caught.value.problems
    assert problem.endswith(
        "parameter 'names': GET has no body that could fill list[New]. The route is for every"
        " method, so name those that it is for, as in web.post"
    )


def test_what_is_wrong_whatever_the_method_is_told_once():
    with pytest.raises(ConfigurationError) as caught:
        create_app(routes=[web.route("*", "/lost", lost)])

    (problem,) = caught.value.problems
    assert "parameter 'what' has no annotation" in problem
    assert "every method" not in problem


@pytest.mark.parametrize(
    ("method", "problems"),
    [("POST", ("POST /artists: the view has GET, and no POST",)), ("*", ()), ("GET", ())],
)
def test_a_view_on_a_verb_that_it_lacks_is_told(method, problems):
    view = ArtistViewSet.as_view({"get": "list"})

    assert planner_problems(planner_of(view), method, "/artists") == list(problems)


def test_a_view_of_no_verb_that_there_is_has_nothing_to_compile():
    view = ArtistViewSet.as_view({"shout": "list"})

    assert planner_problems(planner_of(view), "*", "/artists") == []


async def test_mistakes_of_routes_that_are_added_later_are_found_before_the_first_request():
    app, inner = create_app(), web.Application()
    app.router.add_get("/lost", lost)
    inner.router.add_post("/async", not_async)
    inner.router.add_route("*", "/any", show)
    app.add_subapp("/inner", inner)

    with pytest.raises(ConfigurationError) as caught:
        await web.AppRunner(app).setup()

    assert [problem.partition(" ")[0] for problem in caught.value.problems] == [
        "lost",
        "not_async",
    ]


@endpoint
async def arrays(
    ids: Sequence[int],
    tags: frozenset[str] = frozenset(),
    x_tag: Annotated[tuple[str, ...], Header()] = (),
    *,
    x_part: Annotated[Many[int], Header()] = (),
    pair: tuple[int, str] = (0, ""),
    some: list[int] = [],  # noqa: B006  # it is a new one each time
) -> dict[str, object]:
    some.append(len(some))
    return {"ids": ids, "tags": sorted(tags), "x": x_tag, "p": x_part, "pair": pair, "some": some}


@endpoint
async def form(
    ids: Annotated[collections.abc.Set[int], Form()],
    names: Annotated[list[str] | None, Form("name")] = None,
) -> dict[str, object]:
    return {"ids": sorted(ids), "names": names}


@endpoint
async def numbered(
    number: Annotated[int, Path("id"), msgspec.Meta(ge=1, description="Which one.")],
    code: Annotated[str, Path(), msgspec.Meta(pattern="^[a-z]+$")],
) -> list[object]:
    return [number, code]


@pytest.fixture
async def arrayed(aiohttp_client):
    return await aiohttp_client(
        create_app(
            routes=[
                web.get("/arrays", arrays),
                web.post("/form", form),
                web.get("/numbered/{id}/{code}", numbered),
            ]
        )
    )


async def test_several_values_of_a_name_are_an_array_of_any_kind(arrayed):
    headers = [("X-Tag", "a"), ("X-Tag", "b, c"), ("X-Part", "1, 2"), ("X-Part", "3")]

    answer = await arrayed.get("/arrays?ids=1&ids=2&tags=b&tags=a&pair=1&pair=2", headers=headers)

    assert await answer.json() == {
        "ids": [1, 2],
        "tags": ["a", "b"],
        "x": ["a", "b, c"],
        "p": [1, 2, 3],
        "pair": [1, "2"],
        "some": [0],
    }


async def test_a_default_that_can_be_changed_is_a_new_one_for_each_request(arrayed):
    answers = [await (await arrayed.get("/arrays?ids=1")).json() for _ in range(2)]

    assert [answer["some"] for answer in answers] == [[0], [0]]


async def test_every_wrong_item_of_an_array_is_told(arrayed):
    answer = await arrayed.get("/arrays?ids=1&ids=x&pair=1", headers={"X-Part": "1,x"})

    errors = (await answer.json())["errors"]
    assert [(item.get("parameter"), item.get("header")) for item in errors] == [
        ("ids", None),
        (None, "x-part"),
        ("pair", None),
    ]


async def test_several_fields_of_a_form_are_an_array(arrayed):
    answer = await arrayed.post("/form", data="ids=1&ids=2&ids=1&name=a", headers=URLENCODED)

    assert await answer.json() == {"ids": [1, 2], "names": ["a"]}


@pytest.mark.parametrize(
    ("path", "status"), [("7/abc", 200), ("0/abc", 404), ("x/abc", 404), ("7/ABC", 404)]
)
async def test_a_variable_of_the_path_may_have_constraints_and_another_name(arrayed, path, status):
    answer = await arrayed.get(f"/numbered/{path}")

    assert answer.status == status


def test_a_variable_of_the_path_is_described():
    app = create_app(routes=[web.get("/numbered/{id}/{code}", numbered)])

    document = build_document(served_routes(app), title="Shop", version="1")

    number, code = document["paths"]["/numbered/{id}/{code}"]["get"]["parameters"]
    assert number == {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "Which one.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 9999999999999999999},
    }
    assert (code["name"], code["schema"]["pattern"]) == ("code", "^[a-z]+$")


@endpoint
async def album(
    title: Annotated[str, Form()],
    photos: list[web.FileField],
    more: Sequence[web.FileField] | None = None,
) -> list[object]:
    return [title, [photo.filename for photo in photos], more and len(more)]


@pytest.fixture
async def albums(aiohttp_client):
    return await aiohttp_client(create_app(routes=[web.post("/albums", album)]))


def _form(*names):
    form = FormData({"title": "Summer"}, default_to_multipart=True)
    for name in names:
        form.add_field(name, b"...", filename=f"{name}.jpg")
    return form


async def test_several_files_of_a_name_are_a_list(albums):
    answer = await albums.post("/albums", data=_form("photos", "photos", "more"))

    assert await answer.json() == ["Summer", ["photos.jpg", "photos.jpg"], 1]


async def test_a_list_of_files_that_is_required_has_one(albums):
    answer = await albums.post("/albums", data=_form("more"))

    assert (answer.status, (await answer.json())["errors"]) == (
        422,
        [{"field": "photos", "detail": "A file is required", "code": "required"}],
    )


def test_a_list_of_files_is_documented():
    app = create_app(routes=[web.post("/albums", album)])

    document = build_document(served_routes(app), title="Shop", version="1")

    content = document["paths"]["/albums"]["post"]["requestBody"]["content"]
    schema = content["multipart/form-data"]["schema"]
    photos = schema["properties"]["photos"]
    assert (photos["type"], photos["minItems"]) == ("array", 1)
    assert photos["items"]["format"] == "binary"
    assert schema["required"] == ["title", "photos"]
