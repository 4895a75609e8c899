"""Changes: ``webkit config --set`` writes an option, if the project would start with it."""

import dataclasses
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import click

from webkit.cli.projects import Project, load_app
from webkit.exceptions import ConfigurationError, UsageError


if TYPE_CHECKING:
    import msgspec

    from webkit.config import Config

__all__ = ("set_option",)

_Start: TypeAlias = "tuple[tuple[str, ...], Config[Any] | None, type[msgspec.Struct] | None]"

_FILE = "WEBKIT_CONFIG"
_MARK = b"\xef\xbb\xbf"  # what some editors put at the start of a file


class _Trial(NamedTuple):
    """What a start says about an option that is to be set, and what comes before it."""

    complaints: tuple[str, ...] = ()
    hidden_by: str = ""


def set_option(place: str, text: str, *, file: Path | None, project: Project | None) -> None:
    """Write a text as the value of ``section:option`` into ``file``, or into the project's.

    Raises:
        UsageError: ``place`` has another form, or the file is of a kind that is not edited.
        ConfigurationError: the file cannot be read, or the value does not fit.
        ConflictError: somebody else has changed the file meanwhile.
    """
    from webkit.config.editing import edited, readings_of, refuse_kind
    from webkit.scaffold.writing import commit, reporting

    section, _, option = place.partition(":")
    if not (section and option):
        raise UsageError(f"{place!r} is not SECTION:OPTION")
    target = (file or _file_of(project)).resolve()
    refuse_kind(target)
    with reporting(target):
        before = target.read_bytes() if target.exists() else None
    tree = _tree_in(target) if before is not None else {}
    keys, old = _keys_in(tree, section, option, is_ini=target.suffix != ".toml")
    mark = _MARK if (before or b"").startswith(_MARK) else b""
    plain = (before or b"").removeprefix(mark).decode()
    refusals = []
    for value in readings_of(text, target.suffix, before=old):
        after = mark + edited(plain, target.suffix, keys=keys, value=value).encode()
        trial = _Trial() if file else _tried(after, keys, target, project=project)
        if not trial.complaints:
            replacing = {} if before is None else {target.name: before}
            commit({target.name: after}, target.parent, replacing=replacing)
            if trial.hidden_by:
                note = f"Written, but {trial.hidden_by} comes before it, and stays what holds"
                click.echo(note, err=True)
            return
        refusals.append(trial.complaints)
    raise ConfigurationError(refusals[0])


def _file_of(project: Project | None) -> Path:
    """Return the file that is the project's, or is to be."""
    from webkit.config.files import find_file

    root = project.root if project else Path.cwd()
    problems: list[str] = []
    found = os.environ.get(_FILE) or find_file(root, problems=problems)
    if problems:
        raise ConfigurationError(problems)
    return root / (found or "webkit.toml")


def _tree_in(target: Path) -> Mapping[str, Any]:
    from webkit.config.files import read_file
    from webkit.config.values import plain

    problems: list[str] = []
    tree = read_file(target, shown=_shown(target), problems=problems)
    if problems:
        raise ConfigurationError(problems)
    found: dict[str, Any] = plain(tree)
    return found


def _keys_in(
    tree: Mapping[str, Any], section: str, option: str, *, is_ini: bool
) -> tuple[tuple[str, ...], Any]:
    """Return where an option stands, or is to stand, and what is there."""
    from webkit.config.values import spelling

    parts = [section] if section in tree else re.split("/" if is_ini else "[/.]", section)
    wanted = [*parts, *([option] if is_ini else option.split("."))]
    keys = []
    node: Any = tree
    for part in wanted:
        table = node if isinstance(node, Mapping) else {}
        keys.append(spelling(table, part))
        node = table.get(keys[-1])
    return tuple(keys), node


def _tried(after: bytes, keys: tuple[str, ...], target: Path, *, project: Project | None) -> _Trial:
    """Try a start with the file as it is to be; return what concerns the option."""
    mine = re.compile(rf"(^|: )({re.escape('.'.join(keys))}(\.\S+)?|{re.escape(keys[0])}): ")
    from webkit.config.files import read_file
    from webkit.config.sources import Sources

    with tempfile.TemporaryDirectory() as directory:
        trial = Path(directory, target.name)
        trial.write_bytes(after)
        problems, config, schema = _start(trial, keys[0], project=project)
        if config is not None and schema is not None:
            # Alone, too: a variable that comes before it would hide that it does not fit.
            tree = read_file(trial, shown=str(trial), problems=[])
            config = dataclasses.replace(config, sources=config.sources.with_tree(tree))
            alone = dataclasses.replace(config, sources=Sources(tree=tree))
            problems += alone.section(keys[0], schema).problems
    told = (problem.replace(str(trial), _shown(target)) for problem in problems)
    complaints = tuple(dict.fromkeys(problem for problem in told if mine.search(problem)))
    return _Trial(complaints, _origin_in(config, keys, without=str(trial)))


def _origin_in(config: "Config[Any] | None", keys: tuple[str, ...], *, without: str) -> str:
    """Return which layer comes before the file, for one option."""
    node: Any = config.sources.table(keys[0]) if config else {}
    for key in keys[1:]:
        node = node.get(key) if isinstance(node, Mapping) else None
    origin: str = getattr(node, "origin", "")
    return "" if origin.startswith(without) else origin


def _start(trial: Path, section: str, *, project: Project | None) -> _Start:
    """Make the application with another file; return what came of it."""
    from webkit.config import Settings, load

    if project is None:
        config: Config[Any] = load(Settings, file=trial)
        return config.problems, config, Settings if section == "webkit" else None
    usual = os.environ.get(_FILE)
    os.environ[_FILE] = str(trial)
    try:
        app = load_app(project)
    except ConfigurationError as error:
        return error.problems, None, None
    except Exception:  # what is wrong with the project's own code is no reason not to set an option
        return (), None, None
    finally:
        os.environ.pop(_FILE)
        if usual is not None:
            os.environ[_FILE] = usual
    from webkit.application import CONFIG, UNITS

    if CONFIG not in app:
        return (), None, None
    config, unit = app[CONFIG], app[UNITS].get(section)
    if section == "webkit":
        return (), config, type(config.settings)
    return (), config, unit.section.schema if unit and unit.section else None


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
