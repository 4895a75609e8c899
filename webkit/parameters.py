"""Parameters: from a name and an annotation to the place in a request that fills it.

In this order: the request; a service; what ``Annotated[..., Query()]`` and its kin say; a variable
of the path; a model (body where the method has one, else parameters of the query); a file; a plain
value (query). Whatever else is asked for is a mistake.
"""

import inspect
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, get_args, get_origin

from aiohttp import web

from webkit.injections import ServiceSource, is_service
from webkit.models import bare, is_array, is_mapping, is_model, members, shown_type
from webkit.places import OF_MODELS, WITH_BODY, is_file, only, place_problem
from webkit.soundness import is_text
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
    "Path",
    "Query",
    "is_marked",
    "source_of",
)


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


class Path(Marker):
    """A variable of the path: ``Path("id")``, or the one of the parameter's name."""

    __slots__ = ()
    place = "path"


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
    elif is_service(hint):
        kind, place, alias = ServiceSource, "", name
    else:
        marker = _marker_of(parameter, hint)
        hint = _unmarked(hint)
        if hint is inspect.Parameter.empty and name in variables:
            hint = str
        place = marker.place if marker else _guess(name, hint, variables=variables, method=method)
        alias = (marker.alias if marker else None) or _alias_of(name, place)
        if place == "body" and marker and marker.alias:
            raise ParameterError(f"parameter {name!r}: a body has no name. Write Body()")
        problem = place_problem(alias, place, hint, variables=variables, method=method)
        if problem:
            raise ParameterError(f"parameter {name!r}: {problem}")
        kind = (marker.source if marker else None) or _kind_of(place, hint)
    return kind(
        name=name,
        alias=alias,
        type=hint,
        default=MISSING if parameter.default is inspect.Parameter.empty else parameter.default,
        keyword=parameter.kind is inspect.Parameter.KEYWORD_ONLY,
        place=place,
    )


def is_marked(hint: Any) -> bool:
    """Tell whether an annotation says where the value is."""
    return any(map(_is_marker, _extras(hint)))


def _extras(hint: Any) -> tuple[Any, ...]:
    return get_args(hint)[1:] if get_origin(hint) is Annotated else ()


def _is_marker(extra: Any) -> bool:
    return isinstance(extra, Marker) or (isinstance(extra, type) and issubclass(extra, Marker))


def _marker_of(parameter: inspect.Parameter, hint: Any) -> Marker | None:
    """Return the marker of a parameter.

    Raises:
        ParameterError: there are several, or it stands where a marker means nothing.
    """
    name = parameter.name
    for misplaced, advice in ((parameter.default, shown_type(_unmarked(hint))), (hint, "...")):
        if _is_marker(misplaced):
            raise ParameterError(
                f"parameter {name!r}: a marker belongs into the annotation. Write"
                f" {name}: Annotated[{advice}, {_shown(misplaced)}]"
            )
    found = [extra for extra in _extras(hint) if _is_marker(extra)]
    if len(found) > 1:
        names = " and ".join(map(_shown, found))
        raise ParameterError(f"parameter {name!r} has {names}. It comes from one place")
    marker: Any = next(iter(found), None)
    made: Marker | None = marker() if isinstance(marker, type) else marker
    return made


def _shown(marker: Any) -> str:
    """Return a marker as it is written."""
    kind = marker if isinstance(marker, type) else type(marker)
    alias = None if marker is kind else marker.alias
    return f"{kind.__name__}({'' if alias is None else repr(alias)})"


def _unmarked(hint: Any) -> Any:
    """Return a type with its constraints, and without markers."""
    if get_origin(hint) is not Annotated:
        return hint
    tp, *extras = get_args(hint)
    kept = [extra for extra in extras if not _is_marker(extra)]
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
    for place, is_there in (("socket", is_socket), ("file", is_file), ("query", is_text)):
        if is_there(hint):
            return place
    raise ParameterError(
        f"parameter {name!r}: nothing in a request is {shown_type(hint)}. Use a model, a plain"
        " type, or Annotated[..., Body()]"
    )


def _place_of_model(name: str, hint: Any, *, method: str) -> str:
    if method in WITH_BODY:
        return "body"
    if is_model(only(hint)):
        return "query"
    raise ParameterError(
        f"parameter {name!r}: {method} has no body that could fill {shown_type(hint)}"
    )


def _kind_of(place: str, hint: Any) -> type[Source]:
    if place in OF_MODELS and is_model(only(hint)):
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


def _has_model(hint: Any) -> bool:
    kinds = [bare(member) for member in members(hint)]
    return any(
        (is_model(kind) and kind is not web.FileField)
        or is_mapping(kind)
        or (is_array(kind) and any(map(_has_model, get_args(kind))))
        for kind in kinds
    )
