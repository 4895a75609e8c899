"""The revisions in ``migrations/``: read as text, and one more rendered from fields.

Nothing is imported and Alembic is not needed, so a command that only adds a file stays fast. A
revision says in its docstring by which command it was made; that is how the command can be undone.
"""

import ast
import contextlib
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from webkit.exceptions import UsageError
from webkit.scaffold.fields import Field
from webkit.scaffold.layout import joined, wrapped


__all__ = (
    "DIRECTORY",
    "Revision",
    "creation_of",
    "creator_of",
    "head_of",
    "last_made",
    "next_id",
    "revisions_in",
)

DIRECTORY = "migrations"
_ID_LENGTH = 32  # of the column in which Alembic keeps it
_ID = 'sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)'
_MADE_BY = "Made by: "
_SOURCE = '''\
"""Create the table {table}.

{made_by}
"""

import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision{annotation} = {parent}


def upgrade() -> None:
    """Create the table."""
{create}


def downgrade() -> None:
    """Drop the table, with all that is in it."""
    op.drop_table("{table}")
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One file: its id, the ids that it builds on, and the command that made it, as words.

    ``created`` and ``dropped`` are the tables that its upgrade says so of.
    """

    path: Path
    id: str
    parents: tuple[str, ...]
    command: tuple[str, ...]
    created: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def revisions_in(root: Path) -> tuple[Revision, ...]:
    """Return the revisions of a project, by the names of their files.

    Raises:
        UsageError: a file cannot be read as Python.
    """
    paths = sorted((root / DIRECTORY).glob("*.py"))
    return tuple(found for path in paths if (found := _revision_in(path, root)) is not None)


def last_made(root: Path, words: Sequence[str]) -> Revision | None:
    """Return the last revision that was made by a command of these first words."""
    by = tuple(words)
    made = [item for item in revisions_in(root) if item.command[: len(by)] == by]
    return made[-1] if made else None


def head_of(revisions: Sequence[Revision]) -> str | None:
    """Return the id of the newest revision, or None where there is none.

    Raises:
        UsageError: there are several that nothing builds on.
    """
    below = {parent for revision in revisions for parent in revision.parents}
    heads = sorted(revision.id for revision in revisions if revision.id not in below)
    if len(heads) > 1:
        raise UsageError(
            f"{DIRECTORY} has {len(heads)} ends: {', '.join(heads)}. Two people have added a"
            " revision to the same one. Join them first: webkit db revision --merge"
        )
    return heads[0] if heads else None


def creator_of(revisions: Iterable[Revision], table: str) -> Revision | None:
    """Return the revision that created a table, unless a later one has dropped it."""
    creator = None
    for revision in revisions:
        if table in revision.created:
            creator = revision
        elif table in revision.dropped:
            creator = None
    return creator


def next_id(revisions: Iterable[Revision], name: str) -> str:
    """Return the id of a revision to be: the next number, and what it is about."""
    numbers = [int(found[0]) for item in revisions if (found := re.match("[0-9]{4}", item.id))]
    return f"{max(numbers, default=0) + 1:04}_{name}"[:_ID_LENGTH].rstrip("_")


def creation_of(
    table: str, fields: Sequence[Field], *, id: str, parent: str | None, command: Sequence[str]
) -> str:
    """Return the source of the revision ``id``, which creates a table."""
    columns = [f'"{table}"', _ID, *map(_column, fields), "sqlite_autoincrement=True"]
    return _SOURCE.format(
        table=table,
        made_by=wrapped([_MADE_BY.strip(), *(_documented(shlex.quote(word)) for word in command)]),
        id=id,
        annotation=": str | None" if parent is None else "",
        parent="None" if parent is None else f'"{parent}"',
        create=joined("op.create_table(", columns, ")", indent=1),
    )


def _column(field: Field) -> str:
    parts = [f'"{field.name}"', field.kind.column]
    if field.target:
        parts.append(f'sa.ForeignKey("{field.target}.id")')
    parts.append(f"nullable={field.optional}")
    if field.unique:
        parts.append("unique=True")
    elif field.target:
        parts.append("index=True")
    return joined("sa.Column(", parts, ")", margin=9)


def _documented(text: str) -> str:
    """Return text as it stands in a docstring, in ASCII."""
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return escaped.encode("ascii", "backslashreplace").decode()


def _revision_in(path: Path, root: Path) -> Revision | None:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError) as error:
        shown = path.relative_to(root)
        raise UsageError(f"{shown} cannot be read: {error}. Repair it first.") from None
    values = dict(_constants_in(tree))
    if not isinstance(values.get("revision"), str):
        return None
    below = values.get("down_revision")
    parents = below if isinstance(below, tuple | list) else (below,)
    return Revision(
        path=path,
        id=str(values["revision"]),
        parents=tuple(parent for parent in parents if isinstance(parent, str)),
        command=_command_in(ast.get_docstring(tree) or ""),
        created=tuple(_tables_in(tree, "create_table")),
        dropped=tuple(_tables_in(tree, "drop_table")),
    )


def _constants_in(tree: ast.Module) -> Iterator[tuple[str, object]]:
    """Yield the names at the top of a module that have a literal, and its value."""
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name):
            with contextlib.suppress(ValueError):
                yield target.id, ast.literal_eval(getattr(node, "value", None) or "None")


def _tables_in(tree: ast.Module, operation: str) -> Iterator[str]:
    """Yield the tables that ``upgrade`` names first in an operation of Alembic."""
    upgrades = [node for node in tree.body if getattr(node, "name", "") == "upgrade"]
    for node in (inner for upgrade in upgrades for inner in ast.walk(upgrade)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == operation:
            names = [item.value for item in node.args[:1] if isinstance(item, ast.Constant)]
            yield from map(str, names)


def _command_in(docstring: str) -> tuple[str, ...]:
    _, mark, command = docstring.partition(_MADE_BY)
    try:
        return tuple(shlex.split(command)) if mark else ()
    except ValueError:
        return ()
