"""Secrets: values that do not show themselves, and how to tell one from a placeholder."""

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec


__all__ = ("Secret", "key_problems", "looks_secret", "placeholder_problems", "secrets_in")

_SHORTEST_KEY = 32  # characters: 128 bits even if only hexadecimal digits are used
_PLACEHOLDERS = ("changeme", "change-me", "changethis", "change-this", "insecure", "placeholder")
_WORDS = ("password", "passphrase", "secret", "credentials")  # misspelt ones are hidden, too
_NAMES = re.compile(r"(^|_)(pass|passwd|pwd|token|api_?key|private_?key|dsn)(_|$)")


class Secret:
    """A value that does not show itself; ``reveal`` is the only way to it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value itself."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(***)" if self._value else "Secret()"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


def looks_secret(key: str) -> bool:
    """Tell whether the value of a key without a type is better not shown: ``db_password``."""
    name = key.lower().replace("-", "_")
    near = (difflib.get_close_matches(word, _WORDS, cutoff=0.85) for word in name.split("_"))
    return _NAMES.search(name) is not None or any(near)


def key_problems(key: Secret | None, place: str, *, variable: str) -> list[str]:
    """Return why a key that signs is none that production may run with."""
    text = key.reveal() if key else ""
    if len(text) >= _SHORTEST_KEY and not _is_placeholder(text):
        return []
    what = "is a placeholder or too short" if text else "is missing"
    return [
        f"{place}: {what} in production."
        f" Set {variable} to at least {_SHORTEST_KEY} random characters"
    ]


def placeholder_problems(record: msgspec.Struct, place: str, *, without: str = "") -> list[str]:
    """Return which secrets of a record production may not run with."""
    return [
        f"{path}: is a placeholder in production. Set it to what is secret"
        for path, secret in _placed_secrets(record, place)
        if _is_placeholder(secret.reveal()) and path != f"{place}.{without}"
    ]


def _is_placeholder(text: str) -> bool:
    return any(word in text.lower() for word in _PLACEHOLDERS)


def secrets_in(value: Any) -> Iterator[Secret]:
    """Yield every secret in a record, and in records, tables and lists in it."""
    return (secret for _, secret in _placed_secrets(value, ""))


def _placed_secrets(value: Any, path: str) -> Iterator[tuple[str, Secret]]:
    """Yield every secret in a record, with its dotted place below ``path``."""
    if isinstance(value, Secret):
        yield path, value
    for key, item in _items(value):
        yield from _placed_secrets(item, f"{path}.{key}")


def _items(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, msgspec.Struct):
        return ((name, getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, (list, tuple, set, frozenset)) else ()
