import pytest
from aiohttp import web

from webkit.application import UNITS, create_app
from webkit.exceptions import ConfigurationError
from webkit.services import BaseService, service_of
from webkit.units import Unit


class VisitService(BaseService):
    """Counts visits."""

    def __init__(self, unit):
        super().__init__(unit)
        self.count = 0


class SpecialVisitService(VisitService):
    """Counts them otherwise."""


def _app(*services):
    return create_app(units=[Unit({"name": "visits"}, services=services)])


def test_a_service_is_found_by_its_class():
    app = _app(VisitService)

    found = service_of(app, VisitService)

    assert type(found) is VisitService
    assert found is service_of(app, VisitService)
    assert found is app[UNITS]["visits"].services[0]


def test_two_applications_have_two():
    one, two = _app(VisitService), _app(VisitService)

    assert service_of(one, VisitService) is not service_of(two, VisitService)


def test_calling_the_class_gives_the_one_that_is_there_as_in_aioli():
    app = _app(VisitService)
    service = service_of(app, VisitService)
    service.count = 5

    assert VisitService(app[UNITS]["visits"]) is service
    assert service.count == 5


def test_a_subclass_stands_in_for_its_base():
    app = _app(SpecialVisitService)

    assert type(service_of(app, VisitService)) is SpecialVisitService


def test_the_class_itself_comes_before_its_subclasses():
    app = _app(SpecialVisitService, VisitService)

    assert type(service_of(app, VisitService)) is VisitService


def test_what_no_unit_has_is_named():
    with pytest.raises(ConfigurationError, match=r"VisitService: no unit has it\. Name it in"):
        service_of(_app(), VisitService)


def test_an_application_that_was_made_by_hand_has_none():
    with pytest.raises(KeyError):
        service_of(web.Application(), VisitService)
