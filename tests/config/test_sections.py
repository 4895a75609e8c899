"""The section of a unit, in the type of its schema."""

import msgspec
import pytest

from webkit.config import Config, Secret, Settings


class Address(msgspec.Struct, frozen=True):
    host: str
    port: int = 5432


class Guests(msgspec.Struct, frozen=True):
    """What a unit `guest-book` can be told."""

    visits_max: int = 10
    token: Secret = Secret("")
    address: Address | None = None


TOML = "[guest-book]\nvisits_max = 3\n\n[guest-book.address]\nhost = 'db'\n"


def test_without_a_section_there_are_the_defaults(project):
    section = project().section("guest-book", Guests)

    assert section.values == Guests()
    assert (section.name, section.problems, section.origins) == ("guest-book", (), {})


def test_a_section_is_read_into_its_type_and_its_origins_are_known(project):
    section = project({"webkit.toml": TOML}).section("guest-book", Guests)

    assert section.values == Guests(visits_max=3, address=Address(host="db"))
    assert section.origins == {"visits_max": "webkit.toml:2", "address.host": "webkit.toml:5"}


@pytest.mark.parametrize("name", ["guest-book", "guest_book"])
def test_a_section_may_be_written_with_dashes_or_underscores(project, name):
    config = project({"webkit.toml": f"[{name}]\nvisits_max = 3\n"})

    assert config.section("guest-book", Guests).values.visits_max == 3
    assert config.table("guest_book") == {"visits_max": 3}


def test_a_variable_wins_and_becomes_the_type_of_its_key(project):
    environ = {"GUEST_BOOK__VISITS_MAX": "4", "GUEST_BOOK__ADDRESS__PORT": "1"}

    section = project({"webkit.toml": TOML}, environ=environ).section("guest-book", Guests)

    assert section.values == Guests(visits_max=4, address=Address(host="db", port=1))
    assert section.origins["visits_max"] == "GUEST_BOOK__VISITS_MAX"


def test_a_variable_alone_satisfies_what_is_required(project):
    environ = {"GUEST_BOOK__ADDRESS__HOST": "db"}

    section = project(environ=environ).section("guest-book", Guests)

    assert section.values.address == Address(host="db")


def test_a_file_that_comes_with_the_unit_is_below_that_of_the_project(project, tmp_path):
    shipped = tmp_path / "unit.toml"
    shipped.write_text("[guest-book]\nvisits_max = 5\ntoken = 'hush'\n")
    config = project({"webkit.toml": TOML})

    section = config.section("guest-book", Guests, shipped=shipped)

    assert (section.values.visits_max, section.values.token) == (3, Secret("hush"))
    assert section.origins["token"] == f"{shipped}:3"


def test_a_file_that_comes_with_the_unit_has_its_section_alone(project, tmp_path):
    shipped = tmp_path / "unit.toml"
    shipped.write_text("[guestbook]\nvisits_max = 5\n")

    section = project().section("guest-book", Guests, shipped=shipped)

    assert section.values is None
    assert section.problems == (
        f"{shipped}:1: guestbook: unknown section. Did you mean 'guest-book'?",
    )


def test_all_mistakes_of_a_section_are_told_together(project):
    text = "[guest-book]\nvisit_max = 1\ntoken = 80618061\n\n[guest-book.address]\nport = 'x'\n"

    section = project({"webkit.toml": text}).section("guest-book", Guests)

    assert section.values is None
    assert section.problems == (
        "webkit.toml:2: guest-book.visit_max: unknown key. Did you mean 'visits_max'?",
        "webkit.toml:3: guest-book.token: the value does not fit: Expected `Secret`, got `int`",
        "webkit.toml:6: guest-book.address.port: 'x' does not fit: Expected `int`, got `str`",
        "guest-book.address.host: is missing. Set it in webkit.toml, or GUEST_BOOK__ADDRESS__HOST",
    )


def test_an_unknown_key_behind_the_prefix_of_a_section_is_a_mistake(project):
    section = project(environ={"GUEST_BOOK__VISITS": "1"}).section("guest-book", Guests)

    assert section.problems == (
        "GUEST_BOOK__VISITS: guest-book.visits: unknown key. Did you mean 'visits_max'?",
    )


def test_production_refuses_a_placeholder(project):
    section = project(environ={"GUEST_BOOK__TOKEN": "changeme"}).section("guest-book", Guests)

    assert section.values is None
    assert section.problems == (
        "guest-book.token: is a placeholder in production. Set it to what is secret",
    )


def test_a_table_without_a_schema_is_as_it_was_found(project):
    config = project({"webkit.toml": TOML, ".env": "GUEST_BOOK__ADDRESS__PORT=1"})

    assert config.table("guest-book") == {"visits_max": 3, "address": {"host": "db", "port": "1"}}
    assert config.table("none") == {}


def test_a_section_that_nobody_claims_is_a_mistake_with_the_nearest_name(project):
    text = "[webkit]\n[guestbook]\n[logging]\n[logger_a]\n[commands]\n[other]\n[zzz.a]\n"

    config = project({"webkit.toml": text})

    assert config.leftovers(["guest-book", "oth-er"]) == (
        "webkit.toml:2: guestbook: unknown section. Did you mean 'guest-book'?",
        "webkit.toml:6: other: unknown section. Did you mean 'oth-er'?",
        "webkit.toml:7: zzz: unknown section. Known: commands, guest-book, logging, oth-er, webkit",
    )


@pytest.mark.parametrize("name", ["guest-book", "guest_book"])
def test_a_section_is_claimed_in_both_spellings(project, name):
    config = project({"webkit.toml": f"[{name}]\n"})

    assert config.leftovers(["guest-book"]) == config.leftovers(["guest_book"]) == ()


def test_a_configuration_made_by_hand_has_no_sources():
    config = Config(settings=Settings(), environment="local", origins={})

    assert config.section("guest-book", Guests).values == Guests()
    assert (config.problems, config.leftovers(["a"])) == ((), ())


def test_a_configuration_does_not_show_a_secret(project):
    files = {"webkit.toml": "[guest-book]\ntoken = '80618061'\n"}

    config = project(files, environ={"A": "80618061"})

    assert "80618061" not in repr(config) + repr(config.section("guest-book", Guests))


def test_a_reference_may_mean_what_the_unit_ships_and_what_a_schema_has(project, tmp_path):
    shipped = tmp_path / "unit.ini"
    shipped.write_text("[guest-book]\nvisits_max = ${most}\n[guest-book/address]\nhost = ${home}\n")
    config = project({"webkit.toml": "[DEFAULT]\nmost = 7\nhome = 'db'\n"})

    section = config.section("guest-book", Guests, shipped=shipped)

    assert section.values == Guests(visits_max=7, address=Address(host="db"))
    assert config.leftovers(["guest-book"]) == ()


def test_references_in_a_table_are_replaced_where_they_lead_somewhere(project):
    text = "[a]\nx = '${webkit:port}'\ny = '${none}'\n[a.b]\nz = '${x}'\n"

    assert project({"webkit.toml": text}).table("a") == {
        "x": 8080,
        "y": "${none}",
        "b": {"z": 8080},
    }


@pytest.mark.parametrize("name", ["aio", "aioli-core", "aioli_core"])
def test_a_section_of_an_older_system_is_told_its_new_name(project, name):
    (problem,) = project({"webkit.toml": f"[{name}]\n"}).leftovers([])

    assert problem == f"webkit.toml:1: {name}: unknown section. It is webkit here"
