"""The signatures of inherited actions."""

import inspect
from typing import Annotated, Literal, get_args

import msgspec
import pytest

from webkit.application import create_app
from webkit.exceptions import ConfigurationError
from webkit.filters import Ordering
from webkit.models import has_commas
from webkit.pagination import Cursor, CursorPage, LimitOffset, Page
from webkit.repositories import MemoryRepository
from webkit.resources import ReadOnlyViewSet, ResourceViewSet
from webkit.routers import SimpleRouter
from webkit.signatures import inherited


class Artist(msgspec.Struct, rename={"stage_name": "stageName"}):
    id: int
    name: str
    stage_name: str = ""


class NewArtist(msgspec.Struct):
    name: str


class PatchArtist(msgspec.Struct):
    name: str | msgspec.UnsetType = msgspec.UNSET


class Filters(msgspec.Struct):
    name: str | None = None


class Resource(ResourceViewSet[Artist, NewArtist, PatchArtist, int]):
    repository = MemoryRepository(Artist)


def signature(viewset, name):
    """Return the types and defaults of an action's parameters, and what it returns."""
    function = vars(viewset)[name]
    hints = dict(function.__annotations__)
    parameters = list(inspect.signature(function).parameters.values())
    assert parameters[0].name == "self"
    assert hints.keys() == {parameter.name for parameter in parameters[1:]} | {"return"}
    return {
        parameter.name: (hints[parameter.name], parameter.default)
        if parameter.default is not inspect.Parameter.empty
        else hints[parameter.name]
        for parameter in parameters[1:]
    }, hints["return"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("list", ({"page": LimitOffset}, Page[Artist])),
        ("create", ({"item": NewArtist}, Artist)),
        ("detail", ({"id": int}, Artist)),
        ("update", ({"id": int, "item": NewArtist}, Artist)),
        ("partial_update", ({"id": int, "changes": PatchArtist}, Artist)),
        ("destroy", ({"id": int}, type(None))),
    ],
)
def test_every_action_has_the_types_of_its_class(name, found):
    assert signature(Resource, name) == found


def test_the_copies_are_the_classs_own_and_have_no_docstring():
    function = vars(Resource)["list"]

    assert function.__qualname__ == "Resource.list"
    assert function.__module__ == __name__
    assert function.__doc__ == ""
    assert ReadOnlyViewSet.list.__doc__


def test_the_list_takes_what_the_attributes_name():
    class Wide(Resource):
        page = Cursor
        filters = Filters
        search_fields = ("name",)
        ordering_fields = ("name", "stage_name")

    parameters, found = signature(Wide, "list")
    search, ordering = parameters.pop("search"), parameters.pop("ordering")
    keys = Literal["name", "-name", "stageName", "-stageName"]
    assert (parameters, found) == ({"page": Cursor, "filters": Filters}, CursorPage[Artist])
    assert (get_args(search[0])[0], search[1]) == (str, "")
    assert get_args(ordering[0])[0] == get_args(Ordering[keys])[0]
    assert has_commas(ordering[0])
    assert ordering[1] == ()


@pytest.mark.parametrize(
    ("name", "text"), [("search", "in one of: stageName."), ("ordering", "`-`")]
)
def test_what_a_client_may_write_is_described(name, text):
    class Described(Resource):
        search_fields = ("stage_name",)
        ordering_fields = ("name",)

    parameters, _ = signature(Described, "list")

    assert text in get_args(parameters[name][0])[-1].description


def test_the_sizes_of_pages_are_in_the_type():
    class Small(Resource):
        page_size = 5
        max_page_size = 10

    parameters, _ = signature(Small, "list")

    assert issubclass(parameters["page"], LimitOffset)
    assert parameters["page"]().limit == 5


def test_without_pages_the_list_is_whole():
    class Whole(Resource):
        page = None

    assert signature(Whole, "list") == ({}, list[Artist])


def test_in_bulk_one_or_several_are_taken_and_returned():
    class Bulk(Resource):
        bulk = True
        max_bulk_size = 7

    several = Annotated[list[NewArtist], msgspec.Meta(max_length=7)]
    assert signature(Bulk, "create") == ({"item": NewArtist | several}, Artist | list[Artist])


def test_the_parameter_is_called_like_the_variable_of_the_path():
    class Named(Resource):
        lookup_field = "name"

    assert signature(Named, "update") == ({"name": int, "item": NewArtist}, Artist)


def test_an_action_of_ones_own_stays_as_it_is():
    class Own(Resource):
        async def list(self) -> Page[Artist]: ...

    class Inheriting(Own):
        ordering_fields = ("name",)

    assert Inheriting.list is Own.list
    assert signature(Own, "list") == ({}, Page[Artist])


def _served(viewset):
    router = SimpleRouter()
    router.register(viewset, basename="artist")
    return [(route.method, route.path) for route in router.routes]


def test_only_some_actions_may_be_served():
    class Some(Resource):
        actions = ("list", "destroy")

    assert _served(Some) == [("GET", "/artist/"), ("DELETE", "/artist/{id}/")]


def test_what_the_class_itself_defines_is_served_as_well():
    class Some(Resource):
        actions = ("list",)

        async def create(self, artist: NewArtist) -> Artist: ...

    assert _served(Some) == [("GET", "/artist/"), ("POST", "/artist/")]
    assert signature(Some, "create") == ({"artist": NewArtist}, Artist)


def test_a_subclass_may_take_actions_away_and_another_bring_them_back():
    class Own(Resource):
        async def create(self, artist: NewArtist) -> Artist: ...

    class Less(Own):
        actions = ("list",)

    class More(Less):
        actions = ("detail", "create")

    assert _served(Less) == [("GET", "/artist/")]
    assert _served(More) == [("POST", "/artist/"), ("GET", "/artist/{id}/")]
    assert signature(More, "create") == ({"artist": NewArtist}, Artist)
    assert signature(More, "detail") == ({"id": int}, Artist)


def test_retrieve_takes_the_place_of_detail():
    class Old(Resource):
        async def retrieve(self, id: int) -> Artist: ...

    assert Old.detail is None
    assert ("GET", "/artist/{id}/") in _served(Old)


def test_a_base_for_several_resources_leaves_its_types_open():
    from typing import TypeVar

    T = TypeVar("T")

    class Base(ReadOnlyViewSet[T, str]):
        page = None

    class Artists(Base[Artist]):
        repository = MemoryRepository(Artist)

    assert Base.list is ReadOnlyViewSet.list
    assert signature(Artists, "list") == ({}, list[Artist])
    assert signature(Artists, "detail") == ({"id": str}, Artist)


def _problems(viewset):
    router = SimpleRouter()
    router.register(viewset, basename="artist")
    with pytest.raises(ConfigurationError) as caught:
        create_app(routes=router.routes)
    return caught.value.problems


class NoModel:
    pass


class Closed(msgspec.Struct, forbid_unknown_fields=True):
    name: str = ""


class Lost(msgspec.Struct):
    title__gte: str = ""


_HAS = "Artist has no field 'title'. It has id, name, stage_name"


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        (
            {"actions": ("list", "retrive")},
            "actions: there is no 'retrive'. Write some of list, create, detail, update,"
            " partial_update, destroy",
        ),
        (
            {"filters": NoModel},
            "filters: NoModel is no model with fields. Use a msgspec.Struct",
        ),
        (
            {"filters": Closed},
            "filters: forbid_unknown_fields would refuse the parameters of pages. Remove it",
        ),
        ({"filters": Lost}, f"filters: {_HAS}"),
        ({"search_fields": ("title", "title")}, f"search_fields: {_HAS}"),
        ({"ordering": ("-title", "name")}, f"ordering: {_HAS}"),
        ({"ordering_fields": ("name", "title")}, f"ordering_fields: {_HAS}"),
    ],
)
def test_a_mistake_in_an_attribute_is_found_at_registration(attributes, problem):
    viewset = type("ArtistViewSet", (Resource,), attributes)

    assert f"ArtistViewSet: {problem}" in _problems(viewset)


def test_nothing_is_known_of_what_is_no_model():
    class Things(ResourceViewSet[dict, NewArtist, PatchArtist, int]):
        repository = MemoryRepository(dict)
        ordering_fields = ("whatever",)

    assert _served(Things)


def test_marking_an_action_changes_nothing_else():
    async def function(self): ...

    assert inherited(function) is function
