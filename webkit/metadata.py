"""Metadata: what a unit is called, in which version, and what it is for.

It is given, or taken from the distribution that the unit's module belongs to, or from the module's
own name. Every mistake in it is reported, all at once.
"""

import importlib.metadata
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webkit.exceptions import ConfigurationError


__all__ = ("UnitMeta", "meta_from", "meta_of_distribution", "meta_of_module")

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_RESERVED = ("webkit", "core")
_LONGEST_NAME = 50  # as long as the name of an app may be
_LONGEST_DESCRIPTION = 256
_KEYS = ("name", "version", "description")
# https://semver.org, in its own words
_SEMVER = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
    r"(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMeta:
    """What a unit is called, and what it is for.

    Raises:
        ConfigurationError: the name is reserved, too long, or not lower-case words with dashes; the
            description is too long. Both are reported.
    """

    name: str
    version: str = "0.0.0"
    description: str = ""

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise ConfigurationError(problems)


def _problems(meta: UnitMeta) -> Iterator[str]:
    texts: dict[str, Any] = {key: getattr(meta, key) for key in _KEYS}
    strange = [
        f"unit {key} {value!r}" for key, value in texts.items() if not isinstance(value, str)
    ]
    if strange:
        yield from (f"{what} is no text" for what in strange)
        return
    name, length = meta.name, len(meta.description)
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        yield (
            f"unit name {name!r} is not lower-case words with dashes, at most {_LONGEST_NAME}"
            " characters"
        )
    elif name in _RESERVED:
        yield f"unit name {name!r} is reserved"
    if length > _LONGEST_DESCRIPTION:
        yield (
            f"unit {name!r}: its description has {length} characters, and may have at most"
            f" {_LONGEST_DESCRIPTION}"
        )


def meta_from(given: Mapping[str, Any]) -> UnitMeta:
    """Return metadata as it was written: a ``name``, and optionally a version and a description.

    Raises:
        ConfigurationError: every mistake in it, one line each.
    """
    problems = [f"unit meta does not know {key!r}" for key in given if key not in _KEYS]
    if "name" not in given:
        problems.append("unit meta needs a name")
    problems = [f"{problem}. It has {', '.join(_KEYS)}" for problem in problems]
    version = given.get("version", "0.0.0")
    if isinstance(version, str) and not _SEMVER.fullmatch(version):
        problems.append(f"unit version {version!r} is no semantic version. Write 1.0.0, or so")
    known = {"name": "unnamed", **{key: given[key] for key in _KEYS if key in given}}
    try:
        meta = UnitMeta(**known)
    except ConfigurationError as error:
        problems += error.problems
    if problems:
        raise ConfigurationError(problems)
    return meta


def meta_of_module(names: Mapping[str, Any]) -> UnitMeta:
    """Return metadata from the globals of a module: its name, and the first line of its docstring.

    Raises:
        ConfigurationError: the name cannot be that of a unit.
    """
    name = _as_name(str(names.get("__name__", "")).rpartition(".")[2])
    first_line = str(names.get("__doc__") or "").partition("\n")[0]
    return UnitMeta(name=name, description=first_line[:_LONGEST_DESCRIPTION])


def meta_of_distribution(names: Mapping[str, Any]) -> UnitMeta:
    """Return metadata from what the module with these globals is distributed in.

    A ``pyproject.toml`` beside the package is asked first (``[project]``, then ``[tool.poetry]``),
    then the installed distribution. A version is as it stands there.

    Raises:
        ConfigurationError: there is neither, or what it says cannot be the metadata of a unit.
    """
    module = str(names.get("__name__", ""))
    found: dict[str, str] = {}
    for table in (*_projects(module, names.get("__file__")), _installed(module)):
        for key in _KEYS:
            if isinstance(table.get(key), str):
                found.setdefault(key, table[key])
    if "name" not in found:
        raise ConfigurationError(
            [
                f"auto_meta of {module}: neither a pyproject.toml beside its package nor an"
                " installed distribution tells a name. Give `meta`, or leave both out"
            ]
        )
    description = found.get("description", "").partition("\n")[0][:_LONGEST_DESCRIPTION]
    found["description"] = description
    return UnitMeta(**{**found, "name": _as_name(found["name"])})


def _as_name(text: str) -> str:
    return re.sub(r"[_.]+", "-", text.strip("_")).lower()


def _projects(module: str, file: object) -> Iterator[Mapping[str, Any]]:
    """Yield the tables about a project, from the nearest of the files that may be about it."""
    if not file:
        return
    path = Path(str(file))
    is_package = path.stem == "__init__"
    root = path.parents[module.count(".") + is_package]  # holds the outermost package
    above = [root.parent] if root.name == "src" else []
    for folder in dict.fromkeys((path.parents[int(is_package)], root, *above)):
        try:
            tree = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            problem = f"{folder / 'pyproject.toml'}: cannot be read: {error}"
            raise ConfigurationError([problem]) from None
        yield tree.get("project", {})
        yield tree.get("tool", {}).get("poetry", {})
        return


def _installed(module: str) -> Mapping[str, Any]:
    """Return what the distribution that a module belongs to says of itself, if there is one."""
    package = module.partition(".")[0]
    names = [package, *importlib.metadata.packages_distributions().get(package, [])]
    for name in filter(None, names):
        try:
            found = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        keys = {"name": "Name", "version": "Version", "description": "Summary"}
        return {key: found[header] for key, header in keys.items() if header in found}
    return {}
