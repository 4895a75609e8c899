"""What grows with the size of a service: start-up, the document, and the way to a route.

python -m benchmarks.startup
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from typing import Annotated, Any, TypeVar

from aiohttp import web
from msgspec import Meta, Struct

from benchmarks.inprocess import Lane, lane, microseconds
from benchmarks.outcomes import Missing, finish
from benchmarks.tables import Target, machine, table
from webkit.application import create_app, served_routes
from webkit.decorators import action
from webkit.openapi import build_document
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


_ROUNDS = 7
_Result = TypeVar("_Result")


class NewThing(Struct):
    """What a thing is created from."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    price: Annotated[float, Meta(ge=0)]
    tags: list[str] = []


class Thing(NewThing, kw_only=True):
    """A thing."""

    id: int


Things = list[Thing]
_THING = Thing(id=1, name="A thing", price=1.5)


class ThingViewSet(BaseViewSet):
    """The things; a viewset of five actions."""

    async def list(self, q: str = "") -> Things:
        """Return the things."""
        return [_THING]

    async def create(self, new: NewThing) -> Thing:
        """Return the new thing."""
        return _THING

    async def detail(self, id: int) -> Thing:
        """Return a thing."""
        return _THING

    async def update(self, id: int, new: NewThing) -> Thing:
        """Return the changed thing."""
        return _THING

    async def destroy(self, id: int) -> None:
        """Do nothing."""


def _with_actions(number: int) -> type[ThingViewSet]:
    """Return a new viewset with so many actions more."""

    def extra(name: str) -> Callable[..., Any]:
        async def method(self: ThingViewSet, id: int) -> Thing:
            return _THING

        method.__name__ = method.__qualname__ = name
        return action(detail=True, method="get")(method)

    names = [f"action_n{index:02}" for index in range(1, number + 1)]
    return type("ManyViewSet", (ThingViewSet,), {name: extra(name) for name in names})


def _app(viewsets: Sequence[type[BaseViewSet]]) -> web.Application:
    """Return an application with each viewset under a name of its own: thing00, thing01, ..."""
    router = SimpleRouter()
    for index, viewset in enumerate(viewsets):
        router.register(viewset, basename=f"thing{index:02}")
    return create_app(routes=router.routespatters)


def _best(work: Callable[[Any], _Result], things: Iterable[Any]) -> tuple[float, list[_Result]]:
    """Return the CPU seconds of the work on the thing where it is fastest, and all results."""
    times, results = [], []
    for thing in things:
        started = time.process_time()
        results.append(work(thing))
        times.append(time.process_time() - started)
    return min(times), results


def _document(app: web.Application) -> dict[str, Any]:
    return build_document(served_routes(app), title="Things", version="1.0.0")


async def _ratios() -> dict[str, float]:
    """Return how much longer a request takes in the larger of two services."""
    paths = {"5 routes": "/thing00/7/", "500 routes": "/thing99/7/"}
    paths |= {f"action {index}": f"/thing00/7/action-n{index:02}/" for index in (1, 20)}
    many = _app([_with_actions(20)])
    apps = {"5 routes": _app([ThingViewSet]), "500 routes": _app([ThingViewSet] * 100)}
    async with AsyncExitStack() as stack:

        async def opened(app: web.Application) -> Lane:
            found = await lane(app)
            stack.push_async_callback(found.close)
            return found

        lanes = {name: await opened(app) for name, app in apps.items()}
        lanes |= dict.fromkeys(("action 1", "action 20"), await opened(many))
        sides = {
            name: (lanes[name], f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            for name, path in paths.items()
        }
        for name, (connection, request) in sides.items():
            if b" 200 OK" not in await connection.ask(request):
                raise Missing(f"{name}: {paths[name]} is not served")
        found = await microseconds(sides)
    return {
        "a request, 500 registered routes against 5": found["500 routes"] / found["5 routes"],
        "a request, 20th action against the first": found["action 20"] / found["action 1"],
    }


def main() -> None:
    """Measure all rows and print them."""
    print(machine("aiohttp", "msgspec"))
    print(f"best of {_ROUNDS}; requests in process, medians of interleaved rounds\n")
    # 20 viewsets of 20 actions, new classes each time, as a process meets them.
    made = [[_with_actions(15) for _ in range(20)] for _ in range(_ROUNDS)]
    registration, apps = _best(_app, made)
    document, _ = _best(_document, apps)
    routes = [route for route in served_routes(apps[0]) if not route.hidden]
    if len(routes) != 400:
        raise Missing(f"there should be 400 routes, and there are {len(routes)}")
    seconds = {
        "registration of 400 actions": registration,
        "OpenAPI document of 400 routes": document,
    }
    targets = {
        "registration of 400 actions": Target(first=0.3, goal=0.1),
        "OpenAPI document of 400 routes": Target(first=0.3, goal=0.1),
        "a request, 500 registered routes against 5": Target(first=1.1, goal=1.02),
        "a request, 20th action against the first": Target(first=1.3, goal=1.05),
    }
    values = seconds | asyncio.run(_ratios())
    lines = [
        (
            name,
            f"{value:.3f} s" if name in seconds else f"{value:.2f}",
            *targets[name].cells,
            targets[name].verdict(value),
        )
        for name, value in values.items()
    ]
    print(table(("row", "s or ratio", "first", "goal", "result"), lines))


if __name__ == "__main__":
    finish(main)
