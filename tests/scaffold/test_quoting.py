import ast
import json
import tomllib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from webkit.config import Settings, load
from webkit.exceptions import UsageError
from webkit.scaffold import names
from webkit.scaffold.quoting import markdown, quoted, value


EXAMPLES = [
    "plain words, and a full stop.",
    'He said "no" - it\'s C:\\new\\*.py',
    "${X} and ${Y} $5 $6",
    "{{ 7*7 }} {% raw %} {# no #} 2*2",
    "# not a heading\n\n- not a list\n1. nor this\n> nor this\n=====\n---",
    "<script>alert(1)</script> &amp; &copy; a < b",
    "[link](https://example.com) ![image](x) [ref]: y",
    "`code` ```fence``` ~~gone~~ __bold__ *it* _it_",
    "a | b\n--- | ---\n1 | 2",
    "ends with # hashes ##",
    "back\\\nslash\\",
    "日本語 👩\u200d💻 é",
]


def is_free_text(text):
    try:
        return names.free_text(text, label="text") == text
    except UsageError:
        return False


FREE_TEXT = st.text(max_size=80).filter(is_free_text)
MARKUP = st.text(alphabet="ab 1.)(#*_`~[]<>!&;|\\-+=:$\n{}/", max_size=40).filter(is_free_text)


@pytest.mark.parametrize("read", [json.loads, yaml.safe_load, ast.literal_eval])
@given(text=FREE_TEXT)
def test_one_literal_says_the_same_in_json_yaml_and_python(read, text):
    assert read(quoted(text)) == text


@given(FREE_TEXT)
def test_and_in_toml(text):
    assert tomllib.loads(f"text = {quoted(text)}") == {"text": text}


@pytest.mark.parametrize("text", EXAMPLES)
def test_a_value_is_read_from_the_configuration_as_it_was_typed(text, tmp_path):
    (tmp_path / "webkit.toml").write_text(f"[webkit]\ntitle = {value(text)}\n", encoding="utf-8")

    config = load(Settings, root=tmp_path, environ={})

    assert config.settings.title == text


@pytest.mark.parametrize("text", EXAMPLES)
@pytest.mark.parametrize("place", ["{}", "# {}"])
def test_markdown_shows_a_text_as_it_was_typed(text, place):
    text = text if place == "{}" else " ".join(text.split("\n"))

    assert shown(place.format(markdown(text))) == words(text)


@given(MARKUP | FREE_TEXT)
def test_markdown_reads_nothing_into_any_text(text):
    assert shown(markdown(text)) == words(text)


@given(MARKUP | FREE_TEXT)
def test_nor_into_a_heading(text):
    line = " ".join(text.split("\n"))

    assert shown(f"# {markdown(line)}") == words(line)


@pytest.mark.parametrize(
    "text", ["Bob's shop, est. 2026 (beta)", "snake_case", "50% [off] of 2 < 3", "{{ 7*7 }}"]
)
def test_what_markdown_would_not_read_is_left_alone(text):
    assert markdown(text) == text


def shown(source):
    """Return the words that a reader of the rendered page sees."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source)
    seen = []
    for token in tokens:
        assert token.type in {
            "inline",
            *(f"{tag}_{end}" for tag in ("paragraph", "heading") for end in ("open", "close")),
        }
        for child in token.children or ():
            assert child.type in {"text", "softbreak"}
            seen.append(child.content or "\n")
        seen.append("\n")
    return words("".join(seen))


def words(text):
    return "".join(text.split())
