"""``webkit config``: what holds, where it comes from, and how to change it."""

import re
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from webkit.cli.choices import configured
from webkit.cli.projects import Project, find_project, load_app
from webkit.exceptions import ConfigurationError, UsageError, WebkitError


if TYPE_CHECKING:
    from webkit.config import Config
    from webkit.config.entries import Entry

__all__ = ("MissingOptionError", "command")

_CORE, _DATABASE = "webkit", "database"  # sections that no unit brings
_PLAIN = ("commands", "logging", "logger", "handler", "formatter")  # sections without secrets


class MissingOptionError(WebkitError):
    """There is no such section or option."""

    exit_status = 1


class _View(NamedTuple):
    """What holds in a project, section by section, and what is wrong with it."""

    config: "Config[Any]"
    sections: dict[str, list["Entry"]]
    problems: tuple[str, ...] = ()


@click.command("config")
@click.option("-g", "--get", "place", metavar="SECTION[:OPTION]", help="Print this alone.")
@click.option(
    "-s", "--set", "change", nargs=2, metavar="SECTION:OPTION VALUE", help="Write this to the file."
)
@click.option(
    "-f",
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Read and write this file alone, as it is, without references and other layers.",
)
@click.option("-C", "--check", is_flag=True, help="Find every mistake, and print nothing else.")
@click.option("--origin", is_flag=True, help="Tell where each value comes from.")
@configured
def command(
    *,
    place: str | None,
    change: tuple[str, str] | None,
    file: Path | None,
    check: bool,
    origin: bool,
) -> None:
    r"""Print what holds: every section with its values, defaults among them.

    A value that is set goes to the project file, which is made where there is none; comments, order
    and all other lines stay. \n in it begins a new line. Secrets are printed as ***.
    """
    if sum((place is not None, change is not None, check)) > 1:
        raise UsageError("--get, --set and --check exclude each other")
    if change:
        from webkit.cli.changes import set_option

        set_option(*change, file=file, project=_project())
        return
    view = _raw_view(file) if file else _view()
    if check:
        if view.problems:
            raise ConfigurationError(view.problems)
        click.echo(f"{file or view.config.sources.file}: no mistakes")
    elif place is not None:
        _print_one(view, place, with_origin=origin)
    else:
        _print_all(view, with_origin=origin)


def _project() -> Project | None:
    try:
        return find_project()
    except UsageError:
        return None


def _view() -> _View:
    """Return what holds in the project, or in a directory that is none."""
    from webkit.config import Settings, load

    project = _project()
    if project is None:
        config: Config[Any] = load(Settings)
        return _View(config, _sections_of(config), config.problems)
    try:
        app = load_app(project)
    except ConfigurationError as error:
        return _view_of_broken(project, error.problems)
    except Exception as error:  # what the project's own code raises is not for this command to show
        problem = f"{project.app}: cannot be loaded: {type(error).__name__}. See: webkit check"
        return _view_of_broken(project, (problem,))
    from webkit.application import CONFIG, UNITS

    config = app.get(CONFIG) or load(Settings, root=project.root)
    sections = _sections_of(config)
    for name, unit in app.get(UNITS, {}).items():
        sections[name] = list(unit.section.list_entries()) if unit.section else []
    return _View(config, sections, _broken_references(sections))


def _view_of_broken(project: Project, problems: tuple[str, ...]) -> _View:
    """Return as much as is known where the application cannot be made."""
    from webkit.config import Settings, load
    from webkit.database.settings import DatabaseConfig

    own = getattr(sys.modules.get("settings"), "Settings", None)
    schema = own if isinstance(own, type) and issubclass(own, Settings) else Settings
    config = load(schema, root=project.root)
    known = {_CORE: schema.__struct_fields__, _DATABASE: DatabaseConfig.__struct_fields__}
    sections = {
        name: [_hidden_if_unknown(name, entry, known.get(name, ())) for entry in found]
        for name, found in _sections_of(config).items()
    }
    return _View(config, sections, problems)


def _hidden_if_unknown(section: str, entry: "Entry", known: Collection[str]) -> "Entry":
    """Return an entry that hides its value, if what is not known of its type may be a secret."""
    if section.startswith(_PLAIN) or entry.keys[0] in known:
        return entry
    return entry._replace(is_hidden=True)


def _sections_of(config: "Config[Any]") -> dict[str, list["Entry"]]:
    from webkit.database.settings import section_of

    names = dict.fromkeys([_CORE, *config.sources.tree, *config.sources.overrides])
    sections = {name: list(config.list_entries(name)) for name in names}
    if config.table(_DATABASE):
        sections[_DATABASE] = list(section_of(config).list_entries())
    return sections


def _broken_references(sections: dict[str, list["Entry"]]) -> tuple[str, ...]:
    return tuple(entry.problem for found in sections.values() for entry in found if entry.problem)


def _raw_view(file: Path) -> _View:
    """Return what stands in one file."""
    from webkit.config import Config, Settings
    from webkit.config.entries import raw_entries
    from webkit.config.files import read_file
    from webkit.config.sources import Sources

    problems: list[str] = []
    tree = read_file(file, shown=str(file), problems=problems)
    if problems:
        raise ConfigurationError(problems)
    sources = Sources(file=str(file), tree=tree)
    config = Config(settings=Settings(), environment="local", origins={}, sources=sources)
    return _View(config, raw_entries(tree))


def _print_all(view: _View, *, with_origin: bool) -> None:
    from webkit.config.listing import listed

    style = {"is_ini": _is_ini(view), "with_origin": with_origin}
    parts = [listed(found, name, **style) for name, found in view.sections.items()]
    click.echo("\n".join(filter(None, parts)), nl=False)
    if view.problems:
        raise ConfigurationError(view.problems)


def _print_one(view: _View, place: str, *, with_origin: bool) -> None:
    """Print a section, or an option of one."""
    from webkit.config.listing import bare, listed

    section, colon, option = place.partition(":")
    entries = _below(view, section)
    if colon:
        entries = tuple(entry for entry in entries if ".".join(entry.keys) == option)
    if not entries and (colon or section not in view.sections):
        raise MissingOptionError(_absent(view, section, option))
    if not colon:
        style = {"is_ini": _is_ini(view), "with_origin": with_origin, "with_header": False}
        click.echo(listed(entries, section, **style), nl=False)
        return
    for entry in entries:
        if entry.problem:
            raise ConfigurationError([entry.problem])
        click.echo(bare(entry) + (f"  # {entry.origin}" if with_origin else ""))


def _below(view: _View, section: str) -> tuple["Entry", ...]:
    """Return the entries of a section, or of a table in one, which is ``a/b`` or ``a.b``."""
    from webkit.config.values import spelling

    for first, *rest in ([section], re.split(r"[/.]", section)):
        found = view.sections.get(spelling(view.sections, first), ())
        below = [entry for entry in found if entry.keys[: len(rest)] == tuple(rest)]
        if below:
            return tuple(entry._replace(keys=entry.keys[len(rest) :]) for entry in below)
    return ()


def _absent(view: _View, section: str, option: str) -> str:
    """Return what to say of a place where nothing is."""
    import difflib

    entries = _below(view, section)
    if not entries:
        near = difflib.get_close_matches(section, view.sections, n=1)
        return f"{section}: there is no such section" + (
            f". Did you mean {near[0]!r}?" if near else ""
        )
    known = [".".join(entry.keys) for entry in entries]
    near = difflib.get_close_matches(option, known, n=1)
    hint = f"Did you mean {section}:{near[0]}?" if near else f"Known: {', '.join(known)}"
    return f"{section}:{option}: there is no such option. {hint}"


def _is_ini(view: _View) -> bool:
    return view.config.sources.file.endswith((".ini", ".conf"))
