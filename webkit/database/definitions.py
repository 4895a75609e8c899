"""Definitions: whether a table and a type of objects fit to each other, whatever the database is.

The names of columns are asked for when a repository is defined. Relationships are followed when it
is used: they may lead to tables that are not imported before.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import InvalidRequestError

from webkit.database.children import child_of, conditions_of, limit_of
from webkit.exceptions import ConfigurationError
from webkit.models import Field, fields_of, is_model, members, shown_type


__all__ = ("model_in", "problems_of", "related_by", "relation_problems")


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
        elif field.name not in known and child_of(field.type) and not limit_of(field.type):
            listed = f"Annotated[{shown_type(field.type)}, Meta(max_length=100)]"
            yield f"{where}: {field.name}: nothing says how many there are at most. Write {listed}"


def relation_problems(table: Any, model: Any) -> Iterator[str]:
    """Yield what is wrong with the fields that are called like relationships."""
    known = inspect(table).columns.keys()
    for field in fields_of(model):
        if field.name not in known:
            try:
                related_by(table, field)
            except ConfigurationError as error:
                yield from error.problems


def model_in(hint: Any) -> Any:
    """Return the model in a type such as ``Label | None``; None if there is none."""
    return next(filter(is_model, members(hint)), None)


def related_by(table: Any, field: Field) -> tuple[Any, Sequence[Field]]:
    """Return the relationship that a field is called like, and the fields of its objects.

    Raises:
        ConfigurationError: it cannot be read.
    """
    where = f"{table.__name__}.{field.name}"
    child = child_of(field.type)
    try:
        relation = inspect(table).relationships.get(field.name)
    except InvalidRequestError as error:
        raise ConfigurationError([f"{where}: {' '.join(str(error).split())}"]) from None
    if relation is None or bool(relation.uselist) is not bool(child):
        wanted = "several rows" if child else "one row"
        raise ConfigurationError([f"{where} is no relationship to {wanted}"])
    if child and conditions_of(relation) is None:
        raise ConfigurationError([f"{where} is about more than a key. Read it in a session"])
    model = child or model_in(field.type)
    if model is None:
        text = f"{shown_type(field.type)} is no model. Write one, or the name of a column"
        raise ConfigurationError([f"{where} is a relationship, and {text}"])
    fields = fields_of(model)
    known = inspect(relation.entity.class_).columns.keys()
    if unknown := [item.name for item in fields if item.name not in known]:
        shown = ", ".join(sorted(known))
        text = f"{relation.entity.class_.__name__} has no such column. It has {shown}"
        raise ConfigurationError([f"{where}: {model.__name__}.{name}: {text}" for name in unknown])
    return relation, fields
