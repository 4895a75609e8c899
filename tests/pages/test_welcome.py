import pytest
from aiohttp import web

from webkit import pages
from webkit.routes import ServedRoute


def _routes(title="Shop", description="", has_docs=True, served=()):
    return pages.routes(
        title=title, description=description, has_docs=has_docs, served=lambda: served
    )


def _served(path, *, method="GET", unit="api", hidden=False):
    return ServedRoute(
        method=method, path=path, name=None, handler=answer, unit=unit, plan=None, hidden=hidden
    )


@pytest.fixture
def show(aiohttp_client):
    """Return a function that gives the answer of the welcome page."""

    async def get(**facts):
        app = web.Application()
        app.add_routes(_routes(**facts))
        return await (await aiohttp_client(app)).get("/")

    return get


async def test_the_welcome_page_shows_what_the_project_is(show):
    response = await show(title="Shop", description="Sells things.\nMany of them.")

    text = await response.text()
    assert (response.status, response.content_type) == (200, "text/html")
    assert "<title>Shop</title>" in text
    assert "Sells things.<br>Many of them." in text


async def test_titles_and_descriptions_are_text_and_no_markup(show):
    text = await (await show(title="<b>{x}", description="<script>\n&{y}")).text()

    assert "<title>&lt;b&gt;{x}</title>" in text
    assert "&lt;script&gt;<br>&amp;{y}" in text


async def test_it_may_load_nothing_and_run_nothing(show):
    policy = (await show()).headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'")
    assert "script" not in policy


@pytest.mark.parametrize("has_docs", [True, False])
async def test_it_links_the_documentation_only_where_that_is_open(show, has_docs):
    text = await (await show(has_docs=has_docs)).text()

    assert ('href="docs"' in text) is has_docs


async def test_a_project_that_serves_nothing_is_told_how_to_make_an_app(show):
    text = await (await show(served=[_served("/health", hidden=True)])).text()

    assert "webkit startapp" in text
    assert "<table>" not in text


async def test_what_is_served_is_listed_by_unit_with_links_where_a_browser_can_go(show):
    served = [
        _served("/artists/"),
        _served("/artists/", method="POST"),
        _served("/artists/{id}/"),
        _served("/<b>", method="*", unit=""),
    ]

    text = await (await show(served=served)).text()

    assert "webkit startapp" not in text
    assert [line for line in text.splitlines() if line.startswith("<tr>")] == [
        '<tr><th colspan="2">api</th></tr>',
        '<tr><td><a href="./artists/"><code>/artists/</code></a></td><td>GET POST</td></tr>',
        "<tr><td><code>/artists/{id}/</code></td><td>GET</td></tr>",
        '<tr><th colspan="2">routes.py</th></tr>',
        "<tr><td><code>/&lt;b&gt;</code></td><td>any method</td></tr>",
    ]


async def test_of_many_paths_the_first_are_listed(show):
    text = await (await show(served=[_served(f"/{number}") for number in range(25)])).text()

    assert text.count("<a href=") == 20 + 2
    assert '<tr><td colspan="2">and 5 more</td></tr>' in text


def _app(*routes):
    app = web.Application()
    app.add_routes(routes)
    return app


async def answer(request):
    return web.Response(text="answer")


async def test_the_welcome_page_gives_way_to_what_is_added_at_its_path(aiohttp_client):
    app = _app(*_routes(), web.get("/", answer))

    gone = pages.give_way(app)

    assert len(gone) == 1
    assert await (await (await aiohttp_client(app)).get("/")).text() == "answer"


def test_it_stays_where_nothing_else_is():
    assert pages.give_way(_app(*_routes(), web.get("/a", answer))) == []


def test_an_application_without_it_has_nothing_to_give():
    assert pages.give_way(_app(web.get("/", answer))) == []


async def test_it_gives_way_below_a_prefix_too(aiohttp_client):
    child = _app(*_routes(), web.get("/", answer))
    app = web.Application()
    app.add_subapp("/shop/", child)
    pages.give_way(child)
    client = await aiohttp_client(app)

    assert await (await client.get("/shop/")).text() == "answer"
