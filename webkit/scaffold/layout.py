"""Lines of Python as `ruff format` and its sorting of imports leave them, in a width of 100.

Generated files are made of names whose length nobody knows. What fits stands in one line, and
what does not has a line for every part, with a comma behind the last, which a formatter keeps.
"""

import textwrap
from collections.abc import Iterable, Sequence


__all__ = ("WIDTH", "imported", "joined", "sorted_names", "wrapped")

WIDTH = 100
_INDENT = "    "


def joined(head: str, parts: Sequence[str], tail: str, *, indent: int = 0, margin: int = 0) -> str:
    """Return ``head``, the parts with commas between them, and ``tail``: code without line end.

    ``indent`` counts the levels of the code around it; ``margin`` are the columns to be kept free.
    """
    space = _INDENT * indent
    line = f"{space}{head}{', '.join(parts)}{tail}"
    if len(line) <= WIDTH - margin and "\n" not in line:
        return line
    inner = "".join(f"{textwrap.indent(part, space + _INDENT)},\n" for part in parts)
    return f"{space}{head}\n{inner}{space}{tail}"


def imported(module: str, names: Iterable[str]) -> str:
    """Return the line that imports ``names``."""
    line = f"from {module} import {', '.join(sorted_names(names))}"
    if len(line) <= WIDTH:
        return line
    return joined(f"from {module} import (", sorted_names(names), ")")


def sorted_names(names: Iterable[str]) -> list[str]:
    """Return names in the order of imports: constants, classes, the rest."""

    def place(name: str) -> tuple[int, str, str]:
        is_constant = len(name) > 1 and name.isupper()
        kind = 0 if is_constant else 1 if name[:1].isupper() else 2
        return kind, name.lower(), name

    return sorted(set(names), key=place)


def wrapped(words: Sequence[str]) -> str:
    """Return words with spaces between them, in as many lines as they need."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(f"{_INDENT}{word}" if lines else word)
    return "\n".join(lines)
