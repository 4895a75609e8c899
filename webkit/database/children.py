"""Children: the rows that refer to those of a page, read by one more statement for all of them.

An object has at most as many as its type says, the first in the order of the relationship and of
their keys: nobody gets a list whose length no one has chosen.
"""

import operator
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import Any, get_args, get_origin

from sqlalchemy import BooleanClauseList, Dialect, Select, bindparam, func, select
from sqlalchemy import Column as SqlColumn
from sqlalchemy.sql.visitors import iterate

from webkit.database.columns import Column
from webkit.database.drivers import Args, Rows
from webkit.database.rows import Shown, maker_of
from webkit.database.statements import Statement, compiled
from webkit.models import bare, is_model


__all__ = ("Children", "Read", "child_of", "conditions_of", "limit_of")

Read = Callable[[str, Args], Awaitable[Rows]]

_AT_ONCE = 1024  # keys in one statement: more than most pages have, and fewer than any driver takes


def child_of(hint: Any) -> Any:
    """Return the type of the objects in a list of models; None for any other type."""
    kind = bare(hint)
    item = next(iter(get_args(kind)), None)
    return item if get_origin(kind) is list and is_model(item) else None


def limit_of(hint: Any) -> int | None:
    """Return how many a list may have: ``Annotated[list[Song], Meta(max_length=100)]``."""
    found = (getattr(extra, "max_length", None) for extra in get_args(hint)[1:])
    return next(filter(None, found), None)


def conditions_of(relation: Any) -> list[Any] | None:
    """Return what a to-many relation says of children beside whose they are, a clause each.

    None if it tells whose they are by more than one column, or asks more of the parent.
    """
    if len(relation.synchronize_pairs) != 1:
        return None
    pair = {str(column) for column in relation.synchronize_pairs[0]}
    parent, join = relation.parent.local_table, relation.primaryjoin
    is_several = isinstance(join, BooleanClauseList) and join.operator is operator.and_
    clauses = join.clauses if is_several else [join]
    rest = [clause for clause in clauses if set(_names_in(clause)) != pair]
    is_own = any(name.startswith(f"{parent}.") for clause in rest for name in _names_in(clause))
    return None if is_own else rest


def _names_in(clause: Any) -> Iterator[str]:
    return (str(element) for element in iterate(clause) if isinstance(element, SqlColumn))


class Children:
    """The objects of a to-many ``relation``, of the type that ``hint`` has a list of.

    ``shown`` are the fields of each, in the order of ``columns``. ``own`` is the column of the
    parent that they refer to, directly or by a table in between.
    """

    def __init__(
        self,
        relation: Any,
        hint: Any,
        *,
        columns: Sequence[Column],
        shown: Sequence[Shown],
        dialect: Dialect,
    ) -> None:
        ((self.own, self._key),) = relation.synchronize_pairs
        self._conditions = conditions_of(relation) or ()
        self._limit = limit_of(hint)
        self._columns = [column.declared for column in columns]
        self._make = maker_of(child_of(hint), shown, first=1)
        self._dialect = dialect
        self._statements: dict[int, Statement] = {}
        other = relation.entity
        self._order = [*(relation.order_by or ()), *other.primary_key]
        self._source = other.local_table
        if relation.secondary is not None:
            self._source = relation.secondary.join(self._source, relation.secondaryjoin)

    async def into(self, rows: Rows, *, place: int, read: Read) -> Rows:
        """Return rows with a list of objects in place of the key that these refer to."""
        keys = list(dict.fromkeys(row[place] for row in rows))
        found: dict[Any, list[Any]] = {key: [] for key in keys}
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            length = 1 << (len(some) - 1).bit_length()  # few texts for all lengths
            statement = self._statement(length)
            args = dict(_named(some + some[-1:] * (length - len(some))))
            children = await read(statement.sql, statement.args(args))
            for row, child in zip(children, self._make(children), strict=True):
                found[row[0]].append(child)
        return [(*row[:place], found[row[place]], *row[place + 1 :]) for row in rows]

    def _statement(self, length: int) -> Statement:
        if length not in self._statements:
            self._statements[length] = compiled(self._select(length), self._dialect)
        return self._statements[length]

    def _select(self, length: int) -> Select[Any]:
        """Return the first children of each parent; the key of the parent comes first."""
        keys = [bindparam(name, type_=self.own.type) for name, _ in _named([None] * length)]
        number = func.row_number().over(partition_by=self._key, order_by=self._order)
        labels = (column.label(f"c{place}") for place, column in enumerate(self._columns))
        found = (
            select(self._key.label("parent"), *labels, number.label("number"))
            .select_from(self._source)
            .where(self._key.in_(keys), *self._conditions)
            .subquery()
        )
        *shown, place = found.c
        return select(*shown).where(place <= self._limit).order_by(place)


def _named(values: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    return ((f"k{number}", value) for number, value in enumerate(values))
