"""The configuration of aio.app, as its documentation has it, with `webkit` in the place of `aio`.

Every command of its chapter on `aio config` is typed here, on files such as its users have.
"""

import os
import subprocess
import sys

import pytest


CONF = """\
; the application
[webkit]
log_level = INFO
title = hello

[commands]
hello = my_example:hello

[listen/example]
example-signal = my_example.listener
\tmy_example.listener2

[schedule/EXAMPLE]
every = 2
func = my_example.schedule_handler
"""


@pytest.fixture
def typed(tmp_path, warm):
    """Return a function that types a command, and gives what it prints."""

    def run(*arguments, status=0, **environ):
        done = subprocess.run(
            [warm / "webkit", *arguments],
            cwd=tmp_path,
            env=os.environ | {"ENVIRONMENT": "local"} | environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture
def conf(tmp_path):
    path = tmp_path / "webkit.conf"
    path.write_text(CONF)
    return path


# -- aio config: dump, get -------------------------------------------------------------------


def test_it_dumps_the_configuration(conf, typed):
    printed = typed("config")

    assert "[webkit]\ntitle = hello\n" in printed
    assert "log_level = INFO\n" in printed
    assert "[schedule/EXAMPLE]\nevery = 2\nfunc = my_example.schedule_handler\n" in printed


@pytest.mark.parametrize("option", ["-g", "--get"])
def test_it_gets_a_section(conf, typed, option):
    assert "title = hello\n" in typed("config", option, "webkit")
    assert typed("config", option, "commands") == "hello = my_example:hello\n"
    assert typed("config", option, "listen/example") == (
        "example-signal = my_example.listener\n    my_example.listener2\n"
    )


def test_it_gets_an_option(conf, typed):
    assert typed("config", "-g", "webkit:log_level") == "INFO\n"
    assert typed("config", "--get", "listen/example:example-signal") == (
        "my_example.listener\nmy_example.listener2\n"
    )


def test_a_key_that_is_missing_is_a_failure_and_no_traceback(conf, typed):
    printed = typed("config", "-g", "webkit:log_lvl", status=1)

    assert printed == (
        "Error: webkit:log_lvl: there is no such option. Did you mean webkit:log_level?\n"
    )


# -- aio config: set -------------------------------------------------------------------------


def test_it_sets_an_option_and_keeps_comments_and_order(conf, typed):
    typed("config", "--set", "webkit:log_level", "DEBUG")

    assert conf.read_text() == CONF.replace("log_level = INFO", "log_level = DEBUG")


def test_it_sets_an_option_with_a_reference_in_a_new_section(conf, typed):
    typed("config", "-s", "logger_otherapp:level", "${webkit:log_level}")

    assert conf.read_text() == CONF + "\n[logger_otherapp]\nlevel = ${webkit:log_level}\n"
    assert typed("config", "-g", "logger_otherapp:level") == "INFO\n"


def test_it_sets_an_option_of_two_lines(conf, typed):
    typed("config", "-s", "listen/example:example-signal", r"my.listener\nmy.listener2")

    assert "[listen/example]\nexample-signal = my.listener\n    my.listener2\n" in conf.read_text()
    assert typed("config", "-g", "listen/example:example-signal") == "my.listener\nmy.listener2\n"


def test_where_no_file_is_one_is_made_in_the_working_directory(tmp_path, typed):
    typed("config", "-s", "webkit:log_level", "DEBUG")

    assert (tmp_path / "webkit.toml").read_text() == '[webkit]\nlog_level = "DEBUG"\n'


# -- aio config -f ---------------------------------------------------------------------------


def test_another_file_is_read_and_written_as_it_is(conf, typed, tmp_path):
    custom = tmp_path / "custom.conf"
    custom.write_text("[webkit]\nmodules = aio.app\n  ${more}\n")

    assert typed("config", "-g", "webkit:modules", "-f", "custom.conf") == "aio.app\n${more}\n"
    typed("config", "-s", "webkit:log_level", "DEBUG", "-f", "custom.conf")

    assert custom.read_text() == "[webkit]\nmodules = aio.app\n  ${more}\nlog_level = DEBUG\n"
    assert conf.read_text() == CONF


def test_a_broken_reference_is_told_with_its_place_and_can_be_looked_at(conf, typed):
    conf.write_text("[webkit]\ntitle = ${nowhere:name}\n")

    assert typed("config", status=2).endswith(
        "Error: webkit.conf:2: webkit.title: ${nowhere:name} is not known\n"
    )
    assert typed("config", "-f", "webkit.conf") == "[webkit]\ntitle = ${nowhere:name}\n"


# -- where it is looked for ------------------------------------------------------------------


def test_the_first_of_the_three_places_counts(tmp_path, typed):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "webkit.conf").write_text("[webkit]\ntitle = second\n")

    assert typed("config", "-g", "webkit:title") == "second\n"
    (tmp_path / "webkit.conf").write_text("[webkit]\ntitle = first\n")
    assert typed("config", "-g", "webkit:title") == "first\n"


def test_a_file_is_named_before_or_after_the_command(conf, typed, tmp_path):
    (tmp_path / "custom.conf").write_text("[webkit]\ntitle = custom\n")

    assert typed("-c", "custom.conf", "config", "-g", "webkit:title") == "custom\n"
    assert typed("config", "-c", "custom.conf", "-g", "webkit:title") == "custom\n"


# -- layers ----------------------------------------------------------------------------------

UNIT = """
import msgspec
from webkit.units import Unit

class Greeter(msgspec.Struct, frozen=True):
    greeting: str
    to: str = "world"
    mark: str = "?"

export = Unit(config=Greeter)
"""

MAIN = """
from webkit.application import create_app
from webkit.config import Settings, load

app = create_app(config=load(Settings, root="."), units=["greeter"])
"""


@pytest.fixture
def greeter(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.webkit]\n")
    (tmp_path / "main.py").write_text(MAIN)
    (tmp_path / "greeter").mkdir()
    (tmp_path / "greeter" / "__init__.py").write_text(UNIT)
    (tmp_path / "greeter" / "webkit.toml").write_text(
        '[greeter]\ngreeting = "Hello from ${webkit:title}"\nto = "unit"\nmark = "!"\n'
    )
    return tmp_path


def test_the_file_of_a_unit_is_below_that_of_the_user_and_may_refer_to_it(greeter, typed):
    (greeter / "webkit.conf").write_text("[webkit]\ntitle = home\n[greeter]\nto = you\n")

    printed = typed("config", "-g", "greeter", "--origin", GREETER__MARK=".")

    shipped = greeter / "greeter" / "webkit.toml"
    assert printed.splitlines()[:3] == [
        f"greeting = Hello from home  # {shipped}:2",
        "to = you  # webkit.conf:4",
        "mark = .  # GREETER__MARK",
    ]


# -- logging ---------------------------------------------------------------------------------


def test_a_logger_alone_is_enough_and_prints_each_record_once(tmp_path):
    (tmp_path / "webkit.conf").write_text(
        "[logger_custom]\nlevel = DEBUG\nhandlers=consoleHandler\n"
    )
    code = (
        "import logging; from webkit.config import Settings, load\n"
        "from webkit.workers.logs import configure_logging\n"
        "configure_logging(load(Settings)); logging.getLogger('custom').debug('here')\n"
        "logging.getLogger('other').debug('not here')"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert (done.stdout.count("here"), done.stderr) == (1, "")
