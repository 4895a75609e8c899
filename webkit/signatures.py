"""Signatures: the actions that a resource inherits, with the types and parameters it asked for.

An action is compiled from its signature. What a subclass says in type arguments and attributes
must therefore stand in one, so each subclass has a copy of the action with a signature of its own.
The copy has no docstring: a document tells of the resource, not of how it is made.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_type_hints

from msgspec import Meta

from webkit.filters import Ordering
from webkit.generics import filled
from webkit.models import fields_of, is_model


__all__ = ("ACTIONS", "Offer", "inherited", "offer_action")

ACTIONS = ("list", "create", "detail", "update", "partial_update", "destroy")

F = TypeVar("F", bound=Callable[..., Any])

_MARK = "__webkit_inherited__"  # on an action and its copies: the action itself
_NAMED = inspect.Parameter.KEYWORD_ONLY
_REQUIRED = inspect.Parameter.empty

# Types whose arguments are known when a class is made.
_ANNOTATED: Any = Annotated
_LIST: Any = list
_LITERAL: Any = Literal
_ORDERING: Any = Ordering


def inherited(function: F) -> F:
    """Mark an action of which every subclass gets a copy."""
    setattr(function, _MARK, function)
    return function


class Offer(NamedTuple):
    """What the copies of actions are made of.

    ``arguments`` are what the type variables stand for, empty where not all are known; ``item`` is
    the type of what is listed.
    """

    arguments: Mapping[Any, Any]
    item: Any


def offer_action(cls: Any, name: str, offer: Offer) -> None:
    """Give a resource its own copy of an inherited action, or take away what it does not serve.

    What the class itself defines stays as it is.
    """
    declared = [vars(base)[name] for base in cls.__mro__ if vars(base).get(name) is not None]
    if not declared:
        return
    action = getattr(declared[0], _MARK, None)
    if action is None and vars(cls).get(name) is declared[0]:
        return  # its own
    is_renamed = name == "detail" and getattr(cls, "retrieve", None) is not None
    if is_renamed or not (cls.actions is None or name in cls.actions):
        setattr(cls, name, None)
    elif action is not None and offer.arguments:
        setattr(cls, name, _copied(cls, action, offer))
    elif getattr(cls, name) is None:
        setattr(cls, name, declared[0])


def _copied(cls: Any, action: Any, offer: Offer) -> FunctionType:
    """Return a copy of an action whose signature has the types and names of the class."""
    name = action.__name__
    parameters = list(inspect.signature(action).parameters.values())
    hints = get_type_hints(action, include_extras=True)
    if name == "list":
        wishes = dict(_wishes(cls, offer.item))
        hints = {wish: hint for wish, (hint, _) in wishes.items()}
        hints["return"] = (_LIST if cls.page is None else cls.page.answer)[offer.item]
        more = (inspect.Parameter(wish, _NAMED, default=wishes[wish][1]) for wish in wishes)
        parameters = [parameters[0], *more]
    elif name == "create" and cls.bulk:
        hints = _bulk_hints(hints, limit=cls.max_bulk_size)
    names = {"id": cls.lookup_field}
    copy = FunctionType(action.__code__, action.__globals__, name, closure=action.__closure__)
    copy.__module__, copy.__qualname__ = cls.__module__, f"{cls.__qualname__}.{name}"
    copy.__doc__ = ""
    copy.__annotations__ = {
        names.get(key, key): filled(hint, offer.arguments) for key, hint in hints.items()
    }
    copy.__dict__["__signature__"] = inspect.Signature(
        [item.replace(name=names.get(item.name, item.name)) for item in parameters]
    )
    copy.__dict__[_MARK] = action
    return copy


def _bulk_hints(hints: Mapping[str, Any], *, limit: int) -> dict[str, Any]:
    """Return the hints of a function that takes and returns one, or a list."""
    item, result = hints["item"], hints["return"]
    several = _ANNOTATED[_LIST[item], Meta(max_length=limit)]
    return {"item": item | several, "return": result | _LIST[result]}


def _wishes(cls: Any, item: Any) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Yield the parameters of the list: their names, types and defaults."""
    if cls.page is not None:
        yield "page", (cls.page.sized(cls.page_size, maximum=cls.max_page_size), _REQUIRED)
    if cls.filters is not None:
        yield "filters", (cls.filters, _REQUIRED)
    fields = fields_of(item) if is_model(item) else ()
    aliases = {field.name: field.alias for field in fields}
    if cls.search_fields:
        shown = ", ".join(aliases.get(name, name) for name in cls.search_fields)
        text = f'Words and "phrases" that must all be found, each in one of: {shown}.'
        yield "search", (_ANNOTATED[str, Meta(description=text)], "")
    if cls.ordering_fields:
        names = [aliases.get(name, name) for name in cls.ordering_fields]
        keys = tuple(sign + name for name in names for sign in ("", "-"))
        text = "What the list is ordered by, separated by commas; `-` turns it round."
        described = _ANNOTATED[_ORDERING[_LITERAL[keys]], Meta(description=text)]
        yield "ordering", (described, ())
