import pytest
from aiohttp import web
from msgspec import Struct

from webkit.decorators import action
from webkit.handlers import plan, plan_function
from webkit.openapi.endpoints import endpoints_of
from webkit.openapi.operations import Shared, operation_of
from webkit.openapi.problems import error_components
from webkit.openapi.schemas import Schemas
from webkit.openapi.security import SecuritySchemes
from webkit.repositories import MemoryRepository
from webkit.resources import ResourceViewSet
from webkit.viewsets import BaseViewSet


class Song(Struct):
    id: int


class TopArtistViewSet(BaseViewSet):
    async def list(self): ...
    async def retrieve(self, id): ...

    @action(detail=True)
    async def google_it(self, id): ...

    @action(method=["get", "post"], url_path="best/ever", url_name="best")
    async def best_ever(self): ...


class ViewSet(BaseViewSet):
    async def list(self): ...
    async def create(self): ...


def _operations(routes):
    errors = error_components("problem")
    shared = Shared(
        schemas=Schemas(errors["schemas"]),
        security=SecuritySchemes(),
        responses=errors["responses"],
    )
    return [operation_of(endpoint, shared) for endpoint in endpoints_of(routes)]


def _column(routes, key):
    return [operation.get(key) for operation in _operations(routes)]


@pytest.fixture
def six(actions, artists):
    """Return the operations of the six actions, by action."""
    return {
        operation["operationId"].removeprefix("artist_"): operation
        for operation in _operations(actions(artists))
    }


def test_actions_are_named_without_a_docstring(six):
    assert {name: operation["summary"] for name, operation in six.items()} == {
        "list": "List artist",
        "create": "Create artist",
        "detail": "Show artist",
        "update": "Replace artist",
        "partial_update": "Update artist",
        "destroy": "Delete artist",
    }


def test_actions_have_the_basename_for_a_tag(six):
    assert {tuple(operation["tags"]) for operation in six.values()} == {("artist",)}


def test_names_are_made_of_words(actions):
    routes = actions(TopArtistViewSet, "top-artists")

    assert _column(routes, "summary") == [
        "List top artists",
        "Best ever",
        "Best ever",
        "Show top artist",
        "Google it",
    ]
    assert _column(routes, "operationId") == [
        "top_artists_list",
        "top_artists_best_ever",
        "top_artists_best_ever",
        "top_artists_retrieve",
        "top_artists_google_it",
    ]
    assert _column(routes, "tags") == [["top-artists"]] * 5


def test_a_viewset_without_a_noun_is_called_by_its_basename(actions):
    assert _column(actions(ViewSet, "artist"), "summary") == ["List artist", "Create artist"]


def test_an_action_under_a_name_of_its_own_is_called_by_its_viewset(route):
    found = plan(TopArtistViewSet, "list", variables=(), method="GET")

    (operation,) = _operations([route(found.function, name="all", unit="music", plan=found)])

    assert operation["tags"] == ["music"]
    assert operation["operationId"] == "top_artist_list"
    assert operation["summary"] == "List top artist"


def test_an_endpoint_is_named_by_its_route_or_itself(route):
    async def add_up(a: int) -> int:
        """Add numbers up."""

    found = plan_function(add_up, variables=(), method="GET")

    first, second = _operations(
        [route(add_up, plan=found, unit="math"), route(add_up, "/b", plan=found, name="sum-up")]
    )

    assert (first["summary"], first["tags"]) == ("Add numbers up.", ["math"])
    assert [first["operationId"], second["operationId"]] == ["math_add_up", "sum_up"]


def test_the_decorator_wins_over_docstring_and_name(actions):
    class ViewSet(BaseViewSet):
        @action(summary="What fans say", tags=["fans", "music"], deprecated=True)
        async def fans(self) -> str:
            """Return the letters.

            All of them.
            """

        @action(tags=[])
        async def plain(self) -> str: ...

    fans, plain = _operations(actions(ViewSet))

    assert fans["summary"] == "What fans say"
    assert fans["description"] == "All of them."
    assert (fans["tags"], fans["deprecated"]) == (["fans", "music"], True)
    assert "tags" not in plain
    assert "deprecated" not in plain


def test_the_actions_of_a_resource_are_named_after_it(actions):
    class SongViewSet(ResourceViewSet[Song, Song, Song, int]):
        repository = MemoryRepository(Song)

    found = _operations(actions(SongViewSet, "songs"))

    assert [item["summary"] for item in found] == [
        "List songs",
        "Create song",
        "Show song",
        "Replace song",
        "Update song",
        "Delete song",
    ]
    assert not any("description" in item for item in found)


def test_a_function_is_named_after_itself(route):
    async def show_index(request): ...

    assert _operations([route(show_index, unit="api")]) == [
        {
            "tags": ["api"],
            "summary": "Show index",
            "operationId": "api_show_index",
            "responses": {
                "200": {"description": "OK"},
                "default": {"$ref": "#/components/responses/Error"},
            },
        }
    ]


def test_the_name_of_a_route_is_its_id(route, index):
    (operation,) = _operations([route(index, name="polls:vote-now", unit="polls")])

    assert operation["operationId"] == "polls_vote_now"


def test_a_function_of_the_project_has_no_tag(route, index):
    (operation,) = _operations([route(index)])

    assert "tags" not in operation
    assert operation["operationId"] == "index"


def test_a_class_based_view_is_named_by_method_and_class(route):
    class ServerStatusView(web.View):
        async def get(self): ...

    (operation,) = _operations([route(ServerStatusView, method="*")])

    assert operation["summary"] == "Get server status"
    assert operation["operationId"] == "ServerStatusView_get"


def test_a_function_without_a_name_has_an_id_all_the_same(route):
    (operation,) = _operations([route(lambda request: None)])

    assert operation["operationId"] == "_lambda_"


def test_the_docstring_wins(route):
    async def index(request):
        """Say hello.

        To **everyone**.

        ---
        tags: [greetings]
        operationId: greet
        """

    (operation,) = _operations([route(index, unit="api")])

    assert operation["summary"] == "Say hello."
    assert operation["description"] == "To **everyone**."
    assert operation["tags"] == ["greetings"]
    assert operation["operationId"] == "greet"
