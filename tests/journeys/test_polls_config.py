"""The configuration of the polls demo: YAML, validated strictly, found or named, with `-c`."""

import os
import subprocess

import pytest


MAIN = """
from typing import Annotated

import msgspec

from webkit.application import create_app
from webkit.config import Secret, Settings, load
from webkit.units import Unit


class Postgres(msgspec.Struct, frozen=True):
    database: str
    user: str
    password: Secret
    host: str
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)]
    minsize: int = 1
    maxsize: int = 5


units = [Unit({"name": "postgres"}, config=Postgres)]
app = create_app(config=load(Settings, root="."), units=units)
"""

POLLS = """\
postgres:
  database: aiohttpdemo_polls
  user: aiohttpdemo_user
  password: 80618061
  host: localhost
  port: 5432
  minsize: 1
  maxsize: 5

webkit:
  host: 127.0.0.1
  port: 8080
"""

GOOD = POLLS.replace("80618061", "'80618061'")


@pytest.fixture
def polls(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.webkit]\n")
    (tmp_path / "main.py").write_text(MAIN)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "webkit.yaml").write_text(GOOD)
    return tmp_path


@pytest.fixture
def typed(polls, warm):
    """Return a function that types a command, and gives status and all that it prints."""

    def run(*arguments, **environ):
        done = subprocess.run(
            [warm / "webkit", *arguments],
            cwd=polls,
            env=os.environ | {"ENVIRONMENT": "local"} | environ,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_the_file_is_found_in_config(typed):
    assert typed("config", "-g", "postgres:database") == (0, "aiohttpdemo_polls\n")


def test_a_good_file_is_checked_without_starting(typed):
    assert typed("config", "--check") == (0, "config/webkit.yaml: no mistakes\n")
    assert typed("config", "-C") == (0, "config/webkit.yaml: no mistakes\n")


def test_another_file_is_named(typed, polls):
    (polls / "config" / "polls_test.yaml").write_text(GOOD.replace("8080", "9000"))

    assert typed("config", "-c", "config/polls_test.yaml", "-g", "webkit:port") == (0, "9000\n")
    assert typed("routes", "-c", "config/none.yaml")[0] == 2


def test_all_mistakes_are_told_at_once_with_file_line_and_key(typed, polls):
    text = (
        POLLS.replace("port: 5432", "port: five")
        .replace("  user: aiohttpdemo_user\n", "")
        .replace("minsize", "min_size")
        .replace("127.0.0.1", "[]")
        + "stray: 1\nredis: {}\n"
    )
    (polls / "config" / "webkit.yaml").write_text(text)

    status, printed = typed("config", "--check")

    assert status == 2
    assert printed.removeprefix("Error: ").splitlines() == [
        "config/webkit.yaml:12: stray: is a value in no section. Write it below [webkit]",
        "config/webkit.yaml:10: webkit.host: [] does not fit: Expected `str`, got `array`",
        "config/webkit.yaml:13: redis: unknown section."
        " Known: commands, database, logging, postgres, webkit",
        "config/webkit.yaml:3: postgres.password: the value does not fit:"
        " Expected `Secret`, got `int`",
        "config/webkit.yaml:5: postgres.port: 'five' does not fit: Expected `int`, got `str`",
        "config/webkit.yaml:6: postgres.min_size: unknown key. Did you mean 'minsize'?",
        "postgres.user: is missing. Set it in config/webkit.yaml, or POSTGRES__USER",
    ]


def test_a_file_that_is_no_yaml_is_told_with_its_line(typed, polls):
    (polls / "config" / "webkit.yaml").write_text("postgres:\n  host: [localhost\n")

    status, printed = typed("config", "-C")

    assert status == 2
    assert printed.startswith("Error: config/webkit.yaml:3: cannot be read: did not find expected")


MISTAKES = {
    "a good one": {},
    "a type": {"config/webkit.yaml": POLLS},
    "a key": {"config/webkit.yaml": GOOD.replace("password", "pasword")},
    "a line": {"config/webkit.yaml": GOOD.replace("'80618061'", "'80618061")},
    "an alias": {"config/webkit.yaml": GOOD.replace("'80618061'", "*80618061")},
    "a tag": {"config/webkit.yaml": GOOD.replace("'80618061'", "!80618061 x")},
    "a reference": {"config/webkit.yaml": f"{GOOD}  title: '${{postgres:password}} ${{none}}'\n"},
    "a copy": {"config/webkit.yaml": f"{GOOD}  log_level: 'x${{postgres:password}}'\n"},
    "a variable": {
        ".env": "POSTGRES__PASSWORD=80618061\nPOSTGRES__PORT=x\nPOSTGRES__PASWORD=80618061\n"
    },
    "a word": {".env": "POSTGRES__PASSWORD 80618061\n"},
    "the code": {"main.py": MAIN + "\nint(app['80618061'])\n"},
    "the bytes": {"config/webkit.yaml": GOOD + "  title: \udcff\n"},
}
COMMANDS = [
    ("config",),
    ("config", "--origin"),
    ("config", "-g", "postgres"),
    ("config", "-g", "postgres:password"),
    ("config", "-C"),
    ("config", "-f", "config/webkit.yaml"),
    ("config", "-s", "postgres:port", "1"),
]


@pytest.mark.slow
@pytest.mark.parametrize("name", MISTAKES)
def test_no_output_has_the_value_of_a_secret(typed, polls, name):
    for path, text in MISTAKES[name].items():
        (polls / path).write_text(text, encoding="utf-8", errors="surrogateescape")

    printed = "".join(typed(*command)[1] for command in COMMANDS)

    assert "postgres" in printed
    assert "80618061" not in printed
