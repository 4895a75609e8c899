"""Folders: where the templates and the static files of a unit are, and what an application has.

1. Without a word said they are ``templates`` and ``static`` beside the module of the unit.
2. Two units never clash: templates are named ``unit/name``, files ``/static/unit/name``.
3. Those of the project have no such prefix, and win over those of units: a file
   ``templates/unit/name`` of the project stands in for the unit's own.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from webkit.units import Unit


__all__ = ("Folders", "folders_of")

_KINDS = ("templates", "static")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """The folders of a unit or a project; None for one that it does not have."""

    templates: Path | None = None
    static: Path | None = None

    @classmethod
    def beside(cls, root: str | Path | None) -> "Folders":
        """Return the folders of that name in a directory."""
        paths = {kind: Path(root) / kind for kind in _KINDS} if root else {}
        return cls(**{kind: path.resolve() for kind, path in paths.items() if path.is_dir()})


def folders_of(unit: Unit) -> tuple[Folders, list[str]]:
    """Return the folders of a unit, and the mistakes in those that it names."""
    found = Folders.beside(unit.home)
    problems = []
    for kind in _KINDS:
        given: str | Path | None = getattr(unit, kind)
        if given is None:
            continue
        path = (unit.home or Path()) / given
        found = replace(found, **{kind: path.resolve()})
        if not path.is_dir():
            problems.append(f"unit {unit.meta.name}: {kind}: there is no folder {path}")
            found = replace(found, **{kind: None})
    return found, problems
