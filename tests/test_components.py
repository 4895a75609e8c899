import logging

from webkit.application import UNITS, create_app
from webkit.components import Component, MountedUnit
from webkit.services import BaseService
from webkit.units import Unit


class MailService(BaseService):
    """Sends mail."""


class VisitService(BaseService):
    def __init__(self, unit):
        super().__init__(unit)
        self.mail = self.connect(MailService)
        self.own_mail = self.integrate(MailService)


def _mounted():
    visits = Unit({"name": "visits", "version": "1.2.0"}, services=[VisitService])
    mail = Unit({"name": "mail"}, services=[MailService])
    return create_app(units=[visits, mail])[UNITS]


def test_a_mounted_unit_has_what_aioli_gave_it():
    unit = _mounted()["visits"]

    assert isinstance(unit, MountedUnit)
    assert (unit.name, unit.meta.version) == ("visits", "1.2.0")
    assert unit.app[UNITS]["visits"] is unit
    assert unit.log is logging.getLogger("webkit.unit.visits")
    assert [type(service) for service in unit.services] == [VisitService]
    assert [type(service) for service in unit.integrated] == [MailService]
    assert unit.controllers == []
    assert repr(unit) == "<MountedUnit visits>"


def test_a_component_knows_its_unit_and_what_that_has():
    unit = _mounted()["visits"]

    service = unit.services[0]

    assert isinstance(service, Component)
    assert service.unit is unit
    assert service.app is unit.app
    assert service.log is unit.log
    assert service.config is unit.config


def test_connecting_gives_the_shared_one_and_integrating_another():
    units = _mounted()
    visits = units["visits"].services[0]

    assert visits.mail is units["mail"].services[0]
    assert visits.mail is units["visits"].connect(MailService)
    assert visits.own_mail is not visits.mail


def test_what_is_integrated_belongs_to_the_unit_that_did_it():
    units = _mounted()

    own = units["visits"].services[0].own_mail

    assert own.unit is units["visits"]
    assert own.log.name == "webkit.unit.visits"


async def test_it_starts_and_stops_without_a_word():
    service = _mounted()["mail"].services[0]

    assert await service.on_startup() is None
    assert await service.on_shutdown() is None
