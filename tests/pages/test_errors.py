import logging

import pytest
from aiohttp import web

from webkit.application import create_app
from webkit.config import Config, Settings
from webkit.exceptions import APIException, NotAuthenticated, NotFound
from webkit.pages import PROBLEM, create_error_middleware


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def not_found(request):
    return web.Response(text="<h1>Nothing here</h1>", content_type="text/html")


async def broken(request):
    return web.Response(text="<h1>Sorry</h1>", content_type="text/html")


async def forbidden(request):
    return web.json_response({"known": request[PROBLEM]})


PAGES = {404: not_found, 500: broken, 401: forbidden, 410: forbidden}


def _raising(error):
    async def fail(request):
        raise error

    return fail


def _answering(response):
    async def answer(request):
        return web.Response(**response)

    return answer


ROUTES = [
    web.get("/raises", _raising(KeyError("a secret"))),
    web.get("/missing", _raising(NotFound("There is no such poll."))),
    web.get("/aiohttp", _raising(web.HTTPNotFound())),
    web.get("/own-json", _raising(web.HTTPNotFound(text="{}", content_type="application/json"))),
    web.get("/teapot", _raising(APIException("Short", status_code=418))),
    web.get("/login", _raising(NotAuthenticated(headers={"WWW-Authenticate": "Basic"}))),
    web.get("/redirect", _raising(web.HTTPFound("/elsewhere"))),
    web.get("/returns", _answering({"status": 404, "text": "plain"})),
    web.get("/page", _answering({"status": 404, "text": "own", "content_type": "text/html"})),
    web.get("/json", _answering({"status": 404, "text": "{}", "content_type": "application/json"})),
    web.get("/gone", _answering({"status": 410, "text": "plain"})),
    web.get("/good", _answering({"text": "good"})),
]


def _app(**settings):
    config = Config(settings=Settings(**settings), environment="local", origins={})
    return create_app(config=config, routes=ROUTES, middlewares=[create_error_middleware(PAGES)])


@pytest.fixture
async def api(aiohttp_client):
    return await aiohttp_client(_app())


@pytest.fixture
async def browser(aiohttp_client):
    return await aiohttp_client(_app(), headers={"Accept": BROWSER})


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/nowhere", 404, "<h1>Nothing here</h1>"),
        ("/missing", 404, "<h1>Nothing here</h1>"),
        ("/aiohttp", 404, "<h1>Nothing here</h1>"),
        ("/returns", 404, "<h1>Nothing here</h1>"),
        ("/raises", 500, "<h1>Sorry</h1>"),
    ],
)
async def test_a_person_sees_a_page_with_the_status_of_the_error(browser, path, status, text):
    response = await browser.get(path)

    assert (response.status, response.content_type) == (status, "text/html")
    assert await response.text() == text


@pytest.mark.parametrize("accept", ["application/json", "*/*", "", "text/html;q=0"])
@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/raises", 500)])
async def test_a_program_gets_the_problem(api, accept, path, status):
    response = await api.get(path, headers={"Accept": accept})

    assert (response.status, response.content_type) == (status, "application/problem+json")
    assert (await response.json())["status"] == status


async def test_in_the_format_detail_a_program_gets_exactly_that(aiohttp_client):
    client = await aiohttp_client(_app(error_format="detail"))

    response = await client.get("/missing", headers={"Accept": "application/json"})

    assert await response.json() == {"detail": "There is no such poll."}


@pytest.mark.parametrize(
    ("accept", "gets_page"),
    [
        ("text/html", True),
        ("application/xhtml+xml", True),
        ("TEXT/HTML; Q=0.5", True),
        ("application/json;q=0.5, text/html", True),
        ("application/json, text/html", True),
        ("application/json, text/html;q=0.9", False),
        ("application/problem+json, text/html;level=1;q=0.9", False),
        ("text/html;q=nonsense", False),
        ("image/png", False),
    ],
)
async def test_the_client_says_what_it_wants(api, accept, gets_page):
    response = await api.get("/nowhere", headers={"Accept": accept})

    assert (response.content_type == "text/html") is gets_page


@pytest.mark.parametrize(("path", "text"), [("/own-json", "{}"), ("/json", "{}"), ("/page", "own")])
async def test_what_a_handler_answers_itself_stays(browser, path, text):
    response = await browser.get(path)

    assert (response.status, await response.text()) == (404, text)


async def test_a_status_without_a_page_stays_a_problem(browser):
    response = await browser.get("/teapot")

    assert (response.status, response.content_type) == (418, "application/problem+json")


async def test_what_succeeds_or_leads_elsewhere_passes(browser):
    good = await browser.get("/good")
    redirect = await browser.get("/redirect", allow_redirects=False)

    assert (good.status, await good.text()) == (200, "good")
    assert (redirect.status, redirect.headers["Location"]) == (302, "/elsewhere")


async def test_what_the_error_says_in_its_headers_stays(browser):
    response = await browser.get("/login")

    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Basic"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Request-ID"]


async def test_a_page_knows_what_the_error_says_of_itself(browser):
    login, gone = await browser.get("/login"), await browser.get("/gone")

    assert (await login.json())["known"]["code"] == "not_authenticated"
    assert await gone.json() == {"known": {"status": 410, "title": "Gone"}}


async def test_an_unhandled_error_is_logged_once_and_tells_the_person_nothing(browser, caplog):
    with caplog.at_level(logging.ERROR):
        response = await browser.get("/raises")

    assert "secret" not in await response.text()
    (record,) = [item for item in caplog.records if item.exc_info]
    assert "a secret" in caplog.text
    assert response.headers["X-Request-ID"] in record.getMessage()


async def test_a_page_that_fails_itself_is_an_internal_error(aiohttp_client, caplog):
    pages = {404: _raising(RuntimeError("the page is broken"))}
    app = create_app(routes=ROUTES, middlewares=[create_error_middleware(pages)])
    client = await aiohttp_client(app, headers={"Accept": BROWSER})

    response = await client.get("/nowhere")

    assert (response.status, response.content_type) == (500, "application/problem+json")
    assert "the page is broken" in caplog.text


async def test_an_application_made_by_hand_has_pages_too(aiohttp_client):
    app = web.Application()
    app.add_routes(ROUTES)
    app.middlewares.append(create_error_middleware(PAGES))
    client = await aiohttp_client(app, headers={"Accept": BROWSER})

    response = await client.get("/nowhere")

    assert (response.status, await response.text()) == (404, "<h1>Nothing here</h1>")


async def test_an_answer_that_has_begun_goes_on(aiohttp_client):
    async def begin(request):
        response = web.StreamResponse(status=404)
        response.content_type = "text/plain"
        await response.prepare(request)
        await response.write(b"begun")
        return response

    middlewares = [create_error_middleware(PAGES)]
    app = create_app(routes=[web.get("/stream", begin)], middlewares=middlewares)
    client = await aiohttp_client(app, headers={"Accept": BROWSER})

    assert await (await client.get("/stream")).text() == "begun"


async def test_a_template_of_the_project_that_is_named_after_a_status_is_its_page(
    write, make_app, aiohttp_client
):
    text = "{{ status }} {{ title }}: {{ detail }} {{ request.path }}"
    write({"templates/404.html": text, "templates/base.html": "", "templates/99.html": ""})
    client = await aiohttp_client(make_app(routes=ROUTES), headers={"Accept": BROWSER})

    missing, raises = await client.get("/missing"), await client.get("/raises")

    assert missing.status == 404
    assert await missing.text() == "404 Not Found: There is no such poll. /missing"
    assert raises.content_type == "application/problem+json"
