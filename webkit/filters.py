"""Filters: what a list is asked for, as types for the query string, and as data for a repository.

1. A filter is a field of a model that is filled from the query. It is called like a field of what
   is listed, or of an object in it, and may have an operator behind it: ``born``, ``born__gte``,
   ``artist__name``, ``artist__name__in``. Where there is no such object its fields are None.
2. What was not asked for, ``None`` or ``UNSET``, is no condition.
3. Conditions, orders and terms are names and values; a repository translates them, or has
   ``select`` apply them to what is in memory.
4. None is lower than every value: first in ascending order, last in descending. No comparison is
   true of it.
"""

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

import msgspec

from webkit.models import Commas, values_of
from webkit.operators import OPERATORS, SIMPLE, Place, comparable, has_text


__all__ = (
    "Condition",
    "ListQuery",
    "Many",
    "Order",
    "Ordering",
    "Rows",
    "conditions_of",
    "field_of",
    "orders_of",
    "select",
    "terms_of",
    "value_of",
    "where",
)

K = TypeVar("K", bound=str)
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

# A value of the query that names orders: Ordering[Literal["name", "-name"]] is "name,-born".
Ordering = Annotated[tuple[K, ...], Commas()]
# A value of the query that is several: Many[int] is "1,2,3".
Many = Annotated[tuple[T, ...], Commas()]

_TERM = re.compile(r'"([^"]*)"|([^\s,"]+)')


class Condition(NamedTuple):
    """What must be true of a field; ``operator`` is one of ``OPERATORS``."""

    field: str
    operator: str
    value: Any


class Order(NamedTuple):
    """A field by which a list is ordered."""

    field: str
    descending: bool = False


class Rows(NamedTuple, Generic[T_co]):
    """What a repository lists; ``total`` is there if the query has ``count``."""

    items: Sequence[T_co]
    total: int | None = None


class ListQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is asked for.

    Every one of ``conditions`` must hold, and every text in ``search`` must be, without regard to
    case, in one of the ``search_fields``. ``after`` has a value for each of ``ordering``: only what
    comes behind these is listed. ``count`` asks for the number of all that fit conditions and
    search, whatever ``after``, ``limit`` and ``offset`` say.
    """

    conditions: tuple[Condition, ...] = ()
    search: tuple[str, ...] = ()
    search_fields: tuple[str, ...] = ()
    ordering: tuple[Order, ...] = ()
    after: tuple[Any, ...] | None = None
    limit: int | None = None
    offset: int = 0
    count: bool = False

    @classmethod
    def of(
        cls,
        filters: object = None,
        *,
        ordering: Iterable[str] = (),
        search: str = "",
        search_fields: Iterable[str] = (),
    ) -> "ListQuery":
        """Return the query for values as a client writes them; ``filters`` is a model."""
        return cls(
            conditions=conditions_of(filters),
            search=terms_of(search),
            search_fields=tuple(search_fields),
            ordering=orders_of(ordering),
        )

    def keyed(self, key: str) -> "ListQuery":
        """Return the query with ``key`` behind its ordering, so that no two are in one place."""
        if any(order.field == key for order in self.ordering):
            return self
        return msgspec.structs.replace(self, ordering=(*self.ordering, Order(key)))

    @property
    def shape(self) -> tuple[object, ...]:
        """What does not depend on values: queries of one shape have one statement in SQL."""
        return (
            tuple((item.field, item.operator) for item in self.conditions),
            len(self.search),
            self.search_fields,
            self.ordering,
            self.after and tuple(value is None for value in self.after),
            self.limit is None,
            self.offset == 0,
            self.count,
        )


def where(**wishes: Any) -> tuple[Condition, ...]:
    """Return conditions: ``where(artist=3, born__gte=1960, genre__in=["jazz", "soul"])``."""
    return tuple(
        Condition(*field_of(name), value) for name, value in wishes.items() if value is not None
    )


def conditions_of(filters: object) -> tuple[Condition, ...]:
    """Return what a model of filters says; None says nothing."""
    return () if filters is None else where(**values_of(filters))


@lru_cache(maxsize=4096)
def field_of(name: str) -> tuple[str, str]:
    """Return field and operator: ``born__gte`` is ``("born", "gte")``, ``born`` is ``exact``."""
    field, mark, last = name.rpartition("__")
    return (field, last) if mark and last in OPERATORS else (name, "exact")


def orders_of(keys: Iterable[str]) -> tuple[Order, ...]:
    """Return what ``("name", "-born")`` means; a field that comes again changes nothing."""
    orders: dict[str, Order] = {}
    for name in keys:
        field = name.removeprefix("-")
        orders.setdefault(field, Order(field, name != field))
    return tuple(orders.values())


def terms_of(search: str) -> tuple[str, ...]:
    """Return the terms in a text: words, and phrases in quotes. Commas divide as spaces do."""
    return tuple(dict.fromkeys(filter(None, (a or b for a, b in _TERM.findall(search)))))


def value_of(item: Any, name: str) -> Any:
    """Return a field of an object, or of a dictionary."""
    return item[name] if isinstance(item, dict) else getattr(item, name)


def select(items: Iterable[T], query: ListQuery) -> Rows[T]:
    """Apply a query to things in memory; without an ordering they stay in theirs."""
    found = list(items)
    if query.conditions or query.search:
        found = [item for item in found if _fits(item, query)]
    total = len(found) if query.count else None
    for order in reversed(query.ordering):
        found.sort(key=_place_in(found, order.field), reverse=order.descending)
    if query.after is not None:
        places = list(map(comparable, query.after))
        found = [item for item in found if _is_behind(item, places, query.ordering)]
    end = None if query.limit is None else query.offset + query.limit
    return Rows(found[query.offset : end], total)


def _value_at(item: Any, name: str) -> Any:
    """Return a field of an object, or ``artist__name`` of the one that it has as ``artist``."""
    relation, mark, field = name.partition("__")
    if not mark or (name in item if isinstance(item, dict) else hasattr(item, name)):
        return value_of(item, name)
    other = value_of(item, relation)
    return None if other is None else value_of(other, field)


def _place_in(items: Sequence[Any], field: str) -> Callable[[Any], Any]:
    """Return what the items are ordered by: the field as it is, where that will do."""
    reader = operator.itemgetter if items and isinstance(items[0], dict) else operator.attrgetter
    read = reader(field)
    kinds = set(map(type, map(read, items)))
    is_simple = len(kinds) == 1 and kinds <= SIMPLE
    return read if is_simple else lambda item: comparable(read(item))


def _is_behind(item: Any, places: Sequence[Place], ordering: Sequence[Order]) -> bool:
    for (field, descending), place in zip(ordering, places, strict=True):
        own = comparable(value_of(item, field))
        if own != place:
            return (own > place) is not descending
    return False


def _fits(item: Any, query: ListQuery) -> bool:
    for field, name, wanted in query.conditions:
        if not OPERATORS[name](_value_at(item, field), wanted):
            return False
    return all(
        any(has_text(_value_at(item, field), term) for field in query.search_fields)
        for term in query.search
    )
