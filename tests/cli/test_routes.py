import os
import subprocess
import sys
import textwrap

import pytest


pytestmark = pytest.mark.slow


FILES = {
    "pyproject.toml": '[tool.webkit]\napp = "main:app"\n',
    "main.py": """
        import functools

        from aiohttp import web
        from apps import artists

        from webkit.application import create_app


        async def index(request):
            return web.Response()


        async def greet(greeting, request):
            return web.Response(text=greeting)


        app = create_app(
            units=[artists],
            routes=[
                web.get("/", index, name="index"),
                web.get("/hello", functools.partial(greet, "hello")),
            ],
        )
    """,
    "apps/__init__.py": "",
    "apps/artists.py": """
        from aiohttp import web

        from webkit.decorators import action
        from webkit.routers import SimpleRouter
        from webkit.units import Unit
        from webkit.viewsets import BaseViewSet


        class ArtistViewSet(BaseViewSet):
            async def list(self):
                return web.json_response([])

            @action(detail=True)
            async def google_it(self):
                return web.json_response({})


        router = SimpleRouter()
        router.register(ArtistViewSet, basename="artist")
        export = Unit(routes=router.routespatters)
    """,
}


@pytest.fixture
def project(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return tmp_path


def _run(directory, *arguments):
    return subprocess.run(
        [sys.executable, "-c", "from webkit.cli.main import main; main()", "routes", *arguments],
        cwd=directory,
        env=os.environ | {"ENVIRONMENT": "production"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_route_is_a_line_with_method_path_name_handler_and_unit(project):
    run = _run(project)

    assert (run.returncode, run.stderr) == (0, "")
    lines = [line.split(maxsplit=4) for line in run.stdout.splitlines()]
    assert lines[:4] == [
        ["METHOD", "PATH", "NAME", "HANDLER", "UNIT"],
        ["GET", "/artist/", "artist-list", "apps.artists.ArtistViewSet.list", "artists"],
        [
            "GET",
            "/artist/{id}/google-it/",
            "artist-google-it",
            "apps.artists.ArtistViewSet.google_it",
            "artists",
        ],
        ["GET", "/", "index", "main.index", "-"],
    ]
    assert lines[4:] == [["GET", "/hello", "-", "main.greet", "-"]]


def test_the_columns_stand_below_each_other(project):
    header, *lines = _run(project).stdout.splitlines()

    for title in ("PATH", "NAME", "HANDLER"):
        column = header.index(title)
        assert {line[column - 2 : column] for line in lines} == {"  "}
        assert " " not in {line[column] for line in lines}


def test_webkits_own_routes_are_listed_only_when_asked_for(project):
    assert "/health" not in _run(project).stdout
    assert "webkit.health" in _run(project, "--all").stdout


def test_it_works_from_below_the_root_of_the_project(project):
    assert _run(project / "apps").stdout == _run(project).stdout


def test_outside_a_project_it_is_a_mistake_of_usage(tmp_path):
    run = _run(tmp_path)

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("Error: ")
    assert "Traceback" not in run.stderr


def test_a_mistake_in_the_project_is_shown_without_a_traceback(project):
    (project / "apps" / "artists.py").write_text("")

    run = _run(project)

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("Error: apps.artists: has no unit.")
