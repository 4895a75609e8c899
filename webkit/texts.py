"""Texts of a request, in its query, headers, cookies or form, and how they are read as a type."""

import functools
from collections.abc import Callable, Iterable
from operator import getitem
from typing import Any

from webkit.codec import convert, reader_of
from webkit.models import fields_of, has_commas, is_array, members, refuses_unknown


__all__ = ("decoded", "has_any", "is_many", "plain", "read_model", "taker_of", "text_reader_of")


def text_reader_of(tp: Any, place: str) -> Callable[[Any], Any] | None:
    """Return the function that reads a text, or a list of texts, as ``tp``; None if it is that."""
    read = None if tp in (str, str | None) else reader_of(tp)
    if read and has_commas(tp):
        read = _compose(read, _parted)
    if place == "query":  # which is Unicode, and has no files
        return read
    return _compose(read, decoded) if read else _text


def decoded(value: Any) -> Any:
    """Return a text, or a list of texts, as it is.

    Raises:
        UnicodeEncodeError: there are bytes in it that are no UTF-8, as a header may have them.
    """
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str):
            text.encode()
    return value


def read_model(tp: Any, texts: Any) -> Any:
    """Return a mapping of texts as a model; raises one of ``MISFITS``."""
    return convert(plain(tp, texts), tp)


def has_any(tp: Any, texts: Any) -> bool:
    """Tell whether any of the texts is for a model: a field of it, or what it refuses."""
    takers, is_closed = _takers_of(tp)
    return bool(texts) if is_closed else not takers.keys().isdisjoint(texts)


def plain(tp: Any, texts: Any) -> dict[str, Any]:
    """Return the texts that are fields of a model; all of them if it refuses unknown ones."""
    takers, is_closed = _takers_of(tp)
    names = texts.keys() if is_closed else takers
    return {name: takers.get(name, getitem)(texts, name) for name in names if name in texts}


def taker_of(tp: Any) -> Callable[[Any, str], Any]:
    """Return what takes the text of a name, or the list of all its texts, as the type has it."""
    if not is_many(tp):
        return getitem
    if has_commas(tp):
        return lambda texts, name: _parted(texts.getall(name))
    return lambda texts, name: texts.getall(name)


def is_many(tp: Any) -> bool:
    """Tell whether a type takes all texts of a name."""
    return any(map(is_array, members(tp)))


@functools.lru_cache(maxsize=1024)
def _takers_of(tp: Any) -> tuple[dict[str, Callable[[Any, str], Any]], bool]:
    return {item.alias: taker_of(item.type) for item in fields_of(tp)}, refuses_unknown(tp)


def _compose(outer: Callable[[Any], Any], inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: outer(inner(value))


def _parted(texts: Iterable[str]) -> list[str]:
    parts = (part.strip(" \t") for text in texts for part in text.split(","))
    return [part for part in parts if part]


def _text(value: Any) -> str:
    """Return a text; raises ValueError for the file that a field of a form may be."""
    if not isinstance(value, str):
        raise ValueError("not a text")
    value.encode()
    return value
