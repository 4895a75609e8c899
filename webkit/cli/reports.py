"""Reports: what a command says of files that it has made, or has taken away."""

from collections.abc import Collection

from webkit.cli.terminal import say
from webkit.scaffold.removals import Removal


__all__ = ("created", "is_applied", "report")


def is_applied(revision: str) -> bool:
    """Tell whether the database of the project has a revision."""
    from webkit.cli.db import is_applied

    return is_applied(revision)


def created(
    directory: str, files: Collection[str], replacing: Collection[str], *, revision: str | None
) -> str:
    """Return a sentence on the files that were made, and the revision for their table."""
    is_new = revision in files
    text = f"Created {directory}: {len(files) - len(replacing) - is_new} files"
    if revision is None:
        return f"{text}."
    return f"{text}, and {revision}" if is_new else f"{text}. {revision} is there already."


def report(plan: Removal, *, dry_run: bool) -> None:
    """Take away what a plan says, or only say it; name what stays, and why."""
    if dry_run:
        say(*(f"update {path}" for path in plan.files))
        say(*(f"remove {path}" for path in plan.removed))
    else:
        plan.commit()
        say(f"Removed {len(plan.removed)} files of {plan.directory}.")
    if plan.kept:
        say("These are not as they were made, and stay:", *(f"  {path}" for path in plan.kept))
    if plan.revision:
        say(
            f"The migration {plan.revision} stays, with its table: {plan.heir} builds on it.",
            f"To drop the table: webkit db revision -m 'drop {plan.directory.rpartition('/')[2]}'",
        )
