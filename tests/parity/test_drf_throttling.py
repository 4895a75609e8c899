"""DRF's tests of throttling, by their intent: rows 69, 70, 84 and 146 to 149 of the reference."""

import pytest
from aiohttp import web

from webkit.admissions import admission_of
from webkit.decorators import action
from webkit.exceptions import ConfigurationError, Throttled
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
)
from webkit.users import USER
from webkit.viewsets import BaseViewSet, entries_of


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Notes(BaseViewSet):
    async def list(self) -> str:
        return "foo"


@web.middleware
async def log_in(request, handler):
    request[USER] = request.headers.get("X-User")
    return await handler(request)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def serve(aiohttp_client, clock):
    """Serve viewsets under ``/Name/action``: a function that sends a request and has the answer."""

    async def serve(*viewsets, trusted_proxies=0):
        app = web.Application(middlewares=[api_exception_handler, log_in])
        store = MemoryStore(clock=clock)
        app[THROTTLING] = Throttling(store=store, trusted_proxies=trusted_proxies)
        for viewset in viewsets:
            for entry in entries_of(viewset)[0]:
                admit = admission_of(viewset, entry.options, action=entry.action)
                found = plan(viewset, entry.action, variables=(), method="GET", admit=admit)
                app.router.add_get(f"/{viewset.__name__}/{entry.action}", found.bind())
        client = await aiohttp_client(app)

        async def send(path="Notes/list", *, user=None, forwarded=None):
            headers = {"X-User": user} if user else {}
            headers |= {"X-Forwarded-For": forwarded} if forwarded else {}
            answer = await client.get(f"/{path}", headers=headers)
            return answer.status, answer.headers.get("Retry-After")

        return send

    return serve


def limited(*throttles, name="Notes"):
    return type(name, (Notes,), {"throttles": throttles})


OK = (200, None)

# 146


async def test_requests_are_throttled(serve):
    send = await serve(limited("3/sec"))

    answers = [await send() for _ in range(4)]

    assert [status for status, _ in answers] == [200, 200, 200, 429]


async def test_request_throttling_expires(serve, clock):
    send = await serve(limited("3/sec"))
    answers = [await send() for _ in range(4)]
    assert answers[-1] == (429, "1")

    clock.now = 1

    assert await send() == OK


async def test_request_throttling_is_per_user(serve):
    send = await serve(limited("3/sec"))
    for _ in range(4):
        status, _ = await send(user="a")
    assert status == 429

    assert await send(user="b") == OK


async def test_request_throttling_multiple_throttles(serve, clock):
    """All throttles see each request, also when another has refused it."""
    send = await serve(limited("3/sec", "6/min"))
    for _ in range(4):
        answer = await send()
    assert answer == (429, "1")

    # The second throttle has seen four requests; it has room for two more.
    clock.now = 1
    assert await send() == OK
    assert await send() == OK
    assert await send() == (429, "59")

    clock.now = 2
    assert await send() == (429, "58")


async def test_throttle_rate_change_negative(serve):
    send = await serve(limited("3/sec", "6/min"))

    for _ in range(24):
        answer = await send()

    assert answer == (429, "60")


async def test_request_throttling_with_amount_of_period(serve):
    send = await serve(limited("1/2sec"))

    await send()

    assert await send() == (429, "2")


async def test_seconds_fields(serve):
    send = await serve(limited("3/sec"))

    assert [await send() for _ in range(4)] == [OK, OK, OK, (429, "1")]


async def test_minutes_fields(serve):
    send = await serve(limited("3/min"))

    assert [await send() for _ in range(4)] == [OK, OK, OK, (429, "60")]


async def test_next_rate_remains_constant_if_followed(serve, clock):
    send = await serve(limited("3/min"))

    for now in (0, 20, 40, 60, 80):
        clock.now = now
        assert await send() == OK


async def test_non_time_throttle(serve):
    class EveryOther(BaseThrottle):
        def __init__(self):
            self.called = 0

        async def hit(self, request, view):
            self.called += 1
            return Hit(allowed=self.called % 2 == 1)

    send = await serve(limited(EveryOther))

    assert await send() == OK
    assert await send() == (429, None)


# 147


async def test_scoped_rate_throttle(serve, clock):
    send = await serve(
        limited(Throttle("3/min", scope="x"), name="X"),
        limited(Throttle("1/min", scope="y"), name="Y"),
    )
    for expected in (200, 200, 200, 429):
        status, _ = await send("X/list")
        clock.now += 1
        assert status == expected
    assert await send("Y/list") == OK
    clock.now += 1
    assert (await send("Y/list"))[0] == 429

    clock.now += 55

    assert await send("X/list") == OK
    clock.now += 5
    assert await send("Y/list") == OK


async def test_unscoped_view_not_throttled(serve):
    send = await serve(limited(Throttle("3/min", scope="x"), name="X"), Notes)
    for _ in range(4):
        await send("X/list")

    assert [await send() for _ in range(10)] == [OK] * 10


async def test_get_cache_key_returns_correct_key_if_user_is_authenticated(aiohttp_client):
    async def show(request):
        return web.Response(text=identity_of(request))

    app = web.Application(middlewares=[log_in])
    app.router.add_get("/", show)
    client = await aiohttp_client(app)

    assert await (await client.get("/", headers={"X-User": "7"})).text() == "user 7"
    assert await (await client.get("/")).text() == "address 127.0.0.1"


async def test_authenticated_user_not_affected(serve):
    """DRF's AnonRateThrottle counts those who are nobody."""
    anonymous = Throttle("1/day", key=lambda request: None if request[USER] else "anybody")
    send = await serve(limited(anonymous))
    await send()

    assert (await send())[0] == 429
    assert await send(user="john") == OK


# 148


async def test_accepts_request_under_limit(serve):
    send = await serve(limited("1/day"))

    assert await send(forwarded="0.0.0.0, 1.1.1.1, 2.2.2.2") == OK


async def test_denies_request_over_limit(serve):
    send = await serve(limited("1/day"))
    await send(forwarded="0.0.0.0, 1.1.1.1, 2.2.2.2")

    status, _ = await send(forwarded="9.9.9.9, 8.8.8.8, 7.7.7.7")

    assert status == 429


@pytest.mark.parametrize(
    ("proxies", "spoofed"), [(1, "4.4.4.4, 5.5.5.5, 2.2.2.2"), (2, "4.4.4.4, 1.1.1.1, 2.2.2.2")]
)
async def test_xff_spoofing_doesnt_change_machine_id(serve, proxies, spoofed):
    send = await serve(limited("1/day"), trusted_proxies=proxies)
    await send(forwarded="0.0.0.0, 1.1.1.1, 2.2.2.2")

    status, _ = await send(forwarded=spoofed)

    assert status == 429


@pytest.mark.parametrize(
    ("proxies", "other"), [(1, "0.0.0.0, 1.1.1.1, 7.7.7.7"), (2, "0.0.0.0, 7.7.7.7, 2.2.2.2")]
)
async def test_unique_clients_are_counted_independently(serve, proxies, other):
    send = await serve(limited("1/day"), trusted_proxies=proxies)
    await send(forwarded="0.0.0.0, 1.1.1.1, 2.2.2.2")

    assert await send(forwarded=other) == OK


# 149


async def test_allow_request_raises_not_implemented_error():
    with pytest.raises(NotImplementedError):
        await BaseThrottle().hit(None, None)


@pytest.mark.parametrize(
    "rate", ["", "3", "3/", "/min", "min/3", "3/fortnight", "0/min", "-1/s", 5]
)
def test_parse_rate_errors(rate):
    with pytest.raises(ConfigurationError) as caught:
        admission_of(limited(Throttle(rate)), None, action="list")

    (problem,) = caught.value.problems
    assert problem.startswith(f"Notes.throttles: {rate!r} is no rate. Write requests/period")


def test_allow_request_returns_true_if_rate_is_none():
    assert admission_of(limited(Throttle(None)), None, action="list") is None


async def test_allow_request_returns_true_if_key_is_none(serve):
    send = await serve(limited(Throttle("1/day", key=lambda request: None)))

    assert [await send() for _ in range(3)] == [OK] * 3


async def test_wait_returns_correct_waiting_time(clock):
    store = MemoryStore(clock=clock)
    first = await store.hit("key", limit=2, period=60)
    clock.now = 10
    second = await store.hit("key", limit=2, period=60)
    clock.now = 15
    third = await store.hit("key", limit=2, period=60)

    assert first == Hit(allowed=True, wait=0, remaining=1)
    assert second == Hit(allowed=True, wait=50, remaining=0)
    assert third == Hit(allowed=False, wait=45, remaining=0)


# 84


@pytest.mark.parametrize(
    ("wait", "text"),
    [(None, ""), (0.3, "1 second."), (1, "1 second."), (1.1, "2 seconds."), (2, "2 seconds.")],
)
def test_get_full_details_with_throttling(wait, text):
    expected = f" Expected available in {text}" if text else ""

    assert Throttled(wait).detail == f"Request was throttled.{expected}"
    assert Throttled(wait, detail="Slow down!").detail == f"Slow down!{expected}"


# 69, 70


async def test_throttle_classes(serve):
    class Reports(BaseViewSet):
        @action(throttles=["1/day"])
        async def costly(self) -> str:
            return "costly"

        @action
        async def cheap(self) -> str:
            return "cheap"

    send = await serve(Reports)

    assert [(await send("Reports/costly"))[0] for _ in range(2)] == [200, 429]
    assert [(await send("Reports/cheap"))[0] for _ in range(2)] == [200, 200]


async def test_throttle_scope(serve):
    """A scope brings its rate along, so that there is no unknown one."""
    shared = Throttle("2/day", scope="reports")
    send = await serve(limited(shared, name="X"), limited(shared, name="Y"))

    statuses = [(await send(f"{name}/list"))[0] for name in "XYX"]

    assert statuses == [200, 200, 429]
