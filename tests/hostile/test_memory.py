"""What hostile requests cost in memory: a bound for each, and nothing stays behind."""

import gc
import gzip
import tracemalloc
from typing import Annotated

import msgspec
import pytest
from aiohttp import web

from webkit.endpoints import endpoint
from webkit.parameters import Form


# aiohttp leaves the file of a part that is cut off to the collector of garbage.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

MEGABYTE = 2**20
LIMIT = MEGABYTE  # of a body, by default
MOST = 40 * MEGABYTE  # while a request is answered; plain Python values are larger than their text
LEFT = MEGABYTE // 4  # after a hundred requests: caches that fill up, and the tracing itself


class Item(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    sizes: list[int] = []
    inner: "Item | None" = None


async def items(body: list[Item]) -> list[Item]:
    return body


async def form(name: Annotated[str, Form()]) -> int:
    return len(name)


async def by_hand(request: web.Request) -> web.Response:
    return web.json_response(len(await request.json()))


ROUTES = [web.post(f"/{handler.__name__}", endpoint(handler)) for handler in (items, form)] + [
    web.post("/by_hand", by_hand)
]


def filled(begin, unit, end):
    """Return a body that is as large as it may be."""
    return begin + unit * ((LIMIT - len(begin) - len(end)) // len(unit)) + end


HOSTILE = {
    "ten megabytes of spaces": b" " * 10_000_000,
    "ten megabytes of brackets": b"[" * 10_000_000,
    "as many brackets as there may be": b"[" * LIMIT,
    "as many numbers": filled(b"[", b"1,", b"1]"),
    "as many objects that are wrong": filled(b"[", b"{},", b"{}]"),
    "as many unknown fields": b"[{" + b",".join(b'"%06d":1' % n for n in range(90_000)) + b"}]",
    "as many wrong items": filled(b'[{"name":"x","sizes":["', b'x","', b'x"]}]'),
    "as deep as it goes": b"[" + b'{"name":"x","inner":' * 5000 + b"1" + b"}" * 5000 + b"]",
    "one long text": filled(b'"', b"\\u00e9", b'"'),
    "one long number": filled(b"", b"1", b""),
    "names of a megabyte": b'[{"' + b"x" * (LIMIT - 10) + b'":1}]',
}
BOMB = gzip.compress(b" " * 50_000_000, mtime=0)


def peak_of(ask):
    """Return how many bytes more were held while something was asked."""
    gc.collect()
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()
    ask()
    return tracemalloc.get_traced_memory()[1] - before


@pytest.fixture
def traced(wire):
    wire.post("/items", b"[]")
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_body_costs_a_bounded_amount(wire, traced, body):
    for path in ("/items", "/by_hand", "/form"):
        assert peak_of(lambda path=path: wire.post(path, body)) < MOST


@pytest.mark.parametrize("path", ["/items", "/by_hand"])
def test_a_bomb_costs_no_more_than_what_may_come_out_of_it(wire, traced, path):
    headers = (("Content-Type", "application/json"), ("Content-Encoding", "gzip"))

    cost = peak_of(lambda: wire.sound("POST", path, BOMB, headers=headers))

    assert cost < 10 * MEGABYTE


def test_nothing_stays_behind(wire, traced):
    bodies = [b'[{"name": %d, "k%d": "x", "sizes": ["%d"]}]' % (n, n, n) for n in range(100)]
    bodies += [b'"%d' % n * 1000 for n in range(100)]
    for body in bodies:
        wire.post("/items", body)
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()

    for body in bodies:
        wire.post("/items", body)
        wire.get(f"/no-such-thing/{body[:20].hex()}")
    gc.collect()

    assert tracemalloc.get_traced_memory()[0] - before < LEFT
