import os
import subprocess
import sys

import pytest


@pytest.fixture
def run(tmp_path):
    """Return a function that sets up logging as a file says, and logs."""

    def go(text, code, *, before=""):
        (tmp_path / "webkit.toml").write_text(text)
        program = (
            f"import logging\n{before}\n"
            "from webkit.config import Settings, load\n"
            "from webkit.workers.logs import configure_logging\n"
            f"configure_logging(load(Settings))\n{code}\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env=os.environ | {"ENVIRONMENT": "local"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout, done.stderr

    return go


def test_records_of_the_level_go_to_stdout_once(run):
    out, err = run(
        "[webkit]\nlog_level = 'WARNING'\n",
        "configure_logging(None)\n"
        "logging.getLogger('shop').warning('here'); logging.getLogger('shop').info('not here')",
    )

    assert out.count("WARNING shop: here") == 1
    assert "not here" not in out + err


def test_a_handler_that_somebody_has_installed_stays_the_only_one(run):
    out, err = run(
        "",
        "logging.getLogger('webkit.access').info('here')",
        before="logging.basicConfig(level='INFO', format='mine %(message)s')",
    )

    assert (out, err) == ("", "mine here\n")


def test_without_a_configuration_the_level_is_the_default(run):
    out, _ = run("", "logging.root.handlers.clear(); configure_logging(None); logging.info('here')")

    assert out.count("INFO root: here") == 1


@pytest.mark.parametrize(
    "text",
    [
        "[logger_shop]\nlevel = 'DEBUG'\n",
        "[logger_shop]\nlevel = 'DEBUG'\nhandlers = 'console'\n",
        "[logger_shop]\nlevel = 'DEBUG'\nhandlers = 'consoleHandler'\n",
        "[logger_root]\nlevel = 'DEBUG'\n[logger_shop]\nhandlers = 'console'\n",
        "[logging.loggers.shop]\nlevel = 'DEBUG'\nhandlers = ['console']\n",
    ],
)
def test_a_record_is_printed_once_whatever_the_loggers_are(run, text):
    out, err = run(
        text, "logging.getLogger('shop').debug('here'); logging.getLogger('b').info('b')"
    )

    assert (out.count("DEBUG shop: here"), out.count("INFO b: b"), err) == (1, 1, "")


def test_loggers_that_were_there_before_go_on(run):
    out, _ = run(
        "[logger_shop]\nlevel = 'DEBUG'\n",
        "early.info('here')",
        before="early = logging.getLogger('early')",
    )

    assert out.count("INFO early: here") == 1


def test_a_handler_that_cannot_be_made_is_a_mistake(run):
    text = "[handler_file]\nclass = 'FileHandler'\nfilename = 'no/such/a.log'\n"

    _, err = run(text, "")

    assert (
        "webkit.exceptions.ConfigurationError: logging: Unable to configure handler 'file': " in err
    )
    assert "No such file or directory" in err
