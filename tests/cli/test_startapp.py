"""`startapp` as a person meets it, in a project that startproject has made."""

import contextlib
import io
import subprocess
import sys

import pytest

from webkit.cli.main import main


SEED = {"__init__.py", "routes.py", "views.py", "tests/__init__.py"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a new project; the test runs in it."""
    monkeypatch.chdir(tmp_path)
    with contextlib.redirect_stdout(io.StringIO()), pytest.raises(SystemExit):
        main(["startproject", "shop"])
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


def status_of(*arguments):
    with pytest.raises(SystemExit) as ending:
        main(["startapp", *arguments])
    return ending.value.code


def files_in(directory):
    return {
        path.relative_to(directory).as_posix() for path in directory.rglob("*") if not path.is_dir()
    }


def snapshot(directory):
    return {path: path.is_dir() or path.read_bytes() for path in directory.rglob("*")}


def test_an_app_is_made_registered_and_its_url_told(project, capsys):
    before = (project / "settings.py").read_text()

    assert status_of("api") == 0

    assert files_in(project / "apps/api") == {*SEED, "tests/test_api.py"}
    assert (project / "settings.py").read_text() == before.replace("]\n", '    "apps.api",\n]\n')
    assert capsys.readouterr().out == (
        'Created apps/api: 5 files.\nRegistered "apps.api" in settings.py. It is served at /api/\n'
    )


@pytest.mark.parametrize("place", ["apps", "tests", ".github/workflows"])
def test_it_works_everywhere_in_a_project(project, monkeypatch, place):
    monkeypatch.chdir(project / place)

    assert status_of("api") == 0
    assert (project / "apps/api/views.py").exists()


def test_outside_of_a_project_one_line_names_the_missing_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    assert status_of("api") == 2

    (line,) = capsys.readouterr().err.splitlines()
    assert "pyproject.toml" in line
    assert list(tmp_path.iterdir()) == []


def test_the_second_time_it_names_the_directory_and_changes_no_byte(project, capsys):
    status_of("api")
    before = snapshot(project)
    capsys.readouterr()

    assert status_of("api") == 1

    assert capsys.readouterr().err == "Error: apps/api exists already. Nothing was written.\n"
    assert snapshot(project) == before


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "1abc", "my app", "my-app", "a.b", "../evil", "/abs/x", "-h2", "class", "None"),
        *("match", "_", "__init__", "con", "apps", "settings", "webkit", "a" * 51, "a\n", "é"),
        *("{{7*7}}", "$(id)", "'"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused_and_nothing_is_written(project, capsys, name):
    before = snapshot(project)

    assert status_of(name) == 2

    assert "Error: " in capsys.readouterr().err
    assert snapshot(project) == before


@pytest.mark.parametrize("name", ["calendar", "types", "email"])
def test_a_name_may_be_that_of_a_module_of_python(project, name):
    assert status_of(name) == 0


def test_a_computed_list_of_apps_gets_no_line_but_the_line_is_shown(project, capsys):
    (project / "settings.py").write_text("APPS = sorted(OTHERS)\n")

    assert status_of("api") == 0

    assert capsys.readouterr().out.splitlines()[1:] == [
        "APPS in settings.py is no plain list, so it was not changed. Add this line to it:",
        '    "apps.api",',
    ]
    assert (project / "settings.py").read_text() == "APPS = sorted(OTHERS)\n"


def test_a_dry_run_says_it_all_and_touches_nothing(project, capsys):
    before = snapshot(project)

    assert status_of("api", "--dry-run") == 0

    assert set(capsys.readouterr().out.splitlines()) == {
        *(f"create apps/api/{name}" for name in (*SEED, "tests/test_api.py")),
        "update settings.py",
    }
    assert snapshot(project) == before


def test_undo_restores_every_byte(project, capsys):
    before = snapshot(project)
    status_of("api")
    capsys.readouterr()

    assert status_of("api", "--undo") == 0

    assert snapshot(project) == before
    assert capsys.readouterr().out == "Removed 5 files of apps/api.\n"


def test_undo_keeps_and_lists_what_somebody_has_written(project, capsys):
    status_of("api")
    (project / "apps/api/views.py").write_text("mine")
    capsys.readouterr()

    assert status_of("api", "--undo") == 0

    assert files_in(project / "apps/api") == {"views.py"}
    assert capsys.readouterr().out.splitlines()[1:] == [
        "These are not as they were made, and stay:",
        "  apps/api/views.py",
    ]


def test_undo_with_a_computed_list_shows_the_line_to_remove(project, capsys):
    status_of("api")
    (project / "settings.py").write_text('APPS = sorted(["apps.api"])\n')
    capsys.readouterr()

    assert status_of("api", "--undo") == 0

    assert '    "apps.api",' in capsys.readouterr().out.splitlines()


def test_a_dry_run_of_undo_removes_nothing(project, capsys):
    status_of("api")
    before = snapshot(project)
    capsys.readouterr()

    assert status_of("api", "--undo", "--dry-run") == 0

    assert capsys.readouterr().out.splitlines()[:2] == [
        "update settings.py",
        "remove apps/api/__init__.py",
    ]
    assert snapshot(project) == before


def test_undo_of_nothing_is_a_mistake(project, capsys):
    assert status_of("api", "--undo") == 2
    assert capsys.readouterr().err == "Error: There is no app 'api' here: apps/api is missing.\n"


def test_without_a_terminal_and_a_name_it_shows_how_it_is_used(project, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)

    assert status_of() == 2
    assert capsys.readouterr().err.startswith("Usage: webkit startapp [OPTIONS] [NAME]")


def test_no_input_takes_the_default(project):
    assert status_of("--no-input") == 0
    assert (project / "apps/app").is_dir()


def test_at_a_terminal_it_asks_for_the_name(project, capsys, monkeypatch):
    class Keyboard(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Keyboard("my-app\nmy_app\n"))

    assert status_of() == 0

    asked = capsys.readouterr().out
    assert asked.startswith("app_name [app]: Error: 'my-app' cannot name an app")
    assert (project / "apps/my_app").is_dir()


def test_its_own_name_is_a_command(project):
    code = "from webkit.cli.main import startapp; startapp()"

    run = subprocess.run([sys.executable, "-c", code, "api"], capture_output=True, check=False)

    assert run.returncode == 0
    assert (project / "apps/api").is_dir()


def test_neither_command_loads_the_server(project):
    code = (
        "import sys\n"
        "from webkit.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print(*sys.modules)\n"
    )

    for arguments in (["startapp", "api"], ["startproject", "inner"]):
        run = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
        )
        loaded = set(run.stdout.splitlines()[-1].split())
        assert loaded.isdisjoint({"aiohttp", "cookiecutter", "jinja2", "msgspec", "yaml", "rich"})


def test_fields_make_a_table_and_what_serves_it(project, capsys):
    assert status_of("artists", "name:str", "born:date?", "--model", "Singer") == 0

    assert capsys.readouterr().out.splitlines() == [
        "Created apps/artists: 7 files, and migrations/0001_artists.py",
        'Registered "apps.artists" in settings.py. It is served at /artists/',
        "Next: webkit db upgrade",
    ]
    assert "class Singer(" in (project / "apps/artists/models.py").read_text()


def test_wrong_fields_are_named_together_and_nothing_is_written(project, capsys):
    before = snapshot(project)

    assert status_of("artists", "Name:str", "born:dat") == 2

    assert "Try name" in (error := capsys.readouterr().err)
    assert "Did you mean date?" in error
    assert snapshot(project) == before


def test_a_model_without_fields_is_a_mistake(project, capsys):
    assert status_of("artists", "--model", "Artist") == 2

    assert "Write its fields, too" in capsys.readouterr().err


def test_undo_of_a_table_that_was_never_made_leaves_no_trace(project):
    before = snapshot(project)
    status_of("artists", "name:str")

    assert status_of("artists", "--undo") == 0

    (project / "migrations").rmdir()
    assert snapshot(project) == before


def test_an_app_is_made_with_a_service_and_taken_away_with_it(project, capsys):
    before = snapshot(project)

    assert status_of("api", "--service") == 0
    made = files_in(project / "apps/api")
    assert status_of("api", "--undo") == 0

    assert made == {
        *SEED,
        "tests/test_api.py",
        "config.py",
        "services.py",
        "tests/test_services.py",
    }
    assert snapshot(project) == before
    assert capsys.readouterr().out.startswith("Created apps/api: 8 files.\n")
