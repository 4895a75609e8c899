import pytest

from webkit.authentication import APIKeyAuthentication, BasicAuthentication, BearerAuthentication
from webkit.decorators import action
from webkit.permissions import IsAuthenticated
from webkit.viewsets import BaseViewSet


BEARER = BearerAuthentication(lambda token: token)


class OpenViewSet(BaseViewSet):
    async def list(self) -> str: ...


class ArtistViewSet(BaseViewSet):
    authentication = (BEARER, BasicAuthentication(lambda name, password: name))
    permissions = (IsAuthenticated,)
    throttles = ("5/min",)

    async def list(self) -> str: ...

    @action(permissions=[], throttles=[])
    async def everybody(self) -> str: ...


class KeyViewSet(BaseViewSet):
    authentication = (APIKeyAuthentication(lambda key: key),)

    async def list(self) -> str: ...


def test_an_operation_without_a_policy_has_no_security(operations, document, actions):
    assert "security" not in operations(OpenViewSet)["list"]
    assert "securitySchemes" not in document(actions(OpenViewSet))["components"]


def test_an_operation_demands_one_of_its_schemes(operations):
    assert operations(ArtistViewSet)["list"]["security"] == [{"bearer": []}, {"basic": []}]


def test_an_operation_for_everybody_demands_nothing(operations):
    assert operations(ArtistViewSet)["everybody"]["security"] == [{"bearer": []}, {"basic": []}, {}]


def test_the_refusals_of_a_policy_are_told(operations):
    found = operations(ArtistViewSet)

    assert {"401", "403", "429"} <= found["list"]["responses"].keys()
    assert "401" in found["everybody"]["responses"]
    assert not {"403", "429"} & found["everybody"]["responses"].keys()


def test_the_schemes_of_all_operations_are_components(document, actions):
    routes = [*actions(KeyViewSet, "key"), *actions(ArtistViewSet)]

    assert document(routes)["components"]["securitySchemes"] == {
        "apiKey.header.X-API-Key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        "basic": {"type": "http", "scheme": "basic"},
        "bearer": {"type": "http", "scheme": "bearer"},
    }


def test_two_schemes_of_one_name_are_two_components(document, actions):
    class Other(BearerAuthentication):
        def __init__(self):
            super().__init__(lambda token: token)
            self.security_scheme = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}

    class OtherViewSet(OpenViewSet):
        authentication = (Other(),)

    found = document([*actions(ArtistViewSet), *actions(OtherViewSet, "other")])

    assert found["paths"]["/other/"]["get"]["security"] == [{"bearer2": []}, {}]
    assert found["components"]["securitySchemes"]["bearer2"]["bearerFormat"] == "JWT"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_function_has_no_policy(document, route, index, method):
    operation = document([route(index, method=method)])["paths"]["/"][method.lower()]

    assert "security" not in operation
