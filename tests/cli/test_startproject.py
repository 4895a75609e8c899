"""`startproject` as a person meets it: real processes, real terminals, real mishaps."""

import contextlib
import os
import pty
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import sysconfig

import pytest

from webkit.cli.main import main
from webkit.scaffold import vendoring


START = "from webkit.cli.main import startproject\nstartproject()\n"
FILES = {
    *("apps/__init__.py", "main.py", "settings.py", "routes.py", "webkit.toml", "conftest.py"),
    *("tests/__init__.py", "tests/test_project.py", "pyproject.toml", "requirements.txt"),
    *("requirements-dev.txt", "Dockerfile", "docker-compose.yml", ".dockerignore", ".gitignore"),
    *(".gitattributes", ".env", ".env.example", "local.env", "env.testing", "README.md"),
    *(".github/workflows/ci.yml", f"vendor/{vendoring.wheel_name()}"),
}
# Runs startproject and looks at what Python reports of it: everything that is opened, started or
# connected to is written down where LOG says, and at the event with the number AT comes SIGNAL.
WATCHED = """
import os, signal, sys
from webkit.cli.main import startproject
at, seen = int(os.environ.get("AT", "0")), []

def watch(event, arguments):
    if event.startswith(("open", "os.", "shutil.", "socket.", "subprocess.")):
        seen.append(f"{event} {arguments[0] if arguments else ''}")
        if len(seen) == at:
            signal.raise_signal(int(os.environ["SIGNAL"]))

sys.addaudithook(watch)
try:
    startproject()
finally:
    lines = list(seen)
    with open(os.environ["LOG"], "w") as log:
        log.write("\\n".join(lines))
"""


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """Run every test in an empty directory, and return it."""
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def files_in(directory):
    return {
        path.relative_to(directory).as_posix() for path in directory.rglob("*") if not path.is_dir()
    }


def snapshot(directory):
    return {path: path.is_dir() or path.read_bytes() for path in directory.rglob("*")}


def start(*arguments, before="", **options):
    """Run startproject in a process of its own, without a terminal, after the code ``before``."""
    return subprocess.run(
        [sys.executable, "-c", before + START, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def status_of(*arguments):
    """Run startproject in this process."""
    with pytest.raises(SystemExit) as ending:
        main(["startproject", *arguments])
    return ending.value.code


def at_a_terminal(*answers, arguments=()):
    """Type answers at a real terminal; return the status, and all that stood on the screen."""
    keyboard, terminal = pty.openpty()
    take_it = "import fcntl, termios\nfcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    run = subprocess.Popen(
        [sys.executable, "-c", take_it + START, *arguments],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    screen = b""
    for number, answer in enumerate(answers, start=1):
        while screen.count(b"]: ") < number:
            screen += os.read(keyboard, 1024)
        os.write(keyboard, answer)
    with contextlib.suppress(OSError):  # as which Linux reports that nobody is there any more
        while more := heard(keyboard, typed_again=b"".join(answers[-1:])):
            screen += more
    os.close(keyboard)
    return run.wait(), screen.decode().replace("\r\n", "\n")


def heard(keyboard, *, typed_again):
    """Return what is on the screen next; Python may miss a Ctrl-C just before it reads."""
    if not select.select([keyboard], [], [], 2)[0]:
        os.write(keyboard, typed_again)
    return os.read(keyboard, 1024)


def test_a_name_is_enough(place):
    run = start("shop")

    assert (run.returncode, run.stderr) == (0, "")
    assert files_in(place / "shop") == FILES
    assert [path.name for path in place.iterdir()] == ["shop"]


def test_it_says_what_to_type_next():
    assert start("shop").stdout == (
        f"Created shop: {len(FILES)} files. Next:\n"
        "  cd shop\n"
        "  python -m pip install -r requirements-dev.txt\n"
        "  webkit dev\n"
    )


def test_in_the_directory_where_one_is_it_does_not_say_to_go_there(place, capsys):
    assert status_of("shop", ".") == 0

    assert files_in(place) == FILES
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  python -m pip install -r requirements-dev.txt",
        "  webkit startapp api",
        "  webkit dev",
    ]


def test_a_directory_may_have_any_name(place, capsys):
    assert status_of("shop", "{{7*7}} & co") == 0

    assert files_in(place / "{{7*7}} & co") == FILES
    assert "cd '{{7*7}} & co'" in capsys.readouterr().out


def test_where_one_is_may_have_any_name_too(tmp_path, monkeypatch):
    inside = tmp_path / "{{7*7}}" / "{% raw %}"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)

    assert status_of("shop") == 0
    assert files_in(inside / "shop") == FILES
    assert sorted(path.name for path in tmp_path.iterdir()) == ["place", "{{7*7}}"]


def test_options_are_answers(place):
    status = status_of("shop", "--name", "Büro 👍", "--description", "a\nb", "--port", "9000")

    assert status == 0
    assert (place / "shop/README.md").read_text().startswith("# Büro 👍\n\na\nb\n")
    assert "port = 9000" in (place / "shop/webkit.toml").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        *(["my app"], ["../evil"], ["class"], ["-h2"], [""], ["shop\n"], ["{{7*7}}"]),
        *(["shop", "--port", "0"], ["shop", "--name", "\x1b"], ["shop", "--description", " "]),
        ["shop", "no/where"],
    ],
)
def test_what_it_cannot_take_is_refused_with_a_reason_and_nothing_is_written(place, arguments):
    run = start(*arguments)

    assert run.returncode == 2
    assert re.search(r"^Error: .+\.? ?", run.stderr, re.MULTILINE)
    assert "Traceback" not in run.stderr
    assert list(place.iterdir()) == []


def test_without_a_terminal_and_a_name_it_shows_how_it_is_used(place):
    run = start()

    assert run.returncode == 2
    assert run.stderr.startswith("Usage: startproject [OPTIONS] [NAME] [DIR]")
    assert list(place.iterdir()) == []


def test_no_input_takes_every_default(place):
    assert status_of("--no-input") == 0

    assert (place / "webkit-project/README.md").read_text().startswith("# Webkit Project\n")


def test_at_a_terminal_it_asks_four_questions_in_the_order_of_webaio(place):
    status, screen = at_a_terminal(b"my-shop\n", b"\n", b"\n", b"9000\n")

    assert status == 0
    assert screen.startswith(
        "project_slug [webkit-project]: my-shop\n"
        "project_name [My Shop]: \n"
        "description [A short description of the project]: \n"
        "port [8080]: 9000\n"
        "Created my-shop"
    )
    assert files_in(place / "my-shop") == FILES


def test_each_answer_is_checked_at_once_and_asked_for_again():
    status, screen = at_a_terminal(b"My Shop\n", b"shop\n", b"\n", b"\n", b"http\n", b"80\n")

    assert status == 0
    assert "Error: 'My Shop' cannot name a project" in screen
    assert screen.index("Try my-shop") < screen.index("project_name")
    assert "Error: 'http' is not a port" in screen


def test_what_an_option_says_is_not_asked(place):
    status, screen = at_a_terminal(b"shop\n", b"\n", arguments=["--name", "A", "--port", "81"])

    assert status == 0
    assert "project_name" not in screen
    assert "port [" not in screen


def test_with_a_name_nothing_is_asked():
    status, screen = at_a_terminal(arguments=["shop"])

    assert status == 0
    assert screen.startswith("Created shop")


@pytest.mark.parametrize("key", [b"\x03", b"\x04"], ids=["ctrl-c", "ctrl-d"])
@pytest.mark.parametrize("answers", [[], [b"shop\n", b"\n"]])
def test_leaving_at_a_question_is_quiet_and_writes_nothing(place, key, answers):
    status, screen = at_a_terminal(*answers, key)

    assert status == 130
    assert "Traceback" not in screen
    assert list(place.iterdir()) == []


def test_an_empty_directory_is_used(place):
    (place / "shop").mkdir()

    assert status_of("shop") == 0
    assert files_in(place / "shop") == FILES


def test_in_a_repository_of_git_none_is_nested(place):
    (place / "shop/.git").mkdir(parents=True)

    assert status_of("shop") == 0
    assert files_in(place / "shop") == FILES


def test_git_need_not_be_there(place):
    assert start("shop", env={**os.environ, "PATH": ""}).returncode == 0


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_sees_every_file_but_the_secret(place):
    status_of("shop")
    git = ["git", "-c", "core.excludesFile=", "-C", "shop"]
    subprocess.run([*git, "init", "-q"], check=True)

    listed = subprocess.run(
        [*git, "ls-files", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert set(listed.stdout.split()) == FILES - {".env"}


def test_every_file_that_is_in_the_way_is_listed_and_no_byte_changes(place, capsys):
    (place / "shop/apps/api").mkdir(parents=True)
    for name in ("main.py", "apps/__init__.py", "apps/api/views.py"):
        (place / "shop" / name).write_text("mine")
    before = snapshot(place)

    assert status_of("shop") == 1

    assert capsys.readouterr().err.splitlines()[1:] == ["  apps/__init__.py", "  main.py"]
    assert snapshot(place) == before


def test_force_replaces_what_a_project_has_and_keeps_everything_else(place):
    mine = {"notes.txt", "apps/notes.txt", "tests/deep/notes.txt", "vendor/other.whl"}
    for name in (*mine, "main.py"):
        (place / "shop" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "shop" / name).write_text("mine")

    assert status_of("shop", "--force") == 0

    assert files_in(place / "shop") == FILES | mine
    assert {(place / "shop" / name).read_text() for name in mine} == {"mine"}
    assert "create_web_app" in (place / "shop/main.py").read_text()


@pytest.mark.parametrize("existing", [False, True])
def test_a_dry_run_says_it_all_and_touches_nothing(place, capsys, existing):
    if existing:
        (place / "shop").mkdir()
        (place / "shop/main.py").write_text("mine")
    before = snapshot(place)

    assert status_of("shop", "--dry-run", "--force") == 0

    verbs = dict(reversed(line.split(" ", 1)) for line in capsys.readouterr().out.splitlines())
    assert verbs == {
        f"shop/{name}": "update" if existing and name == "main.py" else "create" for name in FILES
    }
    assert snapshot(place) == before


def test_a_template_of_ones_own(place, tmp_path):
    top = tmp_path / "mine" / "{{cookiecutter.project_slug}}"
    top.mkdir(parents=True)
    (top / "a.txt").write_text("{{ cookiecutter.project_slug|upper }}")
    (top.parent / "cookiecutter.json").write_text('{"project_slug": ""}')

    assert status_of("shop", "--template", str(top.parent)) == 0
    assert (place / "shop/a.txt").read_text() == "SHOP"


def watched(place, tmp_path, **environment):
    """Run startproject under watch; return the run, and what it did."""
    log = tmp_path / "log"
    run = subprocess.run(
        [sys.executable, "-c", WATCHED, "shop"],
        stdin=subprocess.DEVNULL,
        env={**os.environ, "LOG": str(log), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return run, log.read_text().splitlines() if log.exists() else []


def test_nothing_is_read_or_written_at_home_nor_anywhere_but_in_the_target(place, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / ".cookiecutterrc").write_text('default_context:\n  project_name: "Hijacked"\n')

    run, events = watched(place, tmp_path, HOME=str(home))

    assert run.returncode == 0
    assert not [event for event in events if str(home) in event]
    assert [path.name for path in home.iterdir()] == [".cookiecutterrc"]
    assert (place / "shop/README.md").read_text().startswith("# Shop\n")


def test_a_home_that_does_not_exist_is_not_missed(place):
    assert start("shop", env={**os.environ, "HOME": "/nonexistent"}).returncode == 0


def test_nothing_is_executed_and_nobody_is_called(place, tmp_path):
    _, events = watched(place, tmp_path)

    doubtful = ("subprocess.", "socket.", "os.system", "os.exec", "os.fork", "os.posix_spawn")
    assert events
    assert not [event for event in events if event.startswith(doubtful)]


@pytest.mark.untraced  # some twenty processes each
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_at_any_moment_leaves_a_whole_project_or_nothing(place, tmp_path, number):
    _, events = watched(place, tmp_path)
    shutil.rmtree(place / "shop")

    for moment in random.Random(2026).sample(range(1, len(events) + 1), 20):
        run, _ = watched(place, tmp_path, AT=str(moment), SIGNAL=str(int(number)))

        left = [path.name for path in place.iterdir()]
        assert run.returncode != 0, moment
        assert left in ([], ["shop"]), moment
        if left:
            assert files_in(place / "shop") == FILES, moment
            shutil.rmtree(place / "shop")


def test_a_full_disk_leaves_nothing(place):
    little_room = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"

    # Coverage would write its own file, and fail.
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COV")}

    run = start("shop", before=little_room, env=unmeasured)

    assert run.returncode == 1
    assert run.stderr == "Error: Cannot write shop: File too large. Nothing was changed.\n"
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("target", ["shop", "."])
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("-t tmpfs -o size=64k tmpfs", "No space left on device"),
        ("-t tmpfs -o ro tmpfs", "Read-only file system"),
    ],
)
def test_without_room_or_the_right_to_write_nothing_is_left(place, options, reason, target):
    look = "import atexit, os\natexit.register(lambda: print(os.listdir()))\n"
    command = [sys.executable, "-c", look + START, "shop", target]

    run = subprocess.run(
        mounted(place, options, command), capture_output=True, text=True, check=False
    )

    assert run.returncode == 1
    assert run.stderr == f"Error: Cannot write {target}: {reason}. Nothing was changed.\n"
    assert run.stdout == "[]\n"


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="there are no users to change to")
def test_a_place_that_one_may_not_look_into_is_one_line(place, capsys):
    place.chmod(0)
    is_root = os.geteuid() == 0
    try:
        if is_root:
            os.seteuid(65534)
        if not os.access(sysconfig.get_path("purelib"), os.R_OK | os.X_OK, effective_ids=True):
            pytest.skip("only the owner may look at where webkit is installed")
        status = status_of("shop", str(place / "shop"))
    finally:
        if is_root:
            os.seteuid(0)
        place.chmod(0o700)

    assert status == 1
    assert capsys.readouterr().err.endswith("Permission denied. Nothing was changed.\n")


def test_of_many_at_once_one_wins(place):
    command = [sys.executable, "-c", START, "shop"]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    runs = [subprocess.Popen(command, **pipes) for _ in range(5)]

    outcomes = [(run.communicate()[1], run.returncode) for run in runs]

    assert sorted(status for _, status in outcomes) == [0, 1, 1, 1, 1]
    assert all(error.startswith("Error: shop ") for error, status in outcomes if status)
    assert files_in(place / "shop") == FILES
    assert [path.name for path in place.iterdir()] == ["shop"]


def mounted(place, options, command):
    """Return a command that runs another one where ``place`` is mounted with ``options``."""
    script = f'mount {options} "$0" && cd "$0" && exec "$@"'
    inside = ["unshare", "--mount", "sh", "-c", script, str(place)]
    if subprocess.run([*inside, "true"], capture_output=True, check=False).returncode:
        pytest.skip("mounting needs root and Linux")
    return [*inside, *command]
