"""Python: names in capitals are values. Only a file that is named is read as such."""

import ast
import traceback
from pathlib import Path
from typing import Any

from webkit.config.settings import SECTION
from webkit.config.syntax import FormatError, Lines, Parsed


__all__ = ("parse_python",)

# What an error says that quotes no value.
_HARMLESS = (ImportError, NameError, AttributeError)


def parse_python(text: str, path: Path) -> Parsed:
    """Return the tree: ``LOG_LEVEL`` is ``log_level`` of ``webkit``, a dict is a section.

    Raises:
        FormatError: it is no Python, or raises something.
    """
    try:
        module = ast.parse(text, str(path))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise FormatError(getattr(error, "msg", "is no Python"), line) from None
    names: dict[str, Any] = {"__name__": path.stem, "__file__": str(path)}
    try:
        exec(compile(module, str(path), "exec"), names)  # noqa: S102  (the user's own file)
    except Exception as error:
        reason = f": {error}" if isinstance(error, _HARMLESS) else ""
        raise FormatError(f"raises {type(error).__name__}{reason}", _line_of(error, path)) from None
    return _tree_of(names, _assigned(module))


def _tree_of(names: dict[str, Any], assigned: dict[str, int]) -> Parsed:
    tree: dict[str, Any] = {}
    lines: Lines = {}
    for name, value in names.items():
        if not name.isupper():
            continue
        is_section = isinstance(value, dict)
        place = (name.lower(),) if is_section else (SECTION, name.lower())
        tree.setdefault(place[0], {}).update(value if is_section else {name.lower(): value})
        lines[place] = assigned.get(name, 1)
    return tree, lines


def _assigned(module: ast.Module) -> dict[str, int]:
    """Return the lines in which names are bound, the last for each."""
    names = (node for node in ast.walk(module) if isinstance(node, ast.Name))
    return {node.id: node.lineno for node in names if isinstance(node.ctx, ast.Store)}


def _line_of(error: Exception, path: Path) -> int:
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == str(path)), 0)
