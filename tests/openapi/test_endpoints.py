import pytest
from aiohttp import web

from webkit.exceptions import ConfigurationError
from webkit.openapi.endpoints import check_docstrings, endpoints_of


async def _handler(request): ...


async def _broken(request):
    """---
    tags: 1
    """


class _View(web.View):
    async def post(self):
        """Take something."""

    async def get(self):
        """Show something."""

    async def head(self): ...


def _shown(routes):
    return [(endpoint.method, endpoint.path) for endpoint in endpoints_of(routes)]


def test_routes_are_told_of_in_their_order(route):
    routes = [route(_handler, "/b"), route(_handler, "/a"), route(_handler, "/a", method="POST")]

    assert _shown(routes) == [("GET", "/b"), ("GET", "/a"), ("POST", "/a")]


def test_hidden_routes_are_left_out(route):
    assert _shown([route(_handler, hidden=True)]) == []


def test_head_is_left_out_beside_get_and_any_alone(route):
    routes = [
        route(_handler, "/a"),
        route(_handler, "/a", method="HEAD"),
        route(_handler, "/b", method="*"),
        route(_handler, "/b", method="HEAD"),
        route(_handler, "/c", method="HEAD"),
    ]

    assert _shown(routes) == [("GET", "/a"), ("GET", "/b"), ("HEAD", "/c")]


def test_methods_that_openapi_does_not_know_are_left_out(route):
    assert _shown([route(_handler, method="CONNECT"), route(_handler, method="PURGE")]) == []


def test_any_method_is_documented_as_get(route):
    assert _shown([route(_handler, method="*")]) == [("GET", "/")]


def test_a_class_based_view_is_documented_by_its_methods(route):
    endpoints = endpoints_of([route(_View, method="*")])

    assert [(found.method, found.docs.summary) for found in endpoints] == [
        ("GET", "Show something."),
        ("POST", "Take something."),
    ]


def test_a_class_based_view_under_one_method_is_documented_by_that_method(route):
    assert _shown([route(_View, method="POST"), route(_View, method="PUT")]) == [("POST", "/")]


def test_variables_are_the_names_in_the_path(route):
    (endpoint,) = endpoints_of([route(_handler, "/polls/{question_id}/choices/{id}")])

    assert endpoint.variables == ("question_id", "id")


def test_paths_that_differ_in_the_names_of_variables_become_one(route):
    routes = [route(_handler, "/polls/{id}"), route(_handler, "/polls/{slug}", method="POST")]

    assert _shown(routes) == [("GET", "/polls/{id}"), ("POST", "/polls/{id}")]


def test_two_patterns_under_one_method_keep_their_names(route):
    routes = [route(_handler, "/polls/{id}"), route(_handler, "/polls/{slug}")]

    assert _shown(routes) == [("GET", "/polls/{id}"), ("GET", "/polls/{slug}")]


def test_a_path_met_twice_is_documented_by_the_first(route):
    async def other(request): ...

    (endpoint,) = endpoints_of([route(_handler), route(other)])

    assert endpoint.function is _handler


def test_docstrings_are_checked_without_a_document(route):
    with pytest.raises(ConfigurationError, match="tags is a list, not 1"):
        check_docstrings([route(_handler), route(_broken, "/broken")])


def test_docstrings_of_hidden_routes_are_not_checked(route):
    check_docstrings([route(_broken, hidden=True)])
