"""The runner of the documentation: reads the code blocks of a page, and does what a reader does.

CONTRIBUTING.md says which kinds of blocks there are. A page is one session: its blocks share a
directory, a port, and the server that runs.
"""

import os
import pty
import re
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest


PORT = "8080"  # as the pages write it; a session has a free one in its place
LIMIT = 60.0  # seconds for one command; with Docker ten times as many
SCRIPTS = Path(sys.executable).parent
HERE = Path(__file__).parent

_FENCE = re.compile(r"(?P<indent> *)(?P<fence>`{3,})(?P<info>.*)")
_PROMPT = re.compile(r"(.*\]: )(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block. ``words`` are the bare words after the language, ``options`` the others."""

    place: str
    language: str
    words: frozenset[str]
    options: dict[str, str]
    text: str


def blocks_of(page: str, *, name: str) -> list[Block]:
    """Return the fenced blocks of a page in their order; ``name`` is where the page comes from."""
    blocks = []
    lines = iter(enumerate(page.splitlines(), 1))
    for number, line in lines:
        opening = _FENCE.fullmatch(line)
        if opening is None:
            continue
        indent, fence = len(opening["indent"]), opening["fence"]
        body: list[str] = []
        for _, inner in lines:
            if inner.strip() == fence:
                break
            body.append(inner[indent:])
        language, *rest = shlex.split(opening["info"]) or [""]
        blocks.append(
            Block(
                place=f"{name}:{number}",
                language=language,
                words=frozenset(word for word in rest if "=" not in word),
                options=dict(word.split("=", 1) for word in rest if "=" in word),
                text="".join(f"{inner}\n" for inner in body),
            )
        )
    return blocks


def commands_of(text: str) -> list[tuple[str, str]]:
    """Return the commands of a console block, each with the output that is shown under it."""
    shown: list[tuple[str, str]] = []
    joined = text.replace("\\\n", "")
    for line in joined.splitlines():
        if line.startswith("$ "):
            shown.append((line.removeprefix("$ "), ""))
        elif shown:
            command, output = shown[-1]
            shown[-1] = (command, f"{output}{line}\n")
        else:
            raise AssertionError(f"output without a command: {line}")
    return shown


def pattern_of(shown: str) -> re.Pattern[str]:
    """Return what fits the output: ``...`` is any lines, ``…`` any text in a line."""
    lines = (
        r"(?:.*\n)*?"
        if line.strip() == "..."
        else re.escape(line).replace("…", ".*?") + r"[ \t]*\n"
        for line in shown.strip("\n").splitlines()
    )
    return re.compile("".join(lines))


def environment() -> dict[str, str]:
    """Return the environment of a reader: webkit's scripts on PATH, none of our own variables."""
    ours = ("PYTEST_X", "COV", "WEBKIT_", "COMPOSE_")
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in {"PORT", "ENVIRONMENT", "FORCE_COLOR"} and not key.startswith(ours)
    }
    path = [str(SCRIPTS), kept["PATH"], str(HERE / "bin")]
    shown = {"NO_COLOR": "1", "COLUMNS": "100", "CURL_HOME": str(HERE / "bin")}
    return {**kept, "PATH": os.pathsep.join(path), **shown}


class Server:
    """A command that goes on running. What it prints is kept, so that nothing makes it wait."""

    def __init__(self, command: str, *, cwd: Path, env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command if "&&" in command else f"exec env {command}",
            shell=True,
            cwd=cwd,
            env={**env, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.printed = ""
        self._has_ended = False
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stdout:
            for line in stdout:
                with self._more:
                    self.printed += line
                    self._more.notify_all()
        with self._more:
            self._has_ended = True
            self._more.notify_all()

    def wait_for(self, shown: str, *, limit: float = LIMIT) -> None:
        """Return when the output has come."""
        pattern = pattern_of(shown)
        with self._more:
            self._more.wait_for(
                lambda: self._has_ended or pattern.search(self.printed), timeout=limit
            )
            found = pattern.search(self.printed)
            assert found, f"shown:\n{shown}\nprinted so far:\n{self.printed}"

    def stop(self) -> int:
        """Ask the processes to end, and return the status of the first."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
        status = self._process.wait(timeout=LIMIT)
        self._reader.join(timeout=LIMIT)
        return status


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Session:
    """One reader of one page: a directory that ``cd`` changes, a port, and at most one server."""

    directory: Path
    has_docker: bool = False
    scripts: Path = SCRIPTS  # of the commands that end
    port: int = field(default_factory=_free_port)
    server: Server | None = None

    def __post_init__(self) -> None:
        self.env = {**environment(), "COMPOSE_PROJECT_NAME": f"webkit-docs-{self.port}"}

    def run(self, block: Block) -> None:
        """Do what the block says; raises AssertionError where what happens is not what it shows."""
        text = self.localized(block.text)
        try:
            if "title" in block.options:
                self._write(block.options["title"], text, is_diff=block.language == "diff")
            elif "shows" in block.options:
                found = (self.directory / block.options["shows"]).read_text()
                assert found == text, f"the file has:\n{found}"
            elif block.language == "console":
                self._console(text, block.words)
            elif block.language == "python":
                self.printed_by(shlex.join([sys.executable, "-W", "error", "-c", text]))
            else:
                assert block.language == "text", f"nobody runs a block of {block.language!r}"
        except (AssertionError, OSError, subprocess.TimeoutExpired) as error:
            raise AssertionError(f"{block.place}: {error}") from error

    def printed_by(self, command: str, *, limit: float = LIMIT, fails: bool = False) -> str:
        """Return what a command prints, on both streams."""
        printed, has_failed = self._done(command, limit=limit)
        if has_failed is not fails:
            raise AssertionError(f"{command}\n{printed}")
        return printed

    def _done(self, command: str, *, limit: float) -> tuple[str, bool]:
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.directory,
            env={**self.env, "PATH": f"{self.scripts}{os.pathsep}{self.env['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=limit,
            check=False,
        )
        return done.stdout.replace("\r", ""), done.returncode != 0

    def localized(self, text: str) -> str:
        """Return the text with the session's port."""
        return re.sub(rf"(?<!\[){PORT}", str(self.port), text)  # not in a prompt's `[8080]: `

    def stop(self) -> None:
        """End the server, which ends well."""
        if self.server is not None:
            server, self.server = self.server, None
            status = server.stop()
            assert status == 0, f"the server ended with {status}:\n{server.printed}"

    def close(self) -> None:
        """Leave nothing behind that runs."""
        if self.server is not None:
            self.server.stop()
        if self.has_docker:
            command = "docker compose --profile '*' down -v -t 1 --rmi local"
            self.printed_by(command, limit=LIMIT * 10)

    def _write(self, title: str, text: str, *, is_diff: bool) -> None:
        path = self.directory / title
        if is_diff:
            text = _patched(path.read_text(), text)
        path.parent.mkdir(parents=True, exist_ok=True)
        # In one step, as editors do: a server that watches never sees half a file.
        draft = path.with_name(f"{path.name}~")
        draft.write_text(text)
        draft.replace(path)

    def _console(self, text: str, words: frozenset[str]) -> None:
        assert words <= {"docker", "fails", "serve", "tty"}, f"unknown: {sorted(words)}"
        if "docker" in words:
            if not self.has_docker:
                return
            self.stop()  # a container wants its port
        limit = LIMIT * 10 if "docker" in words else LIMIT
        for command, shown in commands_of(text):
            if command.startswith("cd "):
                self.directory /= command.removeprefix("cd ")
            elif "serve" in words:
                self.stop()
                self.server = Server(command, cwd=self.directory, env=self.env)
                self.server.wait_for(shown, limit=limit)
            elif "tty" in words:
                printed = _answered(command, shown, cwd=self.directory, env=self.env)
                assert _fits(printed, shown), f"shown:\n{shown}\nprinted:\n{printed}"
            else:
                self._command(command, shown.strip("\n"), fails="fails" in words, limit=limit)

    def _command(self, command: str, shown: str, *, fails: bool, limit: float) -> None:
        deadline = time.monotonic() + 10
        while True:
            printed, has_failed = self._done(command, limit=limit)
            is_as_shown = has_failed is fails and _fits(printed, shown)
            # A reader looks again, too, while the server takes up an edit.
            if is_as_shown or not _only_reads(command) or time.monotonic() > deadline:
                break
        if not is_as_shown:
            ending = "failed" if has_failed else "succeeded"
            server = f"\nserver:\n{self.server.printed}" if self.server else ""
            message = f"{command}: {ending}\nshown:\n{shown}\nprinted:\n{printed}{server}"
            raise AssertionError(message)


def _patched(text: str, diff: str) -> str:
    """Return the text after all changes of a diff, which ``@@`` lines separate."""
    for hunk in re.split(r"^@@.*\n", diff, flags=re.MULTILINE):
        lines = hunk.splitlines(keepends=True)
        before, after = (
            "".join(line[1:] or "\n" for line in lines if line[0] != sign) for sign in "+-"
        )
        if text.count(before) != 1:
            raise AssertionError(f"not once there:\n{before}\nin:\n{text}")
        text = text.replace(before, after)
    return text


def _only_reads(command: str) -> bool:
    return command.startswith("curl ") and not re.search(" (-d|-X|--json|--data)", command)


def _fits(printed: str, shown: str) -> bool:
    return not shown or pattern_of(shown).fullmatch(printed.strip("\n") + "\n") is not None


def _answered(command: str, shown: str, *, cwd: Path, env: dict[str, str]) -> str:
    """Run a command on a terminal, type the answers that are shown, and return what is seen."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        command,
        shell=True,
        cwd=cwd,
        env=env,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    seen = b""
    try:
        for match in filter(None, map(_PROMPT.fullmatch, shown.splitlines())):
            seen = _read_until(master, seen, match[1].encode())
            os.write(master, f"{match[2]}\n".encode())
        seen = _read_until(master, seen, None)
    finally:
        os.close(master)  # which ends a process that still waits for an answer
        status = process.wait(timeout=LIMIT)
    assert status == 0, seen.decode()
    return seen.decode().replace("\r\n", "\n")


def _read_until(master: int, seen: bytes, end: bytes | None) -> bytes:
    """Read on until the terminal shows ``end`` last, or, with None, until nobody writes there."""
    while end is None or not seen.endswith(end):
        ready, _, _ = select.select([master], [], [], LIMIT)
        assert ready, f"waited for {end!r} after:\n{seen.decode()}"
        try:
            more = os.read(master, 4096)
        except OSError:  # the other side is closed
            more = b""
        if not more:
            assert end is None, f"ended before {end!r}:\n{seen.decode()}"
            break
        seen += more
    return seen


@pytest.fixture(scope="session")
def read() -> Callable[[Path], list[Block]]:
    """Read the blocks of a page of this repository."""
    root = HERE.parents[1]
    return lambda path: blocks_of(path.read_text(), name=str(path.relative_to(root)))


@pytest.fixture
def parsed() -> Callable[[str], list[Block]]:
    """Read the blocks of a text."""
    return lambda text: blocks_of(text, name="page.md")


@pytest.fixture
def new_session(tmp_path: Path, warm: Path) -> Iterator[Callable[..., Session]]:
    """Begin a session in an empty directory."""
    sessions: list[Session] = []

    def begin(*, has_docker: bool = False) -> Session:
        sessions.append(Session(tmp_path, has_docker=has_docker, scripts=warm))
        return sessions[-1]

    yield begin
    for session in sessions:
        session.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a command that goes on running until the test is over, on a port of its own."""
    servers: list[Server] = []

    def start(command: str, *, cwd: Path, port: int) -> Server:
        servers.append(Server(command, cwd=cwd, env={**environment(), "PORT": str(port)}))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def free_port() -> int:
    return _free_port()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the repository, as a clone has it."""
    hidden = shutil.ignore_patterns(
        ".git", ".venv", ".*_cache", "__pycache__", "dist", ".coverage*"
    )
    return shutil.copytree(HERE.parents[1], tmp_path / "webkit", ignore=hidden)
