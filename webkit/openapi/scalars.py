"""JSON Schemas of plain types and of constraints: what the codec takes, and nothing else.

``msgspec.json.schema`` says less: it has nothing on a datetime whose zone is open, calls a duration
what JSON cannot hold, and lets any text be base64. A client that is generated from such a schema,
or a test that draws values from it, learns of the rest from a 422.
"""

import datetime as dt
import decimal
import types
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec


__all__ = ("DIGITS", "PLAIN", "constrained", "sized")

# The keys of mappings that are integers, and what else is an integer as text.
DIGITS = "^(?:0|-?[1-9][0-9]*)$"
_BASE64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_DECIMAL = r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]{1,4})?$"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_ZONE = "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
_SECONDS = r"[0-9]{1,8}(?:\.[0-9]+)?S"
_MINUTES = f"(?:[0-9]{{1,8}}M(?:{_SECONDS})?|{_SECONDS})"
_HOURS = f"T(?:[0-9]{{1,8}}H{_MINUTES}?|{_MINUTES})"
_DURATION = f"^[+-]?P(?:[0-9]{{1,8}}D(?:{_HOURS})?|{_HOURS})$"

_TEXT: Mapping[str, Any] = {"type": "string"}
_BYTES: Mapping[str, Any] = {**_TEXT, "contentEncoding": "base64", "pattern": _BASE64}
PLAIN: Mapping[Any, Mapping[str, Any]] = {
    Any: {},
    object: {},
    msgspec.Raw: {},
    None: {"type": "null"},
    types.NoneType: {"type": "null"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: _TEXT,
    bytes: _BYTES,
    bytearray: _BYTES,
    memoryview: _BYTES,
    uuid.UUID: {**_TEXT, "format": "uuid"},
    # It is written as text, and read from numbers as well.
    decimal.Decimal: {"type": ["string", "number"], "format": "decimal", "pattern": _DECIMAL},
    dt.date: {**_TEXT, "format": "date"},
    dt.datetime: {**_TEXT, "format": "date-time"},
    # The formats "time" and "duration" of JSON Schema want a zone, and have neither signs nor
    # fractions: what Python sends would not fit them.
    dt.time: {**_TEXT, "pattern": f"^{_CLOCK}{_ZONE}?$"},
    dt.timedelta: {**_TEXT, "pattern": _DURATION},
}
# By format, or its absence, and what Meta(tz=...) says: what the schema says instead.
_ZONED: Mapping[tuple[str, bool], Mapping[str, Any]] = {
    ("date-time", False): {
        "format": "date-time-local",
        "pattern": f"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[Tt ]{_CLOCK}$",
    },
    ("", True): {"format": "time", "pattern": f"^{_CLOCK}{_ZONE}$"},
    ("", False): {"format": "time-local", "pattern": f"^{_CLOCK}$"},
}
_KEYWORDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "pattern": "pattern",
    "title": "title",
    "description": "description",
    "examples": "examples",
}
# By type: what its length is called.
_NOUNS = {"string": "Length", "array": "Items", "object": "Properties"}


def constrained(schema: Mapping[str, Any], metas: Iterable[msgspec.Meta]) -> dict[str, Any]:
    """Return a schema with what ``metas`` say; a later one overrules those before."""
    found = dict(schema)
    for meta in metas:
        if meta.tz is not None:
            found |= _ZONED.get((found.get("format", ""), meta.tz), {})
        for name, keyword in _KEYWORDS.items():
            value = getattr(meta, name)
            if value is not None:
                found[keyword] = value
        for bound, length in (("min", meta.min_length), ("max", meta.max_length)):
            if length is not None:
                noun = _NOUNS.get(found.get("type", ""), "Length")
                is_encoded = "contentEncoding" in found
                found[f"{bound}{noun}"] = 4 * ((length + 2) // 3) if is_encoded else length
        found |= msgspec.to_builtins(meta.extra_json_schema or {}, str_keys=True)
    return sized(found)


def sized(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema; if it bounds an integer to what 32 or 64 bits hold, with that format."""
    if schema.get("type") == "integer" and {"minimum", "maximum"} <= schema.keys():
        for bits in (32, 64):
            limit = 2 ** (bits - 1)
            if -limit <= schema["minimum"] and schema["maximum"] < limit:
                return {**schema, "format": f"int{bits}"}
    return schema
