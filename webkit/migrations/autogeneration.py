"""What the models say and the database does not yet: listed, or written as a new revision."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import MigrationScript
from sqlalchemy import Connection

from webkit.migrations.environment import Environment, MigrationError


__all__ = ("differences", "next_id", "revision_source", "tidied")

_ID_LENGTH = 32  # of the column in which Alembic keeps it
_HINT = re.compile(r"^ *# ###.*\n?", re.MULTILINE)
_SOURCE = '''\
"""{message}."""

import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision{annotation} = {parent}


def upgrade() -> None:
    """Do it."""
{upgrade}


def downgrade() -> None:
    """Take it back."""
{downgrade}
'''


def differences(environment: Environment, connection: Connection) -> MigrationScript | None:
    """Return the steps from what a database has to what the models say, if there are any.

    Raises:
        MigrationError: the database lacks revisions, so that these would be among the steps.
    """
    environment.head()
    if pending := environment.pending(connection):
        raise MigrationError(
            f"The database lacks {', '.join(pending)}. Apply them first: webkit db upgrade"
        )
    steps = produce_migrations(environment.context(connection), environment.metadata)
    return None if steps.upgrade_ops is None or steps.upgrade_ops.is_empty() else steps


def revision_source(
    environment: Environment,
    message: str,
    *,
    id: str,
    parents: Sequence[str],
    steps: MigrationScript | None = None,
) -> str:
    """Return a revision with these steps, or with none."""
    quoted = [f'"{parent}"' for parent in parents]
    parent = f"({', '.join(quoted)})" if len(quoted) > 1 else "".join(quoted) or "None"
    source = _SOURCE.format(
        message=message[:1].upper() + message[1:].rstrip("."),
        id=id,
        annotation="" if quoted else ": str | None",
        parent=parent,
        upgrade=_body(steps and steps.upgrade_ops),
        downgrade=_body(steps and steps.downgrade_ops),
    )
    return source if "op." in source.partition("def ")[2] else _without_imports(source)


def next_id(environment: Environment, message: str) -> str:
    """Return the id of a revision to be: the next number, and the words of the message."""
    numbers = [
        int(item.revision[:4]) for item in environment.revisions if item.revision[:4].isdigit()
    ]
    words = "_".join(re.findall("[a-z0-9]+", message.lower())) or "revision"
    return f"{max(numbers, default=0) + 1:04}_{words}"[:_ID_LENGTH].rstrip("_")


def tidied(path: Path) -> None:
    """Format a file with ruff, where that is installed."""
    for command in (["check", "--fix"], ["format"]):
        subprocess.run(  # noqa: S603  # a path that webkit has made itself
            [sys.executable, "-m", "ruff", *command, "--quiet", str(path)],
            check=False,
            capture_output=True,
        )


def _body(steps: Any) -> str:
    code = render_python_code(steps, render_as_batch=True) if steps else "    pass"
    return _HINT.sub("", code).rstrip() or "    pass"


def _without_imports(source: str) -> str:
    return source.replace("import sqlalchemy as sa\nfrom alembic import op\n\n", "")
