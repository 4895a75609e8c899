"""Hostile texts: query strings, headers, cookies, and ids in a path, of every plain type."""

import datetime as dt
import decimal
import enum
import uuid
from typing import Annotated, Any, Literal
from urllib.parse import unquote_to_bytes

import msgspec
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from webkit.decorators import action
from webkit.endpoints import endpoint
from webkit.parameters import Cookie, Header, Query
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


hostile = settings(derandomize=True, deadline=None, database=None, max_examples=150)


class Mood(enum.Enum):
    LOW = "low"
    HIGH = "high"


TYPES: dict[str, Any] = {
    "str": str,
    "int": int,
    "bounded": Annotated[int, msgspec.Meta(ge=0, le=100)],
    "float": float,
    "bool": bool,
    "decimal": decimal.Decimal,
    "date": dt.date,
    "datetime": dt.datetime,
    "time": dt.time,
    "timedelta": dt.timedelta,
    "uuid": uuid.UUID,
    "mood": Mood,
    "literal": Literal["a", "b"],
    "bytes": bytes,
    "patterned": Annotated[str, msgspec.Meta(pattern="^[a-z]{1,3}$")],
    "optional": int | None,
    "ints": list[int],
    "dates": set[dt.date],
    "anything": Any,
}


class Filter(msgspec.Struct, rename="kebab"):
    min_age: Annotated[int, msgspec.Meta(ge=0)] = 0
    tag: list[str] = []
    since: dt.date | None = None


class Closed(msgspec.Struct, forbid_unknown_fields=True):
    n: int = 0


def taking(tp, marker):
    """Return an endpoint that gives back a value of a type."""

    async def take(value: Any) -> Any:
        return {"value": value}

    take.__annotations__["value"] = Annotated[tp, marker] if marker else tp
    return endpoint(take)


async def filtered(wishes: Filter) -> Filter:
    return wishes


async def closed(wishes: Closed) -> Closed:
    return wishes


class ThingViewSet(BaseViewSet):
    async def detail(self, id: str) -> dict[str, str]:
        return {"id": id}

    async def update(self, id: str) -> dict[str, str]:
        return {"id": id}

    async def destroy(self, id: str) -> None:
        return None

    @action(detail=True)
    async def more(self, id: str) -> dict[str, str]:
        return {"id": id}


router = SimpleRouter()
router.register("things", ThingViewSet)
ROUTES = [
    *(web.get(f"/query/{key}", taking(tp, Query("v"))) for key, tp in TYPES.items()),
    *(web.get(f"/header/{key}", taking(tp, Header("X-V"))) for key, tp in TYPES.items()),
    *(
        web.get(f"/cookie/{key}", taking(tp, Cookie("v")))
        for key, tp in TYPES.items()
        if key not in {"ints", "dates"}
    ),
    *(
        web.get(f"/path/{key}/{{value}}/", taking(tp, None))
        for key, tp in TYPES.items()
        if key not in {"ints", "dates", "anything", "optional"}
    ),
    web.get("/filtered", endpoint(filtered)),
    web.get("/closed", endpoint(closed)),
    *router.routes,
]

# As they are sent; some are UTF-8 only by percent-encoding, and some not even so.
ENCODED = [
    *("", "%00", "a%00b", "%2F", "%2f..%2f", "%2e%2e", "..", ".", "%5C", "%25", "%2525", "%2500"),
    *("%C0%AF", "%C0%80", "%FF", "%ED%A0%80", "%F4%90%80%80", "%EF%BB%BF", "%E2%80%AE", "%c3%28"),
    *("%D9%A1", "%D9%A1%D9%A2", "%EF%BC%91", "%F0%9D%9F%8F", "%C2%B2", "%E2%91%A0"),
    *("1" * 19, "9" * 19, "9" * 20, "1" * 4300, "1" * 4301, "1" * 5000, "0" * 4000 + "1"),
    *("-1", "%2B1", "+1", "1_0", "1e5", "1e999", "-1e999", "1" * 400 + ".5", "0x10", "1.0", ".5"),
    *("nan", "NaN", "sNaN", "inf", "-Infinity", "Infinity", "-0", "1e-999", "%201", "1%20"),
    *("true", "TRUE", "True", "yes", "null", "None", "undefined", "%5B%5D", "%7B%7D", "%22%22"),
    *("2020-01-01", "2020-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "24:00:00"),
    *("9999-12-31T23:59:59-23:59", "P1D", "P99999999999D", "PT1e9S", "-P1D", "P1Y"),
    *("%", "%0", "%zz", "%u0031", "%0d%0aX:%20y", "%0A", "%09", "%7F", "%1b[31m"),
    *("a;b", "a,b", "a%26b", "a%3Db", "'", "%3Cscript%3E", "$(id)", "{{7*7}}", "%{x}", ":", "@"),
    *("a" * 7000, "%41" * 2000, "%F0%9F%8E%B8", "%CC%81" * 500),
]


@pytest.mark.parametrize("key", TYPES)
def test_any_value_in_a_query_is_taken_or_refused_with_its_name(wire, key):
    for text in ENCODED:
        for query in (f"v={text}", f"v={text[:3000]}&v={text[:3000]}", f"%76={text}"):
            answer = wire.get(f"/query/{key}?{query}")

            assert answer.status in {200, 422}
            assert answer.status == 200 or set(answer.places()) == {"v"}


@pytest.mark.parametrize(
    "query", ["", "&&&", "=", "=1", "v", "v=", "?v=1", ";", "v=1;v=2", "%00=1"]
)
@pytest.mark.parametrize("key", [*TYPES])
def test_a_strange_query_is_taken_or_refused(wire, key, query):
    assert wire.get(f"/query/{key}?{query}").status in {200, 422}


@pytest.mark.parametrize("name", ["min-age", "tag", "since", "other", "%FF", "%00", "", "min_age"])
def test_any_value_in_a_model_of_the_query_is_taken_or_refused(wire, name):
    for text in ENCODED:
        open_answer = wire.get(f"/filtered?{name}={text}")
        closed_answer = wire.get(f"/closed?{name}={text}")

        assert open_answer.status in {200, 422}
        assert closed_answer.status == 422 or not name + text


def test_a_thousand_parameters_are_as_good_as_one(wire):
    assert wire.get("/filtered?" + "tag=x&" * 1300).status == 200
    assert wire.get("/closed?" + "x=1&" * 2000).status == 422
    assert wire.get("/query/ints?" + "v=1&" * 2000).status == 200


HEADERS = [unquote_to_bytes(text).strip() for text in ENCODED]
HEADERS = [raw for raw in HEADERS if not set(raw) & {*range(9), *range(10, 32), 127}]


@pytest.mark.parametrize("key", TYPES)
def test_any_value_in_a_header_is_taken_or_refused_with_its_name(wire, key):
    for raw in HEADERS:
        answer = wire.get(f"/header/{key}", X_V=raw)

        assert answer.status in {200, 422}
        assert answer.status == 200 or set(answer.places()) == {"X-V"}


COOKIES = ["v", "=", ";", ";;=;", "v=1; v=2", '$Version=1; v="1"', 'v="\\303\\251"', "v={", "w=1"]


@pytest.mark.parametrize("key", [key for key in TYPES if key not in {"ints", "dates"}])
def test_any_cookie_is_taken_or_refused_with_its_name(wire, key):
    for raw in [*(b"v=" + value for value in HEADERS), *COOKIES, b"v=\xff", b"\xff=1"]:
        answer = wire.get(f"/cookie/{key}", Cookie=raw)

        assert answer.status in {200, 422}
        assert answer.status == 200 or set(answer.places()) == {"v"}


@pytest.mark.parametrize(
    "name",
    [
        *("Accept", "Accept_Encoding", "Accept_Charset", "Origin", "X_Request_ID", "Range"),
        *("If_Modified_Since", "If_None_Match", "Authorization", "User_Agent", "Referer"),
        *("Forwarded", "X_Forwarded_For", "X_Forwarded_Host", "Content_Type", "Date", "Via"),
        *("Access_Control_Request_Method", "X_HTTP_Method_Override", "Traceparent"),
    ],
)
def test_headers_that_nobody_asked_for_do_no_harm(wire, name):
    for raw in HEADERS:
        assert wire.get("/query/str", **{name: raw}).status == 422
        assert (
            wire.sound("OPTIONS", "/things/1/", headers=((name.replace("_", "-"), raw),)).status
            == 204
        )


@pytest.mark.parametrize(
    "key", [key for key in TYPES if f"/path/{key}/{{value}}/" in {r.path for r in ROUTES}]
)
def test_any_id_is_found_or_not(wire, key):
    for text in ENCODED:
        answer = wire.get(f"/path/{key}/{text}/")

        assert answer.status in {200, 404}


@pytest.mark.parametrize("text", ENCODED, ids=lambda text: text[:20])
def test_any_id_is_found_or_not_whatever_is_done_to_it(wire, text):
    expected = {200, 204, 404, 405}

    for method in ("GET", "HEAD", "PUT", "DELETE", "POST", "PATCH", "OPTIONS"):
        body = b"{}" if method in {"PUT", "POST", "PATCH"} else None

        assert wire.sound(method, f"/things/{text}/", body).status in expected
        assert wire.sound(method, f"/things/{text}/more/", body).status in expected
        assert wire.sound(method, f"/things/{text}", body).status in expected


@pytest.mark.parametrize("text", [text for text in ENCODED if "%2F" in text.upper()])
def test_an_id_never_holds_a_slash(wire, text):
    for path in ("/things/{}/", "/things/{}/more/", "/path/str/{}/", "/path/patterned/{}/"):
        assert wire.get(path.format(text)).status == 404


def test_digits_of_other_scripts_are_none(wire):
    for text in ("%D9%A1", "%EF%BC%91", "%F0%9D%9F%8F", "%C2%B2", "%E2%91%A0"):
        assert wire.get(f"/path/int/{text}/").status == 404
        assert wire.get(f"/query/int?v={text}").status == 422


def test_an_id_that_is_found_is_the_one_that_was_sent(wire):
    for text in ENCODED:
        answer = wire.get(f"/things/{text}/")

        if answer.status == 200:
            raw = unquote_to_bytes(text)
            seen = answer.json()["id"].encode()
            assert seen == raw or not _is_utf8(raw)


def _is_utf8(raw):
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize(
    "method", ["TRACE", "CONNECT", "PROPFIND", "get", "G", "X-Y", "A" * 30, "QUERY", "PURGE"]
)
def test_a_verb_that_nobody_knows_is_not_allowed(other_wire, method):
    answer = other_wire.ask(method, "/things/1/")

    assert answer.status in {400, 404, 405}


PIECES = st.text(alphabet="%0123456789abcdefABCDEF.-_~+ /?&=;,:'\"\\<>[]{}éß🎸", max_size=30)
TARGETS = PIECES.map(lambda text: text.encode().replace(b" ", b"+"))


def _escaped(raw):
    """Return bytes as they may stand in a request line."""
    return b"".join(b"%c" % byte if 32 < byte < 127 else b"%%%02X" % byte for byte in raw)


@hostile
@given(key=st.sampled_from([*TYPES]), raw=TARGETS.map(_escaped))
def test_anything_may_be_asked_for_in_a_query(wire, key, raw):
    assert wire.get(b"/query/%b?v=%b" % (key.encode(), raw)).status in {200, 422}
    assert wire.get(b"/filtered?%b" % raw).status in {200, 422}


@hostile
@given(raw=TARGETS.map(_escaped))
def test_anything_may_be_asked_for_by_its_path(wire, raw):
    for path in (
        b"/things/%b/",
        b"/path/int/%b/",
        b"/path/uuid/%b/",
        b"/path/literal/%b/",
        b"/x%b",
    ):
        assert wire.get(path % raw).status in {200, 404, 405, 422}


@hostile
@given(
    raw=st.binary(max_size=200).filter(lambda raw: not set(raw) & {*range(9), *range(10, 32), 127})
)
def test_anything_may_stand_in_a_header(wire, raw):
    for key in ("str", "int", "date", "mood", "ints", "anything"):
        assert wire.get(f"/header/{key}", X_V=raw).status in {200, 422}
    assert wire.get("/cookie/str", Cookie=b"v=" + raw).status in {200, 422}
