"""Plans: what a repository knows of its table in one dialect, made when it is first used."""

import uuid
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Dialect, inspect, types

from webkit.database.children import Children, Read, child_of
from webkit.database.columns import Column, Misfit, column_of
from webkit.database.definitions import model_in, related_by, relation_problems
from webkit.database.drivers import Args, Rows
from webkit.database.rows import Nested, Shown, converted, maker_of
from webkit.database.statements import Statement, Statements
from webkit.exceptions import ConfigurationError, ValidationError
from webkit.models import Field, fields_of


__all__ = ("Plan",)

_Make = Callable[[Iterable[Sequence[Any]]], list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A table and a type of objects; ``name`` is that of the model of SQLAlchemy.

    ``make`` makes objects of rows, and ``make_counted`` of rows that begin with a number.
    ``children`` are by the place in a row where the key is that they refer to. ``is_whole`` says
    that objects have nothing but columns of the table. ``made`` and ``remade`` make what is not
    given, by the names of columns. ``advanced`` is the statement that follows a key that was not
    counted, if one must.
    """

    name: str
    columns: Mapping[str, Column]
    key: Column
    statements: Statements
    make: _Make
    make_counted: _Make
    children: Mapping[int, Children]
    is_whole: bool
    has_rules: bool
    made: Mapping[str, Callable[[], Any]]
    remade: Mapping[str, Callable[[], Any]]
    aliases: Mapping[str, str]
    advanced: str | None

    @classmethod
    def of(
        cls, table: Any, model: Any, *, key: str, hidden: str | None, dialect: Dialect
    ) -> "Plan":
        """Return the plan for a model of SQLAlchemy and a type of objects.

        Raises:
            ConfigurationError: a relationship does not fit, or the dialect cannot keep something
                exactly.
        """
        if problems := [*relation_problems(table, model)]:
            raise ConfigurationError(problems)
        columns = _columns_of(table, dialect)
        fields = fields_of(model)
        joined: Any = inspect(table).local_table
        elements: list[Any] = []
        related: dict[str, Column] = {}
        shown: list[Shown | Nested] = []
        children: dict[int, Children] = {}
        is_whole = all(field.name in columns for field in fields)
        for field in fields:
            if field.name in columns:
                elements.append(columns[field.name].declared)
                shown.append(_shown(field, columns[field.name]))
                continue
            if child_of(field.type):
                several = _several(table, field, dialect=dialect)
                children[len(elements)] = several
                elements.append(several.own)
                shown.append(Shown(field.name, None))
                continue
            nested, joined, inside = _nested(table, field, joined=joined, dialect=dialect)
            elements += (item.declared for item in inside)
            related.update((item.name, item) for item in inside)
            shown.append(nested)
        return cls(
            name=table.__name__,
            columns=columns,
            key=columns[key],
            statements=Statements(
                {**related, **columns},
                key=key,
                shown=elements,
                joined=joined,
                is_whole=is_whole,
                dialect=dialect,
                hidden=hidden,
            ),
            make=maker_of(model, shown),
            make_counted=maker_of(model, shown, first=1),
            children=children,
            is_whole=is_whole,
            has_rules=hasattr(model, "__post_init__"),
            made=dict(_makers(columns, fields, model)),
            remade={name: item.remade for name, item in columns.items() if item.remade},
            aliases={field.name: field.alias for field in fields},
            advanced=_advanced(columns[key].declared, dialect),
        )

    def read(
        self, read: Read, statement: Statement, args: Args, /, *, first: int = 0
    ) -> Awaitable[Rows]:
        """Return the rows of a statement, each with its children, behind ``first`` columns."""
        rows = read(statement.sql, args)
        return self._with_children(rows, first=first, read=read) if self.children else rows

    async def _with_children(self, reading: Awaitable[Rows], *, first: int, read: Read) -> Rows:
        rows = await reading
        for place, children in self.children.items():
            rows = await children.into(rows, place=place + first, read=read)
        return rows

    def completed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a new row with those that are made."""
        made = self.made
        return {**{name: made[name]() for name in made if name not in values}, **values}

    def names(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the columns that have values, in the order of the table.

        Raises:
            TypeError: the table does not have them all.
        """
        names = tuple(name for name in self.columns if name in values)
        if len(names) != len(values):
            unknown = next(name for name in values if name not in self.columns)
            raise TypeError(f"{self.name} has no column {unknown!r}")
        return names

    def fitted(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values as the driver takes them, by the names of their slots.

        Raises:
            ValidationError: columns cannot keep them; it names each.
        """
        bound: dict[str, Any] = {}
        errors = []
        for name in self.names(values):
            try:
                bound[f"v_{name}"] = self.columns[name].bound(values[name])
            except Misfit as misfit:
                pointer = f"#/{self.alias(name)}"
                errors.append({"pointer": pointer, "detail": str(misfit), "code": misfit.code})
        if errors:
            raise ValidationError(errors=errors)
        return bound

    def alias(self, name: str) -> str:
        """Return the name in JSON of a column, called as in the database or in Python."""
        own = self._own(name)
        return self.aliases.get(own, own)

    def refers(self, name: str) -> bool:
        """Tell whether a column, called as in the database or in Python, refers to others."""
        own = self._own(name)
        return own in self.columns and bool(self.columns[own].declared.foreign_keys)

    def _own(self, name: str) -> str:
        by_column = (item.name for item in self.columns.values() if item.declared.name == name)
        return next(by_column, name)


def _columns_of(table: Any, dialect: Dialect) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    problems: list[str] = []
    for name, declared in inspect(table).columns.items():
        try:
            columns[name] = column_of(name, declared, dialect=dialect)
        except ConfigurationError as error:
            problems += error.problems
    if problems:
        raise ConfigurationError(problems)
    return columns


def _shown(field: Field, column: Column) -> Shown:
    return Shown(field.name, column.read or converted(field.type, is_json=column.is_json))


def _several(table: Any, field: Field, *, dialect: Dialect) -> Children:
    """Return a field that is a list of the objects that refer to a row."""
    relation, fields = related_by(table, field)
    columns = _columns_of(relation.entity.class_, dialect)
    return Children(
        relation,
        field.type,
        columns=[columns[item.name] for item in fields],
        shown=[_shown(item, columns[item.name]) for item in fields],
        dialect=dialect,
    )


def _nested(
    table: Any, field: Field, *, joined: Any, dialect: Dialect
) -> tuple[Nested, Any, list[Column]]:
    """Return a field that is the object to which a row refers, the tables joined, and its columns.

    A column is called as in a condition: ``artist__name``.
    """
    relation, fields = related_by(table, field)
    other = relation.entity.class_
    target = inspect(other).local_table.alias(f"j_{field.name}")
    columns = _columns_of(other, dialect)
    key = inspect(other).primary_key[0]
    fields = sorted(fields, key=lambda item: columns[item.name].declared is not key)
    inside = [
        columns[item.name]._replace(
            name=f"{field.name}__{item.name}", declared=target.c[columns[item.name].declared.key]
        )
        for item in fields
    ]
    shown = tuple(_shown(item, columns[item.name]) for item in fields)
    on = [own == target.c[remote.key] for own, remote in relation.local_remote_pairs]
    return Nested(field.name, model_in(field.type), shown), joined.outerjoin(target, *on), inside


def _makers(
    columns: Mapping[str, Column], fields: Sequence[Field], model: Any
) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield what makes the values of columns that are not given, and that nobody else makes."""
    defaults = {item.name: _default_of(item, model) for item in fields}
    for name, column in columns.items():
        declared = column.declared
        if column.made:
            yield name, column.made
        elif declared.server_default is not None or declared is _counted(declared):
            continue
        elif declared.primary_key and isinstance(declared.type, types.Uuid):
            yield name, uuid.uuid4
        elif defaults.get(name):
            yield name, defaults[name]


def _advanced(declared: Any, dialect: Dialect) -> str | None:
    """Return the statement that has PostgreSQL count on from a key that came with its object."""
    if dialect.name == "sqlite" or declared is not _counted(declared):
        return None
    table = dialect.identifier_preparer.format_table(declared.table).replace("'", "''")
    name = declared.name.replace("'", "''")
    sequence = f"(SELECT pg_get_serial_sequence('{table}', '{name}')::regclass AS name) AS s"
    last = "coalesce(pg_sequence_last_value(s.name), 1)"
    return f"SELECT setval(s.name, greatest($1::BIGINT, {last})) FROM {sequence}"  # noqa: S608  # names of the model


def _counted(declared: Any) -> Any:
    """Return the column of its table that the database counts."""
    return declared.table.autoincrement_column


def _default_of(field: Field, model: Any) -> Any:
    """Return what makes the default of a field; None if it has none."""
    if field.default is not msgspec.NODEFAULT:
        return lambda: field.default
    own = msgspec.structs.fields(model) if isinstance(model, type(msgspec.Struct)) else ()
    found = [item.default_factory for item in own if item.name == field.name]
    return next((make for make in found if make is not msgspec.NODEFAULT), None)
