"""The polls demo of aiohttp, as `examples/polls` has it: the ten checks of its users.

The example runs as a whole project, with a real database and, for people, in a real browser.
"""

import asyncio
import http.client
import os
import re
import shutil
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest
from aiohttp import web

from webkit.application import create_app


pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

EXAMPLE = Path(__file__).parents[2] / "examples" / "polls"
SCRIPTS = Path(sys.executable).parent
LIMIT = 200.0  # seconds for one command
OURS = ("PORT", "PROD_PORT", "ENVIRONMENT", "UID", "GID", "DATABASE_URL", "FORCE_COLOR")
PREFIXES = ("WEBKIT_", "DATABASE__", "POLLS__", "PYTEST_X", "COV", "AIO_")
LEFT_BEHIND = shutil.ignore_patterns(
    *(".env", "vendor", "*.sqlite3*", "__pycache__", ".venv", "venv", ".*_cache")
)
CHECKS = {
    "ruff check": "All checks passed!",
    "ruff format --check": "already formatted",
    "mypy": "Success: no issues found",
    "pytest": " passed",
}
HTML, JSON, ANY = "text/html,*/*;q=0.8", "application/json", "*/*"

# Routes of the project, for what no page of the example does.
ODD_ROUTES = """
from aiohttp import web


async def broken(request: web.Request) -> web.Response:
    raise RuntimeError("the database has the password 12345")


async def own(request: web.Request) -> web.Response:
    return web.json_response({"detail": "my own"}, status=404)


routespatters: list[web.AbstractRouteDef] = [web.get("/broken", broken), web.get("/own", own)]
"""

# What an application has of its database before, during and after its life.
LIFE = """
import asyncio

from aiohttp import web
from main import create_web_app
from webkit.database import DATABASE
from webkit.exceptions import WebkitError

opened = []


async def state_of(database):
    try:
        await database.check()
    except WebkitError:
        return "closed"
    return "open"


async def fail(app):
    opened.append(await state_of(app[DATABASE]))
    raise RuntimeError("too late")


async def live(app):
    runner = web.AppRunner(app)
    before = await state_of(app[DATABASE])
    try:
        await runner.setup()
        opened.append(await state_of(app[DATABASE]))
    except RuntimeError as error:
        opened.append(str(error))
    await runner.cleanup()
    print(before, *opened, await state_of(app[DATABASE]))
    opened.clear()


async def main():
    await live(create_web_app())
    broken = create_web_app()
    broken.on_startup.append(fail)
    await live(broken)


asyncio.run(main())
"""


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str


class Project:
    """A copy of the example, with a database of its own."""

    def __init__(self, directory: Path, scripts: Path, url: str = "") -> None:
        self._scripts = scripts  # of the commands that end
        self.directory = Path(shutil.copytree(EXAMPLE, directory, ignore=LEFT_BEHIND))
        shutil.copyfile(directory / ".env.example", directory / ".env")
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in OURS and not name.startswith(PREFIXES)
        }
        path = f"{SCRIPTS}{os.pathsep}{kept['PATH']}"
        self.env = {**kept, "PATH": path, "NO_COLOR": "1"}
        if url:
            self.env["DATABASE__URL"] = url

    def run(self, command: str, *, status: int = 0) -> str:
        """Run a line as a person would type it, and return all that it printed."""
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.directory,
            env={**self.env, "PATH": f"{self._scripts}{os.pathsep}{self.env['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        assert done.returncode == status, f"{command}\n{done.stdout}"
        return done.stdout

    def python(self, source: str) -> str:
        script = self.directory / "script.py"
        script.write_text(source)
        printed = self.run("python -W error script.py")
        script.unlink()
        return printed


class Site:
    """A project that is served by a command until ``stop``."""

    def __init__(self, project: Project, command: str = "webkit run --port 0") -> None:
        self._lines: list[str] = []
        self._server = subprocess.Popen(
            command.split(),
            cwd=project.directory,
            env={**project.env, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        found = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in self._printed())
        self.url = next((match[0] for match in found if match), None)
        assert self.url, "".join(self._lines)
        self._reader = threading.Thread(target=lambda: [*self._printed()])
        self._reader.start()

    def _printed(self) -> Iterator[str]:
        for line in self._server.stdout:
            self._lines.append(line)
            yield line

    def stop(self) -> str:
        """Stop it, if it runs, and return all that it has printed."""
        self._server.terminate()
        status = self._server.wait(timeout=LIMIT)
        self._reader.join(timeout=LIMIT)
        self._server.stdout.close()
        assert status == 0, "".join(self._lines)
        return "".join(self._lines)

    def ask(self, path, *, method="GET", form=None, accept=ANY) -> Answer:
        """Ask for a page, and follow nothing."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=LIMIT)
        headers = {"Accept": accept}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if form is None else urlencode(form)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return Answer(response.status, dict(response.getheaders()), text)

    def vote(self, choice, *, question=1) -> Answer:
        return self.ask(f"/poll/{question}/vote", method="POST", form={"choice": choice})

    def votes(self) -> list[int]:
        """Return how often each answer was given, as the results show it."""
        shown = self.ask("/poll/1/results").text
        return [int(number) for number in re.findall(r"(\d+) votes?<", shown)]


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def url(request, tmp_path_factory, postgres_server):
    """The URL of a database that is not there yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('database')}/polls.sqlite3"
    return urlsplit(postgres_server)._replace(path=f"/test_polls_{uuid.uuid4().hex}").geturl()


@pytest.fixture(scope="module")
def filled(url, tmp_path_factory, warm_untraced):
    """The example with the tables and the sample, as its README makes them."""
    project = Project(tmp_path_factory.mktemp("example") / "polls", warm_untraced, url)
    project.run("webkit db init")
    try:
        project.run("webkit db sample")
        yield project
    finally:
        project.run("webkit db drop --yes")


@pytest.fixture(scope="module")
def site(filled):
    site = Site(filled)
    yield site
    site.stop()


@pytest.fixture
def project(tmp_path, warm):
    """The example, with nothing done to it."""
    return Project(tmp_path / "polls", warm)


def test_the_tables_and_the_sample_are_made_once(filled, site):
    again = filled.run("webkit db init") + filled.run("webkit db sample")

    assert "question: has rows already" in again
    assert filled.run("webkit db check") == "The tables are as the models say.\n"
    assert site.ask("/").text.count("What&#39;s new?") == 1
    assert len(site.votes()) == 3


def test_the_questions_are_links(site):
    assert '<a href="/poll/1">What&#39;s new?</a>' in site.ask("/").text


def test_a_poll_has_a_form_with_three_answers(site):
    shown = site.ask("/poll/1").text

    assert '<form method="post" action="/poll/1/vote">' in shown
    assert re.findall('<input type="radio" name="choice" value="(.)" required>', shown) == [*"123"]


def test_a_vote_leads_to_the_results_and_counts_there(site):
    before = site.votes()

    answer = site.vote(2)

    assert (answer.status, answer.headers["Location"]) == (303, "/poll/1/results")
    assert site.votes() == [before[0], before[1] + 1, before[2]]


@pytest.mark.parametrize("form", [{}, {"choice": ""}, {"choice": "sky"}, {"choice": str(2**63)}])
def test_a_vote_for_what_is_no_number_is_refused_with_an_explanation(site, form):
    answer = site.ask("/poll/1/vote", method="POST", form=form)

    assert answer.status == 422
    assert '"field":"choice"' in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/poll/2/vote", 404),  # the choice belongs to another question
        ("GET", "/poll/2", 404),
        ("GET", "/poll/2/results", 404),
        ("GET", "/poll/abc", 404),
        ("GET", "/poll/abc/results", 404),
        ("GET", f"/poll/{10**30}", 404),
        ("GET", "/poll/1%27%20OR%201=1", 404),
        ("GET", "/poll/1/vote", 405),
        ("POST", "/poll/1/results", 405),
    ],
)
def test_what_does_not_fit_is_answered_and_never_counted(site, method, path, status):
    before = site.votes()

    answer = site.ask(path, method=method, form={"choice": 1} if method == "POST" else None)

    assert answer.status == status
    assert site.votes() == before


@pytest.mark.parametrize("choice", [-1, 0, 4, 2**62])
def test_an_answer_that_nobody_offers_is_not_found(site, choice):
    assert site.vote(choice).status == 404


async def test_a_hundred_votes_at_once_count_a_hundred(site):
    before = site.votes()

    answers = await asyncio.gather(*(asyncio.to_thread(site.vote, 3) for _ in range(100)))

    assert {answer.status for answer in answers} == {303}
    assert site.votes() == [before[0], before[1], before[2] + 100]


def test_a_style_sheet_is_served_by_the_address_in_the_page(site):
    address = re.search(r'<link rel="stylesheet" href="([^"]+)">', site.ask("/").text)[1]

    answer = site.ask(address)

    assert re.fullmatch(r"/static/style\.css\?v=[0-9a-f]+", address)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/css")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_database_lives_as_long_as_the_application(filled):
    printed = filled.python(LIFE).splitlines()

    assert printed == ["closed open closed", "closed open too late closed"]


def test_its_tests_leave_the_rows_of_its_database_alone(filled, site):
    before = site.votes()

    assert " passed" in filled.run("pytest")

    assert site.votes() == before


@pytest.mark.parametrize("command", CHECKS)
def test_it_passes_its_own_checks_with_no_server_of_a_database(project, command):
    assert CHECKS[command] in project.run(command)


@pytest.mark.parametrize(
    "command", ["webkit run --port 0", "webkit dev --port 0", "python main.py"]
)
def test_it_is_served_by_every_command(project, command, unused_tcp_port):
    project.env["PORT"] = str(unused_tcp_port)
    project.run("webkit db init")

    site = Site(project, command)

    assert "There are no questions yet." in site.ask("/").text
    site.stop()


def test_another_configuration_is_named_on_the_command_line(project):
    (project.directory / "other.yaml").write_text("webkit: {title: Other}\ndatabase: {}\n")

    site = Site(project, "webkit run -c other.yaml --port 0")

    assert '"title":"Other"' in site.ask("/openapi.json").text
    site.stop()


async def test_routes_may_be_set_up_by_a_function(aiohttp_client):
    async def index(request):
        return web.Response(text="Polls")

    def setup_routes(app):
        app.router.add_get("/", index)

    app = create_app()
    setup_routes(app)
    client = await aiohttp_client(app)

    assert await (await client.get("/")).text() == "Polls"


@pytest.fixture
def odd_site(project):
    """The example with routes that fail, and answer by themselves."""
    (project.directory / "routes.py").write_text(ODD_ROUTES)
    project.run("webkit db init")
    site = Site(project)
    yield site
    site.stop()


def test_a_person_gets_pages_for_errors_and_a_program_gets_problems(odd_site):
    for path, status, heading in (
        ("/nowhere", 404, "Nothing is here"),
        ("/poll/1", 404, "There is no such question."),
        ("/broken", 500, "Something went wrong"),
    ):
        page, problem = odd_site.ask(path, accept=HTML), odd_site.ask(path, accept=JSON)

        assert (page.status, problem.status) == (status, status)
        assert page.headers["Content-Type"].startswith("text/html")
        assert heading in page.text
        assert problem.headers["Content-Type"].startswith("application/problem+json")
        assert '"detail":' in problem.text
        assert "12345" not in page.text + problem.text
    assert "12345" in odd_site.stop()


def test_a_person_who_has_chosen_nothing_is_told_so(odd_site):
    answer = odd_site.ask("/poll/1/vote", method="POST", form={}, accept=HTML)

    assert answer.status == 422
    assert "Go back, and choose one of the answers." in answer.text


def test_a_404_that_a_handler_answers_itself_stays(odd_site):
    answer = odd_site.ask("/own", accept=HTML)

    assert (answer.status, answer.text) == (404, '{"detail": "my own"}')


def test_the_configuration_is_found_and_another_one_comes_before_it(project):
    (project.directory / "other.yaml").write_text("webkit: {title: Other}\n")

    found = project.run("webkit config --get webkit:title")
    other = project.run("webkit config -c other.yaml --get webkit:title")
    checked = project.run("webkit config --check")

    assert (found, other) == ("Polls\n", "Other\n")
    assert checked == "config/webkit.yaml: no mistakes\n"


def test_mistakes_in_the_configuration_are_told_together_with_their_lines(project):
    file = project.directory / "config" / "webkit.yaml"
    mistakes = {
        "webkit.log_level": "  log_level: LOUD",
        "database.pool_size": "  pool_size: 0",
        "polls.newst": "  newst: 5",
    }
    text = file.read_text().replace("INFO", "LOUD").replace("newest", "newst")
    file.write_text(text.replace("pool_size: 5", "pool_size: 0"))
    lines = file.read_text().splitlines()

    for command in ("webkit run --port 0", "webkit config --check"):
        told = project.run(command, status=2)

        for key, text in mistakes.items():
            assert f"config/webkit.yaml:{lines.index(text) + 1}: {key}: " in told


@pytest.mark.browser
@pytest.mark.webdriver
def test_a_person_votes_by_clicking(site, browser):
    before = site.votes()

    browser.go(site.url)
    browser.click(".questions a")
    assert browser.reaches(f"{site.url}/poll/1")
    browser.click("button")  # nothing is chosen: the browser itself says so
    assert browser.address == f"{site.url}/poll/1"
    browser.click("label:nth-of-type(1)")
    browser.click("button")

    assert browser.reaches(f"{site.url}/poll/1/results")
    assert f"{before[0] + 1} vote" in browser.text
    assert site.votes() == [before[0] + 1, *before[1:]]
    assert [text for text in browser.messages if "/nowhere" not in text] == []


@pytest.mark.browser
@pytest.mark.webdriver
def test_the_pages_have_the_colours_that_a_person_prefers(site, browser):
    browser.go(site.url)
    colours = set()
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        colours.add(browser.style("body", "background-color"))

    assert colours == {"rgba(243, 245, 250, 1)", "rgba(16, 19, 28, 1)"}


@pytest.mark.browser
@pytest.mark.webdriver
def test_a_page_that_is_not_there_leads_back(site, browser):
    browser.go(f"{site.url}/nowhere")
    assert "Nothing is here" in browser.text
    browser.click("a.button")

    assert browser.address == f"{site.url}/"
