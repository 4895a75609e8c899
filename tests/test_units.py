import sys
import types

import msgspec
import pytest
from aiohttp import web

from webkit.exceptions import ConfigurationError
from webkit.metadata import UnitMeta
from webkit.routers import SimpleRouter
from webkit.services import BaseService
from webkit.units import Unit, UnitConfig, path_problem, unit_of


HERE = f"{__name__}: Unit:"


async def index(request):
    """Answer nothing."""


@pytest.fixture
def module(monkeypatch):
    """Return a function that runs code as a module of the given name, and gives the module."""

    def make(name, code="export = Unit()", **names):
        made = types.ModuleType(name)
        made.Unit = Unit
        made.__dict__.update(names)
        monkeypatch.setitem(sys.modules, name, made)
        exec(code, made.__dict__)
        return made

    return make


# -- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("apps.artists", "artists"),
        ("apps.guest_book", "guest-book"),
        ("apps.guest__book", "guest-book"),
        ("apps._private", "private"),
        ("apps.GuestBook", "guestbook"),
        ("v2", "v2"),
        ("__main__", "main"),
    ],
)
def test_without_meta_a_unit_is_named_after_its_module(module, package, name):
    unit = module(package).export

    assert (unit.meta.name, unit.meta.version) == (name, "0.0.0")


def test_it_is_described_by_the_first_line_of_its_module(module):
    described = module("apps.artists", __doc__="Artists and their works.\n\nMore.").export
    silent = module("apps.works", __doc__=None).export

    assert described.meta.description == "Artists and their works."
    assert silent.meta.description == ""


def test_meta_names_it_otherwise():
    unit = Unit({"name": "visits", "version": "1.2.0", "description": "Counts visits."})

    assert unit.meta == UnitMeta(name="visits", version="1.2.0", description="Counts visits.")
    assert repr(unit) == "<Unit visits>"


@pytest.mark.parametrize("name", ["a", "7", "guest-book", "a-1-b", "x" * 50])
def test_lower_case_words_with_dashes_are_names(name):
    assert Unit({"name": name}).meta.name == name


@pytest.mark.parametrize(
    "name",
    ["", "Guest", "guest_book", "-guest", "guest-", "a--b", "a b", "käse", "a.b", "a\n", "x" * 51],
)
def test_nothing_else_is_a_name(name):
    with pytest.raises(ConfigurationError) as caught:
        Unit({"name": name})

    assert caught.value.problems == (
        f"unit name {name!r} is not lower-case words with dashes, at most 50 characters",
    )


@pytest.mark.parametrize("name", ["webkit", "core"])
def test_some_names_are_reserved(name):
    with pytest.raises(ConfigurationError, match=f"unit name '{name}' is reserved"):
        Unit({"name": name})


def test_a_module_whose_name_is_no_name_is_told_so(module):
    with pytest.raises(ConfigurationError, match="unit name 'core' is reserved"):
        module("apps.core")


@pytest.mark.parametrize(
    ("meta", "problem"),
    [
        ({}, "unit meta needs a name. It has name, version, description"),
        ({"version": "1.0.0"}, "unit meta needs a name. It has name, version, description"),
        (
            {"name": "a", "author": "b"},
            "unit meta does not know 'author'. It has name, version, description",
        ),
    ],
)
def test_meta_with_other_keys_is_refused(meta, problem):
    with pytest.raises(ConfigurationError) as caught:
        Unit(meta)

    assert caught.value.problems == (problem,)


# -- routes -------------------------------------------------------------------------------------


def test_the_routes_are_kept_in_order_as_they_were_when_the_unit_was_made():
    routes = [web.get("/b", index), web.get("/a", index)]

    unit = Unit({"name": "a"}, routes=routes)
    routes.clear()

    assert [route.path for route in unit.routes] == ["/b", "/a"]


def test_a_table_of_routes_of_aiohttp_is_taken_too():
    table = web.RouteTableDef()
    table.get("/a")(index)

    assert [route.path for route in Unit({"name": "a"}, routes=table).routes] == ["/a"]


@pytest.mark.parametrize("path", ["", "/visits", "/api/visits", "/v1.0/~me"])
def test_a_path_may_stand_before_the_routes(path):
    assert Unit({"name": "a"}, path=path).path == path
    assert path_problem(path) == ""


@pytest.mark.parametrize("path", ["visits", "/visits/", "/", "/{tenant}", "/a b", None, "/ä"])
def test_no_other_path_may(path):
    with pytest.raises(ConfigurationError) as caught:
        Unit({"name": "a"}, path=path)

    assert caught.value.problems == (
        f"{HERE} path {path!r} cannot stand before paths. Write /visits, or /api/visits",
    )


def test_a_unit_has_no_state_of_an_application():
    unit = Unit({"name": "a"})

    with pytest.raises(AttributeError):
        unit.app = web.Application()


# -- components and configuration ---------------------------------------------------------------


class VisitService(BaseService):
    """Counts."""


class VisitConfig(msgspec.Struct, frozen=True):
    visits_max: int = 14


def test_services_and_a_schema_are_recorded_as_they_are():
    unit = Unit({"name": "a"}, services=[VisitService], config=VisitConfig, degrade=True)

    assert (unit.services, unit.config, unit.degrade) == ((VisitService,), VisitConfig, True)


def test_none_stands_for_no_services():
    assert Unit({"name": "a"}, services=None).services == ()


def test_all_mistakes_in_the_arguments_are_reported_together():
    with pytest.raises(ConfigurationError) as caught:
        Unit({"name": "A"}, services=[VisitService, int, "x", VisitService], config=dict, path="a")

    assert caught.value.problems == (
        f"{HERE} services: <class 'int'> is no class of BaseService",
        f"{HERE} services: 'x' is no class of BaseService",
        f"{HERE} services: VisitService is there twice",
        f"{HERE} config: <class 'dict'> is no schema. Write a class of msgspec.Struct",
        f"{HERE} path 'a' cannot stand before paths. Write /visits, or /api/visits",
        "unit name 'A' is not lower-case words with dashes, at most 50 characters",
    )


def test_every_unit_can_be_told_the_same():
    assert UnitConfig.__struct_fields__ == (
        "path",
        "degrade",
        "debug",
        "controllers_enable",
        "services_enable",
    )


def test_meta_and_auto_meta_exclude_each_other():
    with pytest.raises(ConfigurationError, match="unit meta is given, and auto_meta too"):
        Unit({"name": "a"}, auto_meta=True)


def test_auto_meta_is_that_of_the_distribution(tmp_path, module):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "guests"\nversion = "1.5"\n')
    made = module(
        "guests", "export = Unit(auto_meta=True)", __file__=str(tmp_path / "guests/__init__.py")
    )

    assert made.export.meta == UnitMeta(name="guests", version="1.5")
    assert made.export.name == "guests"


def test_a_package_may_ship_defaults_for_its_section(tmp_path, module):
    package = tmp_path / "guests"
    package.mkdir()
    init = {"__file__": str(package / "__init__.py")}

    assert module("apps.guests", **init).export.shipped is None
    (package / "webkit.toml").touch()
    assert module("apps.guests", **init).export.shipped == package / "webkit.toml"


def test_a_module_beside_the_project_file_ships_nothing(tmp_path, module):
    (tmp_path / "webkit.toml").touch()

    assert module("main_of_test", __file__=str(tmp_path / "main.py")).export.shipped is None
    assert module("made_by_hand", __file__=None).export.shipped is None


# -- finding ------------------------------------------------------------------------------------


def test_a_unit_is_found_by_itself_by_its_module_and_by_the_name_of_that(module):
    made = module("apps_of_units.artists")

    assert unit_of(made.export) is made.export
    assert unit_of(made) is made.export
    assert unit_of("apps_of_units.artists") is made.export


def test_a_missing_module_is_named():
    with pytest.raises(ConfigurationError) as caught:
        unit_of("apps_of_nobody.artists")

    assert caught.value.problems == ("apps_of_nobody.artists: there is no module 'apps_of_nobody'",)


@pytest.mark.parametrize("code", ["", "export = 5", "export = Unit"])
def test_a_module_without_a_unit_is_told_what_to_write(module, code):
    made = module("apps_of_units.bare", code, __file__="apps_of_units/bare/__init__.py")

    with pytest.raises(ConfigurationError) as caught:
        unit_of(made)

    assert caught.value.problems == (
        "apps_of_units.bare: has no unit."
        " Write `export = Unit(...)` in apps_of_units/bare/__init__.py",
    )


def test_a_module_without_a_file_is_named_instead(module):
    made = module("apps_of_units.bare", "", __file__=None)

    with pytest.raises(ConfigurationError, match=r"`export = Unit\(...\)` in apps_of_units.bare"):
        unit_of(made)


def test_a_folder_without_an_init_is_told_so_too(tmp_path, monkeypatch):
    (tmp_path / "folder_of_units" / "bare").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(ConfigurationError, match=r"folder_of_units\.bare: has no unit"):
        unit_of("folder_of_units.bare")


def test_a_router_is_no_list_of_routes():
    with pytest.raises(ConfigurationError) as caught:
        Unit(routes=SimpleRouter())

    (problem,) = caught.value.problems
    assert problem.endswith(
        "Unit: routes: an instance of webkit.routers.SimpleRouter is no list of routes. Write"
        " router.routes"
    )
