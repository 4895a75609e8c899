import os
import subprocess
import sys
import types

import click
import pytest

import webkit
from webkit.cli import main as cli
from webkit.exceptions import ConfigurationError, ConflictError, UsageError


def _failing(error):
    @click.command("act")
    def command():
        raise error

    return command


@pytest.fixture
def run(monkeypatch, capsys):
    """Return a function that runs ``webkit`` and gives status, output and errors."""

    def call(*arguments, command=None):
        if command is not None:
            module = types.ModuleType("webkit.cli.act")
            module.command = command
            monkeypatch.setitem(sys.modules, "webkit.cli.act", module)
            monkeypatch.setitem(cli.COMMANDS, "act", "Act.")
        with pytest.raises(SystemExit) as caught:
            cli.main(arguments)
        return caught.value.code, *capsys.readouterr()

    return call


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_every_command_in_order(run, option):
    status, out, _ = run(option)

    lines = [line.split("  ")[1] for line in out.partition("Commands:\n")[2].splitlines()]
    assert status == 0
    assert lines == list(cli.COMMANDS)


def test_help_lists_the_commands_of_the_file_that_is_named(run, tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("[tool.webkit]\n")
    (tmp_path / "other.toml").write_text('[commands]\ngreet = "apps.guests:greet"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEBKIT_CONFIG", "none")  # the option changes it

    status, out, _ = run("-c", "other.toml", "--help")

    assert status == 0
    assert "  greet  apps.guests:greet, of commands\n" in out


def test_a_shell_can_complete_the_name_of_a_command():
    run = subprocess.run(
        [sys.executable, "-c", "from webkit.cli.main import main; main()"],
        env=os.environ
        | {"_WEBKIT_COMPLETE": "bash_complete", "COMP_WORDS": "webkit start", "COMP_CWORD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stdout.split() == ["plain,startproject", "plain,startapp"]


def test_help_imports_no_command():
    code = (
        "import sys; from webkit.cli.main import main\n"
        "try: main(['--help'])\n"
        "finally: print(*(name for name in sys.modules if name.startswith('webkit')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = run.stdout.splitlines()[-1].split()
    listing = ["webkit.cli.projects", "webkit.cli.custom"]  # what finds the commands of others
    assert loaded == ["webkit", "webkit.cli", "webkit.exceptions", "webkit.cli.main", *listing]


def test_the_version_is_that_of_the_package(run):
    assert run("--version") == (0, f"webkit {webkit.__version__}\n", "")


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_command_is_there_and_has_help_of_its_own(run, name):
    status, out, _ = run(name, "--help")

    assert status == 0
    assert out.startswith(f"Usage: webkit {name} ")


def test_without_a_command_the_help_is_shown(run):
    status, _, errors = run()

    assert status == 2
    assert "Commands:" in errors


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("startproyect", "No such command 'startproyect'. Did you mean 'startproject'?"),
        ("zzz", "No such command 'zzz'."),
    ],
)
def test_an_unknown_command_is_named_with_the_nearest_one(run, name, message):
    status, _, errors = run(name)

    assert status == 2
    assert errors.endswith(f"Error: {message}\n")


def test_a_wrong_option_is_a_mistake_of_usage(run):
    status, _, errors = run("act", "--colour", command=_failing(None))

    assert status == 2
    assert "No such option" in errors


@pytest.mark.parametrize(
    ("error", "status", "shown"),
    [
        (UsageError("Not here."), 2, "Error: Not here.\n"),
        (ConflictError("In the way:", ["a.py"]), 1, "Error: In the way:\n  a.py\n"),
        (ConfigurationError(["one", "two"]), 2, "Error: one\ntwo\n"),
        (click.Abort(), 130, ""),
        (KeyboardInterrupt(), 130, "\n"),
        (click.ClickException("Failed."), 1, "Error: Failed.\n"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_of_a_command_is_a_line_and_a_status(run, error, status, shown):
    assert run("act", command=_failing(error)) == (status, "", shown)


def test_any_other_error_keeps_its_traceback(monkeypatch):
    module = types.ModuleType("webkit.cli.act")
    module.command = _failing(ZeroDivisionError())
    monkeypatch.setitem(sys.modules, "webkit.cli.act", module)
    monkeypatch.setitem(cli.COMMANDS, "act", "Act.")

    with pytest.raises(ZeroDivisionError):
        cli.main(["act"])


def test_a_command_that_ends_well_has_status_0(run):
    @click.command("act")
    def command():
        click.echo("done")

    assert run("act", command=command) == (0, "done\n", "")


def test_a_command_may_choose_its_status(run):
    @click.command("act")
    @click.pass_context
    def command(context):
        context.exit(3)

    assert run("act", command=command) == (3, "", "")


@pytest.mark.parametrize("name", ["startproject", "startapp"])
def test_the_commands_of_scaffolding_have_names_of_their_own(monkeypatch, capsys, name):
    monkeypatch.setattr(sys, "argv", [name, "--help"])

    with pytest.raises(SystemExit) as caught:
        getattr(cli, name)()

    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith(f"Usage: {name} ")
