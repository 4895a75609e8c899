"""The tutorial of webaio, step by step, with `webkit` in the place of `webaio`.

What is typed here is what that tutorial has its reader type: its files, names, signatures and
order. Everything runs in the project that `startproject` and `startapp` make.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import urllib.error
import urllib.request
from pathlib import Path

import pytest


pytestmark = pytest.mark.slow

INDEX_VIEW = """
    from aiohttp import web


    async def index(request):
        message = 'Welcome to your first webkit project'
        return web.Response(text=f'<h1>{message}</h1>', content_type='text/html')
"""

INDEX_ROUTES = """
    from aiohttp import web

    from .views import index

    routespatters = [
        web.get('/', index)
    ]
"""

PROJECT_ROUTES = """
    from apps.api.routes import routespatters as api_routes_patterns

    routespatters = []
    routespatters += api_routes_patterns
"""

VIEWS = """
    import uuid
    from aiohttp import web
    from webkit.decorators import action
    from webkit.viewsets import BaseViewSet


    async def index(request):
        message = 'Welcome to your first webkit project'
        return web.Response(text=f'<h1>{message}</h1>', content_type='text/html')


    class ArtistViewSet(BaseViewSet):

        ARTISTS = dict()

        async def create(request):
            artist = {"id": uuid.uuid4().hex, **await request.json()}
            ArtistViewSet.ARTISTS[artist["id"]] = artist
            return web.json_response(artist, status=201)

        async def list(request):
            return web.json_response([*ArtistViewSet.ARTISTS.values()], status=200)

        async def detail(request):
            id = request.match_info['id']
            data = ArtistViewSet.ARTISTS[id]
            return web.json_response(data, status=200)

        async def destroy(request):
            del ArtistViewSet.ARTISTS[request.match_info['id']]
            return web.json_response({"detail": "Ok"}, status=204)

        async def update(request):
            id = request.match_info['id']
            ArtistViewSet.ARTISTS[id] = {"id": id, **await request.json()}
            return web.json_response(ArtistViewSet.ARTISTS[id], status=200)

        @action(detail=True, method='get')
        async def google_it(request):
            name = ArtistViewSet.ARTISTS[request.match_info['id']].get('name')
            url = f'https://www.google.com/search?q={name}'
            return web.json_response({'url': url}, status=200)
"""

ROUTES = """
    from aiohttp import web
    from webkit.routers import SimpleRouter

    from .views import ArtistViewSet, index

    routespatters = []

    router = SimpleRouter()
    router.register(ArtistViewSet, basename='artist')
    routespatters += router.routespatters

    routespatters += [
        web.get('/', index)
    ]
"""

TESTS = """
    from aiohttp.test_utils import AioHTTPTestCase, unittest_run_loop

    from main import get_web_app


    class TestArtistViewSet(AioHTTPTestCase):

        EXAMPLE_ARTIST = {
            "name": "Gustavo Cerati",
        }

        async def get_application(self):
            return await get_web_app()

        async def _create_artist(self):
            response = await self.client.request("POST", "/artist/", json=self.EXAMPLE_ARTIST)
            assert response.status == 201
            return await response.json()

        @unittest_run_loop
        async def test_create(self):
            await self._create_artist()

        @unittest_run_loop
        async def test_list(self):
            response = await self.client.request("GET", "/artist/")
            assert response.status == 200

        @unittest_run_loop
        async def test_detail(self):
            artist = await self._create_artist()
            response = await self.client.request("GET", f"/artist/{artist.get('id')}/")
            assert response.status == 200

        @unittest_run_loop
        async def test_update(self):
            artist = await self._create_artist()
            response = await self.client.request(
                "PUT", f"/artist/{artist.get('id')}/", json={"name": "Zeta Bosio"}
            )
            assert response.status == 200

        @unittest_run_loop
        async def test_google_it(self):
            artist = await self._create_artist()
            response = await self.client.request("GET", f"/artist/{artist.get('id')}/google-it/")
            assert response.status == 200

        @unittest_run_loop
        async def test_destroy(self):
            artist = await self._create_artist()
            response = await self.client.request("DELETE", f"/artist/{artist.get('id')}/")
            assert response.status == 204
"""

TEST_404 = """
    @unittest_run_loop
    async def test_detail_404(self):
        artist_id = 'non-existent-id'
        response = await self.client.request("GET", f"/artist/{artist_id}/")
        assert response.status == 404
"""

EXCEPTIONS = """
    from webkit.exceptions import APIException


    class ArtistDoesNotExist(APIException):
        status_code = 404
        detail = "Artist does not exist"
"""

UNSAFE = """
        data = ArtistViewSet.ARTISTS[id]
"""
SAFE = """
        try:
            data = ArtistViewSet.ARTISTS[id]
        except KeyError:
            raise ArtistDoesNotExist()
"""
LAST_IMPORT = "from webkit.viewsets import BaseViewSet\n"

# Answers of a project to requests that fit, and to many that do not; ids are made alike.
ASK = """
    import asyncio
    import json
    import re

    from aiohttp.test_utils import TestClient, TestServer
    from main import get_web_app

    REQUESTS = (
        ("GET", "/artist/", None),
        ("POST", "/artist/", b'{"name": "Gustavo Cerati"}'),
        ("GET", "/artist/{id}/", None),
        ("HEAD", "/artist/{id}/", None),
        ("PUT", "/artist/{id}/", b'{"name": "Zeta Bosio"}'),
        ("GET", "/artist/{id}/google-it/", None),
        ("GET", "/artist/{id}/google_it/", None),
        ("POST", "/artist/{id}/google-it/", None),
        ("OPTIONS", "/artist/", None),
        ("PATCH", "/artist/{id}/", None),
        ("DELETE", "/artist/", None),
        ("POST", "/artist/", b"{"),
        ("POST", "/artist/", b'"\\xff"'),
        ("GET", "/artist/a%2Fb/", None),
        ("GET", "/artist", None),
        ("DELETE", "/artist/{id}/", None),
        ("GET", "/artist/{id}/", None),
        ("DELETE", "/artist/{id}/", None),
    )

    async def ask():
        answers, id = [], "none"
        async with TestClient(TestServer(await get_web_app())) as client:
            for method, path, body in REQUESTS:
                response = await client.request(method, path.replace("{id}", id), data=body)
                text = await response.text()
                found = re.search("[0-9a-f]{32}", text)
                id = found[0] if found and method == "POST" else id
                headers = {
                    name: value.replace(id, "ID")
                    for name, value in response.headers.items()
                    if name not in ("Date", "X-Request-ID")
                }
                answers.append([method, path, response.status, headers, text.replace(id, "ID")])
        print(json.dumps(answers))

    asyncio.run(ask())
"""


def _run(*arguments, cwd, check=True, **variables):
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env=os.environ | {"ENVIRONMENT": "local"} | variables,
        capture_output=True,
        text=True,
        check=check,
    )


def _webkit(*arguments, cwd):
    return _run("-c", "from webkit.cli.main import main; main()", *arguments, cwd=cwd)


def _pytest(project, *arguments):
    """Run the project's tests in the order of their writing; what a colour is, is no matter."""
    options = ["-p", "no:randomly", "-p", "no:cacheprovider", *arguments]
    return _run("-m", "pytest", *options, cwd=project, check=False).stdout


def _type(path, text):
    path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")


def _replace(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def _add_test_404(api):
    with (api / "tests" / "test_api.py").open("a") as file:
        file.write(TEST_404)


def _define_the_exception(api):
    _type(api / "exceptions.py", EXCEPTIONS)
    _replace(api / "views.py", UNSAFE, SAFE)
    _replace(
        api / "views.py", LAST_IMPORT, f"{LAST_IMPORT}from .exceptions import ArtistDoesNotExist\n"
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The project and the app, as the commands make them."""
    home = tmp_path_factory.mktemp("journey")
    _webkit("startproject", "quickstart", "--no-input", cwd=home)
    _webkit("startapp", "api", cwd=home / "quickstart")
    return home / "quickstart"


@pytest.fixture
def project(made, tmp_path):
    """A copy of the project for one test."""
    return Path(shutil.copytree(made, tmp_path / "quickstart"))


@pytest.fixture
def api(project):
    """The app, with the class of the tutorial typed into it."""
    api = project / "apps" / "api"
    _type(api / "views.py", VIEWS)
    _type(api / "routes.py", ROUTES)
    _type(project / "routes.py", PROJECT_ROUTES)
    _type(api / "tests" / "test_api.py", TESTS)
    return api


@pytest.fixture
def serve(unused_tcp_port):
    """Return a function that starts `python main.py`, and gives a function that asks it."""
    servers = []

    def start(project):
        server = subprocess.Popen(
            [sys.executable, "main.py"],
            cwd=project,
            env=os.environ | {"PORT": str(unused_tcp_port), "ENVIRONMENT": "local"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        servers.append(server)
        url = next(found[0] for line in server.stdout if (found := re.search(r"http://\S+", line)))

        def ask(path):
            try:
                with urllib.request.urlopen(url + path, timeout=10) as response:
                    return response.status, response.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()

        return ask

    yield start
    for server in servers:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=10)
        assert server.returncode == 0


def test_a_function_is_a_view(project, serve):
    _type(project / "apps" / "api" / "views.py", INDEX_VIEW)
    _type(project / "apps" / "api" / "routes.py", INDEX_ROUTES)
    _type(project / "routes.py", PROJECT_ROUTES)

    ask = serve(project)

    assert ask("/") == (200, "<h1>Welcome to your first webkit project</h1>")


def test_a_class_is_a_view_of_many_routes(api, serve):
    ask = serve(api.parent.parent)

    assert ask("/artist/") == (200, "[]")
    assert ask("/")[0] == 200


def test_routes_that_the_project_adds_to_those_of_its_app_are_served_once(api):
    listed = _webkit("routes", cwd=api.parent.parent).stdout

    lines = [line.split()[:3] for line in listed.splitlines()[1:]]
    assert lines == [
        ["GET", "/artist/", "artist-list"],
        ["POST", "/artist/", "artist-list"],
        ["GET", "/artist/{id}/", "artist-detail"],
        ["PUT", "/artist/{id}/", "artist-detail"],
        ["DELETE", "/artist/{id}/", "artist-detail"],
        ["GET", "/artist/{id}/google-it/", "artist-google-it"],
        ["GET", "/", "-"],
    ]


def test_the_six_tests_of_the_tutorial_pass_where_warnings_are_errors(api):
    project = api.parent.parent
    assert 'filterwarnings = ["error"]' in (project / "pyproject.toml").read_text()

    output = _pytest(project, "apps")

    assert "apps/api/tests/test_api.py ...... " in output, output
    assert "= 6 passed in" in output


def test_an_artist_that_does_not_exist_is_an_error_of_the_server_at_first(api):
    _add_test_404(api)

    output = _pytest(api.parent.parent, "apps")

    assert "apps/api/tests/test_api.py ...F... " in output, output
    assert "AssertionError: assert 500 == 404" in output
    assert "= 1 failed, 6 passed in" in output


def test_with_an_exception_of_its_own_it_is_not_found(api, serve):
    _add_test_404(api)
    _define_the_exception(api)

    output = _pytest(api.parent.parent, "apps")
    status, body = serve(api.parent.parent)("/artist/non-existent-id/")

    assert "= 7 passed in" in output, output
    assert (status, json.loads(body)["detail"]) == (404, "Artist does not exist")


def test_its_body_is_exactly_that_of_the_seed_where_the_project_asks_for_it(api, serve):
    project = api.parent.parent
    _define_the_exception(api)
    values = project / "webkit.toml"
    values.write_text(values.read_text().replace("[webkit]", '[webkit]\nerror_format = "detail"'))

    answer = serve(project)("/artist/non-existent-id/")

    assert answer == (404, '{"detail":"Artist does not exist"}')


def test_the_same_class_with_self_behaves_identically(api, tmp_path):
    project = api.parent.parent
    other = Path(shutil.copytree(project, tmp_path / "with_self"))
    views = other / "apps" / "api" / "views.py"
    head, name, body = views.read_text().partition("class ArtistViewSet")
    body = body.replace("(request)", "(self)").replace("request.", "self.request.")
    views.write_text(head + name + body)
    assert body.count("(self)") == 6

    answers = []
    for each in (project, other):
        _type(each / "ask.py", ASK)
        answers.append(json.loads(_run("ask.py", cwd=each).stdout))

    assert answers[0] == answers[1]
    assert [answer[2] for answer in answers[0]] == [
        *(200, 201, 200, 200, 200, 200),
        *(404, 405, 204, 405, 405, 400, 400, 404, 404),
        *(204, 500, 500),
    ]
    assert "6 passed in" in _pytest(other, "apps")
