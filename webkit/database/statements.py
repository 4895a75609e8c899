"""Statements: made by SQLAlchemy, once for each shape, and kept as text for the driver."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count, repeat
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Dialect,
    Select,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from webkit.database.columns import Column
from webkit.database.conditions import Part, clause_of, parts_of, term_clause, term_value
from webkit.filters import Condition, ListQuery, Order


__all__ = ("Listing", "Statement", "Statements", "compiled")

_Element = ColumnElement[Any]
_KEPT = 500  # texts of lists; the oldest goes when another comes


class Statement(NamedTuple):
    """A text for the driver; ``slots`` are the names of its arguments, in their order."""

    sql: str
    slots: tuple[str, ...]
    constants: Mapping[str, Any]

    def args(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the arguments."""
        if self.constants:
            values = {**self.constants, **values}
        return [values[name] for name in self.slots]


def compiled(statement: Any, dialect: Dialect) -> Statement:
    """Return a statement of SQLAlchemy as text."""
    made = statement.compile(dialect=dialect)
    slots = tuple(made.positiontup)
    given = {name: made.params[name] for name in slots}
    constants = {name: value for name, value in given.items() if value is not None}
    return Statement(str(made), slots, constants)


class Listing(NamedTuple):
    """A list as statements: ``counted`` is the one for its length alone, ``args`` are for both."""

    rows: Statement
    counted: Statement
    values: Mapping[str, Any]


class Statements:
    """The statements of one table in one dialect.

    ``columns`` are those of the table, and of the tables joined with it, as ``artist__name``.
    ``shown`` are what a row has, in their order, and ``joined`` where they come from: the table
    alone with ``is_whole``. ``hidden`` is a column that has a value in rows that are not there any
    more.
    """

    def __init__(
        self,
        columns: Mapping[str, Column],
        *,
        key: str,
        shown: Sequence[_Element],
        joined: Any,
        is_whole: bool,
        dialect: Dialect,
        hidden: str | None = None,
    ) -> None:
        self._columns = columns
        self._key: _Element = columns[key].declared
        self._table: Any = columns[key].declared.table
        self._shown = shown
        self._joined = joined
        self._is_whole = is_whole
        self._dialect = dialect
        self._alive = [columns[hidden].declared.is_(None)] if hidden else []
        self._kept: dict[Any, Statement] = {}

    def got(self) -> Statement:
        """Return the statement for the row with a ``key``."""
        return self._once("get", lambda: self._select().where(self._is_key(), *self._alive))

    def added(self, names: tuple[str, ...]) -> Statement:
        """Return the statement that adds a row with values for the columns."""
        return self._once(
            ("add", names),
            lambda: (
                insert(self._table)
                .values({self._columns[name].declared: self._param(name) for name in names})
                .inline()
                .returning(*self._returned())
            ),
        )

    def changed(self, names: tuple[str, ...], *, counted: str | None, stale: bool) -> Statement:
        """Return the statement that changes columns of a row.

        The column ``counted`` grows by one; with ``stale`` only if it is what it was: ``version``.
        """

        def make() -> Any:
            values = {self._columns[name].declared: self._param(name) for name in names}
            where = [self._is_key(), *self._alive]
            if counted:
                column = self._columns[counted].declared
                values[column] = column + 1
                if stale:
                    where.append(column == bindparam("version", type_=column.type))
            changing = update(self._table).values(values).where(*where)
            return changing.returning(*self._returned())

        return self._once(("change", names, counted, stale), make)

    def removed(self) -> Statement:
        """Return the statement that removes a row."""
        return self._once(
            "remove",
            lambda: delete(self._table).where(self._is_key()).returning(self._key),
        )

    def referred(self, name: str) -> Statement:
        """Return the statement for the row with a ``key`` that a column refers to."""

        def make() -> Any:
            other = next(iter(self._columns[name].declared.foreign_keys)).column
            return select(other).where(other == bindparam("key", type_=other.type))

        return self._once(("refer", name), make)

    def listed(self, query: ListQuery) -> Listing:
        """Return the statements for a list."""
        dialect = self._dialect.name
        parts = parts_of(query.conditions, self._columns, dialect=dialect)
        values: dict[str, Any] = {"limit": query.limit, "offset": query.offset}
        values.update(_named("c", (value for part in parts for value in part.values)))
        values.update(_named("t", (term_value(text, dialect=dialect) for text in query.search)))
        if query.after:
            fields = (order.field for order in query.ordering)
            place = map(Condition, fields, repeat("exact"), query.after)
            fitted = parts_of(list(place), self._columns, dialect=dialect)
            values.update(_named("p", (part.values[0] if part.values else None for part in fitted)))
        shape = (tuple(part.shape for part in parts), *query.shape[1:])
        return Listing(
            self._once(shape, lambda: self._list(query, parts)),
            self._once((shape, "count"), lambda: select(self._count(query, parts))),
            values,
        )

    def _once(self, shape: Any, make: Callable[[], Any]) -> Statement:
        found = self._kept.get(shape)
        if found is None:
            if len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            found = self._kept[shape] = compiled(make(), self._dialect)
        return found

    def _select(self, *more: Any) -> Select[Any]:
        return select(*more, *self._shown).select_from(self._joined)

    def _returned(self) -> list[_Element]:
        """Return what a changed row gives back: its own columns, or the key alone."""
        return list(self._shown) if self._is_whole else [self._key]

    def _param(self, name: str) -> _Element:
        return bindparam(f"v_{name}", type_=self._columns[name].declared.type)

    def _is_key(self) -> _Element:
        return self._key == bindparam("key", type_=self._key.type)

    def _where(self, query: ListQuery, parts: Sequence[Part]) -> list[_Element]:
        dialect, names = self._dialect.name, _names("c")
        searched = [self._columns[name] for name in query.search_fields]
        return [
            *self._alive,
            *(clause_of(part, names, dialect=dialect) for part in parts),
            *(term_clause(searched, name, dialect=dialect) for name in _named("t", query.search)),
        ]

    def _count(self, query: ListQuery, parts: Sequence[Part]) -> Any:
        asked = [part.column for part in parts]
        asked += (self._columns[name] for name in query.search_fields)
        is_own = all(column.declared.table is self._table for column in asked)
        counting = select(func.count()).select_from(self._table if is_own else self._joined)
        return counting.where(*self._where(query, parts)).scalar_subquery()

    def _list(self, query: ListQuery, parts: Sequence[Part]) -> Select[Any]:
        more = [self._count(query, parts)] if query.count else []
        listing = self._select(*more).where(*self._where(query, parts))
        if query.after is not None:
            listing = listing.where(self._behind(query.ordering, query.after))
        listing = listing.order_by(*self._orders(query.ordering))
        if query.limit is not None:
            listing = listing.limit(bindparam("limit", type_=BigInteger()))
        if query.offset:
            listing = listing.offset(bindparam("offset", type_=BigInteger()))
        return listing

    def _orders(self, ordering: Iterable[Order]) -> Iterator[Any]:
        """Yield the order: None is lower than every value, as SQLite has it by itself."""
        for field, descending in ordering:
            declared = self._columns[field].declared
            order = declared.desc() if descending else declared.asc()
            if declared.nullable and self._dialect.name != "sqlite":
                order = order.nulls_last() if descending else order.nulls_first()
            yield order

    def _behind(self, ordering: Sequence[Order], place: Sequence[Any]) -> _Element:
        """Return that a row comes behind a place in an order."""
        declared = [self._columns[order.field].declared for order in ordering]
        params: list[Any] = [
            bindparam(name, type_=column.type) for name, column in _named("p", declared).items()
        ]
        ways = {order.descending for order in ordering}
        if len(ways) == 1 and not any(column.nullable for column in declared):
            own, there = tuple_(*declared), tuple_(*params)
            return own < there if ways == {True} else own > there
        clauses: list[_Element] = []
        same: list[_Element] = []
        for column, param, order, value in zip(declared, params, ordering, place, strict=True):
            clauses.append(
                and_(*same, _beyond(column, param, descending=order.descending, value=value))
            )
            same.append(column.is_(None) if value is None else column == param)
        return or_(*clauses)


def _beyond(column: _Element, param: _Element, *, descending: bool, value: Any) -> _Element:
    if value is None:
        return false() if descending else column.is_not(None)
    return or_(column < param, column.is_(None)) if descending else column > param


def _names(letter: str) -> Iterator[str]:
    return map(letter.__add__, map(str, count()))


def _named(letter: str, values: Iterable[Any]) -> dict[str, Any]:
    return {f"{letter}{number}": value for number, value in enumerate(values)}
