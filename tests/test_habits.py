"""What people write in a viewset by habit, or by a slip."""

from typing import Annotated

import pytest

from webkit.contracts import HttpParams, takes
from webkit.decorators import action
from webkit.endpoints import endpoint
from webkit.habits import detail_problems, habit_problems
from webkit.handlers import plan
from webkit.parameters import Query
from webkit.permissions import IsAuthenticated
from webkit.viewsets import BaseViewSet


def problems(**names):
    return list(habit_problems(type("Shop", (BaseViewSet,), names), BaseViewSet))


async def _method(self): ...


async def _marked(self): ...


def _needs(self, shelf): ...


def _has_default(self, shelf=None): ...


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("permission_classes", "permissions"),
        ("authentication_classes", "authentication"),
        ("throttle_classes", "throttles"),
        ("pagination_class", "page"),
        ("filterset_fields", "filters, with a model"),
        ("lookup_value_regex", "lookup_regex"),
        ("get_permissions", "action_permissions"),
        ("get_queryset", "scope() of a ResourceViewSet"),
    ],
)
def test_a_name_of_drf_that_would_mean_nothing_is_told(name, advice):
    assert problems(**{name: ()}) == [f"{name!r} means nothing here. Write {advice}"]


def test_a_name_in_a_base_class_is_told_too():
    base = type("Base", (BaseViewSet,), {"permission_classes": (IsAuthenticated,)})

    assert len(list(habit_problems(type("Shop", (base,), {}), BaseViewSet))) == 1


@pytest.mark.parametrize(
    ("name", "near"),
    [("destory", "destroy"), ("lst", "list"), ("retreive", "retrieve"), ("details", "detail")],
)
def test_a_slip_in_the_name_of_an_action_is_told(name, near):
    assert problems(**{name: _method}) == [
        f"{name!r} is not served. Call it {near!r}, mark it with @action, or begin its name with an"
        " underscore"
    ]


@pytest.mark.parametrize(
    "names",
    [
        {"list": _method, "_details": _method, "helper": _method, "lists": 3},
        {"details": action()(_marked)},
        {"__init__": _has_default, "serializer_class": None},
    ],
    ids=["methods", "an action", "an initializer"],
)
def test_what_is_meant_is_no_slip(names):
    assert problems(**names) == []


@pytest.mark.parametrize("name", ["request", "action", "basename", "kwargs", "reverse"])
def test_an_action_is_not_called_like_an_attribute(name):
    async def method(self): ...

    assert problems(**{name: action()(method)}) == [
        f"{name!r} is an attribute of every viewset. Give the action another name"
    ]


@pytest.mark.parametrize("decorated", [action("post"), action(property(_needs))])
def test_an_action_that_is_no_method_is_told(decorated):
    assert problems(top=decorated) == [
        "'top' is a decorator, and no method. Write @action(...) above an `async def`"
    ]


def test_an_endpoint_in_a_viewset_is_told():
    assert problems(top=endpoint(_method)) == [
        "'top': @endpoint is for functions outside of a viewset. Write @action"
    ]


async def _lends(self, id: int) -> None: ...


async def _may_lend(self, id: int = 0) -> None: ...


async def _finds(self, id: Annotated[int, Query()]) -> None: ...


@takes(query=HttpParams)
async def _is_given(self, query): ...


@pytest.mark.parametrize(
    ("function", "field", "count"),
    [
        (_lends, "id", 1),
        (_lends, "slug", 0),
        (_may_lend, "id", 0),
        (_finds, "id", 0),
        (_is_given, "query", 0),
    ],
)
def test_an_id_that_the_path_does_not_have_is_told(function, field, count):
    cls = type("Shop", (BaseViewSet,), {"top": function, "lookup_field": field})

    found = list(detail_problems(cls, plan(cls, "top", variables=(), method="GET")))

    assert found == count * [
        "the path has no 'id'. Write @action(detail=True), or say that it is a parameter of the"
        " query: id: Annotated[..., Query()]"
    ]


def test_an_instance_is_made_without_arguments():
    assert problems(__init__=_needs) == [
        "an instance is made for each request, with no arguments. Give __init__ defaults"
    ]
