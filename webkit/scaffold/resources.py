"""A resource: what its fields become in a table, in schemas, a viewset and tests.

The sentences are in ``templates/resource``. Here are the lines that depend on the fields, which
are variables of that template.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from webkit.scaffold import names
from webkit.scaffold.fields import Field
from webkit.scaffold.layout import imported, joined


__all__ = ("PARAMETERS", "TAKEN", "Resource", "Target", "variables_of")

# Names that the generated modules import: no class of a table is called that.
TAKEN = frozenset(
    (
        *("APIClient", "Any", "Decimal", "Email", "Instant", "Int64", "Line", "Mapped", "Model"),
        *("ResourceViewSet", "SQLRepository", "SimpleRouter", "Struct", "URL", "UUID", "UnsetType"),
        *("WallClock", "WithID"),
    )
)
_HOMES = {
    "Any": "typing",
    "Decimal": "decimal",
    "UUID": "uuid",
    **dict.fromkeys(("Email", "Instant", "Int64", "Line", "URL", "WallClock"), "webkit.scalars"),
}
# Parameters that a list has already.
PARAMETERS = frozenset(("cursor", "limit", "offset", "ordering", "page", "page_size", "search"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A table that fields refer to; the function ``adding`` of the module ``tests`` adds a row."""

    table: str
    tests: str = ""
    adding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A table and all that serves it. ``name`` is that of the table, and its URL."""

    name: str
    class_name: str
    fields: tuple[Field, ...]
    targets: Mapping[str, Target]

    @property
    def singular(self) -> str:
        """What one of them is called in functions."""
        return names.snake_case_of(self.class_name)

    def adder_of(self, field: Field) -> Target | None:
        """Return what adds a row for the field to refer to, if something does."""
        found = self.targets.get(field.target or "")
        return found if found and found.adding else None


def variables_of(resource: Resource) -> dict[str, str]:
    """Return the variables of ``templates/resource``."""
    return {
        "name": resource.name,
        "class_name": resource.class_name,
        **_table(resource),
        **_schemas(resource),
        **_views(resource),
    }


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _used(annotations: Iterable[str]) -> list[str]:
    """Return the lines that import what annotations are made of, without the libraries' own."""
    text = " ".join(annotations)
    found: dict[str, list[str]] = {}
    for name, home in _HOMES.items():
        if name in text.replace("|", " ").split():
            found.setdefault(home, []).append(name)
    lines = [imported(home, used) for home, used in sorted(found.items())]
    return ["import datetime as dt"] * ("dt." in text) + lines


def _imports(standard: Iterable[str], others: Iterable[str]) -> str:
    """Return two sections of imports, the first of which may be empty."""
    first = _lines(standard)
    return f"{first}\n\n{_lines(others)}" if first else _lines(others)


def _table(resource: Resource) -> dict[str, str]:
    hints = [_hint(field, field.kind.annotation) for field in resource.fields]
    others = (
        "import sqlalchemy as sa",
        "from sqlalchemy.orm import Mapped, mapped_column",
        "from webkit.database import Model, WithID",
    )
    return {
        "model_imports": _imports(_used(hints), others),
        "columns": _lines(map(_column, resource.fields, hints)),
    }


def _hint(field: Field, annotation: str) -> str:
    if annotation == "Any" or not field.optional:
        return annotation
    return f"{annotation} | None"


def _column(field: Field, hint: str) -> str:
    parts = [field.kind.column]
    if field.target:
        parts.append(f'sa.ForeignKey("{field.target}.id")')
    if field.type == "json":
        parts.append(f"nullable={field.optional}")
    if field.unique:
        parts.append("unique=True")
    elif field.target:
        parts.append("index=True")
    if field.default:
        parts.append(f"default={field.default}")
    return joined(f"{field.name}: Mapped[{hint}] = mapped_column(", parts, ")", indent=1)


def _schemas(resource: Resource) -> dict[str, str]:
    kept, new, patch, filters = [], [], [], list(_filters(resource))
    for field in resource.fields:
        kept.append(f"{field.name}: {_hint(field, field.kind.annotation)}")
        shown = _hint(field, field.kind.shown)
        default = field.default or ("None" if field.optional else "")
        new.append(f"{field.name}: {shown} = {default}" if default else f"{field.name}: {shown}")
        unset = shown.replace(" | None", "") + " | UnsetType" + " | None" * ("None" in shown)
        patch.append(f"{field.name}: {unset} = UNSET")
    used = _used(line.partition(": ")[2].partition(" = ")[0] for line in (*kept, *new, *filters))
    standard = [line for line in used if "webkit" not in line]
    others = [line for line in used if line not in standard]
    return {
        "schema_imports": _imports(
            standard, ["from msgspec import UNSET, Struct, UnsetType", *others]
        ),
        "kept_fields": _indented(kept),
        "new_fields": _indented(new),
        "patch_fields": _indented(patch),
        "filters": _filters_class(resource, filters),
    }


def _indented(lines: Iterable[str]) -> str:
    return _lines(f"    {line}" for line in lines)


def _filters(resource: Resource) -> Iterator[str]:
    for field in resource.fields:
        for operator in field.kind.filters:
            if operator or field.name not in PARAMETERS:
                yield f"{field.name}{operator}: {field.kind.annotation} | None = None"


def _filters_class(resource: Resource, filters: Sequence[str]) -> str:
    if not filters:
        return ""
    head = f"class {resource.class_name}Filters(Struct):"
    return f'\n\n\n{head}\n    """What a list may be asked for."""\n\n{_indented(filters)}'


def _views(resource: Resource) -> dict[str, str]:
    name, fields = resource.class_name, resource.fields
    schemas = [name, f"New{name}", f"Patch{name}"]
    repository = joined("repository = SQLRepository(", [f"models.{name}", name], ")", indent=1)
    searched = [f'"{field.name}"' for field in fields if field.kind.is_searched]
    ordered = ['"id"', *(f'"{field.name}"' for field in fields if field.kind.is_ordered)]
    body = [repository]
    if any(_filters(resource)):
        body.append(f"    filters = {name}Filters")
        schemas.append(f"{name}Filters")
    for attribute, values in (("search_fields", searched), ("ordering_fields", ordered)):
        if values:
            body.append(_tuple(f"{attribute} = (", values))
    base = joined("ResourceViewSet[", [*schemas[:3], "int"], "]")
    return {
        "view_imports": imported(".schemas", schemas),
        "view_class": joined(f"class {name}ViewSet(", [base], "):"),
        "view_body": _lines(body),
    }


def _tuple(head: str, values: Sequence[str]) -> str:
    return joined(head, values, ",)" if len(values) == 1 else ")", indent=1)
