"""Generated projects, checked with the tools and the settings that they come with."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest


pytestmark = pytest.mark.slow

SCRIPTS = Path(sys.executable).parent
CHECKS = {
    "ruff check": "All checks passed!",
    "ruff format --check": "already formatted",
    "mypy": "Success: no issues found",
    "pytest": " passed",
}
HOSTILE = (
    "Quotes \"' and \\ # ] ${X} $(id) {{ 7*7 }} {% raw %} <b> *a* _b_ `c` 👩\u200d💻"
    "\n\n- next: line"
)
PROJECTS = {
    "bare, with hostile texts": {"options": ["--name", HOSTILE, "--description", HOSTILE]},
    "with apps": {"apps": ["api", "blog_posts", "types", "a" * 50]},
    "with services": {"apps": ["api", "blog_posts", "a__b_", "a" * 50], "with": ["--service"]},
}
SERVERS = ("webkit dev", "webkit run", "python main.py", "adev runserver")


def environment():
    """Return this one without what would come before the project's own values."""
    ours = ("PORT", "PROD_PORT", "ENVIRONMENT", "UID", "GID")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith(("WEBKIT__", "PYTEST_X", "COV", "AIO_"))
    }
    path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path}


def run(command, *, cwd):
    """Run a line as a person would type it; return all that it printed."""
    done = subprocess.run(
        command,
        shell=isinstance(command, str),
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module", params=PROJECTS.values(), ids=PROJECTS)
def baked(request, tmp_path_factory):
    """Return the directory of a project with its apps."""
    place = tmp_path_factory.mktemp("baked")
    run(["startproject", "shop", *request.param.get("options", [])], cwd=place)
    for app in request.param.get("apps", []):
        run(["startapp", app, *request.param.get("with", [])], cwd=place / "shop")
    return place / "shop"


@pytest.fixture
def project(tmp_path):
    """Return the directory of a project without apps, on a port of its own."""
    run(["startproject", "shop", "--port", str(free_port())], cwd=tmp_path)
    return tmp_path / "shop"


def free_port():
    """Return a port that is free, and so is the next one, which adev takes too."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


@pytest.mark.parametrize(("command", "verdict"), CHECKS.items(), ids=CHECKS)
def test_a_project_passes_the_checks_that_it_comes_with(baked, command, verdict):
    assert verdict in run(command, cwd=baked)


def test_a_new_project_has_tests_of_its_own(project):
    assert int(re.search(r"(\d+) passed", run("pytest", cwd=project))[1]) >= 3


def test_apps_with_test_modules_of_the_same_name_are_tested_together(project):
    for app in ("one", "two"):
        run(["startapp", app], cwd=project)
        tests = project / "apps" / app / "tests"
        (tests / f"test_{app}.py").rename(tests / "test_views.py")

    passed = run("pytest -v", cwd=project)

    assert "apps/one/tests/test_views.py::" in passed
    assert "apps/two/tests/test_views.py::" in passed


@pytest.mark.parametrize(
    ("file", "line", "instead"),
    [
        ("settings.py", '    "apps.api",\n', ""),
        ("apps/api/routes.py", "= router.routespatters", "= []"),
    ],
)
def test_the_test_of_an_app_fails_when_its_route_is_gone(project, file, line, instead):
    run(["startapp", "api"], cwd=project)
    source = (project / file).read_text()
    (project / file).write_text(source.replace(line, instead))

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "1 failed" in done.stdout


def test_every_command_of_the_readme_works(project):
    commands = commands_in(project / "README.md")

    for command in commands:
        if command.startswith(SERVERS):
            assert answer_of(command, cwd=project) == b'{"status":"ok"}'
        elif command.startswith("python -m pip install"):
            run(f"{command} --dry-run --no-index --quiet", cwd=project)
        elif not command.startswith("docker "):  # tests/docker has these
            run(command, cwd=project)

    assert {server for server in SERVERS for command in commands if command.startswith(server)} == {
        *SERVERS
    }


def test_what_startapp_made_is_served_at_once(project):
    run(["startapp", "api"], cwd=project)

    assert answer_of("python main.py", cwd=project, path="/api/") == b'{"app":"api"}'


def test_a_setting_of_ones_own_is_read(project):
    settings = project / "settings.py"
    head, end, tail = settings.read_text().partition("\n\n\nAPPS")
    settings.write_text(f'{head}\n\n    greeting: str = ""{end}{tail}')
    (project / "webkit.toml").write_text(
        (project / "webkit.toml").read_text().replace("[webkit]", '[webkit]\ngreeting = "x"')
    )
    code = "import main, webkit.application as a; print(main.app[a.CONFIG].settings.greeting)"

    assert run([sys.executable, "-c", code], cwd=project) == "x\n"


def commands_in(readme):
    """Return the lines of the blocks of shell, and the commands named in sentences."""
    text = readme.read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`((?:python|webkit) [^`]+)`", text)
    return [*(line for block in blocks for line in block.splitlines()), *inline]


def answer_of(command, *, cwd, path="/health"):
    """Serve with a command, and return what it answers; it has to end well when it is told to."""
    port = int(re.search(r"^PORT=(\d+)$", (cwd / ".env").read_text(), re.MULTILINE)[1])
    with (cwd.parent / "log").open("w+b") as log:
        server = subprocess.Popen(
            command.split(), cwd=cwd, env=environment(), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            return asked(f"http://127.0.0.1:{port}{path}", while_running=server)
        finally:
            server.terminate()
            status = server.wait(timeout=20)
            log.seek(0)
            assert status == 0, log.read().decode()


def asked(url, *, while_running):
    """Return the first answer, within 20 seconds."""
    until = time.monotonic() + 20
    while time.monotonic() < until and while_running.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise AssertionError(f"{url} does not answer")
