"""The examples, made by following their tutorials: `python tests/docs/examples.py`.

An example is what a reader has at the end, so neither drifts from the other, nor from what
`startproject` and `startapp` make today. Its README is written by hand.
"""

import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


ROOT = Path(__file__).parents[2]
EXAMPLES = {"polls": ROOT / "docs" / "tutorial" / "polls.md"}
BY_HAND = "README.md"
# Secrets, rows, the webkit that made it, and what tools leave behind.
_LEFT_OUT = re.compile(r"\.env|vendor|__pycache__|\.venv|\.\w+_cache|.+\.sqlite3.*")
_LOOKS = re.compile(r"^\$ (curl|pytest|webkit (run|dev)) ", re.MULTILINE)


def build(session: Any, blocks: Iterable[Any]) -> None:
    """Do what makes the project; what looks at it is for the test of the page."""
    session.port = 8080  # nothing is served
    for block in blocks:
        is_command = block.language == "console" and not block.words
        if "title" in block.options or (is_command and not _LOOKS.search(block.text)):
            session.run(block)


def files_of(directory: Path) -> dict[str, str]:
    """Return the text of each file that belongs to an example."""
    found = {}
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory)
        is_part = not any(map(_LEFT_OUT.fullmatch, name.parts))
        if is_part and path.is_file() and str(name) != BY_HAND:
            found[str(name)] = path.read_text(encoding="utf-8")
    return found


def write(files: Mapping[str, str], directory: Path) -> None:
    """Write an example; files that it does not have any more go."""
    for name in files_of(directory).keys() - files.keys():
        (directory / name).unlink()
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    from conftest import Session, blocks_of

    for example, page in EXAMPLES.items():
        place = Path(tempfile.mkdtemp())
        session = Session(place)
        build(session, blocks_of(page.read_text(), name=page.name))
        write(files_of(session.directory), ROOT / "examples" / example)
        shutil.rmtree(place)
