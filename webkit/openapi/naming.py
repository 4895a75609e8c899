"""Names of types, for people and for the programs that make clients from a document."""

import re
import types
from typing import Any, Literal, Union, get_args, get_origin

from webkit.models import bare


__all__ = ("path_of", "readable_name")


def readable_name(tp: Any) -> str:
    """Return ``Artist`` for a class, ``PageOfArtist`` for ``Page[Artist]``."""
    tp = bare(tp)
    kind, arguments = get_origin(tp) or tp, get_args(tp)
    if kind in (Union, types.UnionType):
        return "Or".join(map(readable_name, arguments))
    if kind is Literal:
        return "Or".join(_capital(str(value)) for value in arguments)
    name = _capital(getattr(kind, "__name__", str(kind)))
    return f"{name}Of{'And'.join(map(readable_name, arguments))}" if arguments else name


def path_of(tp: Any) -> str:
    """Return ``shop.views.Artist`` for a class, and as much for one with arguments."""
    cls = get_origin(tp) or tp
    name = cls.__qualname__.rpartition(">.")[2]
    return f"{cls.__module__}.{name if tp is cls else readable_name(tp)}"


def _capital(text: str) -> str:
    """Return the words in a text without what is between them, each with a capital."""
    words = re.split(r"[^A-Za-z0-9]+", text)
    return "".join(word[:1].upper() + word[1:] for word in words)
