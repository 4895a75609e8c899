"""A resource in a project: its files, and the revision that creates its table. Only plans."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from webkit.exceptions import ConflictError, UsageError
from webkit.scaffold import expectations, names, rendering, resources, revisions
from webkit.scaffold.fields import Field, fields_in
from webkit.scaffold.resources import Resource, Target
from webkit.scaffold.tables import tables_in


__all__ = ("Order", "files_of", "order_in", "resource_of", "revision_again", "revision_of")

_NAME_LENGTH = 36  # leaves room for the rest of a line
_TESTS = "tests/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a person has asked for: the words of the fields, and the name of the class, if any."""

    words: tuple[str, ...]
    model: str | None = None

    @property
    def command(self) -> tuple[str, ...]:
        """The words of a command line that ask for it."""
        return (*self.words, *(("--model", self.model) if self.model else ()))


def order_in(words: Sequence[str]) -> Order:
    """Return the order that a command gave with these words."""
    if "--model" not in words:
        return Order(words=tuple(words))
    at = words.index("--model")
    return Order(words=tuple(words[:at]), model="".join(words[at + 1 : at + 2]) or None)


def resource_of(root: Path, name: str, order: Order, *, is_new: bool = True) -> Resource:
    """Return the resource ``name`` of a project.

    Raises:
        UsageError: its words, its name or that of its class cannot be; a field refers to nothing.
        ConflictError: ``is_new``, and another app has a table of that name.
    """
    if len(name) > _NAME_LENGTH:
        raise UsageError(f"{name!r} is too long for a table. Use at most {_NAME_LENGTH} characters")
    class_name = order.model or names.resource_class_name(name)
    if not re.fullmatch(f"[A-Z][A-Za-z0-9]{{0,{_NAME_LENGTH - 1}}}", class_name):
        example = names.resource_class_name(name)
        raise UsageError(f"{class_name!r} cannot name a class. Write --model {example}")
    if class_name in resources.TAKEN:
        raise UsageError(
            f"The class of {name!r} would be {class_name}, which the generated code imports."
            f" Give it another name: --model My{class_name}"
        )
    fields = fields_in(order.words)
    tables = tables_in(root)
    if is_new and name in tables:
        raise ConflictError(f"There is a table {name!r} already. Nothing was written.")
    if is_new and (problems := _problems(name, fields, tables)):
        raise UsageError("\n".join(problems))
    return Resource(name=name, class_name=class_name, fields=fields, targets=tables)


def files_of(resource: Resource) -> dict[str, bytes]:
    """Return models, schemas, views and tests, by their paths in the directory of an app."""
    variables = {
        **resources.variables_of(resource),
        **expectations.variables_of_tests(resource),
    }
    return rendering.rendered(rendering.template_directory("resource"), variables)


def revision_of(
    root: Path, resource: Resource, command: Sequence[str]
) -> tuple[str, dict[str, bytes]]:
    """Return the path of the revision that creates the table, and that file unless it is there.

    It is there where the same command made it before, and only the app has gone since.

    Raises:
        ConflictError: another revision creates the table.
        UsageError: the revisions there cannot be read, or have several ends.
    """
    known = revisions.revisions_in(root)
    creator = revisions.creator_of(known, resource.name)
    if creator is None:
        id, parent = revisions.next_id(known, resource.name), revisions.head_of(known)
        path = f"{revisions.DIRECTORY}/{id}.py"
        return path, {path: _source_of(resource, command, id=id, parent=parent)}
    path = creator.path.relative_to(root).as_posix()
    if creator.command == tuple(command):
        return path, {}
    raise ConflictError(
        f"{path} creates the table {resource.name!r} already. Nothing was written. Remove it if no"
        " database has it, or else let another one drop the table first:"
        f" webkit db revision -m 'drop {resource.name}'"
    )


def revision_again(root: Path, resource: Resource, made: revisions.Revision) -> dict[str, bytes]:
    """Return the file of a revision as it was made."""
    parent = next(iter(made.parents), None)
    source = _source_of(resource, made.command, id=made.id, parent=parent)
    return {made.path.relative_to(root).as_posix(): source}


def _source_of(resource: Resource, command: Sequence[str], *, id: str, parent: str | None) -> bytes:
    return revisions.creation_of(
        resource.name, resource.fields, id=id, parent=parent, command=command
    ).encode()


def _problems(name: str, fields: Sequence[Field], tables: Mapping[str, Target]) -> list[str]:
    problems = []
    for field in fields:
        if field.target is None:
            continue
        if field.target == name:
            if not field.optional:
                problems.append(
                    f"{field.name}: the first of {name} could refer to none. Put a ? behind it"
                )
        elif field.target not in tables:
            known = ", ".join(sorted(tables)) or "none yet"
            problems.append(
                f"{field.name}: there is no table {field.target!r} to refer to. There is {known}"
            )
        elif not tables[field.target].adding and not field.optional:
            problems.append(
                f"{field.name}: the tests need a row of {field.target} to refer to, and"
                f" tests/test_{field.target}.py has no `async def add_…(api: APIClient,"
                " number: int)`. Add one, or put a ? behind the field"
            )
    return problems
