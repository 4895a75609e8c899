"""Differences between two documents that break clients of the first.

What is only added breaks nobody: paths, operations, optional parameters and fields, answers,
choices. Texts, names of schemas and operation ids are not compared, and neither are the answers to
errors.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from webkit.openapi.narrowings import Comparison


__all__ = ("breaking_differences",)

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_Node = Mapping[str, Any]


def breaking_differences(old: _Node, new: _Node) -> list[str]:
    """Return what breaks clients of the document ``old`` in ``new``, one line each.

    Raises:
        ValueError: one of them is no document of OpenAPI 3.
    """
    for document in (old, new):
        if not str(document.get("openapi", "")).startswith("3."):
            raise ValueError("it is no document of OpenAPI 3")
    comparison = Comparison(old, new)
    items = {_shape_of(path): (path, item) for path, item in new["paths"].items()}
    found: list[str] = []
    for path, item in old["paths"].items():
        if _shape_of(path) not in items:
            found.append(f"{path}: the path is gone")
            continue
        other_path, other = items[_shape_of(path)]
        names = dict(zip(_variables_of(path), _variables_of(other_path), strict=True))
        for method in _METHODS:
            if method in item:
                lines = _operation(comparison, item[method], other.get(method), names=names)
                found += (f"{method.upper()} {path}: {line}" for line in lines)
    return list(dict.fromkeys(found))


def _operation(
    comparison: Comparison, old: _Node, new: _Node | None, *, names: Mapping[str, str]
) -> Iterator[str]:
    """Yield the differences of one operation; ``names`` are those of the variables of the path."""
    if new is None:
        yield "the operation is gone"
        return
    yield from _parameters(comparison, old, new, names=names)
    yield from _body(comparison, old.get("requestBody"), new.get("requestBody"))
    yield from _successes(comparison, old, new)
    yield from _security(old.get("security", ()), new.get("security", ()))


def _parameters(
    comparison: Comparison, old: _Node, new: _Node, *, names: Mapping[str, str]
) -> Iterator[str]:
    before = _by_place(
        [comparison.resolve_old(item) for item in old.get("parameters", ())], names=names
    )
    after = _by_place([comparison.resolve_new(item) for item in new.get("parameters", ())])
    for key, item in before.items():
        label = f"the parameter {key[1]!r} in {key[0]}"
        if key not in after:
            yield f"{label} is gone"
            continue
        if after[key].get("required") and not item.get("required"):
            yield f"{label} is required now"
        if item.get("explode", True) != after[key].get("explode", True):
            yield f"{label} is written in another way"
        schemas = (item.get("schema", {}), after[key].get("schema", {}))
        yield from comparison.request(*schemas, at=label)
    for (place, name), item in after.items():
        if (place, name) not in before and item.get("required"):
            yield f"the parameter {name!r} in {place} is new, and required"


def _by_place(
    parameters: Iterable[_Node], *, names: Mapping[str, str] = MappingProxyType({})
) -> dict[tuple[str, str], _Node]:
    """Return parameters by place and name; those in the path have the name that ``names`` says."""
    found = {}
    for item in parameters:
        name = names.get(item["name"], item["name"]) if item["in"] == "path" else item["name"]
        found[item["in"], name] = item
    return found


def _body(comparison: Comparison, old: _Node | None, new: _Node | None) -> Iterator[str]:
    before, after = comparison.resolve_old(old or {}), comparison.resolve_new(new or {})
    if after.get("required") and not before.get("required"):
        yield "the body is required now"
    for media_type, content in before.get("content", {}).items():
        if media_type not in after.get("content", {}):
            yield f"a body of {media_type} is not taken any more"
            continue
        schemas = (content.get("schema", {}), after["content"][media_type].get("schema", {}))
        yield from comparison.request(*schemas, at="the body")


def _successes(comparison: Comparison, old: _Node, new: _Node) -> Iterator[str]:
    answers = new.get("responses", {})
    for status, response in old.get("responses", {}).items():
        if not status.startswith(("1", "2", "3")):
            continue
        if status not in answers:
            yield f"the answer {status} is gone"
            continue
        before, after = comparison.resolve_old(response), comparison.resolve_new(answers[status])
        yield from _answer(comparison, before, after, label=f"the answer {status}")


def _answer(comparison: Comparison, old: _Node, new: _Node, *, label: str) -> Iterator[str]:
    for name in old.get("headers", {}):
        if name not in new.get("headers", {}):
            yield f"the header {name} of {label} is gone"
    for media_type, content in old.get("content", {}).items():
        if media_type not in new.get("content", {}):
            yield f"{label} is not {media_type} any more"
            continue
        schemas = (content.get("schema", {}), new["content"][media_type].get("schema", {}))
        yield from comparison.answer(*schemas, at=label)


def _security(old: Collection[_Node], new: Collection[_Node]) -> Iterator[str]:
    """Yield what clients must have now; where an alternative is empty, they need nothing."""
    is_open = not new or {} in new
    if not is_open and (not old or {} in old):
        yield "it needs authentication now"
    elif not is_open and not any(requirement in new for requirement in old):
        yield "it needs other credentials now"


def _shape_of(path: str) -> str:
    return re.sub(r"{[^}]*}", "{}", path)


def _variables_of(path: str) -> list[str]:
    found: list[str] = re.findall(r"{([^}]*)}", path)
    return found
