"""DRF's tests of routers, by their intent: rows 1 to 44 of the reference."""

import re

import msgspec
import pytest
from aiohttp import web

from webkit.application import create_app, served_routes
from webkit.decorators import action
from webkit.exceptions import ConfigurationError
from webkit.permissions import AllowAny, BasePermission
from webkit.repositories import MemoryRepository
from webkit.resources import ResourceViewSet
from webkit.routers import DefaultRouter, SimpleRouter
from webkit.viewsets import BaseViewSet


class Note(msgspec.Struct):
    uuid: str
    text: str


class PatchNote(msgspec.Struct):
    text: str | msgspec.UnsetType = msgspec.UNSET


NOTES = [Note("123", "foo bar"), Note("a b", "baz qux")]


class NoteViewSet(ResourceViewSet[Note, Note, PatchNote, str]):
    lookup_field = "uuid"
    page = None


class LinkedNote(msgspec.Struct):
    url: str
    uuid: str
    text: str


class LinkedNoteViewSet(BaseViewSet):
    lookup_field = "uuid"

    def linked(self, note):
        return LinkedNote(str(self.reverse("detail", uuid=note.uuid)), note.uuid, note.text)

    async def list(self) -> list[LinkedNote]:
        return [self.linked(note) for note in NOTES]

    async def detail(self, uuid: str) -> LinkedNote:
        return next(self.linked(note) for note in NOTES if note.uuid == uuid)


class KwargedNoteViewSet(BaseViewSet):
    """Looks a note up by what its text begins with, under a name that no field has."""

    lookup_field = "beginning"

    async def detail(self, beginning: str) -> Note:
        return next(note for note in NOTES if note.text.startswith(beginning))


class BasicViewSet(BaseViewSet):
    async def list(self) -> dict[str, str]:
        return {"method": "list"}

    @action(methods=["post"], detail=True)
    async def action1(self, id: str) -> dict[str, str]:
        return {"method": "action1"}

    @action(methods=["post", "delete"], detail=True)
    async def action2(self, id: str) -> dict[str, str]:
        return {"method": "action2"}

    @action(methods=["post"], detail=True)
    async def action3(self, id: str) -> dict[str, str]:
        return {"post": id}

    @action3.mapping.delete
    async def action3_delete(self, id: str) -> dict[str, str]:
        return {"delete": id}


class EmptyPrefixViewSet(BaseViewSet):
    async def list(self) -> list[Note]:
        return NOTES

    async def detail(self, id: int) -> Note:
        return NOTES[id - 1]


class UrlPathViewSet(BaseViewSet):
    @action(url_path="list/{kwarg:[0-9]{4}}")
    async def url_path_list(self, kwarg: str) -> dict[str, str]:
        return {"kwarg": kwarg}

    @action(detail=True, url_path="detail/{kwarg:[0-9]{4}}")
    async def url_path_detail(self, id: str, kwarg: str) -> dict[str, str]:
        return {"id": id, "kwarg": kwarg}


class TypedPathViewSet(BaseViewSet):
    @action(url_path="list/{kwarg}")
    async def typed_list(self, kwarg: int) -> dict[str, int]:
        return {"kwarg": kwarg}

    @action(detail=True, url_path="detail/{kwarg}")
    async def typed_detail(self, id: str, kwarg: int) -> dict[str, str | int]:
        return {"id": id, "kwarg": kwarg}

    @action(detail=True, url_path="detail/{kwarg}/detail/{param}")
    async def typed_detail_more(self, id: str, kwarg: int, param: int) -> dict[str, str | int]:
        return {"id": id, "kwarg": kwarg, "param": param}


class DynamicViewSet(BaseViewSet):
    async def list(self) -> str:
        return "list"

    @action(methods=["post"])
    async def list_route_post(self) -> str:
        return "list_route_post"

    @action(methods=["post"], detail=True)
    async def detail_route_post(self, id: str) -> str:
        return "detail_route_post"

    @action()
    async def list_route_get(self) -> str:
        return "list_route_get"

    @action(detail=True)
    async def detail_route_get(self, id: str) -> str:
        return "detail_route_get"

    @action(url_path="list_custom-route")
    async def list_custom_route_get(self) -> str:
        return "list_custom_route_get"

    @action(detail=True, url_path="detail_custom-route")
    async def detail_custom_route_get(self, id: str) -> str:
        return "detail_custom_route_get"


class SubDynamicViewSet(DynamicViewSet):
    pass


def served(*routers):
    """Return verb and path of every route."""
    app = create_app(routes=[route for router in routers for route in router.routes])
    return [(route.method, route.path) for route in served_routes(app) if not route.hidden]


def registered(viewset, prefix="notes", *, basename=None, router=None, **options):
    router = router or SimpleRouter(**options)
    router.register(prefix, viewset, basename=basename)
    return router


@pytest.fixture
def serve(aiohttp_client):
    async def serve(*routers, below=""):
        app = create_app(routes=[route for router in routers for route in router.routes])
        if below:
            inner, app = app, web.Application()
            app.add_subapp(below, inner)
        client = await aiohttp_client(app)

        async def ask(method, path, json=None):
            answer = await client.request(method, path, json=json)
            raw = await answer.read()
            ask.answer, ask.host = answer, f"http://{client.host}:{client.port}"
            return answer.status, msgspec.json.decode(raw) if raw else None

        return ask

    return serve


@pytest.fixture
def notes():
    """A viewset with a repository of its own."""
    return type("Notes", (NoteViewSet,), {"repository": MemoryRepository(Note, NOTES, key="uuid")})


# 1
def test_action_routes():
    assert served(registered(BasicViewSet, "basics"))[1:] == [
        ("POST", "/basics/{id}/action1/"),
        ("POST", "/basics/{id}/action2/"),
        ("DELETE", "/basics/{id}/action2/"),
        ("POST", "/basics/{id}/action3/"),
        ("DELETE", "/basics/{id}/action3/"),
    ]


# 2
async def test_multiple_action_handlers(serve):
    ask = await serve(registered(BasicViewSet, "basics"))

    assert await ask("POST", "/basics/1/action3/") == (200, {"post": "1"})
    assert await ask("DELETE", "/basics/1/action3/") == (200, {"delete": "1"})


# 3
def test_register_after_accessing_urls(notes):
    router = registered(notes)
    before = served(router)

    registered(notes, "notes_bis", router=router)

    assert served(router)[: len(before)] == before
    assert len(served(router)) == 2 * len(before)


# 4
async def test_retrieve_namespaced_root(serve):
    ask = await serve(registered(BasicViewSet, "example", router=DefaultRouter()), below="/inner/")

    assert await ask("GET", "/inner/") == (200, {"example": f"{ask.host}/inner/example/"})


# 5
async def test_retrieve_non_namespaced_root(serve):
    router = registered(BasicViewSet, "example", router=DefaultRouter(prefix="outer"))
    ask = await serve(router)

    assert await ask("GET", "/outer/") == (200, {"example": f"{ask.host}/outer/example/"})


# 6
def test_custom_lookup_field_route():
    assert served(registered(LinkedNoteViewSet))[-1] == ("GET", "/notes/{uuid}/")


# 7
async def test_retrieve_lookup_field_list_view(serve):
    ask = await serve(registered(LinkedNoteViewSet))

    _, found = await ask("GET", "/notes/")

    assert found == [
        {"url": f"{ask.host}/notes/123/", "uuid": "123", "text": "foo bar"},
        {"url": f"{ask.host}/notes/a%20b/", "uuid": "a b", "text": "baz qux"},
    ]


# 8
async def test_retrieve_lookup_field_detail_view(serve):
    ask = await serve(registered(LinkedNoteViewSet))

    _, found = await ask("GET", "/notes/123/")

    assert found == {"url": f"{ask.host}/notes/123/", "uuid": "123", "text": "foo bar"}


# 9
async def test_retrieve_lookup_field_url_encoded_detail_view(serve):
    ask = await serve(registered(LinkedNoteViewSet))

    _, found = await ask("GET", "/notes/a%20b/")

    assert found == {"url": f"{ask.host}/notes/a%20b/", "uuid": "a b", "text": "baz qux"}


# 10
async def test_urls_limited_by_lookup_value_regex(serve):
    viewset = type("Hexadecimal", (LinkedNoteViewSet,), {"lookup_regex": "[0-9a-f]{3}"})
    ask = await serve(registered(viewset))

    statuses = [(await ask("GET", f"/notes/{id}/"))[0] for id in ("123", "12", "12g", "1234")]

    assert statuses == [200, 404, 404, 404]


# 11
def test_custom_lookup_url_kwarg_route():
    assert served(registered(KwargedNoteViewSet)) == [("GET", "/notes/{beginning}/")]


# 12, 13
@pytest.mark.parametrize("path", ["fo", "foo%20bar"])
async def test_retrieve_lookup_url_kwarg_detail_view(serve, path):
    ask = await serve(registered(KwargedNoteViewSet))

    assert await ask("GET", f"/notes/{path}/") == (200, {"uuid": "123", "text": "foo bar"})


# 14
def test_urls_have_trailing_slash_by_default():
    assert {path for _, path in served(registered(LinkedNoteViewSet))} == {
        "/notes/",
        "/notes/{uuid}/",
    }


# 15
def test_urls_can_have_trailing_slash_removed():
    router = registered(LinkedNoteViewSet, trailing_slash=False)

    assert {path for _, path in served(router)} == {"/notes", "/notes/{uuid}"}


# 16
def test_router_has_custom_name():
    router = registered(LinkedNoteViewSet, router=DefaultRouter(root_name="nameable-root"))

    assert "nameable-root" in create_app(routes=router.routes).router


# 17
async def test_action_kwargs(serve):
    class Nobody(BasePermission):
        def has_permission(self, request, view):
            return False

    class Closed(BaseViewSet):
        permissions = [Nobody]  # noqa: RUF012  (as DRF's users write it)

        async def list(self) -> str:
            return "closed"

        @action(methods=["post"], detail=True, permissions=[AllowAny])
        async def custom(self, id: str) -> str:
            return "open"

    ask = await serve(registered(Closed, "test"))

    assert (await ask("GET", "/test/"))[0] == 403
    assert await ask("POST", "/test/0/custom/") == (200, "open")


# 18
def test_exception_raised_when_action_applied_to_existing_route():
    class Wrong(BaseViewSet):
        @action(methods=["post"], detail=True)
        async def retrieve(self, id: str) -> str:
            return id

    with pytest.raises(ConfigurationError, match="'retrieve' is an action already"):
        served(registered(Wrong))


# 19, 20
@pytest.mark.parametrize("viewset", [DynamicViewSet, SubDynamicViewSet])
async def test_list_and_detail_route_decorators(serve, viewset):
    ask = await serve(registered(viewset, "x"))

    for method, path, name in (
        ("GET", "list_custom-route", "list_custom_route_get"),
        ("GET", "list-route-get", "list_route_get"),
        ("POST", "list-route-post", "list_route_post"),
        ("GET", "1/detail_custom-route", "detail_custom_route_get"),
        ("GET", "1/detail-route-get", "detail_route_get"),
        ("POST", "1/detail-route-post", "detail_route_post"),
    ):
        assert await ask(method, f"/x/{path}/") == (200, name)


# 21
async def test_empty_prefix_list(serve):
    ask = await serve(registered(EmptyPrefixViewSet, "", basename="empty_prefix"), below="/empty/")

    assert await ask("GET", "/empty/") == (200, msgspec.to_builtins(NOTES))


# 22
async def test_empty_prefix_detail(serve):
    ask = await serve(registered(EmptyPrefixViewSet, "", basename="empty_prefix"), below="/empty/")

    assert await ask("GET", "/empty/1/") == (200, msgspec.to_builtins(NOTES[0]))


# 23
async def test_regex_url_path_list(serve):
    ask = await serve(registered(UrlPathViewSet, "regex"))

    assert await ask("GET", "/regex/list/1234/") == (200, {"kwarg": "1234"})
    assert (await ask("GET", "/regex/list/12345/"))[0] == 404


# 24
async def test_regex_url_path_detail(serve):
    ask = await serve(registered(UrlPathViewSet, "regex"))

    assert await ask("GET", "/regex/1/detail/1234/") == (200, {"id": "1", "kwarg": "1234"})
    assert (await ask("GET", "/regex/1/detail/abcd/"))[0] == 404


# 25
async def test_create(serve, notes):
    ask = await serve(registered(notes))
    created = {"uuid": "foo", "text": "example"}

    assert await ask("POST", "/notes/", created) == (201, created)
    assert ask.answer.headers["Location"] == "/notes/foo/"
    assert await ask("GET", "/notes/foo/") == (200, created)


# 26
@pytest.mark.parametrize("kind", [SimpleRouter, DefaultRouter])
async def test_retrieve(serve, notes, kind):
    ask = await serve(registered(notes, router=kind()))

    assert await ask("GET", "/notes/a%20b/") == (200, {"uuid": "a b", "text": "baz qux"})


# 27
@pytest.mark.parametrize("kind", [SimpleRouter, DefaultRouter])
async def test_list(serve, notes, kind):
    ask = await serve(registered(notes, router=kind()))

    assert await ask("GET", "/notes/") == (200, msgspec.to_builtins(NOTES))


# 28
async def test_update(serve, notes):
    ask = await serve(registered(notes))
    updated = {"uuid": "123", "text": "foo bar example"}

    assert await ask("PATCH", "/notes/123/", {"text": "foo bar example"}) == (200, updated)


# 29
async def test_delete(serve, notes):
    ask = await serve(registered(notes))

    assert await ask("DELETE", "/notes/123/") == (204, None)
    assert (await ask("GET", "/notes/123/"))[0] == 404


# 30
async def test_list_extra_action(serve):
    ask = await serve(registered(TypedPathViewSet, "path"))

    assert await ask("GET", "/path/list/1234/") == (200, {"kwarg": 1234})


# 31
async def test_detail_extra_action(serve):
    ask = await serve(registered(TypedPathViewSet, "path"))

    assert await ask("GET", "/path/1/detail/1234/") == (200, {"id": "1", "kwarg": 1234})


# 32
async def test_detail_extra_other_action(serve):
    ask = await serve(registered(TypedPathViewSet, "path"))

    found = await ask("GET", "/path/1/detail/1234/detail/2/")

    assert found == (200, {"id": "1", "kwarg": 1234, "param": 2})


# 33
async def test_defaultrouter_root(serve, notes):
    router = registered(notes, router=DefaultRouter(prefix="default"))
    registered(KwargedNoteViewSet, "without-a-list", router=router)
    ask = await serve(router)

    assert await ask("GET", "/default/") == (200, {"notes": f"{ask.host}/default/notes/"})


# 34, 35
def test_suffix_and_detail():
    routes = served_routes(create_app(routes=registered(LinkedNoteViewSet).routes))

    kinds = {
        route.plan.action: (route.name, "{uuid}" in route.path) for route in routes if route.plan
    }

    assert kinds == {"list": ("notes-list", False), "detail": ("notes-detail", True)}


# 36
def test_basename():
    router = registered(LinkedNoteViewSet, basename="notice")

    routes = served_routes(create_app(routes=router.routes))

    assert {route.plan.basename for route in routes if route.plan} == {"notice"}


@pytest.fixture(
    params=[
        lambda: SimpleRouter(trailing_slash=False),
        DefaultRouter,
        lambda: DefaultRouter(root_name="nameable-root"),
    ]
)
def router(request):
    return request.param()


def conflicts(router):
    """Return the basenames that are taken twice; nothing else may be wrong."""
    try:
        served(router)
    except ConfigurationError as error:
        return [re.search(r"basename '([\w-]+)' is taken", line)[1] for line in error.problems]
    return []


# 37
def test_conflicting_autogenerated_basenames(router):
    registered(LinkedNoteViewSet, "notes", router=router)
    registered(KwargedNoteViewSet, "kwarged/notes", router=router)
    registered(LinkedNoteViewSet, "linked/notes", router=router)

    assert conflicts(router) == ["notes", "notes"]


# 38
def test_conflicting_mixed_basenames(router):
    registered(LinkedNoteViewSet, "notes", router=router)
    registered(KwargedNoteViewSet, "notes_kwduplicate", basename="notes", router=router)
    registered(LinkedNoteViewSet, "notes_duplicate", basename="notes", router=router)

    assert conflicts(router) == ["notes", "notes"]


# 39
def test_conflicting_specified_basename(router):
    registered(LinkedNoteViewSet, "notes", basename="notes", router=router)
    registered(KwargedNoteViewSet, "notes_kwduplicate", basename="notes", router=router)
    registered(KwargedNoteViewSet, "notes_duplicate", basename="notes", router=router)

    assert conflicts(router) == ["notes", "notes"]


# 40
def test_conflicting_specified_basename_different_models(router):
    registered(LinkedNoteViewSet, "notes", router=router)
    registered(BasicViewSet, "notes_basename", basename="notes", router=router)

    assert conflicts(router) == ["notes"]


# 41
def test_nonconflicting_mixed_basenames(router):
    registered(LinkedNoteViewSet, "notes", router=router)
    registered(KwargedNoteViewSet, "notes_kwduplicate", basename="notes_kw", router=router)
    registered(LinkedNoteViewSet, "notes_duplicate", basename="notes_duplicate", router=router)

    assert conflicts(router) == []


# 42
def test_nonconflicting_specified_basename(router):
    registered(LinkedNoteViewSet, "notes", basename="notes", router=router)
    registered(KwargedNoteViewSet, "notes_kwduplicate", basename="notes_kw", router=router)
    registered(LinkedNoteViewSet, "notes_duplicate", basename="notes_duplicate", router=router)

    assert conflicts(router) == []


# 43
def test_nonconflicting_specified_basename_different_models(router):
    registered(LinkedNoteViewSet, "notes", basename="notes", router=router)
    registered(BasicViewSet, "notes_basename", basename="notes_basename", router=router)

    assert conflicts(router) == []


# 44
def test_nonconflicting_autogenerated_basename_different_models(router):
    registered(LinkedNoteViewSet, "notes", router=router)
    registered(BasicViewSet, "notes_basename", router=router)

    assert conflicts(router) == []
