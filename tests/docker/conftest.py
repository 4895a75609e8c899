"""A project made by `startproject`, and the compose projects that tests make of it."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest


SLUG = "quickstart"
OWNER = 12345  # who owns the project where the tests run as root
SCRIPTS = Path(sys.executable).parent


def printed_by(*command: str | Path, cwd: Path, limit: float = 600) -> str:
    """Return what the command printed, on both streams; a failure shows it all."""
    # What the caller's shell has set would win over the project's .env.
    ours = {"PORT", "PROD_PORT", "UID", "GID", "ENVIRONMENT"}
    env = {
        key: value
        for key, value in os.environ.items()
        if key not in ours and not key.startswith(("WEBKIT__", "COMPOSE_", "PYTEST_", "COV"))
    }
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=limit,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}"
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Stack:
    """A project directory and the compose project that runs from it, under a name of its own."""

    root: Path
    port: int
    prod_port: int
    name: str = field(default_factory=lambda: f"webkit-test-{secrets.token_hex(4)}")

    def compose(self, *arguments: str, limit: float = 600) -> str:
        return printed_by(
            "docker", "compose", "-p", self.name, *arguments, cwd=self.root, limit=limit
        )

    def up(self, service: str = SLUG) -> None:
        """Build and start the service and wait until it is healthy."""
        self.compose("build", "--quiet", service)
        try:
            self.compose("up", "-d", "--wait", service)
        except AssertionError as error:
            error.add_note(self.compose("logs", service))
            raise

    def variable(self, name: str) -> str:
        """Return a value of the project's .env."""
        lines = (self.root / ".env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)[name]

    def docker(self, *arguments: str) -> str:
        return printed_by("docker", *arguments, cwd=self.root)

    def container(self, service: str = SLUG) -> str:
        return self.compose("ps", "-aq", service).strip()

    def inspect(self, service: str, form: str) -> str:
        return self.docker("inspect", "-f", form, self.container(service)).strip()

    def get(self, path: str, *, port: int | None = None) -> tuple[int, str]:
        """Return status and body; 0 where nobody answers."""
        url = f"http://127.0.0.1:{port or self.port}{path}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def seconds_until(
        self, path: str, text: str, *, port: int | None = None, limit: float = 20
    ) -> float:
        """Return how long it took until the answer to the path had the text in it."""
        start = time.monotonic()
        while text not in (answer := self.get(path, port=port)[1]):
            assert time.monotonic() - start < limit, f"still: {answer}\n{self.compose('logs')}"
        return time.monotonic() - start

    def seconds_to_stop(self, service: str) -> float:
        """Start the service and return how long `docker stop` then takes."""
        self.up(service)
        container = self.container(service)
        start = time.monotonic()
        self.docker("stop", container)
        return time.monotonic() - start

    def own(self) -> tuple[int, int]:
        """Give all files of the project to the user who is in its .env."""
        return own(self.root)

    def remove(self) -> None:
        """Remove what carries the name: `down` alone leaves `run`'s containers, and images."""
        mine = ("--filter", f"label=com.docker.compose.project={self.name}")
        self.compose("--profile", "*", "down", "-v", "-t", "1", "--remove-orphans")
        if images := self.docker("image", "ls", "-aq", *mine).split():
            self.docker("image", "rm", "-f", *set(images))


def own(root: Path) -> tuple[int, int]:
    """Give the project to somebody who is not root, and say so in its .env."""
    uid, gid = (OWNER, OWNER) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    for path in (root, *root.rglob("*")):
        os.chown(path, uid, gid)
    return uid, gid


def with_values(root: Path, **values: object) -> None:
    """Set variables in the project's .env."""
    path = root / ".env"
    lines = [line for line in path.read_text().splitlines() if line.split("=")[0] not in values]
    path.write_text("\n".join([*lines, *(f"{key}={value}" for key, value in values.items()), ""]))


@pytest.fixture(scope="session")
def run() -> Callable[..., str]:
    return printed_by


@pytest.fixture(scope="session")
def scripts() -> Path:
    """Where the commands are."""
    return SCRIPTS


@pytest.fixture(scope="session")
def baked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an app as the commands make it. Not to be changed."""
    parent = tmp_path_factory.mktemp("baked")
    printed_by(SCRIPTS / "startproject", SLUG, "--no-input", cwd=parent)
    printed_by(SCRIPTS / "startapp", "api", cwd=parent / SLUG)
    return parent / SLUG


@pytest.fixture
def project(baked: Path, tmp_path: Path) -> Path:
    """A copy of the project that the test may change."""
    return shutil.copytree(baked, tmp_path / SLUG)


@pytest.fixture(scope="module")
def new_stack(
    baked: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Stack]]:
    """Make a copy of the project that belongs to a user who is not root, with ports of its own."""
    made: list[Stack] = []

    def make() -> Stack:
        root = shutil.copytree(baked, tmp_path_factory.mktemp("stack") / SLUG)
        stack = Stack(root, port=free_port(), prod_port=free_port())
        uid, gid = own(root)
        with_values(root, PORT=stack.port, PROD_PORT=stack.prod_port, UID=uid, GID=gid)
        made.append(stack)
        return stack

    yield make
    for stack in made:
        stack.remove()
