"""Conversion: the tables of a tree become typed records, and every mistake on the way is told."""

import difflib
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin

import msgspec

from webkit.config.interpolation import Fault
from webkit.config.secrets import Secret, looks_secret
from webkit.config.values import Keys, Node, Table, Value, leaves, merged, plain, tabled
from webkit.config.variables import prefix_of


__all__ = ("Conversion", "defaults_of", "holds_secret", "members_of")

_BOOLEANS = {"yes": True, "on": True, "no": False, "off": False}
_SEQUENCES = (list, tuple, set, frozenset)
_UNIONS = (Union, types.UnionType)
_BROKEN: Any = object()
_DEFAULT = "default"

Resolve: TypeAlias = Callable[[Value, Keys], Value]
T = TypeVar("T", bound=msgspec.Struct)


class Conversion:
    """One section on its way into its type. ``problems`` has what is wrong with it."""

    def __init__(self, section: str, *, file: str, resolve: Resolve) -> None:
        self._section = section
        self._file = file
        self._resolve = resolve
        self.problems: list[str] = []

    def fields(self, table: Table, schema: type[msgspec.Struct], path: Keys = ()) -> dict[str, Any]:
        """Return the arguments of the schema as far as they are right."""
        fields = {field.encode_name: field for field in msgspec.structs.fields(schema)}
        path = path or (self._section,)
        found = {}
        for key, node in table.items():
            if key not in fields:
                self._refuse(node, (*path, key), f"unknown key. {_hint(key, fields)}")
                continue
            whole = _over_default(node, fields[key])
            value = self._converted(whole, fields[key].type, (*path, key))
            if value is not _BROKEN:
                found[fields[key].name] = value
        missing = [key for key, field in fields.items() if field.required and key not in table]
        self.problems += (self._missing((*path, key)) for key in missing)
        return found

    def record(self, table: Table, schema: type[T], path: Keys = ()) -> T | None:
        """Return the record that a table makes, None if something is wrong with it."""
        count = len(self.problems)
        found = self.fields(table, schema, path)
        if len(self.problems) > count:
            return None
        try:
            return schema(**found)
        except (ValueError, TypeError) as error:  # what __post_init__ finds
            reason = self._unless_hidden(table, str(error))
            where = f"{table.origin}: " if table.origin else ""
            self.problems.append(f"{where}{'.'.join(path) or self._section}: {reason}")
            return None

    def _converted(self, node: Node, wanted: Any, path: Keys) -> Any:
        if isinstance(node, Table):
            return self._table(node, wanted, path)
        is_secret = holds_secret(wanted)
        try:
            value = node if is_secret else self._resolve(node, path)
            raw = _understood(value, wanted)
            if value.is_text and isinstance(raw, dict):
                return self._table(tabled(raw, {}, file=value.origin), wanted, path)
            return msgspec.convert(raw, wanted, strict=not value.is_text, dec_hook=_decoded)
        except Fault as fault:
            return self._refuse(node, path, str(fault))
        except (msgspec.ValidationError, msgspec.DecodeError, TypeError) as error:
            is_hidden = is_secret or value.is_hidden or looks_secret(path[-1])
            reason = str(error) + _instead(wanted) * (str(error).startswith("Invalid enum value"))
            return self._refuse(node, path, _misfit(value.raw, reason, is_hidden=is_hidden))

    def _table(self, table: Table, wanted: Any, path: Keys) -> Any:
        """Return what a table makes: a record, a mapping, or what else is made of one."""
        kinds = list(members_of(wanted))
        schema = next((kind for kind in kinds if _is_struct(kind)), None)
        if schema is not None:
            made = self.record(table, schema, path)
            return _BROKEN if made is None else made
        mapping = next((kind for kind in kinds if get_origin(kind) is dict), None)
        if mapping is not None:
            _, item = get_args(mapping)
            found = {key: self._converted(node, item, (*path, key)) for key, node in table.items()}
            return _BROKEN if any(item is _BROKEN for item in found.values()) else found
        return self._converted(Value(raw=plain(table), origin=table.origin), wanted, path)

    def _unless_hidden(self, table: Table, reason: str) -> str:
        """Return a reason of the project's own, unless it gives away what is not to be shown."""
        shown = (str(value.raw) for key, value in leaves(table) if looks_secret(key))
        return "does not fit" if any(text and text in reason for text in shown) else reason

    def _refuse(self, node: Node, path: Keys, reason: str) -> Any:
        where = f"{node.origin}: " if node.origin else ""
        self.problems.append(f"{where}{'.'.join(path)}: {reason}")
        return _BROKEN

    def _missing(self, path: Keys) -> str:
        variable = f"{prefix_of(self._section)}{'__'.join(path[1:]).upper()}"
        return f"{'.'.join(path)}: is missing. Set it in {self._file}, or {variable}"


def defaults_of(schema: type[msgspec.Struct]) -> Table:
    """Return the layer below all others: what a schema has where nobody says anything."""
    found = Table(origin=_DEFAULT)
    for field in msgspec.structs.fields(schema):
        value = _default_of(field)
        if isinstance(value, msgspec.Struct):
            found[field.encode_name] = _table_of(value)
        elif value is not msgspec.NODEFAULT:
            is_hidden = holds_secret(field.type)
            raw = value.reveal() if isinstance(value, Secret) else value
            found[field.encode_name] = Value(raw=raw, origin=_DEFAULT, is_hidden=is_hidden)
    return found


def holds_secret(wanted: Any) -> bool:
    """Tell whether a type is `Secret`, or made of it."""
    return _holds_secret(wanted, ())


def _holds_secret(wanted: Any, above: tuple[Any, ...]) -> bool:
    if wanted in above:
        return False
    parts = get_args(wanted)
    if _is_struct(wanted):
        parts = tuple(field.type for field in msgspec.structs.fields(wanted))
    return wanted is Secret or any(_holds_secret(part, (*above, wanted)) for part in parts)


def _default_of(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def _over_default(node: Node, field: msgspec.structs.FieldInfo) -> Node:
    """Return a table on top of the record that is its default."""
    below = _default_of(field) if isinstance(node, Table) else None
    if isinstance(node, Table) and isinstance(below, msgspec.Struct):
        return merged(_table_of(below), node)
    return node


def _table_of(record: msgspec.Struct) -> Table:
    """Return a record that is a default as a layer that others may lie on."""
    found = Table(origin=_DEFAULT)
    for field in msgspec.structs.fields(record):
        value = getattr(record, field.name)
        is_record = isinstance(value, msgspec.Struct)
        found[field.encode_name] = (
            _table_of(value) if is_record else Value(raw=value, origin=_DEFAULT)
        )
    return found


def _hint(key: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known) or 'none'}"


def _misfit(raw: Any, reason: str, *, is_hidden: bool) -> str:
    if not is_hidden:
        return f"{raw!r} does not fit: {reason}"
    return "the value does not fit" + ("" if str(raw) in reason else f": {reason}")


def members_of(wanted: Any) -> Iterator[Any]:
    """Yield the types of which a value may have one."""
    if get_origin(wanted) is Annotated:
        yield from members_of(get_args(wanted)[0])
    elif get_origin(wanted) in _UNIONS:
        for member in get_args(wanted):
            yield from members_of(member)
    else:
        yield wanted


def _choices_of(wanted: Any) -> list[Any]:
    kinds = members_of(wanted)
    return [choice for kind in kinds if get_origin(kind) is Literal for choice in get_args(kind)]


def _instead(wanted: Any) -> str:
    """Return what to write in place of a value that is none of those that a type knows."""
    choices = _choices_of(wanted)
    return f". Use one of {', '.join(map(repr, choices))}" if choices else ""


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _understood(value: Value, wanted: Any) -> Any:
    """Return what a value stands for, where it is not for msgspec to see."""
    text, kinds = value.raw, list(members_of(wanted))
    if not isinstance(text, str) or str in kinds:
        return text
    choices = _choices_of(wanted)
    if choices:
        return next((c for c in choices if str(c).lower() == text.lower()), text)
    if not value.is_text:
        return text
    if bool in kinds and text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    return _collected(text.strip(), kinds)


def _collected(text: str, kinds: list[Any]) -> Any:
    """Return a text as the list or mapping that it may be: JSON, lines, or words with commas."""
    roots = {get_origin(kind) or kind for kind in kinds}
    is_list = not roots.isdisjoint(_SEQUENCES)
    is_table = dict in roots or any(map(_is_struct, roots))
    if (is_list and text.startswith("[")) or (is_table and text.startswith("{")):
        return msgspec.json.decode(text)
    if not is_list:
        return text
    parts = text.splitlines() if "\n" in text else text.split(",")
    return [part.strip() for part in parts if part.strip()]


def _decoded(wanted: type, raw: Any) -> Any:
    """Return the values of types that msgspec does not know."""
    if wanted in {Secret, Path} and isinstance(raw, str):
        return wanted(raw)
    raise TypeError(f"Expected `{wanted.__name__}`, got `{type(raw).__name__}`")
