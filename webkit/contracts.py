"""Contracts: ``@takes`` and ``@returns``, which say of a function what annotations say elsewhere.

They record, and never wrap. The compiler reads them into the same parameters and outputs that it
makes of annotations, so both styles are checked, answered and documented alike.
"""

import enum
import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Never, TypeVar, get_origin

import msgspec
from aiohttp import web

from webkit.givens import Prop, as_dictionary
from webkit.models import (
    bare,
    fields_of,
    is_model,
    refuses_unknown,
    shown_type,
    to_model,
)
from webkit.outputs import ANYTHING
from webkit.parameters import Body, Header, Marker, Path, Query
from webkit.references import shown
from webkit.replies import Reply
from webkit.sources import Script


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


_PROPS = ", ".join(RequestProp.__members__)


class Count(msgspec.Struct, frozen=True):
    """How many there are: ``@returns(Count)``.

    Source: aioli.
    """

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What ``@takes`` and ``@returns`` recorded.

    ``taken`` has the schemas of parts of a request, by ``header``, ``path``, ``query`` and
    ``body``. ``is_returned`` tells that there was a ``@returns``. ``mistakes`` are in how they were
    written.
    """

    props: tuple[RequestProp, ...] = ()
    taken: Mapping[str, Any]
    schema: Any = None
    status: int = 200
    many: bool = False
    is_returned: bool = False
    mistakes: tuple[str, ...] = ()

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
            is_plain = is_model(schema) and _wants_dict(hints.get(name, ANYTHING))
            found[name] = _ANNOTATED[schema, as_dictionary(marker) if is_plain else marker]
        return list(signature.values()), found, problems

    def shaped(self, script: Script, call: str) -> str:
        """Return the expression for a call whose result is brought into the schema."""
        if not self.is_returned:
            return call
        return f"{script.bind(_shaper_of(self.returned))}({call})"

    def _given(self) -> dict[str, tuple[Any, Marker]]:
        """Return what parameters are given: the type of each, and where it is taken from."""
        given: dict[str, tuple[Any, Marker]] = {
            prop.name: (Any, Prop(prop.value)) for prop in self.props
        }
        for part, marker in (("header", Header()), ("query", Query()), ("body", Body())):
            if part in self.taken:
                given[part] = (self.taken[part], marker)
        path = self.taken.get("path")
        for field in fields_of(path) if is_model(path) else ():
            given[field.name] = (field.type, Path(field.alias))
        return given

    def _problems(self) -> Iterator[str]:
        yield from self.mistakes
        for part in ("header", "path", "query"):
            schema = self.taken.get(part)
            if schema is not None and not is_model(schema):
                yield f"@takes: {part} is {shown_type(schema)}, and no model. Use a msgspec.Struct"
        if is_model(self.taken.get("header")) and refuses_unknown(self.taken["header"]):
            yield "@takes: header refuses unknown fields, and every request has other headers"


def takes(
    props: Iterable[RequestProp] | None = None,
    *more: Never,
    header: Any = None,
    path: Any = None,
    query: Any = None,
    body: Any = None,
    **options: Never,
) -> Callable[[F], F]:
    """Give a function checked parts of the request, as arguments.

    The arguments ``header``, ``query`` and ``body`` are in the types that are given here; fields of
    ``path`` and ``props`` are arguments by themselves. Where a parameter has no annotation, or that
    of a dictionary, it gets one.

    Source: aioli.
    """
    if inspect.isroutine(props):
        return _bare(props, "@takes")
    given = {"header": header, "path": path, "query": query, "body": body}
    taken = {part: schema for part, schema in given.items() if hasattr(schema, "__module__")}
    wanted: Any = () if props is None else props
    wanted = [wanted] if isinstance(wanted, str) or not isinstance(wanted, Iterable) else wanted
    found = [(prop, _prop_of(prop)) for prop in wanted]
    known = tuple(item for _, item in found if item is not None)
    odd = {part: given[part] for part in given.keys() - taken if given[part] is not None}
    mistakes = [
        *_surplus("@takes", "props, header, path, query and body", (*map(shown, more), *options)),
        *(f"@takes: {shown(prop)} is none of {_PROPS}" for prop, item in found if item is None),
        *(f"@takes: {part}: {shown(odd[part])} is no type" for part in sorted(odd)),
    ]

    def record(function: F) -> F:
        return _recorded(function, mistakes=mistakes, props=known, taken=taken)

    return record


def returns(
    schema_cls: Any = None, status: int = 200, many: bool = False, *more: Never, **options: Never
) -> Callable[[F], F]:
    """Answer with what a function returns, brought into a schema: fields that it lacks stay out.

    ``many`` is for a list of them. A status without a body, as 204, has none. Without a schema the
    status alone is said.

    Source: aioli.
    """
    if inspect.isroutine(schema_cls):
        unwritten: Callable[[F], F] = _bare(schema_cls, "@returns")
        return unwritten
    surplus = (*map(shown, more), *options)
    mistakes = [*_surplus("@returns", "schema_cls, status and many", surplus)]
    if not isinstance(status, int):
        mistakes.append(f"@returns: {shown(status)} is no status. Write 200, or another number")
        status = 200
    facts = {"schema": schema_cls, "status": status, "many": many, "is_returned": True}

    def record(function: F) -> F:
        return _recorded(function, mistakes=mistakes, **facts)

    return record


def contract_of(function: object) -> Contract | None:
    """Return what was recorded on a function."""
    found = getattr(getattr(function, "__func__", function), _MARK, None)
    return found if isinstance(found, Contract) else None


def _recorded(function: F, *, mistakes: Iterable[str], **facts: Any) -> F:
    before = contract_of(function) or Contract(taken={})
    after = replace(before, mistakes=(*before.mistakes, *mistakes), **facts)
    setattr(getattr(function, "__func__", function), _MARK, after)
    return function


def _surplus(name: str, known: str, given: Iterable[str]) -> Iterator[str]:
    for surplus in given:
        yield f"{name} takes {known}, and no {surplus}"


def _bare(function: Any, name: str) -> Any:
    """Return a function above which a decorator stands without parentheses."""
    return _recorded(function, mistakes=[f"{name} stands without parentheses. Write {name}(...)"])


def _prop_of(prop: Any) -> RequestProp | None:
    return next((item for item in RequestProp if prop in (item, item.name)), None)


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
