"""A service with the tables of the project, for units that integrate it: the unit ``rdbms``.

Source: aioli's extension for databases.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import inspect
from sqlalchemy.orm import DeclarativeBase

from webkit.database.databases import DATABASE, Database
from webkit.database.repositories import SQLRepository
from webkit.exceptions import APIException, ConfigurationError, NotFound, ValidationError
from webkit.filters import Condition, ListQuery, field_of, orders_of, where
from webkit.models import fields_of
from webkit.services import BaseService
from webkit.units import Unit


__all__ = ("DatabaseService", "Records", "export")

T = TypeVar("T")

_SEVERAL = "in"  # the operator whose value is several, with | between them


class DatabaseService(BaseService):
    """The database of the application; ``self.integrate(DatabaseService).use_model(Row)``."""

    @property
    def database(self) -> Database:
        """The database itself.

        Raises:
            ConfigurationError: the application has none.
        """
        if DATABASE not in self.app:
            problem = "DatabaseService: the application has no database. Write [database]"
            raise ConfigurationError([problem])
        return self.app[DATABASE]

    def use_model(
        self, table: type[DeclarativeBase], model: type[T] | None = None, **options: Any
    ) -> "Records[T]":
        """Return the rows of a table as objects of ``model``, or of a Struct with all columns.

        ``options`` are those of ``SQLRepository``.
        """
        chosen: Any = model or _struct_of(table)
        return Records(self, SQLRepository(table, chosen, **options))

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """Do all of what is done in the context, or, if it is left with an error, nothing of it."""
        return self.database.transaction()


class Records(Generic[T]):
    """The rows of one table."""

    def __init__(self, service: DatabaseService, definition: SQLRepository[T]) -> None:
        self._service = service
        self._definition = definition

    @property
    def repository(self) -> SQLRepository[T]:
        """What does the work: conditions, pages and everything else are there."""
        return self._definition.of(self._service.app)

    async def get_one(self, pk: object = None, **filters: Any) -> T:
        """Return the row with this key, or the only one that fits: ``get_one(name="Nina")``.

        Raises:
            NotFound: there is none.
            APIException: several fit; with status 500.
        """
        if pk is not None:
            filters[self._definition.key] = pk
        query = ListQuery(conditions=where(**filters), limit=2)
        found = (await self.repository.list(query)).items
        if len(found) > 1:
            raise APIException("Several fit where one is expected.", "several")
        if not found:
            raise NotFound
        return found[0]

    async def get_many(
        self,
        *,
        limit: int | None = 100,
        offset: int = 0,
        sort: str = "",
        query: str = "",
        **filters: Any,
    ) -> list[T]:
        """Return the rows that fit, in order: ``sort="name,-born", query="born__gte=1960"``.

        Conditions in ``query`` are separated by commas, the values of ``in`` by ``|``.

        Raises:
            ValidationError: there is no such column or operator, or a value does not fit.
        """
        names = [name for name in sort.split(",") if name]
        unknown = [name for name in names if name.removeprefix("-") not in self._types]
        if unknown:
            raise _refused("sort", f"There is no {unknown[0].removeprefix('-')!r}.")
        wanted = ListQuery(
            conditions=(*self._conditions(query), *where(**filters)),
            ordering=orders_of(names),
            limit=limit,
            offset=offset,
        )
        return list((await self.repository.list(wanted.keyed(self._definition.key))).items)

    async def count(self, *, query: str = "", **filters: Any) -> int:
        """Return how many rows fit.

        Raises:
            ValidationError: there is no such column or operator, or a value does not fit.
        """
        conditions = (*self._conditions(query), *where(**filters))
        rows = await self.repository.list(ListQuery(conditions=conditions, limit=0, count=True))
        return rows.total or 0

    async def create(self, values: Mapping[str, Any] | None = None, /, **more: Any) -> T:
        """Add a row and return it.

        Raises:
            Conflict: something in it is taken, or points to nothing.
            ValidationError: a column cannot keep a value.
        """
        return await self.repository.add({**(values or {}), **more})

    async def update(
        self, row: object, values: Mapping[str, Any] | None = None, /, **more: Any
    ) -> T:
        """Change columns of a row, or of the one with a key, and return it.

        Raises:
            NotFound: there is none with this key.
            Conflict: something in it is taken, or points to nothing.
            ValidationError: a column cannot keep a value.
        """
        changes = {**(values or {}), **more}
        changed = await self.repository.update(self._key_of(row), changes)
        if changed is None:
            raise NotFound
        return changed

    async def delete(self, row: object, /) -> None:
        """Remove a row, or the one with a key.

        Raises:
            NotFound: there is none with this key.
            Conflict: others refer to it.
        """
        if not await self.repository.remove(self._key_of(row)):
            raise NotFound

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """Do all of what is done in the context, or, if it is left with an error, nothing of it."""
        return self._service.transaction()

    def _key_of(self, row: object) -> object:
        is_row = isinstance(row, self._definition.model)
        return getattr(row, self._definition.key) if is_row else row

    @property
    def _types(self) -> Mapping[str, Any]:
        model: Any = self._definition.model
        return {field.name: field.type for field in fields_of(model)}

    def _conditions(self, query: str) -> Iterator[Condition]:
        """Yield the conditions that a client has written, with values of the columns' types."""
        for part in filter(None, query.split(",")):
            name, equals, text = part.partition("=")
            field, operator = field_of(name.strip())
            if not equals or field not in self._types:
                raise _refused("query", f"{part!r} is no condition on a column.")
            texts = text.split("|") if operator == _SEVERAL else [text]
            hint = bool if operator == "isnull" else self._types[field]
            try:
                values = [msgspec.convert(item, hint, strict=False) for item in texts]
            except msgspec.ValidationError as error:
                raise _refused("query", f"{part!r}: {error}.") from None
            yield Condition(field, operator, values if operator == _SEVERAL else values[0])


def _refused(parameter: str, text: str) -> ValidationError:
    return ValidationError(errors=[{"parameter": parameter, "detail": text, "code": "invalid"}])


def _struct_of(table: type[DeclarativeBase]) -> Any:
    """Return a Struct with a field for each column of a model."""
    fields = []
    for name, column in inspect(table).columns.items():
        hint: Any = column.type.python_type
        if hint is object:  # JSON
            hint = Any
        fields.append((name, hint | None if column.nullable and hint is not Any else hint))
    return msgspec.defstruct(table.__name__, fields, kw_only=True, module=table.__module__)


export = Unit(
    {"name": "rdbms", "description": "Tables of the database, for services that integrate them"},
    services=[DatabaseService],
)
