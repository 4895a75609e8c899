"""What a handler's docstring says to the documents: a summary, a description, and YAML.

1. The first line is the summary, what follows is the description, in Markdown.
2. What follows the last line ``---`` is YAML that is merged over the generated operation, if its
   first line begins with a key and one of its keys is a key of an OpenAPI operation, or nearly.
3. Every other line ``---`` is a rule in Markdown.
4. The mistakes in all docstrings are reported together.
"""

import functools
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from webkit.exceptions import ConfigurationError, MissingExtraError
from webkit.openapi.fields import field_problem, resembles_field


__all__ = ("Documentation", "documentation_of", "function_of", "read_docstrings")

_RULE = "---"
_KEY = re.compile(r"""^[{]?(["']?)(?P<key>[a-z][\w-]*)\1\s*:(?:\s|$)""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Documentation:
    """What one docstring says. ``operation`` is the mapping from its YAML, as plain JSON values."""

    summary: str = ""
    description: str = ""
    operation: Mapping[str, Any] = field(default_factory=dict)


def read_docstrings(handlers: Iterable[Callable[..., Any]]) -> list[Documentation]:
    """Return what the docstring of each handler says, in their order.

    Raises:
        ConfigurationError: the YAML in some docstrings is wrong, or cannot be read without an
            extra; one line for each mistake names the handler, the file and the line.
    """
    found: list[Documentation] = []
    problems: dict[str, None] = {}
    for handler in handlers:
        try:
            found.append(documentation_of(handler))
        except ConfigurationError as error:
            problems |= dict.fromkeys(error.problems)
    if problems:
        raise ConfigurationError(problems)
    return found


def documentation_of(handler: Callable[..., Any]) -> Documentation:
    """Return what the docstring of ``handler`` says.

    Raises:
        ConfigurationError: its YAML is wrong, or cannot be read without an extra.
    """
    function = function_of(handler)
    text = inspect.cleandoc(function.__doc__ or "")
    prose, block = _split(text)
    summary, description = _headline(prose)
    if not block:
        return Documentation(summary, description)
    try:
        operation = _loaded(block)
        mistakes = list(_mistakes(operation, block))
    except _BlockError as error:
        operation, mistakes = {}, [(error.line, str(error))]
    if mistakes:
        raise ConfigurationError(
            f"{_place_of(function, line)}: the YAML in its docstring: {problem}"
            for line, problem in mistakes
        )
    return Documentation(summary, description, operation)


def function_of(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function behind decorators, partials and callable objects; a class as it is."""
    while isinstance(handler, functools.partial):
        handler = handler.func
    handler = inspect.unwrap(handler)
    if inspect.isroutine(handler) or isinstance(handler, type):
        return handler
    return type(handler).__call__


class _BlockError(Exception):
    """The YAML cannot be read; ``line`` counts from 0 at the line after the rule."""

    def __init__(self, message: str, *, line: int) -> None:
        self.line = line
        super().__init__(message)


def _split(text: str) -> tuple[str, str]:
    """Return the prose of a docstring and the YAML after it; either may be empty."""
    lines = text.splitlines()
    rules = _rules(lines)
    block = textwrap.dedent("\n".join(lines[rules[-1] + 1 :])) if rules else ""
    keys = [match["key"] for match in _KEY.finditer(block)]
    if not _KEY.match(block.lstrip()) or not any(map(resembles_field, keys)):
        return text, ""
    return "\n".join(lines[: rules[-1]]).strip(), block


def _rules(lines: Iterable[str]) -> list[int]:
    """Return the numbers of the lines that are ``---``, from 0."""
    return [number for number, line in enumerate(lines) if line.strip() == _RULE]


def _headline(prose: str) -> tuple[str, str]:
    """Return the first line and the rest; the whole is the rest when the sentence goes on."""
    summary, _, rest = prose.partition("\n")
    goes_on = bool(rest) and not rest.startswith("\n")
    return summary, prose if goes_on else rest.strip()


def _loaded(block: str) -> dict[str, Any]:
    """Return the mapping that the YAML is, with texts for keys and JSON values."""
    try:
        import yaml
    except ModuleNotFoundError:
        reason = str(MissingExtraError("yaml", purpose="reading it"))
        raise _BlockError(reason, line=0) from None
    # The loader in C is ten times as fast, and knows the same safe types.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        # A block that begins with a key is a mapping, or an error.
        return dict(_plain(yaml.load(block, Loader=loader)))  # noqa: S506  # both loaders are safe
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        raise _BlockError(error.problem or str(error), line=line) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _BlockError(str(error).partition("\n")[0], line=0) from None


def _plain(value: Any) -> Any:
    """Return a YAML value as JSON knows it: dates are texts, and so are the keys of mappings."""
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return msgspec.to_builtins(value)


def _mistakes(operation: Mapping[str, Any], block: str) -> Iterator[tuple[int, str]]:
    """Yield the line of each thing in ``operation`` that OpenAPI does not allow, and what it is."""
    lines = {match["key"]: block.count("\n", 0, match.start()) for match in _KEY.finditer(block)}
    for key, value in operation.items():
        problem = field_problem(key, value)
        if problem:
            yield lines.get(key, 0), problem


def _place_of(function: Callable[..., Any], line: int) -> str:
    """Return ``name (file:line)`` for a line of the YAML in the docstring of ``function``."""
    try:
        source, start = inspect.getsourcelines(function)
        path = Path(inspect.getfile(function))
    except (OSError, TypeError):  # made by exec, or not in Python
        return f"{function.__module__}.{function.__qualname__}"
    count = len(_rules(inspect.cleandoc(function.__doc__ or "").splitlines()))
    rules = _rules(source)
    offset = rules[count - 1] + 1 + line if count <= len(rules) else 0  # else set by a decorator
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"{function.__qualname__} ({shown}:{start + offset})"
