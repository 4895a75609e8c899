"""Parameters: from a name and an annotation to the place in a request that fills it.

In this order: the request; what ``Annotated[..., Query()]`` and its kin say; a variable of the
path; a model (body where the method has one, else parameters of the query); a file; a plain value
(query). Whatever else is asked for is a mistake.
"""

import datetime as dt
import decimal
import enum
import inspect
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, NewType, get_args, get_origin

from aiohttp import hdrs, web

from webkit.models import bare, is_model, members
from webkit.sources import (
    MISSING,
    BodySource,
    FileSource,
    ModelSource,
    PathSource,
    RequestSource,
    Source,
    TextSource,
)
from webkit.websockets import SocketSource, is_socket


__all__ = (
    "Body",
    "Cookie",
    "File",
    "Form",
    "Header",
    "Marker",
    "ParameterError",
    "Query",
    "source_of",
)

_WITH_BODY = frozenset({hdrs.METH_POST, hdrs.METH_PUT, hdrs.METH_PATCH, hdrs.METH_DELETE})
_PLAIN = (
    *(str, bytes, int, float, bool, decimal.Decimal, uuid.UUID, enum.Enum, type(None)),
    *(dt.date, dt.time, dt.timedelta),
)
_CONTAINERS = (list, set, frozenset, tuple)


class ParameterError(Exception):
    """A parameter that nothing in a request can fill; the text says why, and what would."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Overrules the guess. ``alias`` is the name in the request, else the parameter's own.

    A marker for what no ``place`` tells brings a ``source`` of its own.
    """

    place: ClassVar[str] = ""
    source: ClassVar[type[Source] | None] = None

    alias: str | None = None


class Query(Marker):
    """A parameter of the query string; of a model, its fields."""

    __slots__ = ()
    place = "query"


class Header(Marker):
    """A header: ``Header("X-Token")``, or the parameter's name with dashes."""

    __slots__ = ()
    place = "header"


class Cookie(Marker):
    """A cookie."""

    __slots__ = ()
    place = "cookie"


class Body(Marker):
    """The body as JSON; ``Annotated[bytes, Body()]`` takes it as it came."""

    __slots__ = ()
    place = "body"


class Form(Marker):
    """A field of a form; of a model, its fields."""

    __slots__ = ()
    place = "form"


class File(Marker):
    """A file of a multipart form."""

    __slots__ = ()
    place = "file"


def source_of(
    parameter: inspect.Parameter, hint: Any, *, variables: Collection[str], method: str
) -> Source:
    """Return how ``parameter``, annotated with ``hint``, is filled.

    ``variables`` are the names in the path of the route, ``method`` its verb.

    Raises:
        ParameterError: nothing in such a request fits the parameter.
    """
    name = parameter.name
    if name == "request" or (isinstance(hint, type) and issubclass(hint, web.BaseRequest)):
        kind: type[Source] = RequestSource
        place, alias = "", name
    else:
        marker = _marker_of(hint)
        hint = _unmarked(hint)
        if hint is inspect.Parameter.empty and name in variables:
            hint = str
        place = marker.place if marker else _guess(name, hint, variables=variables, method=method)
        alias = (marker.alias if marker else None) or _alias_of(name, place)
        if place == "cookie" and get_origin(_only(hint)) in _CONTAINERS:
            raise ParameterError(f"parameter {name!r}: a cookie has one value, not {hint!r}")
        kind = (marker.source if marker else None) or _kind_of(place, hint)
    return kind(
        name=name,
        alias=alias,
        type=hint,
        default=MISSING if parameter.default is inspect.Parameter.empty else parameter.default,
        keyword=parameter.kind is inspect.Parameter.KEYWORD_ONLY,
        place=place,
    )


def _marker_of(hint: Any) -> Marker | None:
    extras = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    for extra in extras:
        if isinstance(extra, Marker):
            return extra
        if isinstance(extra, type) and issubclass(extra, Marker):
            return extra()
    return None


def _unmarked(hint: Any) -> Any:
    """Return a type with its constraints, and without markers."""
    if get_origin(hint) is not Annotated:
        return hint
    tp, *extras = get_args(hint)
    kept = [
        extra
        for extra in extras
        if not isinstance(extra, Marker)
        and not (isinstance(extra, type) and issubclass(extra, Marker))
    ]
    return Annotated[tp, *kept] if kept else tp


def _guess(name: str, hint: Any, *, variables: Collection[str], method: str) -> str:
    """Return the place of a parameter that says nothing of it."""
    if hint is inspect.Parameter.empty:
        known = ", ".join(repr(item) for item in ("request", *variables))
        raise ParameterError(
            f"parameter {name!r} has no annotation, and is neither the request nor a variable of"
            f" the path. This route knows {known}"
        )
    if name in variables:
        return "path"
    if _has_model(hint):
        return _place_of_model(name, hint, method=method)
    for place, is_there in (("socket", is_socket), ("file", _is_file), ("query", _is_plain)):
        if is_there(hint):
            return place
    raise ParameterError(
        f"parameter {name!r}: nothing in a request is {hint!r}. Use a model, a plain type, or"
        " Annotated[..., Body()]"
    )


def _place_of_model(name: str, hint: Any, *, method: str) -> str:
    if method in _WITH_BODY:
        return "body"
    if is_model(_only(hint)):
        return "query"
    raise ParameterError(f"parameter {name!r}: {method} has no body that could fill {hint!r}")


def _is_file(hint: Any) -> bool:
    return _only(hint) is web.FileField


def _kind_of(place: str, hint: Any) -> type[Source]:
    if place in ("query", "form") and is_model(_only(hint)):
        return ModelSource
    kinds = {
        "path": PathSource,
        "body": BodySource,
        "file": FileSource,
        "socket": SocketSource,
    }
    return kinds.get(place, TextSource)


def _alias_of(name: str, place: str) -> str:
    return name.replace("_", "-") if place == "header" else name


def _only(hint: Any) -> Any:
    """Return the one type in an optional, bare; the hint itself where there are several."""
    kinds = [bare(member) for member in members(hint) if bare(member) is not type(None)]
    return kinds[0] if len(kinds) == 1 else hint


def _has_model(hint: Any) -> bool:
    kinds = [bare(member) for member in members(hint)]
    return any(
        (is_model(kind) and kind is not web.FileField)
        or kind is dict
        or get_origin(kind) is dict
        or (get_origin(kind) in _CONTAINERS and any(map(_has_model, get_args(kind))))
        for kind in kinds
    )


def _is_plain(hint: Any) -> bool:
    """Tell whether texts of a query can be read as a type."""
    kinds = [bare(member) for member in members(hint)]
    return all(
        kind is Any
        or get_origin(kind) is Literal
        or isinstance(kind, NewType)
        or (isinstance(kind, type) and issubclass(kind, _PLAIN))
        or (get_origin(kind) in _CONTAINERS and all(map(_is_plain, get_args(kind))))
        or kind is ...
        for kind in kinds
    )
