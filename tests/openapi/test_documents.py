import pytest
from msgspec import Struct

from webkit.decorators import action
from webkit.exceptions import ConfigurationError
from webkit.handlers import plan_function
from webkit.openapi import build_document
from webkit.viewsets import BaseViewSet


class ArtistViewSet(BaseViewSet):
    """Artists of the label.

    Former ones too.
    """

    async def list(self): ...

    async def detail(self, id):
        """Show one artist.

        ---
        parameters:
        - {name: fields, in: query, schema: {type: string}}
        responses:
          200: {content: {application/json: {schema: {type: object}}}}
          404: {description: No such artist}
          409: {}
        """

    @action(method=["get", "post"], detail=True)
    async def vote(self, id): ...


async def _index(request): ...


async def _named(request):
    """---
    operationId: index
    """


def _ids(document):
    return [
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
    ]


def test_an_application_without_routes_has_a_document(document):
    found = document([])

    assert found["openapi"] == "3.1.0"
    assert found["info"] == {"title": "Shop", "version": "1.0"}
    assert found["paths"] == {}


def test_the_description_is_told(document):
    assert document([], description="Sells *things*")["info"]["description"] == "Sells *things*"


def test_every_route_is_in_the_document(document, actions, artists, route):
    found = document([route(_index), *actions(artists)])

    assert {path: list(item) for path, item in found["paths"].items()} == {
        "/": ["get"],
        "/artist/": ["get", "post"],
        "/artist/{id}/": ["get", "put", "patch", "delete"],
    }


def test_docstrings_are_merged_in(document, actions):
    operation = document(actions(ArtistViewSet))["paths"]["/artist/{id}/"]["get"]

    assert operation["summary"] == "Show one artist."
    assert [parameter["name"] for parameter in operation["parameters"]] == ["id", "fields"]
    assert list(operation["responses"]) == ["200", "404", "409", "default"]


@pytest.mark.parametrize("error_format", ["problem", "detail"])
def test_the_format_of_errors_is_the_settings(document, actions, error_format):
    found = document(actions(ArtistViewSet), error_format=error_format)

    assert error_format.capitalize() in found["components"]["schemas"]


def test_tags_are_told_once_with_what_the_viewset_says(document, actions, route):
    found = document(
        [
            route(_index, unit="api"),
            *actions(ArtistViewSet, "artist"),
            route(_index, "/status", unit="api"),
        ]
    )

    assert found["tags"] == [
        {"name": "api"},
        {"name": "artist", "description": "Artists of the label."},
    ]


def test_one_action_under_two_methods_has_two_ids(document, actions):
    assert _ids(document(actions(ArtistViewSet))) == [
        "artist_list",
        "artist_detail",
        "artist_vote",
        "artist_vote_post",
    ]


def test_ids_are_unique_whatever_the_names(document, route):
    routes = [route(_index, path) for path in ("/a", "/b", "/c", "/d")]

    assert _ids(document(routes)) == ["_index", "_index_get", "_index_get_2", "_index_get_3"]


def test_an_id_from_a_docstring_is_not_changed_for_a_generated_one(document, route):
    async def index(request): ...

    assert _ids(document([route(index, "/a"), route(_named, "/b")])) == ["index_get", "index"]


def test_the_document_is_the_same_every_time(document, actions):
    assert document(actions(ArtistViewSet)) == document(actions(ArtistViewSet))


def test_the_components_are_in_the_order_of_their_names(document, actions):
    class Zebra(Struct): ...

    class Ape(Struct):
        friend: Zebra

    class ZooViewSet(BaseViewSet):
        async def list(self) -> Zebra: ...
        async def create(self, ape: Ape) -> Ape: ...

    schemas = document(actions(ZooViewSet))["components"]["schemas"]

    assert list(schemas) == ["Ape", "Problem", "ProblemError", "Zebra"]


def test_a_function_with_a_plan_has_a_tag_without_a_description(document, route):
    async def add(a: int) -> int: ...

    plan = plan_function(add, variables=(), method="GET")

    found = document([route(add, unit="math", plan=plan)])

    assert found["tags"] == [{"name": "math"}]


def test_wrong_yaml_is_refused(route):
    async def index(request):
        """---
        tags: 1
        """

    with pytest.raises(ConfigurationError, match="tags is a list"):
        build_document([route(index)], title="Shop", version="1.0")
