"""Narrowings of schemas: what fitted before and does not now, or can come now and could not.

1. A request may not be narrowed: what a client sends must still be taken, and needed.
2. An answer may not be widened: what a client reads must still be there, and of its type. More
   choices of an enumeration are no widening.
3. Alternatives are told apart by their type, and by the tag of an object.
"""

from collections.abc import Iterator, Mapping
from typing import Any


__all__ = ("Comparison",)

_ANY = "anything"
_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_EXACT = ("pattern", "multipleOf")
_NUMBERS = ("integer", "number")  # whose format repeats their limits
_Node = Mapping[str, Any]


class Comparison:
    """Compares the schemas of two documents."""

    def __init__(self, old: _Node, new: _Node) -> None:
        self._documents = (old, new)
        self._seen: set[tuple[int, int, bool]] = set()

    def resolve_old(self, node: _Node) -> _Node:
        """Return what a node of the old document refers to, or the node itself."""
        return _resolved(node, self._documents[0])

    def resolve_new(self, node: _Node) -> _Node:
        """Return what a node of the new document refers to, or the node itself."""
        return _resolved(node, self._documents[1])

    def request(self, old: Any, new: Any, *, at: str) -> Iterator[str]:
        """Yield what clients may not send any more; ``at`` is what they send."""
        yield from self._compared(old, new, at=at, is_request=True)

    def answer(self, old: Any, new: Any, *, at: str) -> Iterator[str]:
        """Yield what clients may read now that they do not know; ``at`` is what they read."""
        yield from self._compared(old, new, at=at, is_request=False)

    def _compared(self, old: Any, new: Any, *, at: str, is_request: bool) -> Iterator[str]:
        before = self._alternatives(old, is_old=True)
        after = self._alternatives(new, is_old=False)
        needed, known = (before, after) if is_request else (after, before)
        for kind, schema in needed.items():
            other = _found(kind, known)
            if other is None:
                shown = ", ".join(name for name, _ in known)
                verb = "is not taken any more, only" if is_request else "is possible now, not only"
                yield f"{at}: {kind[0]} {verb} {shown}"
                continue
            pair = (schema, other) if is_request else (other, schema)
            key = (id(pair[0]), id(pair[1]), is_request)
            if key not in self._seen:
                self._seen.add(key)
                yield from self._plain(*pair, at=at, is_request=is_request)

    def _plain(self, old: _Node, new: _Node, *, at: str, is_request: bool) -> Iterator[str]:
        """Yield the differences of two schemas of one kind."""
        if is_request:
            yield from (f"{at}: {text}" for text in _tightened(old, new))
        elif old.get("type") not in _NUMBERS and old.get("format") not in {None, new.get("format")}:
            yield f"{at}: the format is not {old['format']} any more"
        yield from self._fields(old, new, at=at, is_request=is_request)
        for key, place in (("items", "an item"), ("additionalProperties", "a value")):
            if isinstance(old.get(key), Mapping) and isinstance(new.get(key), Mapping):
                parts = (old[key], new[key])
                yield from self._compared(*parts, at=f"{at}, {place}", is_request=is_request)
        pairs = zip(old.get("prefixItems", ()), new.get("prefixItems", ()), strict=False)
        for number, parts in enumerate(pairs, 1):
            yield from self._compared(*parts, at=f"{at}, item {number}", is_request=is_request)

    def _fields(self, old: _Node, new: _Node, *, at: str, is_request: bool) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        if is_request and "properties" not in new:
            return  # whatever is sent, is taken
        needed = set(new.get("required", ())), set(old.get("required", ()))
        for name, schema in before.items():
            if name not in after:
                yield f"{at}: the field {name!r} is gone"
                continue
            if is_request and name in needed[0] - needed[1]:
                yield f"{at}: the field {name!r} is required now"
            if not is_request and name in needed[1] - needed[0]:
                yield f"{at}: the field {name!r} may be missing now"
            parts = (schema, after[name])
            yield from self._compared(*parts, at=f"{at}, field {name!r}", is_request=is_request)
        for name in new.get("required", ()):
            if is_request and name not in before:
                yield f"{at}: the field {name!r} is new, and required"

    def _alternatives(self, schema: Any, *, is_old: bool) -> dict[tuple[str, Any], _Node]:
        """Return the alternatives of a schema by their kind."""
        resolve = self.resolve_old if is_old else self.resolve_new
        node = resolve(schema) if isinstance(schema, Mapping) else {}
        options = [*node.get("anyOf", ()), *node.get("oneOf", ())]
        if options:
            found: dict[tuple[str, Any], _Node] = {}
            for option in options:
                found |= self._alternatives(option, is_old=is_old)
            return found
        return {(kind, self._tag_of(node, kind)): node for kind in _types_of(node)}

    def _tag_of(self, node: _Node, kind: str) -> Any:
        """Return the value by which an object is told from others, as a text."""
        for name in node.get("required", ()) if kind == "object" else ():
            values = node.get("properties", {}).get(name, {}).get("enum", ())
            if len(values) == 1:
                return str(values[0])
        return ""


def _resolved(node: _Node, document: _Node) -> _Node:
    """Return what a node refers to, through any number of references."""
    for _ in range(100):  # no document has more on the way, but for a circle
        if "$ref" not in node:
            break
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target.get(part.replace("~1", "/").replace("~0", "~"), {})
        node = target
    return node


def _types_of(node: _Node) -> list[str]:
    types = node.get("type")
    if isinstance(types, list):
        return types
    if types:
        return [types]
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
    found = [kinds.get(type(value), _ANY) for value in node.get("enum", ())]
    found += ["object"] if "properties" in node else []
    return list(dict.fromkeys(found)) or [_ANY]


def _found(kind: tuple[str, Any], known: Mapping[tuple[str, Any], _Node]) -> _Node | None:
    """Return the alternative for a kind: of this kind, or of one that holds it."""
    name, tag = kind
    wider = [kind, ("number", "")] if name == "integer" else [kind]
    untagged = [(name, other) for kind_name, other in known if kind_name == name]
    if len(untagged) == 1 and not (tag and untagged[0][1]):
        wider += untagged
    return next((known[key] for key in (*wider, (_ANY, "")) if key in known), None)


def _tightened(old: _Node, new: _Node) -> Iterator[str]:
    """Yield the limits that what was allowed before does not keep."""
    yield from _fewer(old, new)
    for names, is_tighter in ((_LEAST, _is_more), (_MOST, _is_less)):
        for name in names:
            if name in new and is_tighter(new[name], old.get(name)):
                before = f", not {old[name]}" if name in old else ""
                yield f"{name} is {new[name]} now{before}"
    for name in _EXACT if new.get("type") in _NUMBERS else (*_EXACT, "format"):
        if name in new and new[name] != old.get(name):
            yield f"{name} is {new[name]} now"
    if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
        yield "no other fields are taken any more"


def _fewer(old: _Node, new: _Node) -> Iterator[str]:
    """Yield the choices that were there before and are not now."""
    lost = [item for item in old.get("enum", ()) if item not in new.get("enum", (item,))]
    if lost:
        yield f"{_listed(lost)} is not taken any more"
    if "enum" in new and "enum" not in old:
        yield f"only {_listed(new['enum'])} are taken now"


def _is_more(new: float, old: float | None) -> bool:
    return old is None or new > old


def _is_less(new: float, old: float | None) -> bool:
    return old is None or new < old


def _listed(values: list[Any]) -> str:
    return ", ".join(map(repr, values))
