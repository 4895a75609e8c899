"""Sources: everything that says something about a section, and the order in which it counts.

Lowest first: the file that a unit ships, the project file, env files, the environment, the command
line. The defaults of a schema are below all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from webkit.config.files import find_file, read_file
from webkit.config.settings import SECTION
from webkit.config.values import Table, Value, merged, nested, spelling
from webkit.config.variables import Variables, read_variables, said_by


__all__ = ("Sources", "read_sources")

FILE = "webkit.toml"
_VARIABLE = "WEBKIT_CONFIG"  # the name of the file, also from one process to the next
_OVERRIDES = "WEBKIT_OVERRIDES"  # what the command line says, from one process to the next
_COMMAND_LINE = "command line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What was read for a project, layer by layer. ``file`` is what messages call its file."""

    file: str = FILE
    tree: Table = field(default_factory=Table)
    variables: tuple[Variables, ...] = field(default=(), repr=False)
    overrides: Table = field(default_factory=Table)

    def with_tree(self, tree: Table) -> "Sources":
        """Return the same with another content of the project file."""
        return replace(self, tree=tree)

    def table(self, name: str, *, shipped: Table | None = None) -> Table:
        """Return a section with all layers in it; empty if none has one."""
        found = merged(Table(), _section(shipped, name)) if shipped else Table()
        found = merged(found, _section(self.tree, name))
        for variables in self.variables:
            found = merged(found, said_by(variables, name))
        return merged(found, _section(self.overrides, name))


def read_sources(
    root: Path,
    *,
    file: str | Path | None,
    environ: Mapping[str, str],
    overrides: Iterable[str],
    problems: list[str],
) -> Sources:
    """Return what a project says; what cannot be read goes to ``problems``."""
    shown = str(file or environ.get(_VARIABLE) or find_file(root, problems=problems) or "")
    if Path(shown).is_relative_to(root.resolve()):
        shown = str(Path(shown).relative_to(root.resolve()))
    tree = read_file(root / shown, shown=shown, problems=problems) if shown else Table()
    problems += (
        f"{node.origin}: {key}: is a value in no section. Write it below [{SECTION}]"
        for key, node in tree.items()
        if isinstance(node, Value) and key != SECTION
    )
    return Sources(
        file=shown or FILE,
        tree=tree,
        variables=read_variables(root, environ, problems),
        overrides=_overridden(
            [*environ.get(_OVERRIDES, "").splitlines(), *overrides], problems=problems
        ),
    )


def _section(tree: Table, name: str) -> Table:
    found = tree.get(spelling(tree, name))
    return found if isinstance(found, Table) else Table()


def _overridden(overrides: Iterable[str], *, problems: list[str]) -> Table:
    """Return the tree of the texts ``section:option=value``."""
    found = Table(origin=_COMMAND_LINE)
    for text in overrides:
        place, equals, raw = text.partition("=")
        section, colon, option = place.partition(":")
        if not (section and colon and option and equals):
            problems.append(f"{_COMMAND_LINE}: {place!r} is not SECTION:OPTION=VALUE")
            continue
        value = Value(raw=raw, origin=_COMMAND_LINE, is_text=True, is_final=True)
        found = merged(found, nested([section, *option.split(".")], value))
    return found
