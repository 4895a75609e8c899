"""What units cost at start-up: making and starting an application of many, with their services.

python -m benchmarks.units
"""

import asyncio
import time

from aiohttp import web

from benchmarks.outcomes import finish
from benchmarks.tables import Target, machine, table
from webkit.application import create_app
from webkit.services import BaseService
from webkit.units import Unit


_ROUNDS = 7
_MANY = 200


class _Service(BaseService):
    """A service with a life; a subclass asks for the one before it."""

    async def on_startup(self) -> None:
        """Start."""

    async def on_shutdown(self) -> None:
        """Stop."""


async def _answer(request: web.Request) -> web.Response:
    return web.Response()


def _units(number: int) -> list[Unit]:
    """Return so many units, each with a service that needs the one of the unit before it."""
    units = []
    before: type[_Service] | None = None
    for index in range(number):
        name = f"unit-{index:03}"
        annotations = {"before": before} if before and index % 10 else {}
        before = type(f"Service{index:03}", (_Service,), {"__annotations__": annotations})
        routes = [web.get(f"/{name}", _answer)]
        units.append(Unit({"name": name}, services=[before], routes=routes))
    return units


async def _life(units: list[Unit]) -> float:
    """Return the seconds of the CPU from the first line of create_app until everything runs."""
    started = time.process_time()
    runner = web.AppRunner(create_app(units=units))
    await runner.setup()
    spent = time.process_time() - started
    await runner.cleanup()
    return spent


def _best(number: int) -> float:
    return min(asyncio.run(_life(_units(number))) for _ in range(_ROUNDS))


def main() -> None:
    """Measure all rows and print them."""
    print(machine("aiohttp", "msgspec"))
    print(f"best of {_ROUNDS}; seconds of the CPU, routes and their 405 included\n")
    bare, half, whole = _best(0), _best(_MANY // 2), _best(_MANY)
    values = {
        f"{_MANY} units with services, made and started": whole,
        f"a unit among {_MANY} against one among {_MANY // 2}": (whole - bare) / (half - bare) / 2,
    }
    targets = (Target(first=0.2, goal=0.1), Target(first=1.3, goal=1.1))
    lines = [
        (name, f"{value:.3f}", *target.cells, target.verdict(value))
        for (name, value), target in zip(values.items(), targets, strict=True)
    ]
    print(table(("row", "s or ratio", "first", "goal", "result"), lines))


if __name__ == "__main__":
    finish(main)
