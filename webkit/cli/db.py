"""``webkit db``: the tables of the project, and the revisions that make them what they are."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from webkit.cli.projects import find_project, load_app
from webkit.cli.terminal import is_interactive, say
from webkit.exceptions import ConfigurationError, UsageError


if TYPE_CHECKING:
    from alembic.operations.ops import MigrationScript
    from sqlalchemy import Connection

    from webkit.database.settings import Address
    from webkit.migrations.environment import Environment

__all__ = ("command", "is_applied")

T = TypeVar("T")


class _Project:
    """The database of the project that a command was called in, and the project's revisions."""

    def __init__(self) -> None:
        from webkit.config import Settings, load
        from webkit.database.settings import address_of, section_of

        self.project = find_project()
        self.root = self.project.root
        config = load(Settings, root=self.root)
        section = section_of(config)
        if section.values is None:
            raise ConfigurationError(section.problems)
        self.is_production = config.is_production
        address = address_of(section.values.url)
        path = address.path and self.root / address.path
        self.address: Address = address._replace(path=path)

    @property
    def environment(self) -> "Environment":
        """The revisions."""
        from webkit.migrations.environment import Environment

        return Environment(self.root)

    def connected(self, work: Callable[["Connection"], T], *, alone: bool = False) -> T:
        """Return what ``work`` returns, which is given a connection."""
        from webkit.migrations.connections import connected

        return connected(self.address, work, alone=alone)

    def load_models(self) -> list[Path]:
        """Import the units, and with them their models; return where the units are."""
        from webkit.application import UNITS

        units = load_app(self.project)[UNITS].values()
        return [mounted.unit.home for mounted in units if mounted.unit.home]


def is_applied(revision: str) -> bool:
    """Tell whether the database of the project has a revision; one that is not there has none."""
    project = _Project()
    if project.address.path is not None and not project.address.path.exists():
        return False
    environment = project.environment
    return revision not in project.connected(environment.pending)


@click.group("db")
def command() -> None:
    """Make and change the tables of the project.

    The database is `url` in the section [database] of webkit.toml, or DATABASE__URL in .env and in
    the environment. The revisions are in migrations/.
    """


@command.command("init")
def init() -> None:
    """Make the database, if it is not there, and bring it up to date."""
    from webkit.migrations.creation import create

    project = _Project()
    if create(project.address):
        say(f"Made {project.address.shown}")
    _upgrade(project, "heads")


@command.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Apply the revisions that the database lacks, up to REVISION if it is given.

    It is all done, or, if one of them fails, nothing of it.
    """
    _upgrade(_Project(), revision)


@command.command("downgrade", context_settings={"ignore_unknown_options": True})
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take revisions back, down to REVISION: an id, -1 for one of them, base for all.

    What was in tables and columns that go is lost.
    """
    project = _Project()
    environment = project.environment
    done = _changed(project, environment, lambda c: environment.downgrade(c, revision))
    _report(project, "Took back", done)


@command.command("revision")
@click.option(
    "-m", "--message", metavar="TEXT", help="What it does; its first words name the file."
)
@click.option("--empty", is_flag=True, help="Write steps by hand: the file has none.")
@click.option("--merge", is_flag=True, help="Join the ends of migrations/ that two people made.")
def revision(message: str | None, *, empty: bool, merge: bool) -> None:
    """Write a new revision: the steps from the tables in the database to the models.

    Read it before you apply it: that a column has another name now looks like one that is gone
    and one that is new.
    """
    from webkit.migrations.autogeneration import next_id, revision_source, tidied

    project = _Project()
    project.load_models()
    environment = project.environment
    steps = None if empty or merge else _differences(project, environment)
    if steps is None and not (empty or merge):
        say("The tables are as the models say: no revision is needed.")
        return
    heads = environment.heads if merge else tuple(filter(None, [environment.head()]))
    if merge and len(heads) < 2:
        raise UsageError("migrations has one end: there is nothing to join.")
    message = message or ("join two ends" if merge else "change the tables")
    id = next_id(environment, message)
    source = revision_source(environment, message, id=id, parents=heads, steps=steps)
    path = environment.directory / f"{id}.py"
    environment.directory.mkdir(exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(source)
    tidied(path)
    say(f"Wrote {path.relative_to(project.root)}", "Next: read it, and webkit db upgrade")


@command.command("current")
def current() -> None:
    """Print the revision that the database is at, and those that it lacks."""
    project = _Project()
    environment = project.environment
    there = project.connected(environment.current)
    pending = project.connected(environment.pending)
    say(", ".join(there) or "(none)", *(f"pending: {id}" for id in pending))


@command.command("check")
def check() -> int:
    """Fail if the database lacks revisions, or the models say what no revision does."""
    from alembic.autogenerate import render_python_code

    project = _Project()
    project.load_models()
    environment = project.environment
    steps = _differences(project, environment)
    if steps is None or steps.upgrade_ops is None:
        say("The tables are as the models say.")
        return 0
    code = render_python_code(steps.upgrade_ops)
    lines = [line for line in code.splitlines() if not line.strip().startswith("#")]
    say("The models differ from the tables:", *lines, "Next: webkit db revision -m WHAT")
    return 1


@command.command("sample")
def sample() -> None:
    """Put what units have in sample.json into tables that are empty."""
    from webkit.database.models import Model
    from webkit.migrations.samples import FILE, insert_rows, rows_in

    project = _Project()
    homes = project.load_models()
    paths = [home / FILE for home in homes if (home / FILE).exists()]
    if not paths:
        raise UsageError(f"No unit has a {FILE}: rows by table, as in apps/artists/{FILE}")
    rows = rows_in(paths, Model.metadata)
    done = project.connected(lambda c: insert_rows(c, rows, Model.metadata), alone=True)
    say(*(f"{table}: {count} rows" for table, count in done.items()))
    say(*(f"{table}: has rows already" for table in rows if table not in done))


@command.command("drop")
@click.option("--yes", is_flag=True, help="Do not ask.")
def drop(*, yes: bool) -> None:
    """Drop the database, with all that is in it. Not in production."""
    from webkit.migrations import creation

    project = _Project()
    shown = project.address.shown
    if project.is_production:
        raise UsageError(
            f"This is production: {shown} stays. Drop it with the database's own tools"
        )
    if not yes:
        if not is_interactive():
            raise UsageError(f"{shown} would be gone. Say that you mean it: --yes")
        click.confirm(f"Drop {shown} and all that is in it?", abort=True)
    gone = creation.drop(project.address)
    say(f"Dropped {shown}" if gone else f"{shown} is not there.")


def _upgrade(project: _Project, revision: str) -> None:
    environment = project.environment
    if revision == "head":
        environment.head()  # its message is better than Alembic's
    done = _changed(project, environment, lambda c: environment.upgrade(c, revision))
    _report(project, "Applied", done)


def _changed(
    project: _Project, environment: "Environment", work: Callable[["Connection"], tuple[str, ...]]
) -> tuple[str, ...]:
    """Do the work alone; if it fails, say where that leaves the database."""
    from webkit.migrations.environment import MigrationError

    def checked(connection: "Connection") -> tuple[str, ...]:
        environment.current(connection)
        connection.rollback()
        return work(connection)

    try:
        return project.connected(checked, alone=True)
    except MigrationError as error:
        there = ", ".join(project.connected(environment.current)) or "none"
        text = f"{error}\nThe database {project.address.shown} is at revision: {there}"
        raise MigrationError(text) from error


def _report(project: _Project, verb: str, done: tuple[str, ...]) -> None:
    shown = project.address.shown
    say(*(f"{verb} {id}" for id in done))
    if not done:
        say(f"Nothing to do: {shown} is up to date." if verb == "Applied" else "Nothing to do.")


def _differences(project: _Project, environment: "Environment") -> "MigrationScript | None":
    from webkit.migrations.autogeneration import differences

    return project.connected(lambda c: differences(environment, c))
