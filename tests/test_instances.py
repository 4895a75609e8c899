import sys
import types
from typing import ClassVar

import msgspec
import pytest

from webkit.application import UNITS, create_app
from webkit.config import Config, Settings, load
from webkit.exceptions import ConfigurationError
from webkit.instances import label_of
from webkit.services import BaseService, service_of
from webkit.testing import APIClient
from webkit.units import Unit


class PoolConfig(msgspec.Struct, frozen=True):
    size: int = 5


class PoolService(BaseService):
    """A pool of connections."""


class MailService(BaseService):
    pool: PoolService


class VisitService(BaseService):
    mail: MailService

    def __init__(self, unit):
        super().__init__(unit)
        self.early = self.mail.pool  # annotations are filled by now


def _unit(name, *services, **options):
    return Unit({"name": name}, services=services, **options)


def _app(*units):
    config = Config(settings=Settings(), environment="local", origins={})
    return create_app(config=config, units=units)


def _problems(*units):
    with pytest.raises(ConfigurationError) as caught:
        _app(*units)
    return list(caught.value.problems)


# -- finding ------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_annotations_are_filled_in_whatever_order_the_units_stand(order):
    units = [_unit("visits", VisitService), _unit("mail", MailService), _unit("pool", PoolService)]

    app = _app(*(units[index] for index in order))

    visits = service_of(app, VisitService)
    assert visits.mail is service_of(app, MailService)
    assert visits.early is service_of(app, PoolService)


def test_services_stand_in_the_order_of_their_unit():
    app = _app(_unit("all", VisitService, PoolService, MailService))

    names = [label_of(service) for service in app[UNITS]["all"].services]

    assert names == ["all.VisitService", "all.PoolService", "all.MailService"]


def test_a_constructor_may_take_nothing_and_a_value_of_the_class_stays():
    class Plain(BaseService):
        pool: PoolService = None
        count: int

        def __init__(self):
            self.name = self.unit.name

    app = _app(_unit("plain", Plain))

    assert service_of(app, Plain).name == "plain"
    assert service_of(app, Plain).pool is None


def test_a_unit_uses_its_own_where_several_have_one():
    app = _app(_unit("mail", MailService, PoolService), _unit("pool", PoolService))

    units = app[UNITS]

    assert units["mail"].services[0].pool is units["mail"].services[1]
    assert units["pool"].connect(PoolService) is units["pool"].services[0]


def test_others_are_told_that_there_are_several():
    with pytest.raises(ConfigurationError) as caught:
        service_of(_app(_unit("one", PoolService), _unit("two", PoolService)), PoolService)

    assert caught.value.problems == (
        f"service {__name__}.PoolService: it may be one.PoolService and two.PoolService."
        " Ask for the class of one",
    )


def test_what_is_missing_is_named_with_who_needs_it():
    assert _problems(_unit("visits", VisitService), _unit("mail", MailService)) == [
        f"mail.MailService: service {__name__}.PoolService: no unit has it."
        " Name it in `services` of a unit"
    ]


def test_a_unit_that_is_not_in_the_list_is_found_by_its_module(monkeypatch):
    package = types.ModuleType("pool_of_test")
    monkeypatch.setitem(sys.modules, "pool_of_test", package)
    monkeypatch.setattr(PoolService, "__module__", "pool_of_test.services")
    package.export = _unit("pool", PoolService)

    assert _problems(_unit("mail", MailService)) == [
        "mail.MailService: service pool_of_test.services.PoolService: no unit has it."
        " Add 'pool_of_test' to the units"
    ]


def test_what_is_no_service_cannot_be_connected():
    class Wrong(BaseService):
        def __init__(self, unit):
            super().__init__(unit)
            self.connect(dict)

    assert _problems(_unit("wrong", Wrong)) == [
        "wrong.Wrong: <class 'dict'> is no service. Name a class of BaseService"
    ]


def test_an_annotation_that_cannot_be_read_is_a_mistake():
    class Wrong(BaseService):
        mail: "Nowhere"  # noqa: F821  # that is the point

    assert _problems(_unit("wrong", Wrong))[0].endswith(
        "its annotations cannot be read: name 'Nowhere' is not defined"
    )


def test_a_circle_is_shown_whole():
    class One(BaseService):
        def __init__(self, unit):
            super().__init__(unit)
            self.connect(Two)

    class Two(BaseService):
        other: One

    class Third(BaseService):
        other: Two

    assert _problems(_unit("c", Third), _unit("a", One), _unit("b", Two)) == [
        "b.Two → a.One → b.Two: they need each other. Let one of them connect when it is asked"
    ]


def test_an_error_of_a_constructor_says_who_was_made():
    class Broken(BaseService):
        def __init__(self, unit):
            raise LookupError("no such file")

    with pytest.raises(LookupError) as caught:
        _app(_unit("broken", Broken))

    assert caught.value.__notes__ == ["while broken.Broken was made"]


# -- integrating --------------------------------------------------------------------------------


class Uses(BaseService):
    changes: ClassVar = {}

    def __init__(self, unit):
        super().__init__(unit)
        self.pool = self.integrate(PoolService, **self.changes)


def _pool(**options):
    return _unit("pool", PoolService, config=PoolConfig, **options)


def test_what_is_integrated_has_the_configuration_of_its_own_unit():
    app = _app(_unit("uses", Uses), _pool())

    pool = service_of(app, Uses).pool

    assert pool.config.size == 5
    assert pool.config is service_of(app, PoolService).config


def test_and_changes_to_it(monkeypatch):
    monkeypatch.setattr(Uses, "changes", {"size": 9})
    app = _app(_unit("uses", Uses), _pool())

    assert service_of(app, Uses).pool.config.size == 9
    assert service_of(app, PoolService).config.size == 5


def test_a_change_of_what_is_not_there_is_a_mistake(monkeypatch):
    monkeypatch.setattr(Uses, "changes", {"sise": 9})

    problems = _problems(_unit("uses", Uses), _pool())

    assert len(problems) == 1
    assert problems[0].startswith("uses.Uses integrates pool.PoolService: ")
    assert "sise" in problems[0]


def test_integrating_twice_gives_two():
    class Twice(BaseService):
        def __init__(self, unit):
            super().__init__(unit)
            self.pools = [self.integrate(PoolService), self.integrate(PoolService)]

    app = _app(_unit("twice", Twice), _pool())

    one, two = service_of(app, Twice).pools
    assert one is not two
    assert app[UNITS]["twice"].integrated == [one, two]


def test_what_no_unit_has_cannot_be_integrated():
    assert "no unit has it" in _problems(_unit("uses", Uses))[0]


def test_a_service_that_integrates_itself_has_no_end():
    class Endless(BaseService):
        def __init__(self, unit):
            super().__init__(unit)
            self.integrate(Endless)

    assert _problems(_unit("a", Endless)) == [
        "a.Endless → a.Endless: they need each other. Let one of them connect when it is asked"
    ]


async def test_after_the_start_it_is_too_late_to_integrate():
    app = _app(_unit("uses", Uses), _pool())

    async with APIClient(app):
        with pytest.raises(RuntimeError, match=r"uses.Uses integrates pool.PoolService too late"):
            service_of(app, Uses).integrate(PoolService)


# -- connecting late ----------------------------------------------------------------------------


async def test_connecting_to_what_has_not_started_is_a_warning(caplog):
    class Hasty(BaseService):
        async def on_startup(self):
            self.pool = self.connect(PoolService)

    app = _app(_unit("hasty", Hasty), _pool())
    async with APIClient(app):
        assert service_of(app, Hasty).pool is service_of(app, PoolService)

    assert [record.getMessage() for record in caplog.records if "hasty" in record.name] == [
        "hasty.Hasty connects to pool.PoolService, which has not started yet."
        " Annotate the class with it, and it starts first"
    ]


async def test_connecting_to_what_has_started_is_none(caplog):
    class Late(BaseService):
        async def on_startup(self):
            self.pool = self.connect(PoolService)

    async with APIClient(_app(_pool(), _unit("late", Late))):
        pass

    assert [record for record in caplog.records if "late" in record.name] == []


# -- switched off -------------------------------------------------------------------------------


def test_a_section_may_say_that_a_unit_has_no_services(tmp_path):
    (tmp_path / "webkit.toml").write_text("[pool]\nservices_enable = false\n")
    config = load(Settings, root=tmp_path, environ={"ENVIRONMENT": "local"})

    app = create_app(config=config, units=[_pool()])

    assert app[UNITS]["pool"].services == []
