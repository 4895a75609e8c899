"""Contracts: ``@takes`` and ``@returns``, which say of a function what annotations say elsewhere.

They record, and never wrap. The compiler reads them into the same parameters and outputs that it
makes of annotations, so both styles are checked, answered and documented alike.
"""

import enum
import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, TypeVar, get_origin

import msgspec
from aiohttp import web

from webkit.models import (
    bare,
    fields_of,
    is_model,
    refuses_unknown,
    shown_type,
    to_model,
    values_of,
)
from webkit.outputs import ANYTHING
from webkit.parameters import Body, Header, Marker, Path, Query
from webkit.replies import Reply
from webkit.sources import BodySource, ModelSource, Script, Source


__all__ = ("Contract", "Count", "HttpParams", "RequestProp", "contract_of", "returns", "takes")

F = TypeVar("F", bound=Callable[..., Any])

_MARK = "__webkit_contract__"
_PARTS = ("header", "path", "query", "body")
_BODILESS = frozenset({204, 205, 304})
_ANNOTATED: Any = Annotated
_LIST: Any = list


class RequestProp(enum.Enum):
    """What ``@takes(props=[...])`` takes of the request itself, each under its name here."""

    client_addr = "remote"
    host = "host"
    method = "method"
    path = "path"
    scheme = "scheme"


class HttpParams(msgspec.Struct, frozen=True, kw_only=True):
    """What a list may be asked for: ``@takes(query=HttpParams)``.

    Source: aioli.
    """

    limit: Annotated[int, msgspec.Meta(ge=0)] = 100
    offset: Annotated[int, msgspec.Meta(ge=0)] = 0
    sort: str = ""
    query: str = ""


class Count(msgspec.Struct, frozen=True):
    """How many there are: ``@returns(Count)``.

    Source: aioli.
    """

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What ``@takes`` and ``@returns`` recorded.

    ``taken`` has the schemas of parts of a request, by ``header``, ``path``, ``query`` and
    ``body``. ``is_returned`` tells that there was a ``@returns``.
    """

    props: tuple[RequestProp, ...] = ()
    taken: Mapping[str, Any]
    schema: Any = None
    status: int = 200
    many: bool = False
    is_returned: bool = False

    @property
    def returned(self) -> Any:
        """The type of what is returned; ANYTHING where nothing says so."""
        if self.is_returned and self.status in _BODILESS:
            return type(None)
        if self.schema is None:
            return ANYTHING
        return _LIST[self.schema] if self.many else self.schema

    def signed(
        self, parameters: Iterable[inspect.Parameter], hints: Mapping[str, Any]
    ) -> tuple[list[inspect.Parameter], dict[str, Any], list[str]]:
        """Return parameters and types as this contract has them, and what is wrong with them."""
        signature = {item.name: item for item in parameters}
        takes_more = any(item.kind is inspect.Parameter.VAR_KEYWORD for item in signature.values())
        found = dict(hints)
        problems = list(self._problems())
        for name, (schema, marker) in self._given().items():
            if name in signature:
                problems += _mismatch(name, hints.get(name, ANYTHING), schema)
            elif takes_more:
                signature[name] = inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY)
            else:
                problems.append(
                    f"@takes gives {name!r}, which no parameter takes. Add it, or **kwargs"
                )
            plain = _AS_DICT.get(type(marker))
            if plain and is_model(schema) and _wants_dict(hints.get(name, ANYTHING)):
                marker = plain()  # noqa: PLW2901  # the same place, another form
            found[name] = _ANNOTATED[schema, marker]
        return list(signature.values()), found, problems

    def shaped(self, script: Script, call: str) -> str:
        """Return the expression for a call whose result is brought into the schema."""
        if not self.is_returned:
            return call
        return f"{script.bind(_shaper_of(self.returned))}({call})"

    def _given(self) -> dict[str, tuple[Any, Marker]]:
        """Return what parameters are given: the type of each, and where it is taken from."""
        given: dict[str, tuple[Any, Marker]] = {
            prop.name: (Any, _Prop(prop.value)) for prop in self.props
        }
        for part, marker in (("header", Header()), ("query", Query()), ("body", Body())):
            if part in self.taken:
                given[part] = (self.taken[part], marker)
        path = self.taken.get("path")
        for field in fields_of(path) if is_model(path) else ():
            given[field.name] = (field.type, Path(field.alias))
        return given

    def _problems(self) -> Iterator[str]:
        for part in ("header", "path", "query"):
            schema = self.taken.get(part)
            if schema is not None and not is_model(schema):
                yield f"@takes: {part} is {shown_type(schema)}, and no model. Use a msgspec.Struct"
        if is_model(self.taken.get("header")) and refuses_unknown(self.taken["header"]):
            yield "@takes: header refuses unknown fields, and every request has other headers"


def takes(
    props: Iterable[RequestProp] | None = None,
    *,
    header: Any = None,
    path: Any = None,
    query: Any = None,
    body: Any = None,
) -> Callable[[F], F]:
    """Give a function checked parts of the request, as arguments.

    The arguments ``header``, ``query`` and ``body`` are in the types that are given here; fields of
    ``path`` and ``props`` are arguments by themselves. Where a parameter has no annotation, or that
    of a dictionary, it gets one.

    Source: aioli.
    """
    given = {"header": header, "path": path, "query": query, "body": body}
    taken = {part: schema for part, schema in given.items() if schema is not None}

    def record(function: F) -> F:
        return _recorded(function, props=tuple(map(_prop_of, props or ())), taken=taken)

    return record


def returns(schema_cls: Any = None, status: int = 200, many: bool = False) -> Callable[[F], F]:
    """Answer with what a function returns, brought into a schema: fields that it lacks stay out.

    ``many`` is for a list of them. A status without a body, as 204, has none. Without a schema the
    status alone is said.

    Source: aioli.
    """

    def record(function: F) -> F:
        return _recorded(function, schema=schema_cls, status=status, many=many, is_returned=True)

    return record


def contract_of(function: object) -> Contract | None:
    """Return what was recorded on a function."""
    found = getattr(getattr(function, "__func__", function), _MARK, None)
    return found if isinstance(found, Contract) else None


def _recorded(function: F, **facts: Any) -> F:
    before = contract_of(function) or Contract(taken={})
    setattr(getattr(function, "__func__", function), _MARK, replace(before, **facts))
    return function


def _prop_of(prop: Any) -> RequestProp:
    return RequestProp[prop] if isinstance(prop, str) else RequestProp(prop)


def _wants_dict(hint: Any) -> bool:
    return hint is ANYTHING or (get_origin(bare(hint)) or bare(hint)) in (dict, Mapping)


def _mismatch(name: str, hint: Any, schema: Any) -> Iterator[str]:
    """Yield that a parameter is annotated with another type than it is given."""
    if schema is Any or _wants_dict(hint) or bare(hint) in (Any, bare(schema)):
        return
    yield (
        f"parameter {name!r} is annotated with {shown_type(hint)}, and @takes gives"
        f" {shown_type(schema)}. Say it once"
    )


def _shaper_of(tp: Any) -> Callable[[Awaitable[Any]], Awaitable[Any]]:
    """Return what waits for a result and brings it into a type; a response stays as it is."""

    async def shaped(result: Awaitable[Any]) -> Any:
        found = await result
        if isinstance(found, web.StreamResponse | Reply) or tp is ANYTHING:
            return found
        if tp is type(None) or found is None:
            return None
        return msgspec.convert(found, tp, from_attributes=True, dec_hook=to_model)

    return shaped


class _PropSource(Source):
    """An attribute of the request."""

    __slots__ = ()

    def write(self, script: Script) -> str:
        """Return the expression."""
        return f"request.{self.alias}"


class _Prop(Marker):
    """An attribute of the request."""

    __slots__ = ()
    source: ClassVar[type[Source] | None] = _PropSource


class _DictOfTexts(ModelSource):
    """A model of texts, as a dictionary."""

    __slots__ = ()

    def write(self, script: Script) -> str:
        """Return the expression."""
        return f"{script.bind(values_of)}({super().write(script)})"


class _DictOfBody(BodySource):
    """A model out of the body, as a dictionary."""

    __slots__ = ()

    def write(self, script: Script) -> str:
        """Return the expression."""
        return f"{script.bind(values_of)}({super().write(script)})"


class _QueryDict(Query):
    __slots__ = ()
    source: ClassVar[type[Source] | None] = _DictOfTexts


class _HeaderDict(Header):
    __slots__ = ()
    source: ClassVar[type[Source] | None] = _DictOfTexts


class _BodyDict(Body):
    __slots__ = ()
    source: ClassVar[type[Source] | None] = _DictOfBody


_AS_DICT: Mapping[type[Marker], type[Marker]] = {
    Query: _QueryDict,
    Header: _HeaderDict,
    Body: _BodyDict,
}
