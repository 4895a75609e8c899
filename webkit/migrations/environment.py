"""Alembic's environment of a project: where its revisions are, and how they are run.

An upgrade or a downgrade is one transaction, on both kinds of databases: it is done as a whole, or
nothing of it is.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData

from webkit.database.models import Model
from webkit.exceptions import WebkitError


__all__ = ("DIRECTORY", "Environment", "MigrationError")

DIRECTORY = "migrations"
_HOME = Path(__file__).parent


class MigrationError(WebkitError):
    """The revisions do not fit together, or one of them has failed; its text says what is now."""

    exit_status = 1


class Environment:
    """The revisions in ``root / "migrations"``.

    Raises:
        MigrationError: they cannot be read, or one builds on another that is not there.
    """

    def __init__(self, root: Path, *, metadata: MetaData = Model.metadata) -> None:
        self.directory = root / DIRECTORY
        self.metadata = metadata
        self.script = ScriptDirectory(_HOME, version_locations=[self.directory])
        try:
            self.revisions = tuple(reversed(list(self.script.walk_revisions())))
        except Exception as error:  # a revision is a module, and may raise anything
            raise MigrationError(f"{DIRECTORY} cannot be read: {error}") from error

    @property
    def heads(self) -> tuple[str, ...]:
        """The ids of the revisions that no other builds on."""
        return tuple(sorted(self.script.get_heads()))

    def head(self) -> str | None:
        """Return the id of the newest revision, if there is any.

        Raises:
            MigrationError: there are several that no other builds on.
        """
        if len(self.heads) > 1:
            raise MigrationError(
                f"{DIRECTORY} has {len(self.heads)} ends, none of which builds on another:"
                f" {', '.join(self.heads)}. Most likely two people have each added one."
                " Join them: webkit db revision --merge"
            )
        return next(iter(self.heads), None)

    def current(self, connection: Connection) -> tuple[str, ...]:
        """Return the ids of the revisions that a database is at; without any it is at none.

        Raises:
            MigrationError: it is at one that is not in the project.
        """
        found = tuple(sorted(MigrationContext.configure(connection).get_current_heads()))
        known = {revision.revision for revision in self.revisions}
        if unknown := [id for id in found if id not in known]:
            raise MigrationError(
                f"The database is at {', '.join(unknown)}, which is not in {DIRECTORY}."
                " Bring the file back, or use the database that belongs to these files"
            )
        return found

    def pending(self, connection: Connection) -> tuple[str, ...]:
        """Return the ids of the revisions that a database still lacks, the oldest first."""
        there = self.current(connection)
        below = self.script.iterate_revisions(there, "base") if there else ()
        done = {revision.revision for revision in below}
        return tuple(item.revision for item in self.revisions if item.revision not in done)

    def upgrade(self, connection: Connection, to: str) -> tuple[str, ...]:
        """Apply what is between the state of a database and a revision; return the ids of that.

        Raises:
            MigrationError: there is no such revision, or one has failed. Nothing has changed then.
        """
        return self._run(connection, lambda there: self.script._upgrade_revs(to, there))

    def downgrade(self, connection: Connection, to: str) -> tuple[str, ...]:
        """Take back what is between the state of a database and a revision, or ``base``.

        Raises:
            MigrationError: there is no such revision, or one has failed. Nothing has changed then.
        """
        return self._run(connection, lambda there: self.script._downgrade_revs(to, there))

    def context(self, connection: Connection) -> MigrationContext:
        """Return what compares a database with the models."""
        options = {"target_metadata": self.metadata, "compare_type": True, **_options(connection)}
        return MigrationContext.configure(connection, opts=options)

    def _run(
        self, connection: Connection, steps: Callable[[Any], Iterable[Any]]
    ) -> tuple[str, ...]:
        done: list[str] = []

        def recorded(there: Any, context: MigrationContext) -> Iterator[Any]:
            for step in steps(there):
                done.append(step.revision.revision)
                yield step

        try:
            with EnvironmentContext(Config(), self.script, fn=recorded) as environment:
                environment.configure(
                    connection=connection, target_metadata=self.metadata, **_options(connection)
                )
                with environment.begin_transaction():
                    environment.run_migrations()
                    _check_references(connection)
        except MigrationError:
            raise
        except CommandError as error:
            raise MigrationError(str(error)) from None
        except Exception as error:  # a revision does what it likes
            reason = str(getattr(error, "orig", error)).partition("\n")[0]
            where = done[-1] if done else DIRECTORY
            raise MigrationError(f"{where} failed: {type(error).__name__}: {reason}") from error
        return tuple(done)


def _check_references(connection: Connection) -> None:
    """Look whether all that rows refer to is there, which SQLite leaves alone meanwhile."""
    if connection.dialect.name != "sqlite":
        return
    found = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone()
    if found:
        raise MigrationError(f"A row of {found[0]} would refer to nothing in {found[2]}")


def _options(connection: Connection) -> dict[str, Any]:
    return {
        "render_as_batch": connection.dialect.name == "sqlite",
        "transactional_ddl": True,
        "transaction_per_migration": False,
    }
