"""Over HTTP: requests per second of the server's CPU time, webkit beside its peers in one run.

python -m benchmarks.http [--rounds N] [--seconds S] [row ...]
"""

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise, starmap

from benchmarks.loads import Answer, Request, Server, need_wrk, running
from benchmarks.outcomes import Different, finish
from benchmarks.servers.items import GOOD, WRONG, WRONG_FIELDS
from benchmarks.tables import Target, machine, table


_HEADER = ("row", "against", "webkit", "it", "ratio", "quartiles", "first", "goal", "result")


def _same(answer: Answer, other: Answer) -> bool:
    """Tell whether two good answers are one."""
    return answer == other


def _both_refuse(answer: Answer, other: Answer) -> bool:
    """Tell whether both are refusals of the client's request, each in its own words."""
    return all(400 <= found.status <= 499 for found in (answer, other))


def _both_name_all(answer: Answer, other: Answer) -> bool:
    """Tell whether both refuse, and name every field that is wrong."""
    texts = [json.dumps(found.data) for found in (answer, other)]
    return _both_refuse(answer, other) and all(
        name in text for name in WRONG_FIELDS for text in texts
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One request, webkit's side of it, and the sides that it is held against."""

    request: Request
    webkit: str = "webkit_typed"
    peers: dict[str, Target]
    is_equal: Callable[[Answer, Answer], bool] = _same

    @property
    def sides(self) -> tuple[str, ...]:
        """The names of all sides, webkit's first."""
        return self.webkit, *self.peers

    @property
    def is_error(self) -> bool:
        """Whether the answer is a refusal."""
        return self.is_equal is not _same


def _at_least(first: float, goal: float) -> Target:
    return Target(first=first, goal=goal, higher_is_better=True)


def _typed(aiohttp: Target, fastapi: Target) -> dict[str, Target]:
    """Return the peers of the typed toolkit."""
    return {"aiohttp_by_hand": aiohttp, "swagger3": Target(), "fastapi_uvicorn": fastapi}


ROWS = {
    "seed": Row(
        request=Request(path="/json/"),
        webkit="seed_webkit",
        peers={"seed_bare": _at_least(0.95, 1.0)},
    ),
    "json": Row(
        request=Request(path="/json/"), peers=_typed(_at_least(1.15, 1.5), _at_least(2.5, 3.8))
    ),
    "detail": Row(
        request=Request(path="/items/42/"), peers=_typed(_at_least(1.25, 1.65), _at_least(2.5, 3.8))
    ),
    "list100": Row(
        request=Request(path="/items/"), peers=_typed(_at_least(2.4, 2.8), _at_least(2.5, 2.8))
    ),
    "create": Row(
        request=Request(method="POST", path="/items/", body=GOOD),
        peers=_typed(_at_least(1.3, 2.0), _at_least(2.5, 4.2)),
    ),
    "invalid": Row(
        request=Request(method="POST", path="/items/", body=WRONG),
        peers=_typed(_at_least(1.1, 1.5), _at_least(2.5, 4.5)),
        is_equal=_both_name_all,
    ),
    "404": Row(
        request=Request(path="/items/999/"),
        peers=_typed(_at_least(1.2, 1.6), _at_least(2.5, 4.2)),
        is_equal=_both_refuse,
    ),
    "logged": Row(
        request=Request(path="/json/"),
        webkit="webkit_logged",
        peers={"aiohttp_logged": _at_least(2.0, 3.0)},
    ),
}


def main() -> None:
    """Measure the rows that the command line names, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.http", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=int, default=1, help="of load per side and round")
    parser.add_argument("rows", nargs="*", metavar="row", help=", ".join(ROWS))
    options = parser.parse_args()
    unknown = set(options.rows) - ROWS.keys()
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}. There are {', '.join(ROWS)}")
    need_wrk()
    print(machine("aiohttp", "msgspec", "uvloop", "aiohttp-swagger3", "fastapi", "uvicorn"))
    print(f"{options.rounds} rounds of {options.seconds} s; requests per CPU-second, medians\n")
    rows = {name: ROWS[name] for name in options.rows or ROWS}
    names = _checked(rows)
    found: dict[str, dict[str, list[float]]] = {name: {} for name in rows}
    for number in range(1, options.rounds + 1):
        print(f"round {number} of {options.rounds}", file=sys.stderr)
        order = names if number % 2 else names[::-1]
        for name, side, figure in _round(rows, order, seconds=options.seconds):
            found[name].setdefault(side, []).append(figure)
    lines = [line for name, row in rows.items() for line in _lines(name, row, found[name])]
    print(table(_HEADER, lines, labels=2))


@contextmanager
def _running_all(names: Iterable[str]) -> Iterator[list[Server]]:
    """Run the sides whose packages are installed."""
    with ExitStack() as stack:
        servers = [stack.enter_context(running(name)) for name in names]
        yield [server for server in servers if server]


def _checked(rows: Mapping[str, Row]) -> list[str]:
    """Return the sides that can be measured, having checked that all of a row answer the same.

    Raises:
        Different: two of them do not.
    """
    with _running_all(
        dict.fromkeys(side for row in rows.values() for side in row.sides)
    ) as servers:
        for name, row in rows.items():
            answers = {side.name: side.answer(row.request) for side in _of(row, servers)}
            if not all(starmap(row.is_equal, pairwise(answers.values()))):
                lines = (f"{side}: {answer}" for side, answer in answers.items())
                raise Different("\n".join((f"{name}, {row.request}: answers differ", *lines)))
        return [server.name for server in servers]


def _round(
    rows: Mapping[str, Row], names: Iterable[str], *, seconds: int
) -> Iterator[tuple[str, str, float]]:
    """Yield row, side and figure of everything there is, once."""
    # New processes each round: two of the same program can differ by some percent.
    with _running_all(names) as servers:
        for name, row in rows.items():
            for side in _of(row, servers):
                figure = side.per_cpu_second(row.request, is_error=row.is_error, seconds=seconds)
                yield name, side.name, figure


def _of(row: Row, servers: Iterable[Server]) -> list[Server]:
    return [server for server in servers if server.name in row.sides]


def _lines(name: str, row: Row, found: dict[str, list[float]]) -> list[tuple[str, ...]]:
    """Return the lines of the table for one row, one for each peer that was there."""
    ours = found[row.webkit]
    lines: list[tuple[str, ...]] = []
    for peer, target in row.peers.items():
        if peer not in found:
            continue
        theirs = found[peer]
        ratio = statistics.median(ours) / statistics.median(theirs)
        each = [one / other for one, other in zip(ours, theirs, strict=True)]
        low, _, high = statistics.quantiles(each, n=4) if len(each) > 1 else each * 3
        lines.append(
            (
                name,
                peer,
                f"{statistics.median(ours):,.0f}",
                f"{statistics.median(theirs):,.0f}",
                f"{ratio:.2f}",
                f"{low:.2f}-{high:.2f}",
                *target.cells,
                target.verdict(ratio),
            )
        )
    return lines


if __name__ == "__main__":
    finish(main)
