"""Plans: what a repository knows of its table in one dialect, made when it is first used."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Dialect, inspect, types

from webkit.database.columns import Column, Misfit, column_of
from webkit.database.rows import Nested, Shown, converted, maker_of
from webkit.database.statements import Statements
from webkit.exceptions import ConfigurationError, ValidationError
from webkit.models import Field, fields_of, is_model, members


__all__ = ("Plan", "problems_of")

_Make = Callable[[Iterable[Sequence[Any]]], list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A table and a type of objects; ``name`` is that of the model of SQLAlchemy.

    ``make`` makes objects of rows, and ``make_counted`` of rows that begin with a number.
    ``returned`` are the columns that a changed row gives back: all, or the key where objects have
    more than the table. ``made`` and ``remade`` make what is not given, by the names of columns.
    ``advanced`` is the statement that follows a key that was not counted, if one must.
    """

    name: str
    columns: Mapping[str, Column]
    key: Column
    statements: Statements
    make: _Make
    make_counted: _Make
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
            ConfigurationError: the dialect cannot keep something exactly.
        """
        columns = _columns_of(table, dialect)
        fields = fields_of(model)
        joined: Any = inspect(table).local_table
        elements: list[Any] = []
        shown: list[Shown | Nested] = []
        for field in fields:
            if field.name in columns:
                elements.append(columns[field.name].declared)
                shown.append(_shown(field, columns[field.name]))
                continue
            nested, joined = _nested(table, field, elements, joined=joined, dialect=dialect)
            shown.append(nested)
        return cls(
            name=table.__name__,
            columns=columns,
            key=columns[key],
            statements=Statements(
                columns, key=key, shown=elements, joined=joined, dialect=dialect, hidden=hidden
            ),
            make=maker_of(model, shown),
            make_counted=maker_of(model, shown, first=1),
            is_whole=all(field.name in columns for field in fields),
            has_rules=hasattr(model, "__post_init__"),
            made=dict(_makers(columns, fields, model)),
            remade={name: item.remade for name, item in columns.items() if item.remade},
            aliases={field.name: field.alias for field in fields},
            advanced=_advanced(columns[key].declared, dialect),
        )

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


def problems_of(table: Any, model: Any, names: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with a repository of a table that has ``names`` as columns."""
    where = f"SQLRepository({table.__name__}, {getattr(model, '__name__', model)})"
    known = set(inspect(table).columns.keys())
    shown = ", ".join(sorted(known))
    for name in names:
        if name not in known:
            yield f"{where}: {table.__name__} has no column {name!r}. It has {shown}"
    if not is_model(model):
        yield f"{where}: objects need a type with fields, as a msgspec.Struct"
        return
    for field in fields_of(model):
        if field.name not in known and not hasattr(table, field.name):
            yield f"{where}: {field.name}: {table.__name__} has no such column. It has {shown}"


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


def _nested(
    table: Any, field: Field, elements: list[Any], *, joined: Any, dialect: Dialect
) -> tuple[Nested, Any]:
    """Return a field that is the object to which a row refers, and the tables joined with its."""
    relation = inspect(table).relationships[field.name]
    other = relation.entity.class_
    model = next(tp for tp in members(field.type) if is_model(tp))
    target = inspect(other).local_table.alias(f"j_{field.name}")
    columns = _columns_of(other, dialect)
    key = inspect(other).primary_key[0]
    fields = sorted(fields_of(model), key=lambda item: columns[item.name].declared is not key)
    elements += (target.c[columns[item.name].declared.key] for item in fields)
    shown = tuple(_shown(item, columns[item.name]) for item in fields)
    on = [own == target.c[remote.key] for own, remote in relation.local_remote_pairs]
    return Nested(field.name, model, shown), joined.outerjoin(target, *on)


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
