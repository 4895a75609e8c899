"""Bodies of 10 kB that are wrong in many ways, against a good one of that size.

python -m benchmarks.hostile
"""

import asyncio
import json
import logging
from contextlib import AsyncExitStack
from typing import Annotated, Any

from aiohttp import web
from msgspec import Meta, Struct

from benchmarks.inprocess import lane, microseconds
from benchmarks.outcomes import Different, finish
from benchmarks.tables import Target, machine, table
from webkit.application import create_app
from webkit.endpoints import endpoint


_SIZE = 10_000  # bytes of a body, about
_TARGET = Target(first=5, goal=3)


class Line(Struct, forbid_unknown_fields=True):
    """A line of an order."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    price: Annotated[float, Meta(ge=0)]
    number: Annotated[int, Meta(ge=1, le=1000)] = 1
    tags: list[str] = []


class Order(Struct):
    """An order."""

    customer: str
    lines: list[Line]


class Tree(Struct):
    """A model that contains itself."""

    size: Annotated[int, Meta(ge=0)]
    child: "Tree | None" = None


class Tally(Struct):
    """A plain list of numbers."""

    numbers: list[Annotated[int, Meta(ge=0)]]


@endpoint
async def take_order(order: Order) -> int:
    return len(order.lines)


@endpoint
async def take_tree(tree: Tree) -> int:
    return tree.size


@endpoint
async def take_tally(tally: Tally) -> int:
    return len(tally.numbers)


_LINE = {"name": "Paperback", "price": 12.5, "number": 3, "tags": ["book"]}


def _lines(*changed: dict[str, Any]) -> str:
    """Return an order of the size in which the given lines take turns."""
    size = sum(len(json.dumps(line)) + 2 for line in changed)
    return json.dumps({"customer": "x", "lines": list(changed) * (_SIZE // size)})


def _nested(depth: int) -> str:
    return '{"size": -1, "child": ' * depth + "null" + "}" * depth


_GOOD = _LINE
_NUMBERS = _SIZE // 4
# A path, and a body for it.
_BODIES: dict[str, tuple[str, str]] = {
    "numbers out of their range": ("/order", _lines({**_LINE, "price": -1, "number": 0})),
    "every second line wrong": ("/order", _lines(_GOOD, {**_LINE, "price": -1})),
    "every twentieth line wrong": ("/order", _lines(*[_GOOD] * 19, {**_LINE, "price": -1})),
    "values of the wrong type": ("/order", _lines({"name": 1, "price": "x", "tags": [1]})),
    "lines without fields": ("/order", _lines({})),
    "fields that nobody knows": ("/order", _lines({**_LINE, "a": 1, "b": 2, "c": 3})),
    "no line is an object": ("/order", json.dumps({"customer": "x", "lines": [1] * _NUMBERS})),
    "numbers below their limit": ("/tally", json.dumps({"numbers": [-1] * _NUMBERS})),
    "one wrong number, the last": ("/tally", json.dumps({"numbers": [10] * _NUMBERS + [-1]})),
    "a model in itself, 300 deep": ("/tree", _nested(300)),
    "brackets": ("/order", "[" * _SIZE),
    "an object that does not end": ("/order", _lines(_GOOD)[:-2]),
    "one long text": ("/order", json.dumps("x" * _SIZE)),
    "half a surrogate pair": ("/order", '{"customer": "' + "\\ud800" * (_SIZE // 6) + '"}'),
}


def _request(path: str, body: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


async def _measured() -> dict[str, float]:
    """Return the microseconds of each answer; the good one comes first.

    Raises:
        Different: a body was not answered as it should be.
    """
    app = create_app(
        routes=[
            web.post("/order", take_order),
            web.post("/tree", take_tree),
            web.post("/tally", take_tally),
        ]
    )
    bodies = {"good": ("/order", _lines(_GOOD)), **_BODIES}
    async with AsyncExitStack() as stack:
        connection = await lane(app)
        stack.push_async_callback(connection.close)
        sides = {name: (connection, _request(*body)) for name, body in bodies.items()}
        for name, (_, request) in sides.items():
            answer = await connection.ask(request)
            if answer.startswith(b"HTTP/1.1 4") is (name == "good"):
                raise Different(f"{name}: {answer[:200]!r}")
        return await microseconds(sides, rounds=15, times=100)


def main() -> None:
    """Measure all bodies and print them."""
    logging.getLogger("webkit").setLevel(logging.CRITICAL)
    print(machine("aiohttp", "msgspec"))
    print(f"bodies of about {_SIZE:,} bytes; in process, medians of interleaved rounds\n")
    found = asyncio.run(_measured())
    good = found.pop("good")
    lines: list[tuple[str, ...]] = [("a good body", f"{good:.0f}", "1.0", "", "", "")]
    for name, microsecond in sorted(found.items(), key=lambda item: -item[1]):
        ratio = microsecond / good
        cells = (f"{microsecond:.0f}", f"{ratio:.1f}", *_TARGET.cells, _TARGET.verdict(ratio))
        lines.append((name, *cells))
    print(table(("body", "us", "ratio", "first", "goal", "result"), lines))


if __name__ == "__main__":
    finish(main)
