import asyncio
import functools
import importlib.util
import io
import re
from typing import Annotated

import pytest
from aiohttp import web

from webkit.application import create_app
from webkit.config import Config, Settings
from webkit.decorators import action
from webkit.endpoints import endpoint
from webkit.exceptions import ConfigurationError
from webkit.parameters import Body
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet, entries_of


CONFIG = Config(settings=Settings(), environment="testing", origins={})


def _app(*viewsets):
    router = SimpleRouter()
    for viewset in viewsets:
        router.register(viewset)
    return create_app(config=CONFIG, routes=router.routes)


def _problems(*viewsets):
    with pytest.raises(ConfigurationError) as caught:
        _app(*viewsets)
    # Without the place, file and line, which has a test of its own.
    return [re.sub(r" \(\S+:\d+\)", "", problem) for problem in caught.value.problems]


@pytest.fixture
def serve(aiohttp_client):
    async def start(*viewsets):
        return await aiohttp_client(_app(*viewsets))

    return start


def _said(request, what):
    return web.json_response([what, request.match_info.get("id")])


class Seed:
    """The style of the seed: methods of the request alone."""

    class ArtistViewSet(BaseViewSet):
        async def list(request):
            return _said(request, "list")

        async def create(request):
            return _said(request, "create")

        async def detail(request):
            return _said(request, "detail")

        async def update(request):
            return _said(request, "update")

        async def partial_update(request):
            return _said(request, "partial_update")

        async def destroy(request):
            return _said(request, "destroy")

        @action(detail=True, method="get")
        async def google_it(request):
            return _said(request, "google_it")

        @action(methods=["get", "post"])
        async def top_ten(request):
            return _said(request, "top_ten")


class Typed:
    """The style with self: an instance for each request."""

    class ArtistViewSet(BaseViewSet):
        async def list(self):
            return _said(self.request, self.action)

        async def create(self):
            return _said(self.request, self.action)

        async def detail(self):
            return _said(self.request, self.action)

        async def update(self):
            return _said(self.request, self.action)

        async def partial_update(self):
            return _said(self.request, self.action)

        async def destroy(self):
            return _said(self.request, self.action)

        @action(detail=True, method="get")
        async def google_it(self):
            return _said(self.request, self.action)

        @action(methods=["get", "post"])
        async def top_ten(self):
            return _said(self.request, self.action)


class Static:
    """Static methods: nothing of the class is needed."""

    class ArtistViewSet(BaseViewSet):
        @staticmethod
        async def list(request):
            return _said(request, "list")

        @staticmethod
        async def create(request):
            return _said(request, "create")

        @staticmethod
        async def detail(request):
            return _said(request, "detail")

        @staticmethod
        async def update(request):
            return _said(request, "update")

        @staticmethod
        async def partial_update(request):
            return _said(request, "partial_update")

        @staticmethod
        async def destroy(request):
            return _said(request, "destroy")

        @action(detail=True, method="get")
        @staticmethod
        async def google_it(request):
            return _said(request, "google_it")

        @staticmethod
        @action(methods=["get", "post"])
        async def top_ten(request):
            return _said(request, "top_ten")


STYLES = pytest.mark.parametrize("style", [Seed, Typed, Static])


# -- the actions --------------------------------------------------------------------------------


@STYLES
@pytest.mark.parametrize(
    ("method", "path", "name", "id"),
    [
        ("GET", "/artist/", "list", None),
        ("POST", "/artist/", "create", None),
        ("GET", "/artist/7/", "detail", "7"),
        ("PUT", "/artist/7/", "update", "7"),
        ("PATCH", "/artist/7/", "partial_update", "7"),
        ("DELETE", "/artist/7/", "destroy", "7"),
        ("GET", "/artist/7/google-it/", "google_it", "7"),
        ("GET", "/artist/top-ten/", "top_ten", None),
        ("POST", "/artist/top-ten/", "top_ten", None),
    ],
)
async def test_every_action_has_its_verb_and_path_in_every_style(
    serve, style, method, path, name, id
):
    client = await serve(style.ArtistViewSet)

    response = await client.request(method, path)

    assert response.status < 300
    assert await response.json() == [name, id]


@STYLES
@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("PUT", "/artist/", 405, "GET, HEAD, OPTIONS, POST"),
        ("POST", "/artist/7/", 405, "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
        ("POST", "/artist/7/google-it/", 405, "GET, HEAD, OPTIONS"),
        ("DELETE", "/artist/top-ten/", 405, "GET, HEAD, OPTIONS, POST"),
        ("OPTIONS", "/artist/", 204, "GET, HEAD, OPTIONS, POST"),
        ("OPTIONS", "/artist/7/", 204, "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
        ("GET", "/artist", 404, None),
        ("GET", "/artist/7", 404, None),
        ("GET", "/artist/7/google_it/", 404, None),
        ("GET", "/artist//", 404, None),
        ("GET", "/artist/a%2Fb/", 404, None),
        ("GET", "/artist/a%2fb/google-it/", 404, None),
    ],
)
async def test_every_style_offers_the_same_and_nothing_more(
    serve, style, method, path, status, allow
):
    client = await serve(style.ArtistViewSet)

    response = await client.request(method, path)

    assert (response.status, response.headers.get("Allow")) == (status, allow)


@STYLES
@pytest.mark.parametrize("path", ["/artist/", "/artist/7/", "/artist/top-ten/"])
async def test_a_head_is_answered_as_its_get_without_a_body(serve, style, path):
    client = await serve(style.ArtistViewSet)

    head, get = await client.head(path), await client.get(path)

    assert (head.status, await head.read()) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


async def test_a_head_of_its_own_wins_over_that_of_the_get(serve):
    class ArtistViewSet(BaseViewSet):
        async def list(self):
            return web.Response(text="list")

        @action(method="head", url_path="")
        async def count(self):
            return web.Response(headers={"X-Count": "3"})

        @action(methods=["head", "get"])
        async def both(self):
            return web.Response(headers={"X-Action": self.action})

    client = await serve(ArtistViewSet)

    assert (await client.head("/artist/both/")).headers["X-Action"] == "both"


async def test_retrieve_is_another_name_for_detail(serve):
    class ArtistViewSet(BaseViewSet):
        async def retrieve(self):
            return _said(self.request, self.action)

    client = await serve(ArtistViewSet)

    assert await (await client.get("/artist/7/")).json() == ["retrieve", "7"]


async def test_only_the_actions_that_are_there_are_served(serve):
    class ArtistViewSet(BaseViewSet):
        async def list(self):
            return _said(self.request, self.action)

        async def popular(self):
            """A method like any other, without a mark."""

    client = await serve(ArtistViewSet)

    assert (await client.get("/artist/popular/")).status == 404
    assert (await client.get("/artist/7/")).status == 404
    assert (await client.post("/artist/")).status == 405


@pytest.mark.parametrize("verb", ["get", "post", "put", "patch", "delete", "head", "options"])
async def test_an_action_may_have_any_verb(serve, verb):
    class ArtistViewSet(BaseViewSet):
        @action(method=verb)
        async def act(self):
            return web.Response(headers={"X-Method": self.request.method})

    client = await serve(ArtistViewSet)

    response = await client.request(verb, "/artist/act/")

    assert (response.status, response.headers["X-Method"]) == (200, verb.upper())


async def test_an_action_may_have_a_path_and_a_name_of_its_own(serve):
    class ArtistViewSet(BaseViewSet):
        @action(url_path="by-year/{year}", url_name="yearly", detail=True)
        async def of_year(request):
            return web.json_response(dict(request.match_info))

    client = await serve(ArtistViewSet)

    url = client.app.router["artist-yearly"].url_for(id="7", year="1990")

    assert str(url) == "/artist/7/by-year/1990/"
    assert await (await client.get(url)).json() == {"id": "7", "year": "1990"}


async def test_parameters_that_are_variables_of_the_path_are_filled(serve):
    class ArtistViewSet(BaseViewSet):
        async def detail(self, id):
            return web.Response(text=f"detail {id}")

        @action(detail=True)
        async def lone(request, id: str):
            return web.Response(text=f"lone {id} {request.method}")

        @action(detail=True)
        async def named(self, *, id: str, request: web.Request):
            return web.Response(text=f"named {id} {request is self.request}")

    client = await serve(ArtistViewSet)

    texts = [
        await (await client.get(f"/artist/7/{path}")).text() for path in ("", "lone/", "named/")
    ]

    assert texts == ["detail 7", "lone 7 GET", "named 7 True"]


async def test_a_decorated_method_is_an_action_like_the_one_that_it_wraps(serve):
    def shouting(method):
        @functools.wraps(method)
        async def wrapped(self):
            response = await method(self)
            return web.Response(text=response.text.upper())

        return wrapped

    class ArtistViewSet(BaseViewSet):
        @shouting
        async def list(self):
            return web.Response(text="list")

    client = await serve(ArtistViewSet)

    assert await (await client.get("/artist/")).text() == "LIST"


# -- instances ----------------------------------------------------------------------------------


async def test_each_request_has_an_instance_of_its_own(serve):
    both_are_here = asyncio.Barrier(2)
    instances = set()

    class ArtistViewSet(BaseViewSet):
        async def list(self):
            self.name = self.request.query["name"]
            instances.add(self)
            await asyncio.wait_for(both_are_here.wait(), 5)
            return web.Response(text=self.name)

    client = await serve(ArtistViewSet)

    answers = await asyncio.gather(*(client.get(f"/artist/?name={name}") for name in "ab"))

    assert [await answer.text() for answer in answers] == ["a", "b"]
    assert len(instances) == 2


async def test_an_instance_knows_its_request_and_the_name_of_its_action(serve):
    class ArtistViewSet(BaseViewSet):
        def __init__(self):
            self.made = "made"

        @action(methods=["get", "post"], url_path="many")
        async def top_ten(self):
            assert isinstance(self.request, web.Request)
            return web.json_response([self.request.method, self.action, self.made])

    client = await serve(ArtistViewSet)

    assert await (await client.post("/artist/many/")).json() == ["POST", "top_ten", "made"]


async def test_an_instance_makes_urls_of_its_own_resource(serve):
    class ArtistViewSet(BaseViewSet):
        async def list(self):
            urls = [self.reverse("list"), self.reverse("detail", id=7), self.reverse("works", id=7)]
            return web.json_response([str(url) for url in urls])

        async def detail(self): ...

        @action(detail=True)
        async def works(self): ...

    client = await serve(ArtistViewSet)

    urls = await (await client.get("/artist/")).json()

    assert urls == [
        str(client.make_url(path)) for path in ("/artist/", "/artist/7/", "/artist/7/works/")
    ]


def test_the_class_itself_has_no_request():
    assert not hasattr(BaseViewSet, "request")
    assert not hasattr(Typed.ArtistViewSet(), "action")


# -- inheritance --------------------------------------------------------------------------------


class Listed(BaseViewSet):
    greeting = "base"

    async def list(self):
        return web.Response(text=self.greeting)

    @action()
    async def popular(self):
        return web.Response(text=f"popular {self.greeting}")

    @action()
    async def hidden(self):
        """An action here, and none in the subclass."""


class ChildViewSet(Listed):
    greeting = "child"

    async def create(self):
        return web.Response(text="created")

    @action(method="post")
    async def popular(self):
        return web.Response(text="overridden")

    async def hidden(self):
        """Overridden without a mark."""


async def test_actions_are_inherited_and_overridden_like_methods(serve):
    client = await serve(ChildViewSet)

    answers = [
        await client.request(method, path)
        for method, path in (
            ("GET", "/child/"),
            ("POST", "/child/"),
            ("POST", "/child/popular/"),
            ("GET", "/child/popular/"),
            ("GET", "/child/hidden/"),
        )
    ]

    assert [answer.status for answer in answers] == [200, 200, 200, 405, 404]
    assert await answers[0].text() == "child"
    assert await answers[2].text() == "overridden"


async def test_a_subclass_may_take_an_action_away(serve):
    class FewerViewSet(ChildViewSet):
        list = None

    client = await serve(FewerViewSet)

    refused = await client.get("/fewer/")
    assert (refused.status, refused.headers["Allow"]) == (405, "OPTIONS, POST")


async def test_a_mixin_need_be_no_viewset(serve):
    class Lists:
        async def list(self):
            return web.Response(text="mixed in")

        @action()
        async def popular(self):
            return web.Response(text="popular")

    class ArtistViewSet(Lists, BaseViewSet):
        pass

    client = await serve(ArtistViewSet)

    assert await (await client.get("/artist/")).text() == "mixed in"
    assert await (await client.get("/artist/popular/")).text() == "popular"


async def test_a_base_class_and_its_subclass_may_both_be_served(serve):
    client = await serve(Listed, ChildViewSet)

    assert await (await client.get("/listed/popular/")).text() == "popular base"
    assert await (await client.get("/child/")).text() == "child"


# -- the id -------------------------------------------------------------------------------------


async def test_the_variable_of_the_id_may_have_another_name(serve):
    class ArtistViewSet(BaseViewSet):
        lookup_field = "slug"

        async def detail(self, slug):
            return web.Response(text=slug)

        @action(detail=True)
        async def works(request):
            return web.Response(text=request.match_info["slug"])

    client = await serve(ArtistViewSet)

    assert await (await client.get("/artist/cerati/")).text() == "cerati"
    assert await (await client.get("/artist/cerati/works/")).text() == "cerati"


@pytest.mark.parametrize(
    ("regex", "good", "bad"),
    [
        ("[0-9]{4}", "1990", "199"),
        ("[0-9]+|latest", "latest", "newest"),
        ("[^/]+", "a.b", "a%2Fb"),
        ("[^/.]+", "ab", "..%2f..%2fetc"),
    ],
)
async def test_the_id_may_be_limited_and_never_holds_a_slash(serve, regex, good, bad):
    class ArtistViewSet(BaseViewSet):
        lookup_regex = regex

        async def detail(request):
            return web.Response(text=request.match_info["id"])

        @action(detail=True)
        async def works(self):
            return web.Response(text=self.request.match_info["id"])

    client = await serve(ArtistViewSet)

    for path in ("/artist/{}/", "/artist/{}/works/"):
        assert await (await client.get(path.format(good))).text() == good
        assert (await client.get(path.format(bad))).status == 404


@pytest.mark.parametrize(
    ("sent", "seen"),
    [("a%20b", "a b"), ("a%25b", "a%b"), ("%C3%A9", "é"), ("a.b", "a.b"), ("..%5c", "..\\")],
)
async def test_an_id_is_decoded(serve, sent, seen):
    class ArtistViewSet(BaseViewSet):
        async def detail(request):
            return web.Response(text=request.match_info["id"])

    client = await serve(ArtistViewSet)

    assert await (await client.get(f"/artist/{sent}/")).text() == seen


# -- modules of users ---------------------------------------------------------------------------


MODULE = """
from __future__ import annotations

from aiohttp import web

from webkit.decorators import action
from webkit.viewsets import BaseViewSet


class ArtistViewSet(BaseViewSet):
    async def list(request: web.Request) -> web.Response:
        return web.Response(text="list")

    async def detail(self, id: str) -> web.Response:
        return web.Response(text=id)

    @action(detail=True)
    async def again(self, key: web.Request) -> web.Response:
        return web.Response(text=key.path)
"""


def _imported(path, source):
    path.write_text(source)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def test_annotations_may_be_postponed(serve, tmp_path, monkeypatch):
    module = _imported(tmp_path / "views_of_test.py", MODULE)
    monkeypatch.setitem(__import__("sys").modules, "views_of_test", module)

    client = await serve(module.ArtistViewSet)

    for path, text in (("", "list"), ("7/", "7"), ("7/again/", "/artist/7/again/")):
        assert await (await client.get(f"/artist/{path}")).text() == text


# -- mistakes -----------------------------------------------------------------------------------


def _viewset(**names):
    return type("ArtistViewSet", (BaseViewSet,), names)


async def _takes_nothing(): ...


async def _takes_keywords(*, request): ...


async def _takes_anything(*args): ...


async def _takes_a_stranger(self, name): ...


async def _is_annotated_wrongly(self, name: "Nobody"): ...  # noqa: F821  (the mistake)


async def _is_good(self): ...


def _is_no_coroutine(self): ...


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        ({"list": _is_no_coroutine}, "ArtistViewSet.list: an action is written `async def`"),
        ({"list": 3}, "ArtistViewSet.list: an action is written `async def`"),
        (
            {"list": _takes_nothing},
            "ArtistViewSet.list: an action takes `self`, or the request alone,"
            " as its first parameter",
        ),
        (
            {"list": _takes_keywords},
            "ArtistViewSet.list: an action takes `self`, or the request alone,"
            " as its first parameter",
        ),
        (
            {"list": _takes_anything},
            "ArtistViewSet.list: an action takes `self`, or the request alone,"
            " as its first parameter",
        ),
        (
            {"list": classmethod(_is_good)},
            "ArtistViewSet.list: a classmethod cannot be an action."
            " Take `self`, or the request alone",
        ),
        (
            {"detail": _takes_a_stranger},
            "ArtistViewSet.detail: parameter 'name' has no annotation, and is neither the request"
            " nor a variable of the path. This route knows 'request', 'id'",
        ),
        (
            {"detail": _is_annotated_wrongly},
            "ArtistViewSet.detail: parameter 'name': the annotation 'Nobody' cannot be read: name"
            " 'Nobody' is not defined. Import it where the module runs, not only under"
            " TYPE_CHECKING",
        ),
        (
            {"detail": _is_good, "retrieve": _is_good},
            "ArtistViewSet: detail and retrieve are one action. Define one of them",
        ),
        (
            {},
            "ArtistViewSet: has no action. Define one of list, create, detail, retrieve, update,"
            " partial_update, destroy, or use @action",
        ),
    ],
)
def test_what_cannot_be_an_action_is_refused_at_start_up(names, problem):
    assert problem in _problems(_viewset(**names))


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            {"method": "fetch"},
            "@action: 'fetch' is not an HTTP verb."
            " Write one of delete, get, head, options, patch, post, put",
        ),
        (
            {"method": "trace"},
            "@action: 'trace' is not an HTTP verb."
            " Write one of delete, get, head, options, patch, post, put",
        ),
        (
            {"method": "connect"},
            "@action: 'connect' is not an HTTP verb."
            " Write one of delete, get, head, options, patch, post, put",
        ),
        ({"methods": []}, "@action: there is no verb"),
    ],
)
def test_an_action_with_a_wrong_option_is_refused_at_start_up(options, problem):
    class ArtistViewSet(BaseViewSet):
        @action(**options)
        async def popular(self): ...

    assert _problems(ArtistViewSet) == [f"ArtistViewSet.popular: {problem}"]


def test_an_option_that_there_is_not_is_named_with_those_that_there_are():
    class ArtistViewSet(BaseViewSet):
        @action(colour=1)
        async def popular(self): ...

    (problem,) = _problems(ArtistViewSet)
    assert problem.startswith(
        "ArtistViewSet.popular: @action has no option 'colour'. It has method, methods, detail,"
    )


@pytest.mark.parametrize("name", ["list", "retrieve", "partial_update"])
def test_a_known_action_needs_no_mark(name):
    viewset = _viewset(**{name: action()(_takes_a_stranger)})
    try:
        assert (
            f"ArtistViewSet.{name}: {name!r} is an action already."
            " Remove @action, or rename the method"
        ) in _problems(viewset)
    finally:
        vars(_takes_a_stranger).clear()


def test_two_actions_on_one_verb_and_path_are_refused():
    class ArtistViewSet(BaseViewSet):
        @action(methods=["get", "post"])
        async def popular(self): ...

        @action(url_path="popular")
        async def loved(self): ...

    (problem,) = _problems(ArtistViewSet)
    assert problem.startswith("ArtistViewSet.loved: GET /artist/popular")
    assert problem.endswith(" is served by 'popular' already")


async def test_two_actions_on_one_path_may_share_it_by_verb(serve):
    class ArtistViewSet(BaseViewSet):
        @action(method="get", url_path="favourite")
        async def favourite(self):
            return web.Response(text="read")

        @action(method="put", url_path="favourite", url_name="other")
        async def set_favourite(self):
            return web.Response(text="written")

    client = await serve(ArtistViewSet)

    assert await (await client.get("/artist/favourite/")).text() == "read"
    assert await (await client.put("/artist/favourite/")).text() == "written"
    refused = await client.delete("/artist/favourite/")
    assert refused.headers["Allow"] == "GET, HEAD, OPTIONS, PUT"


def test_all_mistakes_of_a_viewset_are_reported_at_once():
    class ArtistViewSet(BaseViewSet):
        def list(self): ...

        async def create(): ...

        async def detail(self, name): ...

        @classmethod
        async def destroy(cls): ...

        @action(method="fetch", colour=1)
        async def first(self): ...

        @action()
        async def second(self): ...

        @action(url_path="second")
        async def third(self): ...

    problems = _problems(ArtistViewSet)

    assert sorted(problem.partition(":")[0] for problem in problems) == [
        "ArtistViewSet.create",
        "ArtistViewSet.destroy",
        "ArtistViewSet.detail",
        "ArtistViewSet.first",
        "ArtistViewSet.first",
        "ArtistViewSet.list",
        "ArtistViewSet.third",
    ]


def test_a_mistake_is_shown_with_its_file_and_line(tmp_path, monkeypatch):
    source = (
        "from webkit.viewsets import BaseViewSet\n\n\n"
        "class ArtistViewSet(BaseViewSet):\n"
        "    def list(self): ...\n"
    )
    monkeypatch.chdir(tmp_path)
    viewset = _imported(tmp_path / "mistaken.py", source).ArtistViewSet

    with pytest.raises(ConfigurationError) as caught:
        _app(viewset)

    assert caught.value.problems == (
        "ArtistViewSet.list (mistaken.py:5): an action is written `async def`",
    )


def test_a_subclass_takes_an_action_away():
    class Base(BaseViewSet):
        async def list(self): ...
        async def create(self): ...

    class ReadOnly(Base):
        create = None

    entries, problems = entries_of(ReadOnly)

    assert ([entry.action for entry in entries], problems) == (["list"], [])


def test_a_viewset_may_know_mistakes_of_its_own():
    class Own(BaseViewSet):
        @classmethod
        def mistakes(cls):
            return ["has no shelf"]

        async def list(self): ...

    (problem,) = entries_of(Own)[1]
    assert re.fullmatch(r"Own \(tests/test_viewsets.py:\d+\): has no shelf", problem)


def test_all_habits_and_slips_are_told_with_the_place_of_the_class():
    class Porting(BaseViewSet):
        lookup_field = "my-id"
        permission_classes = ()

        @endpoint
        async def list(self): ...

        async def detail(self): ...

        async def destory(self, id: int) -> None: ...

        @action(detail="yes", status=99)
        async def top(self): ...

    with pytest.raises(ConfigurationError) as caught:
        _app(Porting)

    lines = [re.sub(r"test_viewsets.py:\d+", "LINE", text) for text in caught.value.problems]
    assert lines == [
        "Porting (tests/LINE): 'permission_classes' means nothing here. Write permissions",
        "Porting (tests/LINE): 'destory' is not served. Call it 'destroy', mark it with @action, or"
        " begin its name with an underscore",
        "Porting (tests/LINE): lookup_field: 'my-id' is no name of a variable. Write it as in"
        " Python",
        "Porting.list (tests/LINE): @endpoint is for functions outside of a viewset. Remove it",
        "Porting.top (tests/LINE): @action: detail is True or False, and not 'yes'",
        "Porting.top (tests/LINE): @action: 99 is not the status of a success. Write 200, or"
        " another",
        "Porting.detail (tests/LINE): '/porting/{my-id}' has a brace without the other. Write"
        " {name}, or {name:[0-9]+}",
    ]


def test_an_option_with_a_slip_is_told_with_the_one_that_is_meant():
    class Porting(BaseViewSet):
        @action(permission_classes=())
        async def top(self): ...

    assert _problems(Porting) == [
        "Porting.top: @action has no option 'permission_classes'. Did you mean 'permissions'?"
    ]


class Limited(BaseViewSet):
    client_max_size = 100

    async def create(self, names: dict[str, str]) -> int:
        return len(names)

    async def update(request):
        return web.json_response(len(await request.read()))

    @action("post", client_max_size=10_000_000)
    async def upload(self, raw: Annotated[bytes, Body()]) -> int:
        return len(raw)


@pytest.mark.parametrize(
    ("method", "path", "size", "status"),
    [
        ("POST", "/limited/", 50, 201),
        ("POST", "/limited/", 150, 413),
        ("PUT", "/limited/1/", 50, 200),
        ("PUT", "/limited/1/", 150, 413),
        ("POST", "/limited/upload/", 5_000_000, 200),
        ("POST", "/limited/upload/", 11_000_000, 413),
    ],
)
async def test_a_viewset_or_an_action_has_a_limit_for_bodies_of_its_own(
    serve, method, path, size, status
):
    client = await serve(Limited)
    body = b'{"a":"' + b"x" * (size - 8) + b'"}'

    async def chunks():
        yield body

    headers = {"Content-Type": "application/json"}
    answers = [
        await client.request(method, path, data=data, headers=headers)
        for data in (io.BytesIO(body), chunks())
    ]

    assert [answer.status for answer in answers] == [status, status]


def test_a_verb_that_is_no_text_is_told():
    class Odd(BaseViewSet):
        @action(3)
        async def top(self): ...

    (problem,) = _problems(Odd)
    assert problem.startswith("Odd.top: @action: '3' is not an HTTP verb")


def test_what_is_no_text_is_told():
    class Odd(BaseViewSet):
        @action("get", False, "x", url_path=5, tags=["a", 6])
        async def top(self): ...

    assert _problems(Odd) == [
        "Odd.top: @action: 'x' is one too many. Give it by its name, as url_path=...",
        "Odd.top: @action: url_path: 5 is no text",
        "Odd.top: @action: tags: 6 is no text",
    ]


def test_a_forgotten_detail_is_told_with_the_place_of_the_action():
    class Odd(BaseViewSet):
        @action("post")
        async def lend(self, id: int) -> None: ...

    (problem,) = _problems(Odd)
    assert problem.startswith("Odd.lend: the path has no 'id'. Write @action(detail=True)")


def test_a_limit_is_a_number_of_bytes():
    class Odd(BaseViewSet):
        client_max_size = "1MB"

        @action(client_max_size=0)
        async def top(self): ...

    assert _problems(Odd) == [
        "Odd: client_max_size: '1MB' is not a number of bytes above 0",
        "Odd.top: @action: client_max_size: 0 is not a number of bytes above 0",
    ]
