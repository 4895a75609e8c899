import os

import click
import pytest

from webkit.cli.choices import configured


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs a command with the options, and gives what it told others."""
    for name in ("WEBKIT_CONFIG", "WEBKIT_OVERRIDES"):
        monkeypatch.setenv(name, "")

    @click.command()
    @configured
    def command():
        pass

    def call(*arguments):
        command.main(arguments, standalone_mode=False)
        return os.environ["WEBKIT_CONFIG"], os.environ["WEBKIT_OVERRIDES"]

    return call


def test_without_options_nothing_is_told(run):
    assert run() == ("", "")


def test_a_file_is_told_with_its_whole_path(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.toml").touch()

    assert run("-c", "other.toml") == (str(tmp_path / "other.toml"), "")
    assert run("--config", "other.toml")[0] == str(tmp_path / "other.toml")


def test_a_file_that_is_not_there_is_refused(run):
    with pytest.raises(click.BadParameter, match="does not exist"):
        run("-c", "no/such.toml")


def test_values_are_told_one_in_a_line(run):
    assert run("-o", "a:b=1", "--option", "a:c=2") == ("", "a:b=1\na:c=2")
