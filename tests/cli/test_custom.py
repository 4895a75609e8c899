import textwrap

import pytest


pytestmark = pytest.mark.slow


COMMANDS = {
    "webkit.toml": """
        [commands]
        greet = "apps.commands:greet"
        count = "apps.commands:count"
        ask = "apps.commands:ask"
        serve-soup = "apps.commands:serve"
        broken = "apps.commands:gret"
        gone = "apps.nowhere:greet"
        module = "apps.commands"
        text = "apps.commands:TEXT"
        number = 3
        run = "apps.commands:greet"
        """,
    "apps/commands.py": """
        import click

        TEXT = "text"

        def greet(arguments):
            '''Greet somebody.'''
            print("hello", arguments)

        async def count(arguments):
            return len(arguments)

        async def ask(app, arguments):
            from webkit.application import UNITS

            print(list(app[UNITS]), app.frozen, arguments)

        def look(app, arguments):
            print(app.frozen)

        @click.command()
        @click.option("--soup", default="hot")
        def serve(soup):
            '''Serve soup.'''
            print(soup, "soup")
        """,
}


@pytest.fixture(autouse=True)
def _files(project, write):
    write(COMMANDS)


def test_a_command_of_the_project_gets_its_arguments(webkit):
    done = webkit("greet", "Ann", "--loud", "-x", "--help")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "hello ['Ann', '--loud', '-x', '--help']\n"


def test_it_is_found_in_every_directory_of_the_project(webkit, tmp_path):
    assert webkit("greet", cwd=tmp_path / "apps").stdout == "hello []\n"


def test_a_coroutine_function_is_awaited_and_says_the_status(webkit):
    assert webkit("count", "a", "b", "c").returncode == 3


def test_a_function_of_two_parameters_gets_the_started_application(webkit):
    done = webkit("ask", "why")

    assert done.stdout == "started\n['guests', 'rooms'] True ['why']\nstopped\n"


def test_so_does_one_that_is_no_coroutine(webkit, write):
    write({"webkit.toml": "[commands]\nlook = 'apps.commands:look'\n"})

    assert webkit("look").stdout == "started\nTrue\nstopped\n"


def test_a_command_of_click_is_one(webkit):
    assert webkit("serve-soup", "--soup", "cold").stdout == "cold soup\n"
    assert "Serve soup." in webkit("serve-soup", "--help").stdout
    assert webkit("serve-soup", "--sop", "cold").returncode == 2


def test_help_lists_it_without_importing_it(webkit, write):
    write({"apps/commands.py": "raise RuntimeError\n"})

    done = webkit("--help")

    assert done.returncode == 0
    assert "  greet       apps.commands:greet, of commands\n" in done.stdout


def test_a_command_of_webkit_itself_comes_first(webkit):
    assert "Serve the project until" in webkit("run", "--help").stdout


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("broken", "commands: broken: apps.commands:gret: apps.commands has no attribute 'gret'."),
        ("gone", "commands: gone: apps.nowhere: there is no module 'apps.nowhere'"),
        ("module", "commands: module: apps.commands is no command. Write the name of a function"),
        ("text", "commands: text: apps.commands:TEXT is no command."),
        ("number", "commands: number: 3: there is no module '3'"),
    ],
)
def test_a_command_that_is_none_is_a_mistake(webkit, name, problem):
    done = webkit(name)

    assert (done.returncode, done.stdout) == (2, "")
    assert problem in done.stderr


def test_an_unknown_command_is_compared_with_those_of_the_project_too(webkit):
    done = webkit("gret")

    assert done.returncode == 2
    assert "No such command 'gret'. Did you mean 'greet'?" in done.stderr


def test_outside_of_a_project_there_are_only_those_of_distributions(webkit, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    site = tmp_path_factory.mktemp("site")
    (site / "soup-1.0.dist-info").mkdir()
    (site / "soup-1.0.dist-info/METADATA").write_text("Name: soup\nVersion: 1.0\n")
    (site / "soup-1.0.dist-info/entry_points.txt").write_text(
        "[webkit.commands]\nsoup = soup:main\n"
    )
    (site / "soup.py").write_text(
        textwrap.dedent("""
            def main(arguments):
                print("soup", arguments)
        """)
    )

    listed = webkit("--help", cwd=elsewhere, PYTHONPATH=str(site))
    done = webkit("soup", "hot", cwd=elsewhere, PYTHONPATH=str(site))

    assert "  soup  soup:main, of soup\n" in listed.stdout
    assert done.stdout == "soup ['hot']\n"
    assert "Commands of others" not in webkit("--help", cwd=elsewhere).stdout
