"""``webkit config`` in a process of its own; how files are edited is in tests/config."""

import pytest


pytestmark = pytest.mark.slow


TOML = """\
# the shop
[webkit]
title = "Shop"   # its name
greeting = "Hi from ${title}"

[guest-book]
pin = "80618061"
"""


# -- print ----------------------------------------------------------------------------------


def test_it_prints_what_holds_for_every_section(shop, config_command):
    status, out, err = config_command()

    assert (status, err) == (0, "")
    assert out.startswith('[webkit]\ntitle = "Shop"\n')
    assert 'greeting = "Hi from Shop"\n# most =\n' in out
    assert '[guest-book]\nvisits_max = 10\npin = "***"\n' in out


def test_it_tells_where_each_value_comes_from(shop, config_command):
    _, out, _ = config_command("--origin", PORT="9000", GUEST_BOOK__VISITS_MAX="3")

    for line in (
        'title = "Shop"  # webkit.toml:3',
        "port = 9000  # PORT",
        'host = "127.0.0.1"  # default',
        "visits_max = 3  # GUEST_BOOK__VISITS_MAX",
    ):
        assert f"{line}\n" in out


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("webkit:title", "Shop\n"),
        ("webkit:greeting", "Hi from Shop\n"),
        ("webkit:docs", "\n"),
        ("guest-book:visits_max", "10\n"),
        ("guest_book:visits_max", "10\n"),
        ("guest-book:pin", "***\n"),
    ],
)
def test_it_prints_one_option(shop, config_command, place, expected):
    assert config_command("-g", place) == (0, expected, "")


def test_the_section_of_the_database_has_its_defaults_and_no_password(shop, config_command):
    with (shop / "webkit.toml").open("a") as file:
        file.write('[database]\nurl = "postgresql://ann:806180@localhost/shop"\nwrong = "7"\n')

    status, out, _ = config_command("-g", "database")

    assert status == 0
    assert out.startswith('url = "postgresql://ann:***@localhost/shop"\npool_size = 5\n')
    assert out.endswith('statement_timeout = 30.0\nwrong = "***"\n')


def test_it_prints_one_section_without_its_header(shop, config_command):
    status, out, _ = config_command("--get", "guest-book")

    assert status == 0
    assert out.startswith('visits_max = 10\npin = "***"\n')


def test_it_prints_the_origin_of_one_option(shop, config_command):
    assert config_command("-g", "webkit:title", "--origin") == (0, "Shop  # webkit.toml:3\n", "")


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("webkti", "webkti: there is no such section. Did you mean 'webkit'?"),
        ("zzz", "zzz: there is no such section"),
        ("zzz:a", "zzz: there is no such section"),
        ("webkit:titel", "webkit:titel: there is no such option. Did you mean webkit:title?"),
        (
            "guest-book:zzz",
            "guest-book:zzz: there is no such option."
            " Known: visits_max, pin, path, degrade, debug, controllers_enable, services_enable",
        ),
    ],
)
def test_what_is_not_there_is_a_failure_with_the_nearest_name(shop, config_command, place, message):
    assert config_command("-g", place) == (1, "", f"Error: {message}\n")


def test_mistakes_are_told_after_what_can_be_printed(shop, config_command):
    (shop / "webkit.toml").write_text(TOML + "visit_max = 1\n[gest-book]\na = 1\n")

    status, out, err = config_command()

    assert status == 2
    assert 'title = "Shop"' in out
    assert '[gest-book]\na = "***"\n' in out
    assert err == (
        "Error: webkit.toml:9: gest-book: unknown section. Did you mean 'guest-book'?\n"
        "webkit.toml:8: guest-book.visit_max: unknown key. Did you mean 'visits_max'?\n"
    )


def test_an_option_can_be_read_although_others_are_wrong(shop, config_command):
    (shop / "webkit.toml").write_text(TOML.replace('"Shop"', '"${none}"') + "wrong = 1\n")

    assert config_command("-g", "webkit:host") == (0, "127.0.0.1\n", "")
    assert config_command("-g", "guest-book:wrong") == (0, "***\n", "")
    assert config_command("-g", "webkit:greeting") == (
        2,
        "",
        "Error: webkit.toml:4: webkit.greeting: ${none} is not known\n",
    )


def test_a_project_that_cannot_be_imported_is_no_reason_to_show_nothing(shop, config_command):
    (shop / "main.py").write_text("int('80618061x')")

    status, out, err = config_command()

    assert status == 2
    assert 'title = "Shop"' in out
    assert "80618061" not in out, "what is not known of its type may be a secret"
    assert err == "Error: main:app: cannot be loaded: ValueError. See: webkit check\n"
    assert config_command("-g", "webkit:title") == (0, "Shop\n", "")


def test_its_own_settings_are_known_as_soon_as_they_can_be_imported(shop, config_command):
    (shop / "main.py").write_text("import settings, webkit.exceptions\n1 / 0")

    assert config_command("-g", "webkit:greeting") == (0, "Hi from Shop\n", "")


def test_an_application_without_webkit_has_the_configuration_of_its_directory(shop, config_command):
    (shop / "main.py").write_text("from aiohttp import web\napp = web.Application()\n")

    assert config_command("-g", "webkit:title") == (0, "Shop\n", "")


def test_outside_of_a_project_there_are_the_defaults(config_command):
    status, out, _ = config_command()

    assert status == 0
    assert out.startswith('[webkit]\ntitle = "webkit"\n')


# -- other files ----------------------------------------------------------------------------


def test_another_project_file_is_named_before_or_after_the_command(shop, config_command):
    (shop / "other.yaml").write_text("webkit:\n  title: Other\n")

    assert config_command("-c", "other.yaml", "-g", "webkit:title") == (0, "Other\n", "")
    assert config_command("-g", "webkit:title", before=("--config", "other.yaml")) == (
        0,
        "Other\n",
        "",
    )
    assert config_command("-c", "none.yaml")[0] == 2


def test_a_value_of_the_command_line_comes_before_all_others(shop, config_command):
    found = config_command(
        "-o", "webkit:title=Mine", "-g", "webkit:title", "--origin", WEBKIT__TITLE="x"
    )

    assert found == (0, "Mine  # command line\n", "")


def test_a_file_is_printed_as_it_is(shop, config_command):
    (shop / "a.conf").write_text("[webkit]\ngreeting = ${title}\npassword = 80618061\n[e]\n")

    assert config_command("-f", "a.conf") == (
        0,
        "[webkit]\ngreeting = ${title}\npassword = ***\n\n[e]\n",
        "",
    )
    assert config_command("-f", "a.conf", "-g", "webkit:greeting") == (0, "${title}\n", "")
    assert config_command("-f", "a.conf", "-g", "e") == (0, "", "")
    assert config_command("-f", "a.conf", "-g", "webkit:title")[0] == 1


def test_a_broken_project_file_can_be_looked_at(shop, config_command):
    (shop / "webkit.toml").write_text("[webkit]\ntitle = '${none}'\n")

    assert config_command()[0] == 2
    assert config_command("-f", "webkit.toml") == (0, '[webkit]\ntitle = "${none}"\n', "")


def test_a_file_that_cannot_be_read_is_a_mistake(shop, config_command):
    (shop / "a.toml").write_bytes(b"a = \xff")

    status, _, err = config_command("-f", "a.toml")

    assert status == 2
    assert err.startswith("Error: a.toml: cannot be read: 'utf-8' codec can't decode byte 0xff")


# -- check ----------------------------------------------------------------------------------


def test_a_good_configuration_is_checked(shop, config_command):
    assert config_command("--check") == (0, "webkit.toml: no mistakes\n", "")
    assert config_command("-C", "-f", "webkit.toml") == (0, "webkit.toml: no mistakes\n", "")


def test_all_mistakes_are_found_without_a_listing(shop, config_command):
    (shop / ".env").write_text("WEBKIT__MOST=x\n")
    (shop / "local.env").write_text("GUEST_BOOK__VISITS_MAX=80618061x\n")
    (shop / "webkit.toml").write_text(TOML + "[guest-bok]\n")

    assert config_command("-C") == (
        2,
        "",
        "Error: .env: WEBKIT__MOST: webkit.most: 'x' does not fit: Expected `int | null`, got"
        " `str`\nwebkit.toml:8: guest-bok: unknown section. Did you mean 'guest-book'?"
        "\nlocal.env: GUEST_BOOK__VISITS_MAX: guest-book.visits_max: '80618061x' does not"
        " fit: Expected `int`, got `str`\n",
    )


@pytest.mark.parametrize(
    "arguments",
    [("-g", "a", "-s", "a:b", "c"), ("-C", "-g", "a"), ("-s", "a:b", "c", "--check")],
)
def test_one_thing_is_done_at_a_time(shop, config_command, arguments):
    assert config_command(*arguments) == (
        2,
        "",
        "Error: --get, --set and --check exclude each other\n",
    )
