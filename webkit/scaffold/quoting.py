"""Free text in the languages of generated files, so that each shows it as it was typed.

Quoting is done here, not by filters in templates: Jinja's ``tojson`` writes an emoji as a
surrogate pair, which TOML refuses. No free text goes into ``.env``, a Dockerfile or a shell line.
"""

import json
import re


__all__ = ("markdown", "quoted", "value")

# What CommonMark and GitHub read wherever it stands: an escape, a tag, an entity; what they read
# at the beginning of a line: a heading, list, quote, table, rule; and the end of a heading.
_READ = r"\\(?=[!-/:-@\[-`{-~]|$)|<(?=[A-Za-z/!?])|&(?=[#A-Za-z])|^[-#+=>|:*]|(?<= )#(?=#*$)"
# These count in pairs only, and a bracket only before a target; alone they stay as they are.
_PAIRED = "*_`~$"
_LINK = re.compile(r"\][(:\[]")


def quoted(text: str) -> str:
    """Return ``text`` between double quotes: one literal for TOML, YAML, JSON and Python."""
    return json.dumps(text, ensure_ascii=False)


def value(text: str) -> str:
    """Return ``text`` as a literal for ``webkit.toml``, where a dollar may begin a reference."""
    return quoted(text.replace("$", "$$"))


def markdown(text: str) -> str:
    """Return ``text`` so that Markdown shows it: line by line, nothing of it read as markup."""
    paired = [mark for mark in _PAIRED if text.count(mark) > 1]
    marks = paired + ["["] * bool(_LINK.search(text))
    pattern = "|".join((_READ, *map(re.escape, marks)))
    lines = "\n".join(line.strip() for line in text.split("\n"))
    shown = re.sub(pattern, r"\\\g<0>", lines, flags=re.MULTILINE)
    return re.sub(r"^(\d{1,9})(?=[.)])", r"\1\\", shown, flags=re.MULTILINE)
