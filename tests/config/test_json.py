from pathlib import Path

import pytest

from webkit.config.json import parse_json
from webkit.config.syntax import FormatError


TEXT = r"""{
  "shop": {
    "title": "a \"b\": {",
    "tax": {"rate": 7,
            "name": "x"}, "open": true
  },
  "rows": [{"a": 1},
           {"b": 2}],
  "last": 1
}"""


def parse(text):
    return parse_json(text, Path())


def test_every_key_outside_of_lists_has_its_line():
    tree, lines = parse(TEXT)

    assert tree["shop"]["title"] == 'a "b": {'
    assert {"/".join(keys): line for keys, line in lines.items()} == {
        "shop": 2,
        "shop/title": 3,
        "shop/tax": 4,
        "shop/tax/rate": 4,
        "shop/tax/name": 5,
        "shop/open": 5,
        "rows": 7,
        "last": 9,
    }


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "Expecting value"),
        ('{\n"a": 80618061\n"b": 1}', 3, "Expecting ',' delimiter"),
        ("[80618061]", 1, "is no object of sections"),
        ('{"a": {"b": 1,\n"b": 80618061}}', 0, "b is written twice"),
        ('{"a": NaN}', 0, "NaN is no JSON"),
    ],
)
def test_what_is_no_json_is_told_with_its_line_and_without_its_text(text, line, reason):
    with pytest.raises(FormatError) as caught:
        parse(text)

    assert (caught.value.line, str(caught.value)) == (line, reason)
