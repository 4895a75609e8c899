"""Hostile bodies of JSON, against types that use all that msgspec knows.

What msgspec itself says of a body is the oracle: what it reads comes back, anything else is
explained, and the explanation points at the place that is wrong.
"""

import dataclasses
import datetime as dt
import decimal
import enum
import functools
import gzip
import json
import operator
import uuid
import zlib
from typing import Annotated, Any, Literal, NamedTuple, TypedDict

import msgspec
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta

from webkit.codec import MISFITS, decoder_of
from webkit.endpoints import endpoint
from webkit.parameters import Body


hostile = settings(derandomize=True, deadline=None, database=None, max_examples=150)


class Mood(enum.Enum):
    LOW = "low"
    HIGH = "high"


class Label(msgspec.Struct, tag="label", forbid_unknown_fields=True):
    name: str


class Person(msgspec.Struct, tag="person"):
    age: int


@dataclasses.dataclass
class Place:
    city: str
    since: dt.date


class Extra(TypedDict):
    note: str


class Pair(NamedTuple):
    first: int
    second: str


class Node(msgspec.Struct, forbid_unknown_fields=True):
    n: int
    child: "Node | None" = None


class Track(msgspec.Struct, forbid_unknown_fields=True):
    title: Annotated[str, Meta(min_length=1, max_length=50, pattern="^[^<>]*$")]
    seconds: Annotated[int, Meta(ge=1)]


class Span(msgspec.Struct):
    start: int
    end: int

    def __post_init__(self):
        if self.end < self.start:
            raise ValueError("ends before it starts")


class Album(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    released: dt.date
    at: dt.datetime
    clock: dt.time
    took: dt.timedelta
    price: decimal.Decimal
    ratio: float
    chance: Annotated[float, Meta(ge=0, le=1)]
    sold: bool
    kind: Literal["lp", "ep"]
    stars: Literal[1, 2, 3]
    mood: Mood
    ids: list[uuid.UUID]
    tracks: Annotated[list[Track], Meta(max_length=3)]
    scores: dict[str, int]
    years: dict[int, str]
    place: Place
    extra: Extra
    owner: Label | Person
    pair: tuple[int, str]
    named: Pair
    raw: bytes
    either: int | str | list[int] | None
    tags: set[str]
    node: Node
    span: Span
    anything: Any


GOOD: dict[str, Any] = {
    "name": "n",
    "released": "2020-01-01",
    "at": "2020-01-01T00:00:00Z",
    "clock": "10:00:00",
    "took": "PT5S",
    "price": "1.50",
    "ratio": 1.5,
    "chance": 0.5,
    "sold": True,
    "kind": "lp",
    "stars": 2,
    "mood": "high",
    "ids": ["00000000-0000-0000-0000-000000000001"],
    "tracks": [{"title": "a", "seconds": 1}, {"title": "b", "seconds": 2}],
    "scores": {"a/b~c": 1},
    "years": {"2000": "x"},
    "place": {"city": "c", "since": "2020-01-01"},
    "extra": {"note": "n"},
    "owner": {"type": "label", "name": "l"},
    "pair": [1, "x"],
    "named": [1, "x"],
    "raw": "aGk=",
    "either": [1],
    "tags": ["a"],
    "node": {"n": 1, "child": {"n": 2, "child": None}},
    "span": {"start": 1, "end": 2},
    "anything": {"deep": [1]},
}
WRONG: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 2**63, -(2**64), 10**30, 10**400, 1e308),
    *("", "x", "x" * 2000, "\x00", "1", "null", "2020-99-99", "24:00:00", "1e999999", "P1Y", "é🎸"),
    *("9999-12-31T23:59:59.999999-23:59", "00000000-0000-0000-0000-00000000000g", "\ud800"),
    *([], [1], [[]], [None], [[[[[]]]]], {}, {"a": 1}, {"": {}}, {"n": 1}, {"\ud800": 1}),
    *({"type": 1}, {"type": None}, {"type": "label"}, {"type": ["label"]}, {"type": "person"}),
    {"n": 1, "child": {"n": 1, "child": {"n": "x"}}},
    {"title": None, "seconds": None, "$[0]": "` - at `$.name`"},
]


async def album(body: Album) -> Album:
    return body


async def albums(body: list[Album]) -> list[Album]:
    return body


async def node(body: Node) -> Node:
    return body


async def anything(body: Annotated[Any, Body()]) -> Any:
    return {"was": body}


async def mapping(body: dict[str, Any]) -> dict[str, Any]:
    return body


async def raw(body: Annotated[bytes, Body()]) -> int:
    return len(body)


async def optional(body: Album | None = None) -> Album | None:
    return body


async def by_hand(request: web.Request) -> web.Response:
    return web.json_response(body=msgspec.json.encode(str(await request.json())))


ENDPOINTS = (album, albums, node, anything, mapping, raw, optional)
ROUTES = [web.post(f"/{item.__name__}", endpoint(item)) for item in ENDPOINTS]
ROUTES += [web.post("/by-hand", by_hand)]
PATHS = [route.path for route in ROUTES]


def places(value, at=()):
    """Yield the path to everything in a value, and to the value."""
    yield at
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*at, key))


def found(value, at):
    """Return what is at a place."""
    return functools.reduce(operator.getitem, at, value)


def replaced(value, at, new):
    """Return a value with another at a place."""
    if not at:
        return new
    copy = value.copy()
    copy[at[0]] = replaced(value[at[0]], at[1:], new)
    return copy


def removed(value, at):
    """Return a value without the field at a place."""
    parent = found(value, at[:-1])
    return replaced(value, at[:-1], {key: item for key, item in parent.items() if key != at[-1]})


def pointer(at):
    return "#" + "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in at)


def fits(raw, tp=Album):
    try:
        decoder_of(tp)(raw)
    except MISFITS:
        return False
    return True


def check(answer, raw, tp=Album):
    """Check an answer to a body against what msgspec says of it; return it."""
    assert (answer.status == 200) == fits(raw, tp), (answer, raw[:500])
    assert answer.status in {200, 400, 422}
    return answer


def name(at):
    return pointer(at) or "#"


OBJECTS = [at for at in places(GOOD) if isinstance(found(GOOD, at), dict)]
FIELDS = [at for at in places(GOOD) if at and isinstance(at[-1], str)]


@pytest.mark.parametrize("at", list(places(GOOD)), ids=name)
def test_a_wrong_value_is_refused_in_its_place(wire, at):
    for wrong in WRONG:
        raw = json.dumps(replaced(GOOD, at, wrong)).encode()

        answer = check(wire.post("/album", raw), raw)

        if answer.status == 422:
            place = pointer(at)
            assert any(told.startswith(place) or place.startswith(told) for told in answer.places())


@pytest.mark.parametrize("at", FIELDS, ids=name)
def test_a_field_that_is_missing_is_named_or_was_not_needed(wire, at):
    raw = json.dumps(removed(GOOD, at)).encode()

    answer = check(wire.post("/album", raw), raw)

    if answer.status == 422:
        assert answer.places() in ([pointer(at)], [pointer(at[:-1])])


@pytest.mark.parametrize("at", OBJECTS, ids=name)
@pytest.mark.parametrize("key", ["other", "", "$[0]", "` - at `$.name`", "a" * 5000, "\x00", "é/~"])
def test_a_field_that_nobody_knows_is_named_or_passed_over(wire, at, key):
    raw = json.dumps(replaced(GOOD, at, {**found(GOOD, at), key: 1})).encode()

    answer = check(wire.post("/album", raw), raw)

    if answer.status == 422:
        assert answer.places() in ([pointer((*at, key))], [pointer(at)])


def test_what_is_wrong_everywhere_is_told_everywhere(wire):
    raw = json.dumps({key: [{"x": []}] for key in GOOD}).encode()

    answer = wire.post("/album", raw)

    told = {place.split("/")[1] for place in answer.places()}
    assert told == {key.split("/")[0] for key in GOOD} - {"anything"}


@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_is_cut_off_is_malformed(wire, path):
    raw = json.dumps(GOOD).encode()
    step = 1 if path == "/album" else 37

    for end in range(0, len(raw), step):
        answer = wire.post(path, raw[:end])

        assert (
            answer.status == 400 or (path in {"/raw", "/optional"} and end == 0) or path == "/raw"
        )


MALFORMED = {
    "empty": b"",
    "spaces": b"  \n",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "UTF-16 without a mark": '{"a": 1}'.encode("utf-16-le"),
    "UTF-32": '{"a": 1}'.encode("utf-32"),
    "latin-1": '{"a": "é"}'.encode("latin-1"),
    "overlong": b'{"a": "\xc0\xaf"}',
    "a raw surrogate": b'{"a": "\xed\xa0\x80"}',
    "beyond Unicode": b'"\xf4\x90\x80\x80"',
    "half a surrogate pair": b'{"a": "\\ud800"}',
    "the other half": b'{"a": "\\udc00"}',
    "half a pair as a name": b'{"\\ud800": 1}',
    "NUL": b"\x00",
    "NUL around": b"\x00{}\x00",
    "a control character": b'"\x1f"',
    "NaN": b"NaN",
    "Infinity": b"[Infinity]",
    "-Infinity": b"-Infinity",
    "a leading zero": b"01",
    "a number that ends with a point": b"[1.]",
    "a plus": b"[+1]",
    "hexadecimal": b"0x10",
    "trailing data": b"{} {}",
    "a trailing letter": b"{}x",
    "a trailing comma": b"[1,]",
    "two commas": b"[1,,2]",
    "a comment": b"/**/{}",
    "single quotes": b"{'a': 1}",
    "a bare name": b"{a: 1}",
    "undefined": b"undefined",
    "a wrong escape": b'"\\x41"',
    "half an escape": b'"\\u12"',
    "open brackets": b"[" * 50_000,
    "open braces": b'{"a":' * 50_000,
    "an open text": b'"' + b"a" * 50_000,
    "other brackets": b"[}",
    "XML": b"<a>1</a>",
    "a form": b"a=1&b=2",
    "MessagePack": b"\x81\xa1a\x01",
    "gzip": gzip.compress(b"{}", mtime=0),
}
LAX = {"NaN", "Infinity", "-Infinity", "half a surrogate pair", "the other half"}
LAX |= {"half a pair as a name", "a byte order mark", "UTF-16", "UTF-16 without a mark", "UTF-32"}


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_json_is_malformed_wherever_it_is_sent(wire, raw):
    for path in PATHS:
        answer = wire.post(path, raw)

        is_taken = path == "/raw" or (path == "/optional" and not raw)
        is_lax = path == "/by-hand" and raw in {MALFORMED[key] for key in LAX}  # as json has it
        assert answer.status == 400 or is_taken or is_lax


STRANGE = {
    "names that come twice": b'{"a": 1, "a": 2}',
    "a name that comes a thousand times": b"{" + b",".join([b'"a": 1'] * 1000) + b"}",
    "spaces around": b" \r\n\t{} \r\n",
    "a pair of surrogates": b'{"a": "\\ud83c\\udfb8"}',
    "an escaped NUL": b'{"\\u0000": "\\u0000"}',
    "1e308": b"[1e308]",
    "1e309": b"[1e309]",
    "-1e999": b"[-1e999]",
    "an exponent of 400 digits": b"[1e" + b"9" * 400 + b"]",
    "a tiny number": b"[1e-999]",
    "-0": b"[-0, -0.0]",
    "4000 digits": b"[" + b"1" * 4000 + b"]",
    "5000 digits": b"[" + b"1" * 5000 + b"]",
    "100000 digits": b"[" + b"1" * 100_000 + b"]",
    "5000 digits after the point": b"[0." + b"1" * 5000 + b"]",
    "an array": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "true": b"true",
    "U+2028": '"\u2028\u2029"'.encode(),
    "a noncharacter": '"\uffff"'.encode(),
    "nothing but names": b"{" + b",".join(b'"%d":0' % n for n in range(10_000)) + b"}",
}


@pytest.mark.parametrize("raw", STRANGE.values(), ids=STRANGE)
def test_what_is_strange_but_json_is_taken_or_refused(wire, raw):
    types = (Album, list[Album], Node, Any, dict[str, Any])

    for path, tp in zip(PATHS, types, strict=False):
        answer = wire.post(path, raw)

        is_long = raw.count(b"1") > 4300  # no type of msgspec has so many digits
        assert is_long or (answer.status == 200) == fits(raw, tp), path
    wire.post("/by-hand", raw)


@pytest.mark.parametrize("unit", [(b"[", b"1", b"]"), (b'{"n":1,"child":', b"null", b"}")])
@pytest.mark.parametrize("path", PATHS)
def test_a_body_may_be_as_deep_as_it_likes(wire, path, unit):
    begin, middle, end = unit
    depths = [1, 50, 63, 64, 65, 200, *range(960, 1010, 7), 2000, 5000, *range(9970, 10_000, 3)]

    for depth in (*depths, 30_000):
        answer = wire.ask(
            "POST",
            path,
            begin * depth + middle + end * depth,
            headers=(("Content-Type", "application/json"),),
        )

        assert answer.status in {200, 400, 422}


@pytest.mark.parametrize(
    "content_type",
    [
        *("", ";", "/", "text/plain", "text/json", "application/xml", "application/jsonx", "json"),
        *("multipart/form-data", "application/x-www-form-urlencoded", "application/json5"),
        *("application/json; charset=utf-16", "application/json; charset=latin-1", "*/*"),
        *(
            "application/json, text/plain",
            "application/json;charset=zzz",
            "a" * 5000,
            "application/",
        ),
        *(b"application/json; x=\xff", b"\xff/\xfe", "application/json\t", "APPLICATION/JSON "),
    ],
)
def test_a_body_of_another_type_is_refused_and_a_strange_type_is_no_error(wire, content_type):
    for path in PATHS:
        answer = wire.post(path, b"{}", content_type)

        assert answer.status in {200, 400, 415, 422}


def test_a_body_without_a_type_is_refused(wire):
    assert wire.sound("POST", "/album", b"{}").status == 415


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("gzip", gzip.compress(b'{"n": 1}', mtime=0), 200),
        ("deflate", zlib.compress(b'{"n": 1}'), 200),
        ("identity", b'{"n": 1}', 200),
        ("klingon", b'{"n": 1}', 200),
        ("gzip", gzip.compress(b" " * 30_000_000, mtime=0), 413),
        ("deflate", zlib.compress(b" " * 30_000_000), 413),
    ],
)
def test_a_compressed_body_is_read_as_far_as_it_may_be(wire, encoding, body, status):
    headers = (("Content-Type", "application/json"), ("Content-Encoding", encoding))

    assert wire.sound("POST", "/node", body, headers=headers).status == status


@pytest.mark.parametrize("body", [b"\x1f\x8b", gzip.compress(b'{"n": 1}', mtime=0)[:12]])
def test_a_compressed_body_that_is_cut_off_is_malformed(wire, body):
    headers = (("Content-Type", "application/json"), ("Content-Encoding", "gzip"))

    assert wire.sound("POST", "/node", body, headers=headers).status == 400


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_body_that_is_not_compressed_as_it_says_ends_the_connection(other_wire, encoding):
    headers = (("Content-Type", "application/json"), ("Content-Encoding", encoding))

    answer = other_wire.ask("POST", "/node", b"no such thing", headers=headers)

    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    assert other_wire.ask("GET", "/health").status == 200


def chunked(body, size):
    parts = (body[start : start + size] for start in range(0, len(body), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_body_may_come_in_pieces(wire, path, size):
    headers = (("Content-Type", "application/json"), ("Transfer-Encoding", "chunked"))
    body = json.dumps(GOOD).encode()

    whole = wire.post(path, body)
    answer = wire.sound("POST", path, chunked(body, size), headers=headers)

    assert (answer.status, answer.body) == (whole.status, whole.body)


@pytest.mark.parametrize("way", ["at once", "in pieces"])
@pytest.mark.parametrize(
    "body",
    [b" " * 10_000_000, b"[" * 10_000_000, b'"' + b"x" * 10_000_000, b"[" + b"1," * 5_000_000],
    ids=["spaces", "brackets", "text", "numbers"],
)
def test_ten_megabytes_are_too_many(wire, body, way):
    for path in ("/album", "/anything", "/raw", "/by-hand"):
        headers = (("Content-Type", "application/json"),)
        if way == "in pieces":
            headers += (("Transfer-Encoding", "chunked"),)
            body = chunked(body, 2**16)

        answer = wire.sound("POST", path, body, headers=headers)

        assert answer.status == 413


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@hostile
@given(value=JSON)
def test_any_json_is_taken_or_refused(wire, value):
    raw = json.dumps(value).encode()

    for path, tp in (("/album", Album), ("/node", Node), ("/mapping", dict[str, Any])):
        check(wire.post(path, raw), raw, tp)
    assert wire.post("/anything", raw).status in {200, 400}


@hostile
@given(at=st.sampled_from(list(places(GOOD))), value=JSON, data=st.data())
def test_any_json_in_any_place_is_taken_or_refused(wire, at, value, data):
    body = replaced(GOOD, at, value)
    if isinstance(body, dict):
        at = data.draw(st.sampled_from(list(places(body))))
        body = replaced(body, at, data.draw(JSON))
    raw = json.dumps(body).encode()

    check(wire.post("/album", raw), raw)


@hostile
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_taken_or_refused(wire, raw):
    for path in PATHS:
        wire.post(path, raw)


@hostile
@given(data=st.data())
def test_any_change_to_a_good_body_is_taken_or_refused(wire, data):
    raw = bytearray(json.dumps(GOOD).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(raw) - 1))
        end = start + data.draw(st.integers(0, 8))
        raw[start:end] = data.draw(
            st.binary(max_size=6) | st.sampled_from([b'"', b"{", b"]", b",", b"\\"])
        )

    check(wire.post("/album", bytes(raw)), bytes(raw))
