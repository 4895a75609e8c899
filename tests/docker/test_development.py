"""The compose service: hot reload, the project's own tests, and whose the files are."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest


pytestmark = [pytest.mark.docker, pytest.mark.slow, pytest.mark.timeout(900)]

SLUG = "quickstart"
LIVE = 2.0  # seconds until an edit is served
STOP = 1.0  # seconds that `docker stop` may take

ROUTES = '''"""Routes of the project."""

from aiohttp import web


async def edited(request: web.Request) -> web.Response:
    """Answer with the text that the test has written here."""
    return web.Response(text="{text}")


routespatters: list[web.AbstractRouteDef] = [web.get("/edited", edited)]
'''


def edit(root: Path, text: str) -> None:
    (root / "routes.py").write_text(ROUTES.format(text=text))


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


@pytest.fixture(scope="module")
def served(new_stack):
    """The service as `docker compose up` starts it."""
    stack = new_stack()
    stack.up()
    return stack


@pytest.fixture
def cloned(new_stack):
    """The project as a colleague gets it: without `.env`, whose values are each machine's own."""
    stack = new_stack()
    (stack.root / ".env").unlink()
    return stack


def test_the_service_answers_on_the_chosen_port(served):
    status, _ = served.get("/health")

    assert status == 200


def test_the_route_of_a_bare_app_is_served(served):
    status, _ = served.get("/api/")

    assert status == 200


def test_an_edit_is_live_in_two_seconds_also_after_a_file_that_is_not_python_was_saved(served):
    edit(served.root, "before")
    served.seconds_until("/edited", "before")

    edit(served.root, "first edit")
    first = served.seconds_until("/edited", "first edit")
    (served.root / "notes.yaml").write_text("a: page\n")
    append(served.root / "webkit.toml", "# saved\n")
    served.seconds_until("/edited", "first edit")
    edit(served.root, "second edit")
    second = served.seconds_until("/edited", "second edit")

    assert max(first, second) < LIVE


def test_an_edit_is_live_under_adev_with_the_line_in_the_compose_file(new_stack):
    stack = new_stack()
    text = (stack.root / "docker-compose.yml").read_text()
    line = re.search(r"# command: (adev .*)", text)[1]
    command = shlex.split(re.sub(r"\$\{PORT:-\d+\}", str(stack.port), line))
    stack.compose("build", "--quiet")
    edit(stack.root, "before")

    stack.compose("run", "-d", "--service-ports", SLUG, *command)

    stack.seconds_until("/edited", "before")
    edit(stack.root, "first edit")
    stack.seconds_until("/edited", "first edit")
    (stack.root / "notes.yaml").write_text("a: page\n")
    edit(stack.root, "second edit")
    stack.seconds_until("/edited", "second edit")


def test_the_service_stops_in_a_second(new_stack):
    stack = new_stack()

    # The engine may be busy once.
    assert any(stack.seconds_to_stop(SLUG) < STOP for _ in range(2))
    assert stack.inspect(SLUG, "{{.State.ExitCode}}") == "0"


def test_what_the_container_writes_belongs_to_the_owner_of_the_project(served):
    served.compose("exec", SLUG, "startapp", "artists")

    made = served.root / "apps" / "artists"
    owner = served.root.stat()
    whose = {(path.stat().st_uid, path.stat().st_gid) for path in (made, *made.rglob("*"))}
    assert whose == {(owner.st_uid, owner.st_gid)}


def test_the_container_leaves_no_bytecode_in_the_project(served):
    served.get("/")

    assert not list(served.root.rglob("*.pyc"))


def test_the_container_may_do_nothing_that_the_service_does_not_need(served):
    held = served.compose("exec", SLUG, "cat", "/proc/1/status")

    assert re.search(r"CapBnd:\s+0+\n", held)
    assert re.search(r"NoNewPrivs:\s+1\n", held)


def test_the_projects_tests_pass_in_the_container(new_stack):
    stack = new_stack()
    stack.compose("build", "--quiet")

    printed = stack.compose("run", "--rm", "--service-ports", SLUG, "pytest")

    assert re.search(r"\d+ passed", printed)
    assert not re.search(r"warning|failed|error", printed)


def test_the_projects_tests_pass_in_the_container_of_a_clone(cloned):
    cloned.compose("build", "--quiet")

    printed = cloned.compose("run", "--rm", SLUG, "pytest")

    assert re.search(r"\d+ passed", printed)
    assert not re.search(r"warning|failed|error", printed)


def test_a_clone_is_served_on_the_port_of_the_project(cloned):
    settings = tomllib.loads((cloned.root / "webkit.toml").read_text())

    config = cloned.compose("config")

    port = settings["webkit"]["port"]
    assert f'published: "{port}"' in config
    assert f'PORT: "{port}"' in config
