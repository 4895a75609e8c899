"""How many requests one client may make: what the parity tests with DRF leave open."""

import asyncio
import inspect
import math
import uuid

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from webkit.admissions import admission_of
from webkit.handlers import plan
from webkit.middlewares import api_exception_handler
from webkit.throttling import (
    THROTTLING,
    BaseThrottle,
    Hit,
    MemoryStore,
    Throttle,
    Throttling,
    identity_of,
    parse_rate,
    send_rate_limits,
)
from webkit.users import USER
from webkit.viewsets import BaseViewSet


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def app_of(*throttles, throttling=None):
    """Return an application with one action under some throttles, at ``/``."""

    class Notes(BaseViewSet):
        async def list(self) -> str:
            return "all"

    Notes.throttles = throttles
    app = web.Application(middlewares=[api_exception_handler])
    if throttling:
        app[THROTTLING] = throttling
    admit = admission_of(Notes, None, action="list")
    found = plan(Notes, "list", variables=(), method="GET", admit=admit)
    app.router.add_get("/", found.bind())
    app.on_response_prepare.append(send_rate_limits)
    return app


def request_of(*, user=None, forwarded=(), **throttling):
    """Return a request from 127.0.0.1, of an application that throttles so."""
    app = web.Application()
    app[THROTTLING] = Throttling(**throttling)
    headers = [("X-Forwarded-For", value) for value in forwarded]
    request = make_mocked_request("GET", "/", headers, app=app).clone(remote="127.0.0.1")
    request._match_info = make_mocked_request("GET", "/", app=app).match_info
    request[USER] = user
    return request


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        ("100/min", (100, 60)),
        ("5/10s", (5, 10)),
        ("1/s", (1, 1)),
        ("2/seconds", (2, 1)),
        ("3/m", (3, 60)),
        ("3/2minutes", (3, 120)),
        ("7/h", (7, 3600)),
        ("7/Hour", (7, 3600)),
        ("9/d", (9, 86400)),
        (" 9 / 7 days ", (9, 604800)),
    ],
)
def test_a_rate_is_a_number_and_a_period(rate, expected):
    assert parse_rate(rate) == expected


@pytest.mark.parametrize(
    "rate", ["٣/min", "1_0/s", "1e3/s", "1/0s", "1.5/s", "1/s/s", "9" * 10 + "/s"]
)
def test_a_rate_is_nothing_else(rate):
    with pytest.raises(ValueError, match="Periods are s, sec, second, seconds, m, min"):
        parse_rate(rate)


pauses = st.lists(
    st.one_of(st.floats(0, 3), st.integers(0, 3).map(float), st.just(0.0)), max_size=150
)


@given(pauses=pauses, limit=st.integers(1, 100), period=st.sampled_from([1.0, 7.0, 60.0]))
async def test_no_period_has_more_than_its_limit(pauses, limit, period):
    clock = Clock()
    store = MemoryStore(clock=clock)
    passed = []

    for pause in pauses:
        clock.now += pause
        hit = await store.hit("key", limit=limit, period=period)
        if hit.allowed:
            passed.append(clock.now)
        assert hit.allowed or hit.wait > 0

    for first in passed:
        assert sum(first <= time < first + period - 1e-5 for time in passed) <= limit


@given(
    pauses=pauses,
    limits=st.lists(
        st.tuples(st.integers(1, 100), st.sampled_from([1.0, 7.0, 60.0])), min_size=1, unique=True
    ),
)
async def test_who_waits_as_long_as_told_is_not_refused_again(pauses, limits):
    clock = Clock()
    store = MemoryStore(clock=clock)

    async def send():
        return [await store.hit(f"{each}", limit=each[0], period=each[1]) for each in limits]

    for pause in pauses:
        clock.now += pause
        hits = await send()
        if not all(hit.allowed for hit in hits):
            clock.now += math.ceil(max(hit.wait for hit in hits))
            assert all(hit.allowed for hit in await send())


async def test_a_client_takes_little_memory_whatever_the_limit():
    clock = Clock()
    store = MemoryStore(clock=clock)

    for _ in range(10_000):
        clock.now += 0.006
        await store.hit("key", limit=100_000, period=60)

    (window,) = store._windows.values()
    assert len(window._steps) <= 66


async def test_the_store_forgets_who_has_been_away_longest():
    store = MemoryStore(max_keys=2)
    for key in ("a", "b", "a", "c"):
        await store.hit(key, limit=2, period=60)

    a = await store.hit("a", limit=2, period=60)
    b = await store.hit("b", limit=2, period=60)

    assert not a.allowed
    assert b == Hit(allowed=True, wait=0, remaining=1)


async def test_two_requests_never_find_the_same_room(aiohttp_client):
    client = await aiohttp_client(app_of("10/day"))

    answers = await asyncio.gather(*(client.get("/") for _ in range(30)))

    assert sorted(answer.status for answer in answers) == [200] * 10 + [429] * 20


@pytest.mark.parametrize("throttling", [None, Throttling], ids=["told nothing", "told"])
async def test_two_applications_share_nothing(aiohttp_client, throttling):
    class Notes(BaseViewSet):
        throttles = "1/day"

        async def list(self) -> str:
            return "all"

    found = plan(
        Notes, "list", variables=(), method="GET", admit=admission_of(Notes, None, action="list")
    )
    clients = []
    for _ in range(2):
        app = web.Application(middlewares=[api_exception_handler])
        if throttling:
            app[THROTTLING] = throttling()
        app.router.add_get("/", found.bind())
        clients.append(await aiohttp_client(app))

    first = [(await clients[0].get("/")).status for _ in range(2)]
    second = [(await clients[1].get("/")).status for _ in range(2)]

    assert first == second == [200, 429]


async def test_a_sub_application_counts_with_its_parent(aiohttp_client):
    parent = app_of(Throttle("2/day", scope="all"))
    parent.add_subapp("/sub/", app_of(Throttle("2/day", scope="all")))
    client = await aiohttp_client(parent)

    statuses = [(await client.get(path)).status for path in ("/", "/sub/", "/", "/sub/")]

    assert statuses == [200, 200, 429, 429]


async def test_a_shared_store_counts_for_all(aiohttp_client):
    class Shared:
        def __init__(self):
            self.keys = []

        async def hit(self, key, *, limit, period):
            self.keys.append((key, limit, period))
            return Hit(allowed=len(self.keys) < 2, wait=1.5)

    store = Shared()
    clients = [
        await aiohttp_client(app_of("5/min", throttling=Throttling(store=store))) for _ in range(2)
    ]

    answers = [await client.get("/") for client in clients]

    assert [answer.status for answer in answers] == [200, 429]
    assert answers[1].headers["Retry-After"] == "2"
    ((key, limit, period),) = set(store.keys)
    assert key.endswith("Notes 5/60s address 127.0.0.1")
    assert (limit, period) == (5, 60)


async def test_the_same_throttle_twice_counts_once(aiohttp_client):
    client = await aiohttp_client(app_of("2/day", "2/day"))

    statuses = [(await client.get("/")).status for _ in range(3)]

    assert statuses == [200, 200, 429]


class WithId:
    id = 7


class WithPk:
    id = None
    pk = "abc"


KEY = uuid.UUID(int=5)


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("john", "user john"),
        (0, "user 0"),
        (KEY, f"user {KEY}"),
        (WithId(), "user 7"),
        (WithPk(), "user abc"),
        ({"id": 7}, "user 7"),
        ({"pk": 8, "name": "john"}, "user 8"),
        ("address 127.0.0.1", "user address 127.0.0.1"),
        (None, "address 127.0.0.1"),
        (True, "address 127.0.0.1"),
        ({"name": "john"}, "address 127.0.0.1"),
        (object(), "address 127.0.0.1"),
    ],
    ids=[*map(str, range(12))],
)
def test_a_client_is_the_user_or_the_address(user, expected):
    assert identity_of(request_of(user=user)) == expected


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, ["1.1.1.1"], "127.0.0.1"),
        (-1, ["1.1.1.1"], "127.0.0.1"),
        (1, [], "127.0.0.1"),
        (1, [""], "127.0.0.1"),
        (1, ["9.9.9.9, 1.1.1.1"], "1.1.1.1"),
        (1, ["9.9.9.9", "1.1.1.1"], "1.1.1.1"),
        (3, ["1.1.1.1, 2.2.2.2"], "1.1.1.1"),
        (1, ["1.1.1.1:50123"], "1.1.1.1"),
        (1, ["2001:db8::1"], "2001:db8::1"),
        (1, ["[2001:db8::1]:50123"], "2001:db8::1"),
        (1, ["x" * 5000], "x" * 64),
    ],
)
def test_an_address_is_believed_as_far_as_trusted_proxies_go(proxies, forwarded, expected):
    request = request_of(forwarded=forwarded, trusted_proxies=proxies)

    assert identity_of(request) == f"address {expected}"


def test_clients_without_an_address_are_one():
    request = make_mocked_request("GET", "/")  # as over a Unix socket

    assert identity_of(request.clone(remote="")) == "address "


async def test_answers_tell_the_limits_where_that_is_wanted(aiohttp_client):
    class Uncounted(BaseThrottle):
        async def hit(self, request, view):
            return Hit(allowed=True)

    nobody = Throttle("9/s", key=lambda request: None)
    client = await aiohttp_client(app_of("2/min", Uncounted, "5/10s", nobody))

    first = await client.get("/")
    second = await client.get("/")
    third = await client.get("/")

    assert first.headers["RateLimit-Policy"] == '"2/60s";q=2;w=60, "5/10s";q=5;w=10'
    assert first.headers["RateLimit"] == '"2/60s";r=1;t=0, "5/10s";r=4;t=0'
    assert second.headers["RateLimit"] == '"2/60s";r=0;t=60, "5/10s";r=3;t=0'
    assert third.status == 429
    assert third.headers["RateLimit"] == '"2/60s";r=0;t=60, "5/10s";r=2;t=0'


async def test_answers_without_limits_tell_none(aiohttp_client):
    client = await aiohttp_client(app_of())

    answer = await client.get("/")

    assert "RateLimit" not in answer.headers


def test_a_throttle_of_your_own_is_its_own_counter():
    throttle = BaseThrottle()

    assert throttle.prepared("scope") is throttle


def test_nothing_is_awaited_while_the_memory_is_counted():
    assert " await " not in inspect.getsource(MemoryStore.hit)
