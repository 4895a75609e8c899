"""Commands as whole processes, and a generated project: how long a person waits.

    python -m benchmarks.cli [--rounds N]

Commands are compared with ``python -c pass``, the rest is in seconds; always the best round.
"""

import argparse
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.outcomes import Missing, finish
from benchmarks.tables import Target, machine, table


_LIMIT = 30.0  # seconds until something that should answer is given up
_PAUSE = 0.001  # seconds between two looks at a server
_APP = "api"

# What is compared with `python -c pass`, and what is in seconds.
COMMANDS = {
    "webkit --help": Target(first=5, goal=2),
    "startproject": Target(first=16, goal=4),
    "startapp": Target(first=16, goal=4),
    "startapp, 3 fields": Target(first=16, goal=4),
}
WAITS = {
    "boot to first 200": Target(first=0.4, goal=0.25),
    "first passing test": Target(first=1.2, goal=0.7),
    "webkit dev, edit to served": Target(first=0.1, goal=0.05),
}


def main() -> None:
    """Measure all rows and print them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cli", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = range(parser.parse_args().rounds)
    print(machine("aiohttp", "click", "cookiecutter", "watchfiles"))
    print(f"best of {len(rounds)}\n")
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        commands = _commands(place, rounds)
        project = _project(place)
        waits = {
            "boot to first 200": min(_boot(project) for _ in rounds),
            "first passing test": min(_seconds(_pytest(), cwd=project) for _ in rounds),
            "webkit dev, edit to served": min(_edits(project, rounds)),
        }
    nothing = commands.pop("python -c pass")
    lines: list[tuple[str, ...]] = [("python -c pass", f"{nothing * 1000:.1f}", "1.0", "", "", "")]
    lines += (
        _line(name, seconds, target=COMMANDS[name], unit=nothing)
        for name, seconds in commands.items()
    )
    lines += (_line(name, seconds, target=WAITS[name]) for name, seconds in waits.items())
    print(table(("row", "ms", "ratio or s", "first", "goal", "result"), lines))


def _line(name: str, seconds: float, *, target: Target, unit: float = 1.0) -> tuple[str, ...]:
    value = seconds / unit
    shown = f"{value:.2f} s" if unit == 1.0 else f"{value:.1f}"
    return (name, f"{seconds * 1000:.1f}", shown, *target.cells, target.verdict(value))


def _script(name: str) -> str:
    found = Path(sys.executable).with_name(name)
    if not found.exists():
        raise Missing(f'{name} is not installed. Run: pip install -e ".[standard]"')
    return str(found)


def _pytest() -> list[str]:
    return [sys.executable, "-m", "pytest", "-q"]


def _environment() -> dict[str, str]:
    """Return the environment without what a project would read from it."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in {"ENVIRONMENT", "PORT"} and not name.startswith("WEBKIT__")
    }


def _seconds(command: Sequence[str], *, cwd: Path) -> float:
    """Return how long a command takes.

    Raises:
        Missing: it fails.
    """
    started = time.perf_counter()
    done = subprocess.run(
        command, check=False, cwd=cwd, env=_environment(), capture_output=True, text=True
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise Missing(f"{' '.join(command)} fails:\n{done.stdout}{done.stderr}")
    return seconds


def _commands(place: Path, rounds: range) -> dict[str, float]:
    """Return the best time of each command; each round runs all of them, on new names."""
    first = place / "project0"
    found: dict[str, list[float]] = {}

    def run(name: str, *command: str, cwd: Path = place) -> None:
        found.setdefault(name, []).append(_seconds(command, cwd=cwd))

    for number in rounds:
        run("python -c pass", sys.executable, "-c", "pass")
        run("webkit --help", _script("webkit"), "--help")
        run("startproject", _script("startproject"), f"project{number}", "--no-input")
        run("startapp", _script("startapp"), f"app{number}", "--no-input", cwd=first)
        fields = (f"things{number}", "name:str", "born:date?", "genre:str=jazz")
        run("startapp, 3 fields", _script("startapp"), *fields, cwd=first)
        if number:
            shutil.rmtree(place / f"project{number}")
    return {name: min(times) for name, times in found.items()}


def _project(place: Path) -> Path:
    """Return a new project with one app."""
    _seconds([_script("startproject"), "shop", "--no-input"], cwd=place)
    _seconds([_script("startapp"), _APP, "--no-input"], cwd=place / "shop")
    return place / "shop"


def _boot(project: Path) -> float:
    """Return the seconds from the start of the process to the first 200."""
    started = time.perf_counter()
    with _serving(project, "run") as get:
        _wait_for(lambda: get("/health") is not None)
        return time.perf_counter() - started


def _edits(project: Path, rounds: range) -> list[float]:
    """Return the seconds from saving a view to an answer that has the change."""
    view = project / f"apps/{_APP}/views.py"
    text = view.read_text(encoding="utf-8")
    found = []
    with _serving(project, "dev") as get:
        _wait_for(lambda: get(f"/{_APP}/") is not None)
        for number in rounds:
            time.sleep(0.3)  # a person does not save twice at once
            wanted = f"edit {number}"

            def is_served(body: bytes = wanted.encode()) -> bool:
                return body in (get(f"/{_APP}/") or b"")

            started = time.perf_counter()
            view.write_text(text.replace(f'"{_APP}"', f'"{wanted}"'), encoding="utf-8")
            _wait_for(is_served)
            found.append(time.perf_counter() - started)
    return found


@contextmanager
def _serving(project: Path, command: str) -> Iterator[Callable[[str], bytes | None]]:
    """Run ``webkit run`` or ``webkit dev``; what is yielded asks it for a path."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
    arguments = [_script("webkit"), command, "--host", "127.0.0.1", "--port", str(port)]
    output = subprocess.DEVNULL

    def get(path: str) -> bytes | None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_LIMIT)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", path)
            response = connection.getresponse()
            return response.read() if response.status == 200 else None
        connection.close()
        return None

    with subprocess.Popen(
        arguments, cwd=project, env=_environment(), stdout=output, stderr=output
    ) as process:
        try:
            yield get
        finally:
            process.terminate()


def _wait_for(is_there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _LIMIT
    while not is_there():
        if time.monotonic() > deadline:
            raise Missing("the generated project does not answer")
        time.sleep(_PAUSE)


if __name__ == "__main__":
    finish(main)
