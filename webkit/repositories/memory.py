"""A repository in memory: for tests, prototypes, and what may be forgotten."""

import asyncio
import contextlib
import copy
import itertools
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, Generic, Self, TypeVar

from aiohttp import web

from webkit.codec import encode
from webkit.exceptions import ConfigurationError, ValidationError
from webkit.filters import ListQuery, Rows, select, value_of
from webkit.models import bare, fields_of, is_model, members, values_of
from webkit.repositories.protocol import PerApplication, Values, at_index, taken


__all__ = ("MemoryRepository",)

T = TypeVar("T")


class _Table(Generic[T]):
    """Objects by key, who has each value that must be unique, and how many keys were made."""

    __slots__ = ("made", "owners", "rows")

    def __init__(self) -> None:
        self.rows: dict[Any, T] = {}
        self.owners: dict[bytes, Any] = {}
        self.made = 0

    def copied(self) -> "_Table[T]":
        twin = _Table[T]()
        twin.become(self)
        return twin

    def become(self, other: "_Table[T]") -> None:
        self.rows, self.owners, self.made = dict(other.rows), dict(other.owners), other.made


class MemoryRepository(PerApplication, Generic[T]):
    """Keeps objects in memory, each application its own, none of them for longer than it lives.

    ``items`` are there at the beginning. Keys are counted from 1, as numbers, texts or UUIDs;
    for any other type, or another order, ``new_key`` makes the key of the n-th object. ``unique``
    is the name of a field that no two objects may have alike, or several names, or tuples of names;
    None is no value.
    """

    _table: _Table[T]
    _open: _Table[T] | None

    def __init__(
        self,
        model: type[T],
        items: Iterable[T] = (),
        *,
        key: str = "id",
        unique: str | Iterable[str | tuple[str, ...]] = (),
        new_key: Callable[[int], Any] | None = None,
    ) -> None:
        self.model = model
        self.key = key
        self._items = tuple(items)
        rules = (unique,) if isinstance(unique, str) else unique
        self._unique = [(names,) if isinstance(names, str) else names for names in rules]
        tp: Any = model
        fields = fields_of(tp) if is_model(tp) else ()
        self._copied: Callable[[T], T] = getattr(model, "__copy__", copy.copy)
        self._aliases = {item.name: item.alias for item in fields}
        kinds = [kind for item in fields if item.name == key for kind in members(item.type)]
        self._new_key = new_key or _counter_of(kinds)
        self._begin()

    def bound_to(self, app: web.Application) -> Self:
        """Return a repository that has what this one had at the beginning."""
        twin = copy.copy(self)
        twin._begin()
        return twin

    async def get(self, id: object, /) -> T | None:
        """Return the object with this key, if there is one."""
        found = self._seen().rows.get(id)
        return None if found is None else self._copied(found)

    async def add(self, values: Values, /) -> T:
        """Keep a new object and return it; it gets a key unless it brings one.

        Raises:
            Conflict: something in it must be unique, and is not.
            ValidationError: the model refuses it.
        """
        async with self._writing() as table:
            return self._copied(self._add(table, values))

    async def add_many(self, rows: Sequence[Values], /) -> Sequence[T]:
        """Keep several new objects, all or none, and return them in their order.

        Raises:
            Conflict: something in one of them must be unique, and is not.
            ValidationError: the model refuses one of them.
        """
        added = []
        async with self.transaction(), self._writing() as table:
            for index, values in enumerate(rows):
                with at_index(index):
                    added.append(self._copied(self._add(table, values)))
        return added

    async def update(self, id: object, changes: Values, /) -> T | None:
        """Change fields of an object and return it, if there is one with this key.

        Raises:
            Conflict: something in it must be unique, and would not be.
            ValidationError: the model refuses it.
        """
        async with self._writing() as table:
            old = table.rows.get(id)
            if old is None:
                return None
            item = self._made({**values_of(old), **changes})
            self._check(table, item, owner=id)
            self._drop(table, id, keep=value_of(item, self.key) == id)
            self._keep(table, item)
            return self._copied(item)

    async def remove(self, id: object, /) -> bool:
        """Forget the object with this key; tell whether there was one."""
        async with self._writing() as table:
            if id not in table.rows:
                return False
            self._drop(table, id)
            return True

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Do all of what is done in the context, or, if it is left with an error, nothing of it."""
        outer = self._draft()
        if outer is not None:
            before = outer.copied()
            try:
                yield
            except BaseException:
                outer.become(before)
                raise
            return
        async with self._lock:
            self._open = self._table.copied()
            token = self._current.set(self._open)
            try:
                yield
                self._table = self._open
            finally:
                self._open = None
                self._current.reset(token)

    async def list(self, query: ListQuery, /) -> Rows[T]:
        """Return what the query asks for."""
        items, total = select(self._seen().rows.values(), query)
        return Rows(list(map(self._copied, items)), total)

    def _begin(self) -> None:
        """Become a repository with nothing but the first items."""
        super().__init__()
        self._lock = asyncio.Lock()
        self._table = _Table()
        self._open = None
        # The transaction that a task, or one that it has started, is in.
        self._current: ContextVar[_Table[T] | None] = ContextVar("draft", default=None)
        for item in self._items:
            self._keep(self._table, self._copied(item))

    def _draft(self) -> _Table[T] | None:
        """Return what the transaction of this task changes; one that has ended is none."""
        return self._open if self._open is not None and self._current.get() is self._open else None

    def _seen(self) -> _Table[T]:
        return self._draft() or self._table

    @contextlib.asynccontextmanager
    async def _writing(self) -> AsyncIterator[_Table[T]]:
        """Give what may be changed; outside of a transaction, when no other is open."""
        draft = self._draft()
        if draft is not None:
            yield draft
            return
        async with self._lock:
            yield self._table

    def _made(self, values: Values) -> T:
        try:
            return self.model(**values)
        except ValueError as error:  # a rule of the model about several of its fields
            reason = {"pointer": "#", "detail": str(error), "code": "invalid"}
            raise ValidationError(errors=[reason]) from None

    def _add(self, table: _Table[T], values: Values) -> T:
        made = table.made
        if self.key not in values:
            made, key = self._next_key(table)
            values = {**values, self.key: key}
        item = self._made(values)
        self._check(table, item)
        self._keep(table, item)
        table.made = made
        return item

    def _next_key(self, table: _Table[T]) -> tuple[int, Any]:
        """Return a key that nobody has brought, and its number."""
        numbered = ((number, self._new_key(number)) for number in itertools.count(table.made + 1))
        return next((number, key) for number, key in numbered if key not in table.rows)

    def _marks(self, item: T) -> Iterator[tuple[tuple[str, ...], bytes]]:
        """Yield the names of fields that must be unique together, and their values as one."""
        for names in self._unique:
            values = [value_of(item, name) for name in names]
            if all(value is not None for value in values):
                yield names, encode((names, values))

    def _check(self, table: _Table[T], item: T, *, owner: object = None) -> None:
        """Refuse an object that has what another than ``owner`` has."""
        key = value_of(item, self.key)
        if key != owner and key in table.rows:
            raise taken(self._aliases.get(self.key, self.key))
        for names, mark in self._marks(item):
            if table.owners.get(mark, owner) != owner:
                raise taken(*(self._aliases.get(name, name) for name in names))

    def _keep(self, table: _Table[T], item: T) -> None:
        key = value_of(item, self.key)
        table.rows[key] = item
        table.owners.update((mark, key) for _, mark in self._marks(item))

    def _drop(self, table: _Table[T], id: object, *, keep: bool = False) -> None:
        """Forget what an object has, and unless ``keep`` its place among the others."""
        for _, mark in self._marks(table.rows[id]):
            table.owners.pop(mark, None)
        if not keep:
            del table.rows[id]


def _counter_of(kinds: Iterable[Any]) -> Callable[[int], Any]:
    """Return what makes the n-th key of a type."""
    makers: Mapping[Any, Callable[[int], Any]] = {
        int: int,
        str: str,
        uuid.UUID: lambda count: uuid.UUID(int=count),
    }
    return next((makers[bare(kind)] for kind in kinds if bare(kind) in makers), _no_key)


def _no_key(count: int) -> Any:
    raise ConfigurationError(["a MemoryRepository cannot make such keys. Give it new_key"])
