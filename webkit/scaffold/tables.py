"""The tables of a project, found by reading its models as text; nothing of it is imported."""

import re
from pathlib import Path

from webkit.scaffold.resources import Target


__all__ = ("references_to", "tables_in")

_TABLE = re.compile(r"^[ \t]+__tablename__ = [\"'](\w+)[\"']", re.MULTILINE)
_ADDING = re.compile(r"^async def (add_\w+)\(\s*api: APIClient,\s*number: int", re.MULTILINE)


def tables_in(root: Path) -> dict[str, Target]:
    """Return the tables of the apps by name, each with what its tests add rows with."""
    found = {}
    for path in sorted((root / "apps").glob("**/models.py")):
        for table in _TABLE.findall(path.read_text("utf-8", "replace")):
            found[table] = _target(root, path.parent, table)
    return found


def references_to(root: Path, table: str) -> list[str]:
    """Return the paths of the models that have a foreign key to a table."""
    key = re.compile(rf"ForeignKey\(\s*[\"']{re.escape(table)}\.")
    paths = sorted((root / "apps").glob("**/models.py"))
    found = [path for path in paths if key.search(path.read_text("utf-8", "replace"))]
    return [path.relative_to(root).as_posix() for path in found]


def _target(root: Path, directory: Path, table: str) -> Target:
    for place in (directory, directory.parent):
        tests = place / "tests" / f"test_{table}.py"
        source = tests.read_text("utf-8", "replace") if tests.is_file() else ""
        if adding := _ADDING.search(source):
            module = ".".join(tests.relative_to(root).with_suffix("").parts)
            return Target(table=table, tests=module, adding=adding[1])
    return Target(table=table)
