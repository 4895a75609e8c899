"""What a user's editor sees: mypy strict and pyright strict over the samples beside this file.

They accept every sample but `refused.py`. There each wrong line ends with the code of mypy and the
rule of pyright that must be among their complaints about it, and no other line has any.
"""

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from mypy import api

from webkit.application import create_app


pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SAMPLES = sorted(path for path in HERE.glob("*.py") if not path.name.startswith("test_"))
REFUSED = HERE / "refused.py"
SERVED = [path for path in SAMPLES if "\ndef routes()" in path.read_text()]
LIMIT = 100  # seconds, for one checker


def expected(column):
    """Return the complaints that the lines of `refused.py` announce: a code or rule for each."""
    lines = enumerate(REFUSED.read_text().splitlines(), 1)
    marks = ((number, re.search(r"  # ([\w-]+), (report\w+)$", line)) for number, line in lines)
    return {f"{REFUSED.name}:{number}": mark[column] for number, mark in marks if mark}


def differences(found, wanted):
    """Return the places where the complaints are not those that are wanted, with both."""
    places = {**wanted, **found}
    return {
        place: (wanted.get(place), found.get(place))
        for place in places
        if wanted.get(place) not in found.get(place, ())
    }


def mypy():
    """Return the codes of all errors of mypy by their places."""
    names = [str(path.relative_to(ROOT)) for path in SAMPLES]
    cache = str(ROOT / ".mypy_cache")  # where the checks before the tests have left what they read
    report, errors, _ = api.run(["--strict", "--warn-unused-ignores", "--cache-dir", cache, *names])
    assert not errors
    found = defaultdict(set)
    for name, line, code in re.findall(
        r"^(.*):(\d+): error: .*\[([\w-]+)\]$", report, re.MULTILINE
    ):
        found[f"{Path(name).name}:{line}"].add(code)
    return found


def run_pyright(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "pyright", *arguments],
        env=os.environ | {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )


def pyright():
    """Return the rules of all errors of pyright by their places."""
    try:
        probe = run_pyright("--version")
    except subprocess.TimeoutExpired:
        pytest.skip(f"pyright does not run here: no answer in {LIMIT} seconds")
    if probe.returncode:  # it is written for node, and fetches what it needs
        reason = (probe.stdout + probe.stderr).strip().rpartition("\n")[2]
        pytest.skip(f"pyright does not run here: {reason}")
    interpreter = ("--pythonpath", sys.executable, "--pythonversion", "3.11")
    run = run_pyright(*interpreter, "--outputjson", *map(str, SAMPLES))
    found = defaultdict(set)
    for item in json.loads(run.stdout)["generalDiagnostics"]:
        line = item["range"]["start"]["line"] + 1
        found[f"{Path(item['file']).name}:{line}"].add(item.get("rule", "error"))
    return found


def test_mypy_accepts_what_a_user_writes_and_refuses_what_is_wrong(monkeypatch):
    monkeypatch.chdir(ROOT)

    found = mypy()

    assert differences(found, expected(1)) == {}


def test_pyright_accepts_what_a_user_writes_and_refuses_what_is_wrong(monkeypatch):
    monkeypatch.chdir(ROOT)

    found = pyright()

    assert differences(found, expected(2)) == {}


def test_both_are_strict():
    first_lines = {path.name: path.read_text().partition("\n")[0] for path in SAMPLES}

    assert first_lines == dict.fromkeys(first_lines, "# pyright: strict")


def loaded(path):
    """Return a sample as a module."""
    spec = importlib.util.spec_from_file_location(f"typing_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", SERVED, ids=lambda path: path.stem)
def test_what_is_accepted_starts(path):
    app = create_app(routes=loaded(path).routes())

    assert len(app.router.routes()) > 2


@pytest.mark.parametrize(
    ("sample", "path", "status"),
    [
        ("resources", "/artist/?ordering=-name&born__gte=1", 200),
        ("resources", "/reader/", 200),
        ("resources", "/own/?shout=1&ordering=name", 200),
        ("resources", "/stream/", 200),
        ("resources", "/whole/", 200),
        ("resources", "/named-artist/?name=x&limit=1", 200),
        ("resources", "/hand-written/", 200),
        ("handlers", "/v1/artist?genres=jazz,soul&ordering=-name", 200),
        ("handlers", "/v1/artist/1/", 404),
        ("handlers", "/v1/seeds/", 200),
        ("handlers", "/show/3?genre=jazz", 200),
        ("handlers", "/view", 200),
        ("actions", "/book/newest/?limit=3", 200),
        ("actions", "/book/1/google-it/", 200),
        ("policies", "/note/", 200),
        ("policies", "/note/count/", 401),
        ("streaming", "/room/log/", 200),
        ("streaming", "/room/news/", 200),
        ("streaming", "/room/late/", 200),
    ],
)
async def test_it_is_served_as_it_is_typed(aiohttp_client, sample, path, status):
    client = await aiohttp_client(create_app(routes=loaded(HERE / f"{sample}.py").routes()))

    answer = await client.get(path)

    assert answer.status == status, await answer.text()
