"""Hostile forms, url-encoded and in parts, read by types and by hand."""

import datetime as dt
import gc
from typing import Annotated, Any
from urllib.parse import quote_from_bytes

import msgspec
import pytest
from aiohttp import BodyPartReader, web
from hypothesis import given, settings
from hypothesis import strategies as st

from webkit.endpoints import endpoint
from webkit.parameters import Form


pytestmark = [
    # aiohttp says so when a head of a part is strange,
    pytest.mark.filterwarnings("ignore::aiohttp.BadContentDispositionHeader"),
    pytest.mark.filterwarnings("ignore::aiohttp.BadContentDispositionParam"),
    # and leaves the file of a part that is cut off to the collector of garbage.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
hostile = settings(derandomize=True, deadline=None, database=None, max_examples=120)

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=B"


class Order(msgspec.Struct, rename="kebab"):
    first_name: str
    amount: Annotated[int, msgspec.Meta(ge=0)] = 1
    tag: list[str] = []
    since: dt.date | None = None


async def fields(
    name: Annotated[str, Form()],
    n: Annotated[int, Form()] = 0,
    tags: Annotated[list[str], Form()] = [],  # noqa: B006  (nobody changes it)
    note: Annotated[str | None, Form()] = None,
) -> Any:
    return [name, n, tags, note]


async def model(order: Annotated[Order, Form()]) -> Order:
    return order


async def upload(file: web.FileField, name: Annotated[str, Form()] = "") -> Any:
    return [file.filename, file.content_type, len(file.file.read()), name]


async def by_hand(request: web.Request) -> web.Response:
    form = await request.post()
    return web.json_response({repr(key): repr(value)[:50] for key, value in form.items()})


async def by_parts(request: web.Request) -> web.Response:
    parts = await request.multipart()
    sizes = [
        len(await part.read(decode=True)) if isinstance(part, BodyPartReader) else -1
        async for part in parts
    ]
    return web.json_response(sizes)


ROUTES = [
    *(web.post(f"/{item.__name__}", endpoint(item)) for item in (fields, model, upload)),
    web.post("/by-hand", by_hand),
    web.post("/by-parts", by_parts),
]


@pytest.fixture(scope="module", autouse=True)
def no_files_are_left_to_other_tests():
    yield
    gc.collect()


PATHS = ["/fields", "/model", "/upload", "/by-hand"]

VALUES = [
    *(b"", b"x", b"\x00", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", "é🎸".encode(), b"\xef\xbb\xbf"),
    *(b"-1", b"1e999", b"9" * 5000, "\u0661".encode(), b"nan", b"null", b"[]", b"2020-99-99"),
    *(b"\r\n--B--\r\n", b"\r\n", b"a" * 9000, b"%00", b"<>", b"a&b=c", b"+", b"="),
]
NAMES = [b"name", b"n", b"tags", b"note", b"first-name", b"amount", b"tag", b"since", b"file"]
NAMES += [b"other", b"", b"\x00", b"\xff", b"a" * 5000, b"__proto__", b"_charset_", b"a[b]"]


def part(name, value, *lines, filename=None):
    head = b'Content-Disposition: form-data; name="%b"' % name
    if filename is not None:
        head += b'; filename="%b"' % filename
    return b"--B\r\n%b\r\n\r\n%b\r\n" % (b"\r\n".join((head, *lines)), value)


END = b"--B--\r\n"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name)[:12])
def test_any_field_with_any_value_is_taken_or_refused(wire, path, name):
    for value in VALUES:
        encoded = b"%b=%b" % (quote_from_bytes(name).encode(), quote_from_bytes(value).encode())
        others = b"&name=x&first-name=y"

        for body in (encoded + others, others + b"&" + encoded):
            assert wire.post(path, body, URLENCODED).status in {200, 400, 422}
        more = part(b"name", b"x") + part(b"first-name", b"y") + part(b"file", b"z", filename=b"f")
        for whole in (part(name, value), part(name, value, filename=value[:100])):
            assert wire.post(path, whole + more + END, MULTIPART).status in {200, 400, 422}


PARTS = {
    "no end": part(b"name", b"x"),
    "half an end": part(b"name", b"x") + b"--B-",
    "nothing": b"",
    "the end alone": END,
    "no part at all": b"garbage",
    "no head": b"--B\r\n\r\nx\r\n" + END,
    "no name": b"--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n" + END,
    "no disposition": b"--B\r\nX: y\r\n\r\nx\r\n" + END,
    "a strange disposition": b'--B\r\nContent-Disposition: \xff; name="name"\r\n\r\nx\r\n' + END,
    "a head that is none": b"--B\r\nno colon\r\n\r\nx\r\n" + END,
    "a long head": part(b"name", b"x", b"X: " + b"a" * 9000) + END,
    "many heads": part(b"name", b"x", *[b"X: a"] * 2000) + END,
    "a head with NUL": part(b"name", b"x", b"X: \x00") + END,
    "line feeds alone": (part(b"name", b"x") + END).replace(b"\r\n", b"\n"),
    "an unknown transfer encoding": part(b"name", b"x", b"Content-Transfer-Encoding: zz") + END,
    "broken base64": part(b"name", b"!", b"Content-Transfer-Encoding: base64") + END,
    "a file of broken base64": part(
        b"file", b"!!!", b"Content-Transfer-Encoding: base64", filename=b"f"
    )
    + END,
    "quoted-printable": part(b"name", b"=ZZ", b"Content-Transfer-Encoding: quoted-printable") + END,
    "gzip that is none": part(b"name", b"zz", b"Content-Encoding: gzip") + END,
    "a file of gzip that is none": part(b"file", b"z", b"Content-Encoding: gzip", filename=b"f")
    + END,
    "an unknown charset": part(b"name", b"x", b"Content-Type: text/plain; charset=zzz") + END,
    "a charset of no text": part(b"name", b"zz", b"Content-Type: text/plain; charset=hex") + END,
    "half of UTF-16": part(b"name", b"x", b"Content-Type: text/plain; charset=utf-16") + END,
    "half a pair in UTF-7": part(b"name", b"+2AA-", b"Content-Type: text/plain; charset=utf-7")
    + END,
    "bytes": part(b"name", b"\xff", b"Content-Type: image/png") + END,
    "a file for a text": part(b"name", b"x", filename=b"f") + part(b"n", b"1", filename=b"f") + END,
    "a file with NUL in its name": part(b"file", b"x", filename=b"\x00") + END,
    "a file with a path": part(b"file", b"x", filename=b"../../etc/passwd") + END,
    "a file without a name": part(b"file", b"x", filename=b"") + END,
    "a file with a name in no charset": part(b"file", b"x", filename=b"\xff\xfe") + END,
    "a file with a long name": part(b"file", b"x", filename=b"a" * 5000) + END,
    "a file with a name in RFC 5987": part(b"file", b"x", b"X: y").replace(
        b'name="file"', b"name=\"file\"; filename*=utf-8''%FF%FE"
    )
    + END,
    "a file with a strange type": part(b"file", b"x", b"Content-Type: zz/\xff", filename=b"f")
    + END,
    "a file of negative length": part(b"file", b"x", b"Content-Length: -5", filename=b"f") + END,
    "a file of another length": part(b"file", b"xxx", b"Content-Length: 1", filename=b"f") + END,
    "a file of no length": part(b"file", b"x", b"Content-Length: zz", filename=b"f") + END,
    "a file of a great length": part(b"file", b"x", b"Content-Length: 9999999", filename=b"f")
    + END,
    "parts in a part": part(
        b"name", b"--C\r\n\r\nx\r\n--C--", b"Content-Type: multipart/mixed; boundary=C"
    )
    + END,
    "parts in a part without a boundary": part(b"name", b"x", b"Content-Type: multipart/mixed")
    + END,
    "a charset for all": part(b"_charset_", b"zzz") + part(b"name", b"\xff") + END,
    "UTF-16 for all": part(b"_charset_", b"utf-16") + part(b"name", b"x") + END,
    "hex for all": part(b"_charset_", b"hex") + part(b"name", b"zz") + END,
    "a long charset for all": part(b"_charset_", b"z" * 40) + part(b"name", b"x") + END,
    "something before and behind": b"before\r\n" + part(b"name", b"x") + END + b"behind",
}


@pytest.mark.parametrize("body", PARTS.values(), ids=PARTS)
def test_parts_that_are_strange_are_taken_or_refused(wire, body):
    for path in (*PATHS, "/by-parts"):
        assert wire.post(path, body, MULTIPART).status in {200, 400, 422}


@pytest.mark.parametrize("path", PATHS)
def test_a_form_that_is_cut_off_is_refused(wire, path):
    body = part(b"name", b"x") + part(b"file", b"data", b"Content-Type: a/b", filename=b"f") + END

    for end in range(len(body)):
        assert wire.post(path, body[:end], MULTIPART).status in {200, 400, 422}


@pytest.mark.parametrize(
    "content_type",
    [
        *(
            "multipart/form-data",
            "multipart/form-data; boundary=",
            'multipart/form-data; boundary="',
        ),
        *("multipart/form-data; boundary=" + "B" * 100, b"multipart/form-data; boundary=\xff"),
        *("multipart/form-data; boundary=B; boundary=C", "multipart/mixed; boundary=B"),
        *("multipart/form-data; boundary=B; charset=zzz", "multipart/form-data; boundary=--B"),
        *(f"{URLENCODED}; charset={name}" for name in ("zzz", "hex", "utf-16", "idna", "utf-7")),
        *(f"{URLENCODED}; charset={name}" for name in ("punycode", "unicode_escape", "undefined")),
        *(b"application/x-www-form-urlencoded; charset=\x80", "text/plain", "", ";", "/"),
        *("application/json", "application/xml", "multipart/", "a" * 5000),
    ],
)
def test_a_form_of_a_strange_type_is_taken_or_refused(wire, content_type):
    bodies = [b"name=x&first-name=y", b"name=%FF\xff&\x00=1", part(b"name", b"x") + END, b""]

    for path in PATHS:
        for body in bodies:
            assert wire.post(path, body, content_type).status in {200, 400, 415, 422}


def test_a_form_has_room_for_a_thousand_fields_and_no_more(wire):
    body = part(b"tags", b"x") * 1001 + END

    assert wire.post("/fields", body, MULTIPART).status == 413
    assert wire.post("/by-hand", body, MULTIPART).status == 413
    assert wire.post("/fields", b"tags=x&" * 5000, URLENCODED).status in {200, 400, 413, 422}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"name=" + b"x" * 10_000_000, URLENCODED),
        (b"x=1&" * 2_500_000, URLENCODED),
        (part(b"name", b"x" * 10_000_000) + END, MULTIPART),
        (part(b"file", b"x" * 10_000_000, filename=b"f") + END, MULTIPART),
        (b"--B\r\n" + b"x" * 10_000_000, MULTIPART),
        (b"x" * 10_000_000, MULTIPART),
    ],
    ids=["one field", "many fields", "one part", "a file", "a head", "no part"],
)
def test_a_form_of_ten_megabytes_is_too_large(wire, path, body, content_type):
    assert wire.post(path, body, content_type).status in {400, 413}


@hostile
@given(body=st.binary(max_size=300), path=st.sampled_from(PATHS))
def test_any_bytes_may_be_sent_as_a_form(wire, body, path):
    assert wire.post(path, body, URLENCODED).status in {200, 400, 413, 422}
    assert wire.post(path, b"--B\r\n" + body + END, MULTIPART).status in {200, 400, 413, 422}


@hostile
@given(data=st.data())
def test_any_change_to_a_good_form_is_taken_or_refused(wire, data):
    raw = bytearray(
        part(b"name", b"x") + part(b"file", b"y", b"Content-Type: a/b", filename=b"f") + END
    )
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(raw) - 1))
        end = start + data.draw(st.integers(0, 8))
        raw[start:end] = data.draw(
            st.binary(max_size=6) | st.sampled_from([b"\r\n", b"--B", b'"', b";"])
        )

    for path in (*PATHS, "/by-parts"):
        assert wire.post(path, bytes(raw), MULTIPART).status in {200, 400, 422}
