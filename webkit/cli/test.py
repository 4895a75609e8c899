"""``webkit test``: the tests of the project or of some units, and the examples in READMEs."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webkit.cli.projects import Project, find_project, load_app
from webkit.exceptions import MissingExtraError, UsageError


if TYPE_CHECKING:
    from webkit.units import Unit

__all__ = ("command",)

_READMES = ("README.md", "README.rst")
# What pytest ends with, and what that is here: tests failed, Ctrl-C, an error of its own, a wrong
# option, no test at all.
_STATUSES = {0: 0, 1: 1, 2: 130, 3: 1, 4: 2, 5: 1}


@click.command(
    "test", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[UNIT...] [-- OPTION...]")
def command(arguments: tuple[str, ...]) -> int:
    """Run the tests of the project, or those of UNITs alone, with pytest.

    The examples after >>> in their README.md and README.rst are tests, too. OPTIONs go to pytest.
    """
    if importlib.util.find_spec("pytest") is None:
        raise MissingExtraError("dev", purpose="webkit test")
    first = next((at for at, item in enumerate(arguments) if item.startswith("-")), len(arguments))
    names, options = arguments[:first], arguments[first:]
    project = find_project()
    os.environ["ENVIRONMENT"] = "testing"
    paths = _paths_of(project, names=names) if names else []
    program = [sys.executable, "-m", "pytest", *(f"--doctest-glob={name}" for name in _READMES)]
    program += ["-o", "doctest_optionflags=ELLIPSIS", *(item for item in options if item != "--")]
    program += paths
    done = subprocess.run(program, cwd=project.root, check=False)  # noqa: S603  # its user's own
    return _STATUSES.get(done.returncode, 1)


def _paths_of(project: Project, *, names: tuple[str, ...]) -> list[str]:
    """Return where the tests of units are.

    Raises:
        UsageError: the application has no such unit.
    """
    from webkit.application import UNITS

    app = load_app(project)
    units = app.get(UNITS, {})
    unknown = [name for name in names if name not in units]
    if unknown:
        known = ", ".join(units) or "none"
        raise UsageError(f"There is no unit {unknown[0]!r} in this project. There is {known}")
    return [str(path) for name in names for path in _tests_of(units[name].unit)]


def _tests_of(unit: "Unit") -> list[Path]:
    """Return the folder of the tests and the READMEs of a unit, as far as they are there.

    A unit that is no package has the files ``test_NAME.py`` beside its module, and in ``tests``.
    """
    home, name = unit.home or Path(), unit.module.rpartition(".")[2]
    if home.name == name:
        places = [home / item for item in ("tests", *_READMES)]
    else:
        places = [home / f"test_{name}.py", home / "tests" / f"test_{name}.py"]
        places.append(home.parent / "tests" / f"test_{name}.py")
    found = [place for place in places if place.exists()]
    if not found:
        place = os.path.relpath(places[0])
        raise UsageError(f"The unit {unit.name!r} has no tests. Write {place}")
    return found
