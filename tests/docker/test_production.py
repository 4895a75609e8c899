"""The image for production: what is in it, what is not, and how it runs."""

import json
import re

import pytest


pytestmark = [pytest.mark.docker, pytest.mark.slow, pytest.mark.timeout(900)]

SERVICE = "quickstart-prod"
STOP = 1.0  # seconds that `docker stop` may take

# What must not be found in the image, and the expression that finds it.
ABSENT = {
    "a compiler": "[*filter(shutil.which, ('cc', 'gcc', 'make'))]",
    "cookiecutter": "find_spec('cookiecutter')",
    "pytest": "find_spec('pytest')",
    "hidden files": "glob('/app/**/.*', recursive=True)",
    "files for other environments": "glob('/app/**/*env*', recursive=True)",
    "tests": "glob('/app/**/*test*', recursive=True)",
    "files that the service may change": (
        "[path for path in glob('/app/**', recursive=True) if os.access(path, os.W_OK)]"
    ),
    "modules that are not compiled": (
        "[path for path in glob('/app/**/*.py', recursive=True)"
        " if not os.path.exists(cache_from_source(path))]"
    ),
}
FINDER = """
import os, shutil
from glob import glob
from importlib.util import cache_from_source, find_spec
print({} or "")
"""


@pytest.fixture(scope="module")
def served(new_stack):
    stack = new_stack()
    (stack.root / "apps" / "api" / ".env").write_text("SECRET=of-an-app\n")
    for path in stack.root.rglob("*"):  # as a checkout under umask 077
        path.chmod(0o700 if path.is_dir() else 0o600)
    stack.up(SERVICE)
    return stack


def test_the_service_turns_healthy_and_answers(served):
    status, _ = served.get("/health", port=served.prod_port)

    assert status == 200
    assert served.inspect(SERVICE, "{{.State.Health.Status}}") == "healthy"


def test_the_documentation_is_closed(served):
    status, _ = served.get("/docs", port=served.prod_port)

    assert status == 404


def test_the_health_check_fails_where_nobody_answers(served):
    check = json.loads(served.inspect(SERVICE, "{{json .Config.Healthcheck.Test}}"))[1:]

    answered = served.compose("exec", SERVICE, *check)
    with pytest.raises(AssertionError, match="ConnectionRefusedError"):
        served.compose("exec", "-e", "PORT=1", SERVICE, *check)

    assert answered == ""


def test_the_user_is_a_number_and_not_root(served):
    user = served.inspect(SERVICE, "{{.Config.User}}")

    assert user == "10001:10001"
    assert served.compose("exec", SERVICE, "id", "-u").strip() == "10001"


@pytest.mark.parametrize("what", ABSENT)
def test_the_image_is_without(served, what):
    found = served.compose("exec", SERVICE, "python", "-c", FINDER.format(ABSENT[what]))

    assert found.strip() == ""


def test_the_secret_is_in_the_service_and_in_no_image(served):
    secret = served.variable("WEBKIT__SECRET_KEY")
    image = served.inspect(SERVICE, "{{.Image}}")

    environment = served.compose("exec", SERVICE, "printenv", "WEBKIT__SECRET_KEY")
    history = served.docker("history", "--no-trunc", image)
    description = served.docker("image", "inspect", image)

    assert environment.strip() == secret
    assert secret not in history + description


def test_the_service_is_confined(served):
    held = served.compose("exec", SERVICE, "cat", "/proc/1/status")
    host = json.loads(served.inspect(SERVICE, "{{json .HostConfig}}"))

    assert re.search(r"CapBnd:\s+0+\n", held)
    assert re.search(r"NoNewPrivs:\s+1\n", held)
    assert host["ReadonlyRootfs"]
    assert host["Memory"] == 512 * 1024**2
    assert host["PidsLimit"] == 256
    assert host["RestartPolicy"]["Name"] == "unless-stopped"
    assert {port["HostIp"] for ports in host["PortBindings"].values() for port in ports} == {
        "127.0.0.1"
    }


def test_the_service_stops_in_a_second(new_stack):
    stack = new_stack()

    # The engine may be busy once.
    assert any(stack.seconds_to_stop(SERVICE) < STOP for _ in range(2))
    assert stack.inspect(SERVICE, "{{.State.ExitCode}}") == "0"


def test_the_service_refuses_to_start_without_a_secret(new_stack):
    stack = new_stack()
    stack.compose("build", "--quiet", SERVICE)

    with pytest.raises(AssertionError, match="secret_key: is missing in production"):
        stack.compose("run", "--rm", "-e", "WEBKIT__SECRET_KEY=", SERVICE)


def test_a_change_of_the_source_makes_one_new_layer(new_stack):
    stack = new_stack()

    def layers():
        stack.compose("build", "--quiet", SERVICE)
        image = f"{stack.name}-{SERVICE}"
        return json.loads(stack.docker("image", "inspect", "-f", "{{json .RootFS.Layers}}", image))

    before = layers()
    view = stack.root / "apps" / "api" / "views.py"
    view.write_text(view.read_text() + "\n# changed\n")
    after = layers()

    assert after[:-1] == before[:-1]
    assert after[-1] != before[-1]


def test_the_image_runs_by_itself_on_another_port(new_stack):
    stack = new_stack()
    stack.compose("build", "--quiet", SERVICE)
    secret, port = f"WEBKIT__SECRET_KEY={stack.variable('WEBKIT__SECRET_KEY')}", stack.prod_port
    publish = f"127.0.0.1:{port}:9000"
    image = f"{stack.name}-{SERVICE}"

    stack.docker(
        "run", "-d", "--name", stack.name, "-e", secret, "-e", "PORT=9000", "-p", publish, image
    )
    try:
        seconds = stack.seconds_until("/health", "ok", port=port)
    finally:
        stack.docker("rm", "-f", stack.name)

    assert seconds < 10
