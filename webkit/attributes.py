"""Attributes of a resource, and what is wrong with them: pages, filters, orders, models.

A resource with a mistake here has none of the actions that it inherits, so that each mistake is
told once.
"""

from collections.abc import Collection, Iterator
from typing import Any

from msgspec import NODEFAULT, UNSET

from webkit.filters import field_of
from webkit.models import (
    Field,
    fields_of,
    is_model,
    is_pydantic,
    members,
    refuses_unknown,
    shown_type,
)
from webkit.operators import OPERATORS
from webkit.pagination import PageStyle
from webkit.references import name_of
from webkit.signatures import ACTIONS


__all__ = ("attribute_problems", "patch_problems")

_SIZES = ("page_size", "max_page_size", "max_bulk_size")
_SEVERAL = ("actions", "search_fields", "ordering", "ordering_fields")


def attribute_problems(cls: Any, item: Any) -> Iterator[str]:
    """Yield what is wrong with the attributes of a resource that lists ``item``, a line each."""
    values = {name: getattr(cls, name) for name in _SEVERAL}
    wrong = {name: value for name, value in values.items() if not _is_several(value)}
    for name, value in wrong.items():
        yield f"{name}: {value!r} is one value. Write ({value!r},)"
    yield from (*_page_problems(cls), *_repository_problems(cls, item), *_filter_problems(cls))
    if not wrong:
        for name in cls.actions or ():
            if name not in ACTIONS:
                yield f"actions: there is no {name!r}. Write some of {', '.join(ACTIONS)}"
        yield from _field_problems(cls, item) if is_model(item) else ()


def _is_several(value: object) -> bool:
    return value is None or (isinstance(value, Collection) and not isinstance(value, str))


def patch_problems(patch: Any) -> Iterator[str]:
    """Yield the fields that a PATCH would overwrite although a client has not sent them."""
    if not is_model(patch) or is_pydantic(patch):
        return
    for field in fields_of(patch):
        if not field.required and field.default is not NODEFAULT and field.default is not UNSET:
            yield (
                f"{shown_type(patch)}.{field.name} has the default {field.default!r}, which a PATCH"
                f" without it would write. Write {field.name}: {shown_type(field.type)} | UnsetType"
                " = UNSET"
            )


def _page_problems(cls: Any) -> Iterator[str]:
    """Yield what is wrong with the style of pages, and with numbers."""
    page = cls.page
    if isinstance(page, PageStyle):
        yield f"page: {type(page).__name__}(...) is an instance. Write {type(page).__name__}"
    elif page is not None and not (isinstance(page, type) and issubclass(page, PageStyle)):
        yield f"page: {name_of(page)} is no style of pages. Write LimitOffset, PageNumber or Cursor"
    sizes = {name: getattr(cls, name, None) for name in _SIZES}
    wrong = {name: size for name, size in sizes.items() if size is not None and not _is_size(size)}
    yield from (f"{name}: {size!r} is not a number above 0" for name, size in wrong.items())
    if not wrong and cls.page_size and cls.max_page_size and cls.page_size > cls.max_page_size:
        yield f"page_size: {cls.page_size} is more than max_page_size, {cls.max_page_size}"


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _repository_problems(cls: Any, item: Any) -> Iterator[str]:
    """Yield what is wrong with what has the objects."""
    repository = getattr(cls, "repository", None)
    model = getattr(repository, "model", None)
    if isinstance(repository, type):
        yield f"repository: {repository.__name__} is a class. Write {repository.__name__}(...)"
    elif repository is not None and not hasattr(repository, "get"):
        yield f"repository: {name_of(type(repository))} is none. Write MemoryRepository(...), or so"
    elif isinstance(model, type) and isinstance(item, type) and item not in (model, *model.__mro__):
        yield f"repository: it has {shown_type(model)}, and not {shown_type(item)}"


def _filters(cls: Any) -> tuple[Field, ...]:
    return fields_of(cls.filters) if is_model(cls.filters) else ()


def _filter_problems(cls: Any) -> Iterator[str]:
    if cls.filters is not None and not _filters(cls):
        yield f"filters: {shown_type(cls.filters)} is no model with fields. Use a msgspec.Struct"
    elif refuses_unknown(cls.filters):
        yield "filters: forbid_unknown_fields would refuse the parameters of pages. Remove it"


def _column_names(cls: Any) -> Collection[str]:
    """Return what a repository can ask its table for; nothing where it can ask for every field."""
    repository = getattr(cls, "repository", None)
    return () if isinstance(repository, type) else getattr(repository, "column_names", ())


def _relations(item: Any, columns: Collection[str]) -> dict[str, list[str]]:
    """Return the fields of what is listed that are objects of their own, with the fields of those.

    What is kept in a column, as a value of JSON, is none.
    """
    return {
        field.name: [inner.name for inner in fields_of(member)]
        for field in fields_of(item)
        for member in members(field.type)
        if is_model(member) and field.name not in columns
    }


def _field_problems(cls: Any, item: Any) -> Iterator[str]:
    """Yield the names that are no fields of what is listed, or of an object in it."""
    names, columns = {field.name for field in fields_of(item)}, _column_names(cls)
    own = names.intersection(columns) if columns else names
    relations = _relations(item, columns)
    inside = {f"{name}__{field}" for name, fields in relations.items() for field in fields}
    wanted = {
        "filters": [field_of(field.name)[0] for field in _filters(cls)],
        "search_fields": cls.search_fields,
        "ordering": [key.removeprefix("-") for key in cls.ordering],
        "ordering_fields": cls.ordering_fields,
    }
    strangers = (
        (attribute, name)
        for attribute, given in wanted.items()
        for name in dict.fromkeys(given)
        if name not in (own if attribute.startswith("ordering") else own | inside)
    )
    for attribute, name in strangers:
        relation, _, field = name.partition("__")
        if relation in relations and field.partition("__")[0] not in ("", *relations[relation]):
            fields = ", ".join(sorted(relations[relation]))
            yield f"{attribute}: {relation} has no field {field!r}. It has {fields}"
        elif attribute == "filters" and name.rpartition("__")[0] in own | inside:
            yield f"filters: {name!r} ends with no operator. There are {', '.join(OPERATORS)}"
        elif name in names:
            yield f"{attribute}: {name} is no column. There are {', '.join(sorted(own))}"
        else:
            fields = ", ".join(sorted(names))
            yield f"{attribute}: {item.__name__} has no field {name!r}. It has {fields}"
