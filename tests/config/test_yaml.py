import subprocess
import sys
from pathlib import Path

import pytest

from webkit.config.syntax import FormatError
from webkit.config.yaml import parse_yaml


TEXT = """\
# a comment
base: &base
  host: db
  port: 5432
postgres:
  <<: *base
  port: 1
  1: one
rows:
  - host: x
"""


def parse(text):
    return parse_yaml(text, Path())


def test_the_tree_has_types_and_merged_keys():
    tree, _ = parse(TEXT)

    assert tree["postgres"] == {"host": "db", "port": 1, 1: "one"}
    assert tree["rows"] == [{"host": "x"}]


def test_every_key_outside_of_lists_has_its_line():
    _, lines = parse(TEXT)

    assert {"/".join(keys): line for keys, line in lines.items() if "<<" not in keys} == {
        "base": 2,
        "base/host": 3,
        "base/port": 4,
        "postgres": 5,
        "postgres/port": 7,
        "postgres/1": 8,
        "rows": 9,
    }


def test_an_empty_file_says_nothing():
    assert parse("# nothing\n") == ({}, {})


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("- a\n", 1, "is no mapping of sections"),
        ("a: 1\nb: [80618061\n", 3, "did not find expected ',' or ']'"),
        ("a: *80618061\n", 1, "found undefined alias"),
        ("a:\n  b: 1\n  b: 80618061\n", 3, "b is written twice"),
        ("a: !80618061 x\n", 1, "could not determine a constructor for the tag a word"),
        ("a: 2020-99-99\n", 0, "is no YAML, or has a value that there is not"),
        ("a: \x00\n", 0, "is no YAML, or has a value that there is not"),
        ("a: &a\n  b: *a\n", 1, "an alias leads back to itself"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line_and_without_its_text(text, line, reason):
    with pytest.raises(FormatError) as caught:
        parse(text)

    assert (caught.value.line, str(caught.value)) == (line, reason)


def test_without_the_extra_a_file_of_yaml_says_what_to_install():
    code = (
        "import sys; sys.modules['yaml'] = None; from pathlib import Path\n"
        "from webkit.config.yaml import parse_yaml\n"
        "try: parse_yaml('a: 1', Path())\n"
        "except Exception as error: print(error)"
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == 'needs an extra. Run: pip install "webkit[yaml]"\n'
