"""Generated resources: checked as they come, on both kinds of databases.

Every type of a field crosses model, migration, HTTP, JSON and back; what cannot be kept exactly is
refused.
"""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from webkit.database.settings import address_of
from webkit.migrations.creation import drop
from webkit.scaffold.kinds import KINDS


pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SCRIPTS = Path(sys.executable).parent
SERVER = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
LONG = "a" * 36  # the longest names that are taken
FIELD = "b" * 27

APPS = {
    "artists": ["name:str!", "born:date?", "genre:str=jazz"],
    "albums": ["title:str", "artist:ref:artists", "before:ref:albums?", "price:decimal=9.90"],
    "blog_posts": [f"{kind}_value:{kind}" for kind in KINDS if kind != "ref"],
    "drafts": [f"{kind}_value:{kind}?" for kind in KINDS if kind != "ref"],
    "keys": [
        f"{name}_value:{name}!" for name, kind in KINDS.items() if kind.is_unique and name != "ref"
    ],
    "notes": ["more:json"],
    "limits": ["limit:int", "search:str", "page:bool=false"],
    "words": ['a:str=it\'s "q"', "b:text=x\\y", "c:str?=джаз", "d:str=", "e:bool=true"],
    "times": [
        "a:date=2026-01-31",
        "b:datetime=2026-01-31T12:00:00+02:00",
        "c:time=12:30",
        "d:uuid=12345678-1234-5678-1234-567812345678",
        "e:float=0.5",
        "f:int=-3",
    ],
    LONG: [f"{FIELD}:ref:artists!", f"c{FIELD[1:]}:datetime?"],
}
CHECKS = {
    "ruff check": "All checks passed!",
    "ruff format --check": "already formatted",
    "mypy": "Success: no issues found",
    "webkit db init": "Nothing to do",
    "webkit db check": "The tables are as the models say.",
    "pytest -q": " passed",
}
CASES = '''\
"""What becomes of a value of each type."""

import pytest

BIG = 2**63
CASES = [
    ("str", ["", "x" * 255, "it's; DROP TABLE drafts--", "\\U0001f469\\u200d", "a\\\\b\\n"],
     ["x" * 256, 3, "a\\0b"]),
    ("text", ["", "x" * 100000, "\\u0436"], ["a\\0b", []]),
    ("int", [0, -1, BIG - 1, -BIG], [BIG, -BIG - 1, 1.5, "1", True]),
    ("float", [0.0, 0.1, -1.5e300, 5e-324], ["NaN", "1", []]),
    ("decimal", ["0.00", "9.90", "-1234567890123.45"], ["0.001", "NaN", "Infinity", "1E+30", "x"]),
    ("bool", [True, False], ["true", 1]),
    ("date", ["0001-01-01", "2024-02-29", "9999-12-31"], ["2023-02-29", "0000-01-01", "x"]),
    ("datetime", ["0001-01-02T00:00:00Z", "2024-02-29T12:00:00.123456Z", "9999-12-31T23:59:59Z"],
     ["2024-01-01T00:00:00", "0001-01-01T00:00:00+10:00", "0001-01-01T00:00:00Z"]),
    ("time", ["00:00:00", "23:59:59.999999"], ["24:00:00", "12:00:00Z", "x"]),
    ("uuid", ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
     ["x", 1]),
    ("json", [{"a": [1, None, "\\u0436"]}, [], "text", 1.5, False], []),
    ("email", ["ann@example.com"], ["ann", "a\\0@b.cc", "x" * 250 + "@b.cc"]),
    ("url", ["https://example.com/?a=b#c"], ["example.com", "http://" + "x" * 2000]),
]
KEPT = [(kind, value) for kind, kept, _ in CASES for value in kept]
REFUSED = [(kind, value) for kind, _, refused in CASES for value in refused]


@pytest.mark.parametrize(("kind", "value"), KEPT, ids=range(len(KEPT)))
async def test_it_comes_back_as_it_went(api, kind, value):
    field = f"{kind}_value"
    response = await api.post("/drafts/", json={field: value})
    assert response.status == 201, await response.text()
    added = await response.json()
    assert added[field] == value
    assert await (await api.get(f"/drafts/{added['id']}/")).json() == added
    (listed,) = (await (await api.get("/drafts/")).json())["results"]
    assert listed == added
    changed = await api.patch(f"/drafts/{added['id']}/", json={field: None})
    assert (await changed.json())[field] is None
    changed = await api.put(f"/drafts/{added['id']}/", json={field: value})
    assert (await changed.json())[field] == value


@pytest.mark.parametrize(("kind", "value"), REFUSED, ids=range(len(REFUSED)))
async def test_what_cannot_be_kept_is_refused(api, kind, value):
    response = await api.post("/drafts/", json={f"{kind}_value": value})
    assert response.status == 422, await response.text()
    errors = (await response.json())["errors"]
    assert [error["pointer"] for error in errors] == [f"#/{kind}_value"]


async def test_an_instant_goes_out_in_utc(api):
    value = "2024-01-01T12:00:00+02:00"
    response = await api.post("/drafts/", json={"datetime_value": value})
    assert (await response.json())["datetime_value"] == "2024-01-01T10:00:00Z"


async def test_defaults_are_those_that_were_typed(api):
    response = await api.post("/words/", json={})
    found = await response.json()
    found.pop("id")
    words = ["it's \\"q\\"", "x\\\\y", "\\u0434\\u0436\\u0430\\u0437", "", True]
    assert list(found.values()) == words
    response = await api.post("/times/", json={})
    found = await response.json()
    found.pop("id")
    assert found == {
        "a": "2026-01-31",
        "b": "2026-01-31T10:00:00Z",
        "c": "12:30:00",
        "d": "12345678-1234-5678-1234-567812345678",
        "e": 0.5,
        "f": -3,
    }
'''


def environment(url):
    """Return this one without what would come before the project's own values."""
    ours = ("PORT", "ENVIRONMENT", "DATABASE_URL")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith(("WEBKIT__", "PYTEST_X", "COV", "DATABASE__"))
    }
    path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
    return {
        **kept,
        "PATH": path,
        **({"DATABASE__URL": url} if url else {}),
    }


def run(command, *, cwd, url=""):
    """Run a command and return all that it printed; it has to end well."""
    done = subprocess.run(
        command if isinstance(command, list) else command.split(),
        cwd=cwd,
        env=environment(url),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module")
def baked(tmp_path_factory):
    """A project with resources of all types, in an app and in apps of others."""
    place = tmp_path_factory.mktemp("baked")
    run("startproject shop", cwd=place)
    for name, words in APPS.items():
        run(["startapp", name, *words], cwd=place / "shop")
    words = ["title:str", "album:ref:albums", "length:time?"]
    run(["webkit", "generate", "resource", "albums", "songs", *words], cwd=place / "shop")
    return place / "shop"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request):
    """Where the database of the project is: where it says itself, or on a server."""
    if request.param == "sqlite":
        yield ""
        return
    made = urlsplit(SERVER)._replace(path=f"/webkit_test_{secrets.token_hex(6)}").geturl()
    yield made
    drop(address_of(made))


@pytest.fixture(scope="module")
def migrated(baked, url):
    """What the database says when it is made."""
    return run("webkit db init", cwd=baked, url=url)


@pytest.mark.parametrize(("command", "verdict"), CHECKS.items(), ids=CHECKS)
def test_generated_resources_pass_the_checks_of_their_project(
    baked, url, migrated, command, verdict
):
    if url and command.startswith(("ruff", "mypy")):
        pytest.skip("does not ask the database")

    assert "Applied" in migrated
    assert verdict in run(command, cwd=baked, url=url)


def test_every_type_crosses_the_table_and_comes_back(baked, url, tmp_path):
    cases = baked / "apps/drafts/tests/test_cases.py"
    cases.write_text(CASES)
    try:
        printed = run("pytest -q apps/drafts/tests/test_cases.py", cwd=baked, url=url)
    finally:
        cases.unlink()

    assert int(re.search(r"(\d+) passed", printed)[1]) > 50


def test_the_cases_have_every_type():
    assert [kind for kind in KINDS if f'("{kind}", ' not in CASES] == ["ref"]
