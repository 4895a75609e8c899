"""YAML, with the extra ``yaml``."""

import re
from pathlib import Path
from typing import Any, TypeAlias

from webkit.config.syntax import FormatError, Lines, Parsed


__all__ = ("parse_yaml",)

Nodes: TypeAlias = tuple[Any, ...]


def parse_yaml(text: str, path: Path) -> Parsed:
    """Return the tree, and the line of each key outside of lists.

    Raises:
        FormatError: it is no YAML, a key is written twice, or the extra is not installed.
    """
    try:
        import yaml  # only now: most projects have none
    except ImportError:
        raise FormatError('needs an extra. Run: pip install "webkit[yaml]"') from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        node = loader.get_single_node()
        lines: Lines = {}
        if node is not None:
            _enter(node, lines)
        tree: Any = {} if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise FormatError(_reason(error.problem), mark.line + 1 if mark else 0) from None
    except (yaml.YAMLError, ValueError, OverflowError):  # a character, a date that there is not
        raise FormatError("is no YAML, or has a value that there is not") from None
    finally:
        loader.dispose()
    if not isinstance(tree, dict):
        raise FormatError("is no mapping of sections", 1)
    return tree, lines


def _reason(problem: str | None) -> str:
    """Return what PyYAML says, without the words of the file that it quotes."""

    def unquoted(quoted: re.Match[str]) -> str:
        is_sign = quoted[2].startswith("<") or not re.search(r"\w", quoted[2])
        return quoted[0] if is_sign else "a word"

    return re.sub(r"(['\"])(.*?)\1", unquoted, problem or "is no YAML")


def _enter(node: Any, lines: Lines, *, keys: tuple[str, ...] = (), above: Nodes = ()) -> None:
    """Enter the lines of the keys of a node, and of what is below it."""
    if node.id != "mapping":
        return
    if node in above:
        raise FormatError("an alias leads back to itself", node.start_mark.line + 1)
    for key, value in node.value:
        place = (*keys, str(key.value))
        line = key.start_mark.line + 1
        if place in lines and key.value != "<<":
            raise FormatError(f"{key.value} is written twice", line)
        lines[place] = line
        _enter(value, lines, keys=place, above=(*above, node))
