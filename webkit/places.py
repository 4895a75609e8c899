"""Places in a request: what cannot stand in each of them, whatever it is called.

Each problem is a sentence without the parameter that it is about.
"""

import collections.abc
import re
from collections.abc import Collection
from typing import Any, get_args, get_origin

from aiohttp import hdrs, web

from webkit.models import bare, is_array, is_model, members, shown_type
from webkit.soundness import is_text


__all__ = ("OF_MODELS", "WITH_BODY", "is_file", "only", "place_problem")

OF_MODELS = ("query", "form", "header")  # whose texts may be the fields of a model
_FROM_BODY = frozenset({"body", "form", "file"})
_LISTS = (list, collections.abc.Sequence)
_TEXTS = frozenset({"path", "query", "header", "cookie", "form"})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)  # RFC 9110, 5.6.2
WITH_BODY = frozenset({hdrs.METH_POST, hdrs.METH_PUT, hdrs.METH_PATCH, hdrs.METH_DELETE})
_WORDS = {"path": "variable of the path", "query": "parameter", "form": "field"}


def place_problem(
    alias: str, place: str, hint: Any, *, variables: Collection[str], method: str
) -> str:
    """Return why nothing of this name and type can be in this place of such a request."""
    kind = shown_type(hint)
    is_model_of_texts = place in OF_MODELS and is_model(only(hint))
    is_many = any(map(is_array, members(hint)))
    known = ", ".join(map(repr, variables)) or "none"
    word = _WORDS.get(place, place)
    problems = {
        f"the path has no variable {alias!r}. It has {known}": (
            place == "path" and alias not in variables
        ),
        f"{method} has no body. Take it from the query, or serve POST": (
            place in _FROM_BODY and method not in WITH_BODY
        ),
        f"a WebSocket is opened by GET, not by {method}": (
            place == "socket" and method != hdrs.METH_GET
        ),
        f"{alias!r} is no name of a header": place == "header" and not _TOKEN.fullmatch(alias),
        f"a {word} has one value, not {kind}": place in ("cookie", "path") and is_many,
        f"a file is a web.FileField, or a list of them, and not {kind}": place == "file"
        and not is_file(hint),
        f"no {word} can be {kind}. Take single values": (
            place in _TEXTS and not is_model_of_texts and not is_text(hint)
        ),
    }
    return next((problem for problem, is_there in problems.items() if is_there), "")


def is_file(hint: Any) -> bool:
    """Tell whether a type is a file of a form, or a list of them."""
    kind = only(hint)
    return kind is web.FileField or (
        (get_origin(kind) in _LISTS) and get_args(kind)[0] is web.FileField
    )


def only(hint: Any) -> Any:
    """Return the one type in an optional, bare; the hint itself where there are several."""
    kinds = [bare(member) for member in members(hint) if bare(member) is not type(None)]
    return kinds[0] if len(kinds) == 1 else hint
