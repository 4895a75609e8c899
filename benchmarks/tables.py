"""Tables of results in Markdown, and what they were measured on."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata


__all__ = ("Target", "machine", "table")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The numbers to hold: ``first`` from the start, ``goal`` in the end. None: not said."""

    first: float | None = None
    goal: float | None = None
    higher_is_better: bool = False

    def verdict(self, value: float) -> str:
        """Return ``goal``, ``first`` or ``MISS`` for a measured value, or nothing to compare."""
        if self.first is None or self.goal is None:
            return ""
        if self._holds(value, self.goal):
            return "goal"
        return "first" if self._holds(value, self.first) else "MISS"

    @property
    def cells(self) -> tuple[str, str]:
        """Both numbers as a table shows them; empty where nothing is said."""
        first, goal = ("" if bound is None else f"{bound:g}" for bound in (self.first, self.goal))
        return first, goal

    def _holds(self, value: float, bound: float) -> bool:
        value = round(value, 2)  # what the table shows is what counts
        return value >= bound if self.higher_is_better else value <= bound


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, labels: int = 1) -> str:
    """Return a table; so many columns come first and one comes last that hold no numbers."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    numbers = range(labels, len(header) - 1)
    rule = [
        "-" * (width - 1) + ":" if index in numbers else "-" * width
        for index, width in enumerate(widths)
    ]
    lines = [
        " | ".join(
            cell.rjust(width) if index in numbers else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (header, rule, *rows)
    ]
    return "\n".join(f"| {line} |" for line in lines)


def machine(*distributions: str) -> str:
    """Return one line on the interpreter, the machine and the versions of ``distributions``."""
    found = []
    for name in distributions:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    cores, load = os.cpu_count(), os.getloadavg()[0]
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{', '.join([python, *found])}; {cores} cores, load {load:.1f} at the start"
