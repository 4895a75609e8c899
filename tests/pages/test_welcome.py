import pytest
from aiohttp import web

from webkit import pages


def _routes(title="Shop", description="", has_docs=True):
    return pages.routes(title=title, description=description, has_docs=has_docs)


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
