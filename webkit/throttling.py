"""Throttling: how many requests one client may make in a period.

1. Not more than the limit pass in any period (a sliding window). A limit above 64 is counted in
   steps of 1/64 of its period, to the client's disadvantage.
2. Every throttle of an action counts each request, also one that another throttle refuses. The
   longest wait is the answer's ``Retry-After``; whoever keeps to it is not refused again.
3. Counts hang on the application; two applications share nothing. Several processes count each on
   their own, unless ``THROTTLING`` has a store that they share.
4. ``X-Forwarded-For`` is what a client likes to write, so it counts only as far as proxies of yours
   have added to it: ``Throttling(trusted_proxies=1)``.

Source: DRF for rates, scopes and what all throttles see.
"""

import functools
import math
import re
import time
import uuid
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, NamedTuple, Protocol

from aiohttp import web

from webkit.exceptions import Throttled
from webkit.sources import Script
from webkit.users import user_of


__all__ = (
    "THROTTLING",
    "BaseThrottle",
    "Hit",
    "MemoryStore",
    "Throttle",
    "ThrottleStore",
    "Throttling",
    "identity_of",
    "parse_rate",
    "send_rate_limits",
    "write_throttling",
)

_EXACT_LIMIT = 64
_LONGEST_ADDRESS = 64  # characters
_ROUNDING = 1e-6  # seconds; a sum of floats may miss the end of a wait by less
_SECONDS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86400),
}
_RATE = re.compile(r"([1-9][0-9]{0,8})\s*/\s*([1-9][0-9]{0,4})?\s*([a-z]+)")


class Hit(NamedTuple):
    """What a throttle says of a request that it has counted.

    ``wait`` is in seconds until the next request finds room, 0 if it does at once and None if
    nobody knows; ``remaining`` is how many more would find room now.
    """

    allowed: bool
    wait: float | None = None
    remaining: int = 0


class ThrottleStore(Protocol):
    """Where requests are counted. A shared one must count and decide in one atomic step."""

    async def hit(self, key: str, *, limit: int, period: float) -> Hit:
        """Count a request under ``key``, if less than ``limit`` were counted in ``period`` seconds.

        A request that is refused is not counted.
        """


class MemoryStore:
    """Counts in the memory of this process.

    It holds ``max_keys`` clients, of which one takes up to 8 kB, and forgets first who has been
    away longest. ``clock`` is in seconds. Nothing is awaited while it counts, so no two requests
    find the same room.
    """

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, max_keys: int = 10_000
    ) -> None:
        self._clock = clock
        self._max_keys = max_keys
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    async def hit(self, key: str, *, limit: int, period: float) -> Hit:
        """Count a request under ``key``, if there is room."""
        window = self._windows.setdefault(key, _Window())
        self._windows.move_to_end(key)
        if len(self._windows) > self._max_keys:
            self._windows.popitem(last=False)
        return window.hit(self._clock(), limit=limit, period=period)


class _Window:
    """The requests of one client in the last period, as steps: (first, last, count)."""

    __slots__ = ("_count", "_steps")

    def __init__(self) -> None:
        self._steps: deque[tuple[float, float, int]] = deque()
        self._count = 0

    def hit(self, now: float, *, limit: int, period: float) -> Hit:
        """Count a request, if there is room."""
        steps = self._steps
        while steps and steps[0][1] <= now - period + _ROUNDING:
            self._count -= steps.popleft()[2]
        allowed = self._count < limit
        if allowed:
            width = 0 if limit <= _EXACT_LIMIT else period / _EXACT_LIMIT
            first, count = now, 1
            if steps and now - steps[-1][0] < width:
                first, _, known = steps.pop()
                count += known
            steps.append((first, now, count))
            self._count += 1
        remaining = limit - self._count
        wait = 0.0 if remaining else steps[0][1] + period - now
        return Hit(allowed, wait, remaining)


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttling:
    """How one application throttles: ``app[THROTTLING] = Throttling(store=..., ...)``.

    ``trusted_proxies`` is how many proxies of yours a request passes, each adding the address that
    it came from to ``X-Forwarded-For``.
    """

    store: ThrottleStore = field(default_factory=MemoryStore)
    trusted_proxies: int = 0


THROTTLING = web.AppKey("THROTTLING", Throttling)
_THROTTLING = "__webkit_throttling__"  # the attribute of a router, where an application has no key
_HITS = web.RequestKey("HITS", tuple[tuple[str, ...], tuple[Hit | None, ...]])


class BaseThrottle:
    """Decides on requests by whatever it likes; a subclass defines ``hit``."""

    __slots__ = ()

    def prepared(self, scope: str) -> "BaseThrottle | None":
        """Return what decides for one viewset or action, whose name is ``scope``; None for nothing.

        Raises:
            ValueError: the throttle makes no sense; the text says what would.
        """
        return self

    async def hit(self, request: web.Request, view: Any) -> Hit | None:
        """Count a request and decide on it; None lets it pass uncounted."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Throttle(BaseThrottle):
    """So many requests in a period: ``Throttle("100/min")``, ``Throttle("5/10s", scope="login")``.

    All throttles of one scope and rate count together; without a scope it is the viewset, or the
    action, that has the throttle. ``key`` names the client, or gives None for one who is not
    counted; it is ``identity_of`` if nothing else is said. A rate of None is no throttle.
    """

    rate: str | None
    _: KW_ONLY
    scope: str = ""
    key: Callable[[web.Request], str | None] | None = None

    def prepared(self, scope: str) -> BaseThrottle | None:
        """Return what counts for one viewset or action."""
        if self.rate is None:
            return None
        limit, period = parse_rate(self.rate)
        name = f"{self.scope or scope} {limit}/{period:g}s "
        return _Counter(name=name, limit=limit, period=period, key=self.key or identity_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counter(BaseThrottle):
    """A throttle whose rate and scope are known; ``period`` is in seconds."""

    name: str
    limit: int
    period: float
    key: Callable[[web.Request], str | None]

    async def hit(self, request: web.Request, view: Any) -> Hit | None:
        """Count a request of its client."""
        client = self.key(request)
        if client is None:
            return None
        store = _throttling_of(request).store
        return await store.hit(self.name + client, limit=self.limit, period=self.period)


def parse_rate(rate: str) -> tuple[int, float]:
    """Return limit and seconds of a rate: (5, 10.0) for ``5/10s``.

    Raises:
        ValueError: it is no rate; the text says how one is written.
    """
    found = _RATE.fullmatch(str(rate).strip().lower())
    if found is None or found[3] not in _SECONDS:
        raise ValueError(
            f"{rate!r} is no rate. Write requests/period, as in '100/min' or '5/10s'. Periods are"
            f" {', '.join(_SECONDS)}, with a number before them for several"
        )
    return int(found[1]), float(int(found[2] or 1) * _SECONDS[found[3]])


def identity_of(request: web.Request) -> str:
    """Return who is counted: the user by ``id`` or ``pk``, else the address of the client."""
    user = user_of(request)
    known = None if user is None else _id_of(user)
    return f"address {_address_of(request)}" if known is None else f"user {known}"


def write_throttling(script: Script, throttles: Iterable[BaseThrottle]) -> None:
    """Write the lines that count a request and may refuse it, where there are throttles."""
    hits = [
        (_policy_of(throttle), f"await {script.bind(throttle.hit)}(request, view)")
        for throttle in throttles
    ]
    if hits:
        script.names["_judge"] = _judge
        policies = script.bind(tuple(policy for policy, _ in hits))
        calls = ", ".join(call for _, call in hits)
        script.lines.append(f"_judge(request, {policies}, ({calls},))")


async def send_rate_limits(request: web.Request, response: web.StreamResponse) -> None:
    """Send RateLimit headers: ``app.on_response_prepare.append(send_rate_limits)``."""
    policies, hits = request.get(_HITS, ((), ()))
    limits = [(policy, hit) for policy, hit in zip(policies, hits, strict=True) if policy and hit]
    if limits:
        response.headers["RateLimit-Policy"] = ", ".join(policy for policy, _ in limits)
        response.headers["RateLimit"] = ", ".join(
            f"{policy.partition(';')[0]};r={hit.remaining};t={math.ceil(hit.wait or 0)}"
            for policy, hit in limits
        )


def _judge(request: web.Request, policies: tuple[str, ...], hits: tuple[Hit | None, ...]) -> None:
    request[_HITS] = policies, hits
    if any(hit and not hit.allowed for hit in hits):
        waits = (hit.wait for hit in hits if hit and hit.wait is not None)
        raise Throttled(max(waits, default=0) or None)


def _policy_of(throttle: BaseThrottle) -> str:
    if not isinstance(throttle, _Counter):
        return ""
    return f'"{throttle.limit}/{throttle.period:g}s";q={throttle.limit};w={throttle.period:g}'


def _throttling_of(request: web.Request) -> Throttling:
    """Return how the request's application throttles.

    One that nobody has told so gets its store with the first request. By then aiohttp refuses new
    keys, so it hangs on the router, which is the application's own as well.
    """
    found = request.app.get(THROTTLING) or request.config_dict.get(THROTTLING)
    if found is None:
        router = request.match_info.apps[0].router
        found = getattr(router, _THROTTLING, None) or Throttling()
        setattr(router, _THROTTLING, found)
    return found


def _id_of(user: Any) -> Any:
    if isinstance(user, str | int | uuid.UUID) and not isinstance(user, bool):
        return user
    read = user.get if isinstance(user, Mapping) else functools.partial(getattr, user)
    found = read("id", None)
    return read("pk", None) if found is None else found


def _address_of(request: web.Request) -> str:
    """Return the address that the request came from, before the trusted proxies."""
    given = request.headers.getall("X-Forwarded-For", ())  # a proxy may add a header of its own
    proxies = _throttling_of(request).trusted_proxies if given else 0
    entries = ",".join(given).split(",")
    entry = entries[-min(proxies, len(entries))].strip() if proxies > 0 else ""
    if entry.startswith("["):  # IPv6 with a port, which differs for each connection
        entry = entry[1:].partition("]")[0]
    elif entry.count(":") == 1:
        entry = entry.partition(":")[0]
    return entry[:_LONGEST_ADDRESS] or request.remote or ""
