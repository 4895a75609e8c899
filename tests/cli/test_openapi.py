import json
import os
import subprocess
import sys
import textwrap

import pytest
from click.testing import CliRunner

from webkit.cli.openapi import command
from webkit.exceptions import UsageError


FILES = {
    "pyproject.toml": '[tool.webkit]\napp = "main:app"\n',
    "main.py": """
        from msgspec import Struct

        from webkit.application import create_app
        from webkit.config import Config, Settings
        from webkit.routers import SimpleRouter
        from webkit.viewsets import BaseViewSet


        class Artist(Struct):
            id: int
            name: str


        class ArtistViewSet(BaseViewSet):
            async def detail(self, id: int) -> Artist: ...


        def make(basename):
            router = SimpleRouter()
            router.register(ArtistViewSet, basename=basename)
            settings = Settings(title="Künstler", version="2.0", description="All of them")
            config = Config(settings=settings, environment="production", origins={})
            return create_app(config=config, routes=router.routes)


        app = make("artist")
        app.add_subapp("/v2", make("person"))
    """,
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    for name, text in FILES.items():
        (tmp_path / name).write_text(textwrap.dedent(text), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("main", "sys.path"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    sys.modules.pop("main", None)


@pytest.fixture
def run(project):
    """Run the command and return its status and what it printed."""

    def run(*arguments):
        result = CliRunner().invoke(command, arguments, standalone_mode=False)
        if result.exception:
            raise result.exception
        return result.return_value, result.stdout

    return run


@pytest.fixture
def older(project, run):
    """Write the document into a file; what is passed to it is changed in there before."""

    def older(change):
        document = json.loads(run()[1])
        change(document["components"]["schemas"]["Artist"])
        (project / "old.json").write_text(json.dumps(document))
        return "old.json"

    return older


def test_the_document_is_printed(run):
    status, text = run()

    document = json.loads(text)
    assert status == 0
    assert document["info"] == {
        "title": "Künstler",
        "version": "2.0",
        "description": "All of them",
    }
    assert list(document["paths"]) == ["/artist/{id}/"]


def test_it_is_the_same_text_every_time(run):
    assert run() == run()
    assert '  "info": {\n    "title": "Künstler",' in run()[1]


def test_a_version_has_its_own_document(run):
    document = json.loads(run("--mount", "v2/")[1])

    assert list(document["paths"]) == ["/person/{id}/"]
    assert document["servers"] == [{"url": "/v2"}]


def test_where_nothing_is_mounted_there_is_no_document(run):
    with pytest.raises(UsageError, match=r"--mount /v3: no sub-.* There is /v2"):
        run("--mount", "/v3")


def test_it_can_be_written_into_a_file(project, run):
    assert run("--output", "openapi.json") == (0, "")

    assert (project / "openapi.json").read_text(encoding="utf-8") == run()[1]


def test_a_file_that_cannot_be_written_is_a_mistake_of_usage(run):
    with pytest.raises(UsageError, match=r"none/openapi\.json: cannot be written: No such file"):
        run("--output", "none/openapi.json")


def test_nothing_breaks_where_something_was_added(older, run):
    path = older(lambda artist: artist["properties"].pop("name") and artist["required"].pop())

    assert run("--check", path) == (0, "")


def test_what_breaks_clients_is_listed_and_nothing_is_written(older, project, run):
    path = older(lambda artist: artist["properties"].update(born={"type": "string"}))

    status, text = run("--check", path, "--output", "new.json")

    assert status == 1
    assert text == "GET /artist/{id}/: the answer 200: the field 'born' is gone\n"
    assert not (project / "new.json").exists()


def test_a_document_can_be_checked_and_then_written_over(older, project, run):
    path = older(lambda artist: None)

    assert run("--check", path, "--output", path) == (0, "")

    assert (project / path).read_text(encoding="utf-8") == run()[1]


@pytest.mark.parametrize("text", [None, "{", "[]", "{}", '{"openapi": "3.1.0"}'])
def test_a_file_that_is_no_document_is_a_mistake_of_usage(project, run, text):
    if text is not None:
        (project / "old.json").write_text(text)

    with pytest.raises(UsageError, match=r"old\.json: cannot be read: "):
        run("--check", "old.json")


def test_an_application_of_aiohttp_alone_has_no_document(project, run):
    (project / "main.py").write_text("from aiohttp import web\napp = web.Application()\n")

    with pytest.raises(UsageError, match="not made by create_app"):
        run()


def test_the_command_ends_with_its_status(older):
    path = older(lambda artist: artist["properties"].update(born={"type": "string"}))
    code = "from webkit.cli.main import main; main()"

    found = subprocess.run(
        [sys.executable, "-c", code, "openapi", "--check", path],
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (found.returncode, found.stderr) == (1, "")
    assert found.stdout.startswith("GET /artist/{id}/")
