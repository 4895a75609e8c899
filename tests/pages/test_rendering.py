import dataclasses

import pytest
from aiohttp import web
from msgspec import Struct

from webkit.decorators import action
from webkit.endpoints import endpoint
from webkit.pages import render
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


class Question(Struct):
    text: str


@dataclasses.dataclass
class Shown:
    question: Question


class PollViewSet(BaseViewSet):
    async def list(self) -> web.Response:
        return render(self.request, "index.html", {"questions": [Question("What's <new>?")]})

    async def detail(self, id: int) -> web.Response:
        return render(self.request, "detail.html", Shown(Question(f"Number {id}")))

    @action(detail=False)
    async def sad(self) -> web.Response:
        headers = {"X-Mood": "sad"}
        return render(self.request, "index.html", status=418, headers=headers)


async def index(request):
    return render(request, "index.html")


@endpoint
async def ask(request: web.Request, q: str = "nothing") -> web.Response:
    return render(request, "detail.html", {"question": {"text": q}})


TEMPLATES = {
    "polls/templates/index.html": "{% for item in questions %}<i>{{ item.text }}</i>{% endfor %}.",
    "polls/templates/detail.html": "{{ question.text }} at {{ request.path }}",
}


@pytest.fixture
async def api(write, unit, make_app, aiohttp_client):
    write(TEMPLATES)
    router = SimpleRouter()
    router.register(PollViewSet, basename="poll")
    routes = [*router.routes, web.get("/index", index), web.get("/ask", ask)]
    return await aiohttp_client(make_app(unit("polls", routes=routes)))


async def test_an_action_answers_with_a_page(api):
    response = await api.get("/poll/")

    assert (response.status, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert await response.text() == "<i>What&#39;s &lt;new&gt;?</i>."


async def test_a_model_is_a_context_too(api):
    assert await (await api.get("/poll/3/")).text() == "Number 3 at /poll/3/"


async def test_a_page_has_a_status_and_headers_where_it_needs_them(api):
    response = await api.get("/poll/sad/")

    assert (response.status, response.headers["X-Mood"]) == (418, "sad")


async def test_a_function_answers_with_a_page(api):
    assert await (await api.get("/index")).text() == "."


async def test_a_typed_function_answers_with_a_page(api):
    assert await (await api.get("/ask", params={"q": "why"})).text() == "why at /ask"


async def test_without_templates_it_says_so(make_app, aiohttp_client, caplog):
    api = await aiohttp_client(make_app(routes=[web.get("/index", index)]))

    response = await api.get("/index")

    assert response.status == 500
    assert "'index.html': the application has no templates" in caplog.text


async def test_a_page_of_a_mounted_application_has_the_templates_of_that_one(
    write, unit, make_app, aiohttp_client
):
    write(TEMPLATES)
    app = make_app()
    app.add_subapp("/shop/", make_app(unit("polls", routes=[web.get("/index", index)])))
    api = await aiohttp_client(app)

    assert await (await api.get("/shop/index")).text() == "."
