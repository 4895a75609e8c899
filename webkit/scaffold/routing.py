"""One viewset more or less in the ``routes.py`` of an app: two statements, and no other byte.

The syntax tree says where lines go; what comes out is parsed again.
"""

import ast
import re

from webkit.exceptions import UsageError
from webkit.scaffold.layout import imported, joined


__all__ = ("lines_for", "routed", "unrouted")


def lines_for(module: str, viewset: str, basename: str) -> tuple[str, str]:
    """Return the two lines that a person would add."""
    registration = joined("router.register(", [viewset, f'basename="{basename}"'], ")")
    return imported(module, [viewset]), registration


def routed(source: str, module: str, viewset: str, *, basename: str) -> str | None:
    """Return ``source`` with the viewset, or None where it registers nothing at ``router``.

    What has both lines already stays as it is.

    Raises:
        UsageError: ``source`` is no Python.
    """
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"routes.py cannot be read: {error}. Repair it first.") from None
    relative = [node for node in body if isinstance(node, ast.ImportFrom) and node.level]
    registered = [node for node in body if _registers(node)]
    if not relative or not registered:
        return None
    import_line, registration = lines_for(module, viewset, basename)
    if all(f"\n{line}\n" in f"\n{source}" for line in (import_line, registration)):
        return source
    lines = source.splitlines(keepends=True)
    lines.insert(registered[-1].end_lineno or 0, f"{registration}\n")
    later = [node for node in relative if "." + (node.module or "") > module]
    place = later[0].lineno - 1 if later else relative[-1].end_lineno or 0
    lines.insert(place, f"{import_line}\n")
    return "".join(lines)


def unrouted(source: str, module: str, viewset: str, *, basename: str) -> str | None:
    """Return ``source`` without the viewset, or None where it has it in another way."""
    left = f"\n{source}"
    for line in lines_for(module, viewset, basename):
        left = left.replace(f"\n{line}\n", "\n", 1)
    return None if re.search(rf"\b{viewset}\b", left) else left[1:]


def _registers(node: ast.stmt) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    function = call.func if isinstance(call, ast.Call) else None
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "register"
        and isinstance(function.value, ast.Name)
        and function.value.id == "router"
    )
