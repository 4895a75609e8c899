"""The repository over a table, which behaves as the one in memory does.

1. Statements are made once by SQLAlchemy and run by the driver; rows become objects at once.
2. What a column cannot keep exactly is refused with 422; what is taken, or points to nothing, with
   409. Both name the fields.
3. Everything in ``transaction()`` shares one connection, with ``Database.session()`` too.
"""

import contextlib
import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, Self, TypeVar

from aiohttp import web
from sqlalchemy import inspect
from sqlalchemy.orm import DeclarativeBase

from webkit.database.columns import Misfit
from webkit.database.databases import DATABASE, Database
from webkit.database.definitions import problems_of
from webkit.database.drivers import Violation
from webkit.database.plans import Plan
from webkit.database.statements import Statement
from webkit.database.violations import answer_to, dangling, needed, stale
from webkit.exceptions import APIException, ConfigurationError, ValidationError
from webkit.filters import ListQuery, Rows
from webkit.repositories import PerApplication, Values, at_index


__all__ = ("SQLRepository",)

T = TypeVar("T")

_Args = list[Any]


class _OneByOne(Exception):
    """Rows cannot be written at once."""


class SQLRepository(PerApplication, Generic[T]):
    """Keeps objects of type ``model`` as rows of ``table``, in the database of the application.

    The fields of ``model`` are columns of the table, by their names in Python. One that is called
    like a relationship is a model itself, read in the same statement, or a list of models with a
    ``max_length``, read in one more. ``key`` is the column by which an object is found.

    ``version`` is a column with an integer that grows with every change: who gives it with a change
    gets a ``Conflict`` where it is not that of the row. ``deleted`` is a column with a time, or
    None: what is removed gets the time, stays in the table, and is not there for anybody.
    """

    _database: Database
    _plan: Plan

    def __init__(
        self,
        table: type[DeclarativeBase],
        model: type[T],
        *,
        key: str = "id",
        version: str | None = None,
        deleted: str | None = None,
    ) -> None:
        super().__init__()
        self.table = table
        self.model = model
        self.key = key
        self.version = version
        self.deleted = deleted
        self._plans: dict[str, Plan] = {}  # by the names of dialects

    @property
    def column_names(self) -> frozenset[str]:
        """The names in Python of the columns of the table."""
        return frozenset(inspect(self.table).columns.keys())

    def mistakes(self) -> list[str]:
        """Return what is wrong with the definition."""
        names = filter(None, (self.key, self.version, self.deleted))
        return list(problems_of(self.table, self.model, names))

    def on(self, database: Database) -> Self:
        """Return the repository in a database.

        Raises:
            ConfigurationError: it is wrong, or the database cannot keep its values exactly.
        """
        plans, dialect = self._plans, database.dialect
        if dialect.name not in plans:
            if problems := self.mistakes():
                raise ConfigurationError(problems)
            plans[dialect.name] = Plan.of(
                self.table, self.model, key=self.key, hidden=self.deleted, dialect=dialect
            )
        twin = copy.copy(self)
        PerApplication.__init__(twin)
        twin._database, twin._plan = database, plans[dialect.name]
        return twin

    def bound_to(self, app: web.Application) -> Self:
        """Return the repository in the database of an application.

        Raises:
            ConfigurationError: it has none, or the definition is wrong.
        """
        if DATABASE not in app:
            problem = f"{self.table.__name__}: the application has no database. Write [database]"
            raise ConfigurationError([problem])
        return self.on(app[DATABASE])

    async def get(self, id: object, /) -> T | None:
        """Return the object with this key, if there is one."""
        plan = self._plan
        try:
            key = plan.key.bound(id)
        except Misfit:
            return None
        rows = await plan.read(self._database.read, plan.statements.got(), (key,))
        return plan.make(rows)[0] if rows else None

    async def add(self, values: Values, /) -> T:
        """Keep a new object and return it; what ``values`` leave out is made here.

        Raises:
            Conflict: something in it is taken, or points to nothing.
            ValidationError: a column cannot keep a value, or the model refuses it.
        """
        values = self._plan.completed(values)
        statement, args = self._adding(values)
        advanced = self._plan.advanced if self.key in values else None
        if self._plan.is_whole and not self._plan.has_rules and not advanced:
            return self._made(await self._write(statement, args, values))
        async with self.transaction():
            rows = await self._write(statement, args, values)
            if advanced:
                await self._database.write(advanced, [values[self.key]])
            return await self._seen(rows)

    async def add_many(self, rows: Sequence[Values], /) -> Sequence[T]:
        """Keep several new objects, all or none, and return them in their order.

        Raises:
            Conflict: something in one of them is taken, or points to nothing.
            ValidationError: a column cannot keep a value, or the model refuses it.
        """
        added = []
        async with self.transaction():
            if self._plan.is_whole and not self._plan.has_rules:
                with contextlib.suppress(_OneByOne):
                    return await self._added_at_once(rows)
            for index, values in enumerate(rows):
                with at_index(index):
                    added.append(await self.add(values))
        return added

    async def update(self, id: object, changes: Values, /) -> T | None:
        """Change fields of an object and return it, if there is one with this key.

        Raises:
            Conflict: something in it is taken or points to nothing, or the object has changed.
            ValidationError: a column cannot keep a value, or the model refuses it.
        """
        if not changes:
            return await self.get(id)
        try:
            key = self._plan.key.bound(id)
        except Misfit:
            return None
        statement, args = self._changing(key, changes)
        if self._plan.is_whole and not self._plan.has_rules:
            rows = await self._write(statement, args, changes)
            return self._made(rows) if rows else await self._nothing(id, changes)
        async with self.transaction():
            rows = await self._write(statement, args, changes)
            return await (self._seen(rows) if rows else self._nothing(id, changes))

    async def remove(self, id: object, /) -> bool:
        """Forget the object with this key; tell whether there was one.

        Raises:
            Conflict: others refer to it.
        """
        try:
            key = self._plan.key.bound(id)
        except Misfit:
            return False
        if self.deleted:
            statement, args = self._changing(key, {self.deleted: dt.datetime.now(dt.UTC)})
        else:
            statement, args = self._plan.statements.removed(), [key]
        return bool(await self._write(statement, args, {}))

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """Do all of what is done in the context, or, if it is left with an error, nothing of it."""
        return self._database.transaction()

    async def list(self, query: ListQuery, /) -> Rows[T]:
        """Return what the query asks for."""
        if not query.ordering:
            query = query.keyed(self.key)
        plan, database = self._plan, self._database
        statement, counted, values = plan.statements.listed(query)
        args = statement.args(values)
        rows = await plan.read(database.read, statement, args, first=int(query.count))
        if not query.count:
            return Rows(plan.make(rows))
        if not rows:  # behind the end of the list there is nobody to tell its length
            rows = await database.read(counted.sql, counted.args(values))
            return Rows([], rows[0][0])
        return Rows(plan.make_counted(rows), rows[0][0])

    def _adding(self, values: Values) -> tuple[Statement, _Args]:
        statement = self._plan.statements.added(self._plan.names(values))
        return statement, statement.args(self._plan.fitted(values))

    def _changing(self, key: object, changes: Values) -> tuple[Statement, _Args]:
        remade, version = self._plan.remade, self.version
        made = {name: remade[name]() for name in remade if name not in changes}
        values = self._plan.fitted({**made, **changes})
        names = tuple(name for name in self._plan.names({**made, **changes}) if name != version)
        statement = self._plan.statements.changed(names, counted=version, stale=version in changes)
        seen = values.get(f"v_{version}")
        return statement, statement.args({**values, "key": key, "version": seen})

    async def _added_at_once(self, rows: Sequence[Values]) -> Sequence[T]:
        """Add rows by one statement.

        Raises:
            _OneByOne: they have values for different columns, or one of them is refused.
        """
        completed, batches = list(map(self._plan.completed, rows)), []
        names = {tuple(values) for values in completed}
        if len(names) != 1 or (self._plan.advanced and self.key in completed[0]):
            raise _OneByOne
        for index, values in enumerate(completed):
            with at_index(index):
                statement, args = self._adding(values)
                batches.append(args)
        try:
            return self._plan.make(await self._database.write_many(statement.sql, batches))
        except Exception as error:
            if self._database.violation_of(error) is None:
                raise
        raise _OneByOne

    async def _write(
        self, statement: Statement, args: _Args, values: Mapping[str, Any]
    ) -> Sequence[Sequence[Any]]:
        try:
            return await self._database.write(statement.sql, args)
        except Exception as error:
            violation = self._database.violation_of(error)
            if violation is None:
                raise
            answer = await self._answer(violation, values)
        raise answer

    async def _answer(self, violation: Violation, values: Mapping[str, Any]) -> APIException:
        if violation.rule == "reference":
            missing = violation.columns or await self._missing(values)  # SQLite does not say which
            if not all(self._plan.refers(name) for name in missing) or not missing:
                return needed()
            return dangling(*map(self._plan.alias, missing))
        return answer_to(violation, self._plan.alias)

    async def _missing(self, values: Mapping[str, Any]) -> Sequence[str]:
        """Return the names of values that point to nothing."""
        missing = []
        for name in self._plan.names(values):
            column = self._plan.columns[name]
            if values[name] is not None and column.declared.foreign_keys:
                statement = self._plan.statements.referred(name)
                if not await self._database.read(statement.sql, [column.bound(values[name])]):
                    missing.append(name)
        return missing

    async def _nothing(self, id: object, changes: Values) -> T | None:
        """Tell why no row has changed: there is none, or it is not the one that the client has."""
        if self.version and self.version in changes and await self.get(id) is not None:
            raise stale(self._plan.alias(self.version))
        return None

    async def _seen(self, rows: Sequence[Sequence[Any]]) -> T:
        """Return the object of a row that has been written, if the model takes it."""
        if self._plan.is_whole:
            return self._made(rows)
        got = self._plan.statements.got()
        return self._made(await self._plan.read(self._database.read, got, rows[0]))

    def _made(self, rows: Sequence[Sequence[Any]]) -> T:
        try:
            made: T = self._plan.make(rows)[0]
        except ValueError as error:  # a rule of the model about several of its fields
            reason = {"pointer": "#", "detail": str(error), "code": "invalid"}
            raise ValidationError(errors=[reason]) from None
        return made
