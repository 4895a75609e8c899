"""What people write in a viewset by habit, or by a slip."""

import pytest

from webkit.decorators import action
from webkit.habits import habit_problems
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


def test_an_instance_is_made_without_arguments():
    assert problems(__init__=_needs) == [
        "an instance is made for each request, with no arguments. Give __init__ defaults"
    ]
