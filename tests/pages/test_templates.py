import subprocess
import sys
import uuid

import aiohttp_jinja2
import pytest
from aiohttp import web

from webkit import pages
from webkit.exceptions import ConfigurationError
from webkit.pages import TEMPLATES, render
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


def _page(template, **context):
    async def page(request):
        return render(request, template, context)

    return page


@pytest.fixture
def text_of(write, unit, make_app, aiohttp_client):
    """Return what a page of the unit polls shows."""

    async def text_of(files, name="index.html", *, context=None, routes=(), units=(), **options):
        write(files)
        own = [web.get("/page", _page(name, **(context or {})), name="page"), *routes]
        app = make_app(unit("polls", routes=own), *map(unit, units), **options)
        response = await (await aiohttp_client(app)).get("/page")
        text = await response.text()
        assert response.status == 200, text
        return text

    return text_of


@pytest.fixture
def problems_of(write, unit, make_app):
    """Return the mistakes that an application finds in files of the unit polls."""

    def problems_of(files, **options):
        write(files)
        with pytest.raises(ConfigurationError) as caught:
            make_app(unit("polls"), **options)
        return list(caught.value.problems)

    return problems_of


# -- which template a name means ----------------------------------------------------------------


async def test_two_units_may_have_templates_of_one_name(text_of):
    files = {"polls/templates/index.html": "polls", "shop/templates/index.html": "shop"}

    assert await text_of(files, units=["shop"]) == "polls"
    assert await text_of(files, "shop/index.html", units=["shop"]) == "shop"


async def test_a_template_extends_that_of_its_own_unit_first(text_of):
    files = {
        "polls/templates/index.html": "{% extends 'base.html' %}{% block a %}page{% endblock %}",
        "polls/templates/base.html": "polls {% block a %}{% endblock %}",
        "templates/base.html": "project {% block a %}{% endblock %}",
    }

    assert await text_of(files) == "polls page"


async def test_a_template_extends_that_of_the_project_where_its_unit_has_none(text_of):
    files = {
        "polls/templates/index.html": "{% extends 'base.html' %}{% block a %}page{% endblock %}",
        "templates/base.html": "project {% block a %}{% endblock %}{% include 'polls/part.html' %}",
        "polls/templates/part.html": " part",
    }

    assert await text_of(files) == "project page part"


async def test_the_project_may_stand_in_for_a_template_of_a_unit(text_of):
    files = {"polls/templates/index.html": "unit", "templates/polls/index.html": "project"}

    assert await text_of(files) == "project"


async def test_the_seeds_decorator_finds_a_template_that_only_one_unit_has(
    write, unit, make_app, aiohttp_client
):
    @aiohttp_jinja2.template("index.html")
    async def index(request: web.Request) -> dict[str, object]:
        return {"question": "What's new?"}

    class PollViewSet(BaseViewSet):
        @aiohttp_jinja2.template("index.html")
        async def list(request):
            return {"question": "Which?"}

    router = SimpleRouter()
    router.register(PollViewSet, basename="poll")
    write({"polls/templates/index.html": "{{ question }} {{ url('index') }}"})
    routes = [web.get("/", index, name="index"), *router.routes]
    api = await aiohttp_client(make_app(unit("polls", routes=routes)))

    assert await (await api.get("/")).text() == "What&#39;s new? /"
    assert await (await api.get("/poll/")).text() == "Which? /"


async def test_a_name_that_several_units_have_is_refused_to_who_is_none(write, unit, make_app):
    write({"polls/templates/index.html": "", "shop/templates/index.html": ""})
    app = make_app(unit("polls"), unit("shop"))

    with pytest.raises(LookupError, match=r"several units\. Write polls/index.html or shop/index"):
        app[TEMPLATES].text("index.html", {})


def test_a_template_that_nobody_has_is_not_found(write, unit, make_app):
    write({"polls/templates/index.html": ""})

    with pytest.raises(LookupError, match=r"nothing.html"):
        make_app(unit("polls"))[TEMPLATES].text("nothing.html", {})


# -- what it makes of them ----------------------------------------------------------------------


async def test_what_comes_from_outside_is_escaped(text_of):
    files = {"polls/templates/index.html": "{{ text }}", "polls/templates/mail.txt": "{{ text }}"}
    context = {"text": "<b>&'"}

    assert await text_of(files, context=context) == "&lt;b&gt;&amp;&#39;"
    assert await text_of(files, "mail.txt", context=context) == "<b>&'"


async def test_it_links_routes_by_their_names(text_of):
    async def poll(request):
        raise NotImplementedError

    number = uuid.UUID(int=3)
    text = "{{ url('page') }} {{ url('poll', id=3) }} {{ url('poll', {'a': 1}, id=id) }}"
    files = {"polls/templates/index.html": text}
    routes = [web.get("/poll/{id}", poll, name="poll")]

    shown = await text_of(files, routes=routes, context={"id": number})

    assert shown == f"/page /poll/3 /poll/{number}?a=1"


async def test_it_links_static_files_of_whose_template_it_is(text_of):
    files = {
        "polls/templates/index.html": "{{ static('a.css') }} {% extends 'base.html' %}",
        "templates/base.html": "{{ static('a.css') }} {{ url('static', filename='a.css') }}",
        "polls/templates/other.html": "{{ static('a.css') }} {{ url('static', filename='b.css') }}",
        "polls/static/a.css": "polls",
        "static/a.css": "project",
        "static/b.css": "project",
    }

    base, other = await text_of(files), await text_of(files, "other.html")

    paths = [url.partition("?v=")[0] for url in [*base.split(), *other.split()]]
    assert paths[:3] == ["/static/polls/a.css", "/static/a.css", "/static/a.css"]
    assert paths[3:] == ["/static/polls/a.css", "/static/b.css"]


async def test_the_seeds_way_to_a_static_file_works_in_a_unit(text_of):
    files = {"polls/templates/index.html": "{{ url('static', filename='style.css') }}"}

    shown = await text_of({**files, "polls/static/style.css": ""})

    assert shown.startswith("/static/polls/style.css?v=")


@pytest.mark.parametrize("call", ["url(name)", "static(name)"])
async def test_a_link_to_nowhere_that_is_made_at_run_time_is_an_error(
    write, unit, make_app, aiohttp_client, caplog, call
):
    write({"polls/templates/index.html": f"{{{{ {call} }}}}"})
    routes = [web.get("/page", _page("index.html", name="pgae"), name="page")]
    api = await aiohttp_client(make_app(unit("polls", routes=routes)))

    assert (await api.get("/page")).status == 500
    assert "'pgae'" in caplog.text


@pytest.mark.parametrize(("environment", "shown"), [("local", "new"), ("production", "old")])
async def test_an_edit_is_seen_at_once_but_in_production(write, unit, make_app, environment, shown):
    write({"polls/templates/index.html": "old"})
    templates = make_app(unit("polls"), environment=environment)[TEMPLATES]
    templates.text("index.html", {}, unit="polls")

    path = write({"polls/templates/index.html": "new", "polls/templates/more.html": "more"})

    import os

    os.utime(path / "polls/templates/index.html", (0, 0))
    assert templates.text("index.html", {}, unit="polls") == shown
    assert (templates.full_name("more.html", unit="polls") == "polls/more.html") is (
        environment == "local"
    )


# -- mistakes -----------------------------------------------------------------------------------


def test_mistakes_in_templates_are_found_before_the_start_with_file_and_line(
    problems_of, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)

    problems = problems_of(
        {
            "polls/templates/a.html": "fine\n{% for %}",
            "polls/templates/b.html": "\n{% extends 'bsae.html' %}",
            "polls/templates/base.html": "\n\n{{ static('a.css') }}",
            "polls/templates/c.html": "{{ static(name) }}{% include name %}{{ item.url('x') }}",
            "polls/templates/d.html": "{{ nothing | no_such_filter }}",
            "polls/templates/picture.png": "{% for %}",
            "templates/e.html": "{% include 'nothing.html' ignore missing %}{% import 'x' as x %}",
        }
    )

    assert problems == [
        "templates/e.html:1: there is no template 'x'",
        "polls/templates/a.html:2: Expected an expression, got 'end of statement block'",
        "polls/templates/b.html:2: there is no template 'bsae.html'. Did you mean 'base.html'?",
        "polls/templates/base.html:3: there is no static file 'a.css'",
        "polls/templates/d.html:1: No filter named 'no_such_filter'.",
    ]


def test_a_template_in_another_encoding_is_a_mistake(problems_of, write):
    root = write({"polls/templates/a.html": ""})
    (root / "polls/templates/a.html").write_bytes("é".encode("latin-1"))

    (problem,) = problems_of({})

    assert problem.startswith("template polls/a.html: is not written in UTF-8")


def test_a_name_that_several_units_have_is_a_mistake_where_it_is_written(
    write, unit, make_app, tmp_path
):
    write({"a/templates/x.html": "", "b/templates/x.html": ""})
    write({"templates/index.html": "{% include 'x.html' %}"})

    with pytest.raises(ConfigurationError, match=r"several units\. Write a/x.html or b/x.html"):
        make_app(unit("a"), unit("b"))


def test_mistakes_of_folders_and_routes_are_told_together(write, unit, make_app):
    write({"polls/templates/a.html": "{% for %}"})
    routes = [web.get("/a", _page("a")), web.get("/a", _page("b"))]

    with pytest.raises(ConfigurationError) as caught:
        make_app(unit("polls", static="nowhere", routes=routes))

    assert len(caught.value.problems) == 3


async def test_a_link_to_no_route_is_found_when_all_routes_are_known(write, unit, make_app):
    write({"polls/templates/a.html": "\n{{ url('pol') }}{{ url('late') }}{{ url(name) }}"})
    write({"polls/templates/b.png": "{{ url('nothing') }}"})
    app = make_app(unit("polls", routes=[web.get("/", _page("a.html"), name="poll")]))
    app.router.add_get("/late", _page("a.html"), name="late")
    app.freeze()

    with pytest.raises(ConfigurationError) as caught:
        await app.startup()

    (problem,) = caught.value.problems
    assert problem.endswith(
        "polls/templates/a.html:2: no route is named 'pol'. Did you mean 'poll'?"
    )


def test_a_missing_extra_is_said_with_the_line_that_installs_it(problems_of, monkeypatch):
    monkeypatch.setattr(pages, "_ENGINE", "no_such_engine")

    (problem,) = problems_of({"polls/templates/a.html": ""})

    assert "polls/templates: a folder of templates needs an extra. Run: pip install" in problem


def test_an_application_without_templates_loads_no_engine():
    code = (
        "from webkit.application import create_app; create_app(); import sys; print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "jinja2" not in run.stdout.split()
