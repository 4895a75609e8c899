"""One side of a comparison: a server on one core, and the load on it from another.

The figure is requests per second of CPU time that the server uses, so that what else the machine
does, and how fast the load is made, matter little.
"""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.outcomes import Different, Missing


__all__ = ("Answer", "Request", "Server", "need_wrk", "running")

CONNECTIONS = 32  # enough to keep a single-threaded server busy, few enough to wait for none
_FOLDER = Path(__file__).parent
_ROOT = _FOLDER.parent
_NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '([^']+)'\s*\Z")
_TICKS = os.sysconf("SC_CLK_TCK")  # a second in the units of /proc/PID/stat


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of every side.

    Under load ``$id`` in the path or the body becomes the keys 1 to 1000 in turn, and ``$next`` a
    number that goes on; a single request has the first of them.
    """

    method: str = "GET"
    path: str
    body: str | None = None

    @property
    def script(self) -> str:
        """What makes the load of it."""
        is_one = self.first == self
        return str(_FOLDER / ("request.lua" if is_one else "requests.lua"))

    @property
    def first(self) -> "Request":
        """The first of what the load sends."""
        path, body = (
            text and text.replace("$id", "1").replace("$next", "1")
            for text in (self.path, self.body)
        )
        return Request(method=self.method, path=path or "", body=body)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a side answers: ``data`` is what the JSON in the body says, or the text of another."""

    status: int
    data: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A side that is being measured."""

    name: str
    port: int
    pid: int
    load_core: int

    def answer(self, request: Request) -> Answer:
        """Return what the server answers once."""
        request = request.first
        headers = {"Content-Type": "application/json"} if request.body else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(request.method, request.path, request.body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        is_json = response.headers.get_content_type().endswith("json")
        return Answer(status=response.status, data=json.loads(text) if is_json and text else text)

    def per_cpu_second(self, request: Request, *, is_error: bool, seconds: int) -> float:
        """Return how many requests the server answers in a second of its CPU time.

        Raises:
            Different: under load some answers are errors, or, for ``is_error``, some are none.
        """
        url = f"http://127.0.0.1:{self.port}{request.path}"
        script = ["-s", request.script, url, "--", request.method, *filter(None, [request.body])]
        pinned = ["taskset", "-c", str(self.load_core)]
        command = [*pinned, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *script]
        before = self._cpu_seconds()
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        used = self._cpu_seconds() - before
        served = int(re.findall(r"(\d+) requests in", done.stdout)[0])
        errors = int("".join(re.findall(r"Non-2xx or 3xx responses: (\d+)", done.stdout)) or 0)
        # A timeout is nobody's mistake: something else had the machine for two seconds.
        lost = re.findall(r"connect (\d+), read (\d+), write (\d+), timeout", done.stdout)
        if any(map(int, chain(*lost))) or errors != (served if is_error else 0):
            raise Different(f"{self.name}: {request} fails under load:\n{done.stdout}")
        return served / used

    def rest(self) -> None:
        """Wait until the server has done what was asked of it before the load ended."""
        used = -1.0
        while used != (used := self._cpu_seconds()):
            time.sleep(0.1)

    def _cpu_seconds(self) -> float:
        return sum(map(_ticks, _family(self.pid))) / _TICKS


def _family(pid: int) -> Iterator[int]:
    """Yield a process and those that it has started, its workers."""
    yield pid
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text(encoding="ascii").split():
            yield from _family(int(child))


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    user, system = fields.rpartition(")")[2].split()[11:13]
    return int(user) + int(system)


def need_wrk() -> None:
    """Check for the load generator, and for what pins a process to a core.

    Raises:
        Missing: one of them is not there.
    """
    for program, package in (("wrk", "wrk"), ("taskset", "util-linux")):
        if shutil.which(program) is None:
            raise Missing(f"{program} is not installed. On Debian: apt-get install {package}")
    if len(os.sched_getaffinity(0)) < 2:
        raise Missing("two cores are needed: one for the server, one for the load")


@contextmanager
def running(name: str, *arguments: str) -> Iterator[Server | None]:
    """Run the server ``benchmarks.servers.NAME``; None if a package that it needs is missing.

    Raises:
        Missing: the server does not start.
    """
    cores = sorted(os.sched_getaffinity(0))
    python = ["taskset", "-c", str(cores[0]), sys.executable]
    command = [*python, "-m", f"benchmarks.servers.{name}", *arguments]
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(
            command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        try:
            line = process.stdout.readline().strip() if process.stdout else ""
            if line.isdecimal():
                yield Server(name=name, port=int(line), pid=process.pid, load_core=cores[-1])
                return
        finally:
            process.terminate()
            process.wait()
        errors.seek(0)
        text = errors.read()
    module = _NO_MODULE.search(text)
    if module is None or module[1].startswith(("benchmarks", "webkit")):
        raise Missing(f"{name} does not start:\n{text}")
    print(f"Without {name}: it needs {module[1]}. pip install -r benchmarks/requirements.txt\n")
    yield None
