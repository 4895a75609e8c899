import functools
import inspect
import sys
from pathlib import Path

import pytest

from webkit.exceptions import ConfigurationError
from webkit.openapi.docstrings import (
    Documentation,
    documentation_of,
    function_of,
    read_docstrings,
)


def _documented(docstring):
    async def handler(request): ...

    handler.__doc__ = docstring
    return handler


async def broken(request):
    """Show something.

    ---
    tags: [one]
    summary: a: b
    """


async def misspelt(request):
    """Show something.

    ---

    tags: [one]
    sumary: Show it
    """


def _line_of(function, text):
    lines, start = inspect.getsourcelines(function)
    return start + next(number for number, line in enumerate(lines) if text in line)


def test_a_handler_without_docstring_says_nothing():
    assert documentation_of(_documented(None)) == Documentation()


def test_the_first_line_is_the_summary_and_the_rest_the_description():
    docs = documentation_of(_documented("Show it.\n\n    With *all* of it.\n\n    Really.\n    "))

    assert docs == Documentation("Show it.", "With *all* of it.\n\nReally.")


def test_a_first_sentence_that_goes_on_stands_whole_in_the_description():
    docs = documentation_of(_documented("Show what is\n    known of it.\n\n    Really."))

    assert docs == Documentation("Show what is", "Show what is\nknown of it.\n\nReally.")


def test_yaml_after_the_rule_is_the_operation_and_not_part_of_the_description():
    docs = documentation_of(
        _documented("Show it.\n\n    More.\n    ---\n    tags: [a]\n    deprecated: true\n    ")
    )

    assert docs == Documentation("Show it.", "More.", {"tags": ["a"], "deprecated": True})


def test_yaml_may_be_indented_and_stand_alone():
    docs = documentation_of(_documented("\n    ---\n        tags:\n        - a\n    "))

    assert docs == Documentation("", "", {"tags": ["a"]})


@pytest.mark.parametrize("block", ["{tags: [a]}", '"tags": [a]', "tags: [a]", "x-order: 1"])
def test_yaml_is_known_by_its_keys(block):
    assert documentation_of(_documented(f"Show.\n---\n{block}")).operation


def test_only_the_last_rule_begins_yaml():
    docs = documentation_of(_documented("Show.\n\n---\ntags: of prose\n\n---\ntags: [a]"))

    assert docs.operation == {"tags": ["a"]}
    assert docs.description == "---\ntags: of prose"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Some more prose.",
        "Some more prose.\nsummary: of things, a: b",
        "Note: this is slow",
        "note: this is slow, a: b",
        "- a list\n- of things",
        "Returns:\n    A thing.",
        "https://example.com: a: b",
        "# A title",
        '"tags: these"',
        "tags:these",
    ],
)
def test_a_rule_in_prose_stays_prose(text):
    docs = documentation_of(_documented(f"Show.\n\nMore.\n\n---\n\n{text}"))

    assert docs.operation == {}
    assert docs.description == f"More.\n\n---\n\n{text}".strip()


def test_values_become_what_json_knows():
    docs = documentation_of(
        _documented("---\nresponses:\n  200:\n    x-since: 2026-11-21\n    x-codes: [1, null]")
    )

    assert docs.operation == {"responses": {"200": {"x-since": "2026-11-21", "x-codes": [1, None]}}}


def test_yaml_cannot_make_python_objects():
    with pytest.raises(ConfigurationError, match="could not determine a constructor"):
        documentation_of(_documented("---\ntags: !!python/object/apply:os.getcwd []"))


def test_an_error_in_yaml_names_handler_file_and_line():
    line = _line_of(broken, "summary: a: b")

    with pytest.raises(ConfigurationError) as caught:
        documentation_of(broken)

    shown = Path(__file__).relative_to(Path.cwd())
    assert caught.value.problems == (
        f"broken ({shown}:{line}): the YAML in its docstring:"
        " mapping values are not allowed in this context",
    )


def test_a_file_elsewhere_is_named_by_its_whole_path(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ConfigurationError, match=rf"broken \({Path(__file__)}:"):
        documentation_of(broken)


def test_a_misspelt_key_is_refused_with_its_line_and_the_right_one():
    line = _line_of(misspelt, "sumary")

    with pytest.raises(ConfigurationError) as caught:
        documentation_of(misspelt)

    assert f":{line}): " in str(caught.value)
    assert str(caught.value).endswith("an operation has no 'sumary'. Write summary")


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ("summary: &a [*a]", "recursion"),
        ("summary: 2026-13-45", "month must be in 1..12"),
        ("summary: \x00", "not allowed"),
        ("tags: [a\nsummary: b", "expected ',' or ']'"),
        ("responses:", "responses is a mapping, not None"),
        ("{tags: [a]}: b", "unhashable"),
    ],
)
def test_what_is_no_yaml_or_no_operation_is_refused(block, problem):
    handler = _documented(f"Show.\n---\n{block}")

    with pytest.raises(ConfigurationError) as caught:
        documentation_of(handler)

    assert problem in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_several_mistakes_in_one_docstring_are_all_reported():
    with pytest.raises(ConfigurationError) as caught:
        documentation_of(_documented("---\ntags: 1\nsummary: 2"))

    assert len(caught.value.problems) == 2


def test_the_mistakes_of_all_handlers_are_reported_together_and_once():
    with pytest.raises(ConfigurationError) as caught:
        read_docstrings([broken, _documented("Fine."), misspelt, broken])

    assert [problem.split()[0] for problem in caught.value.problems] == ["broken", "misspelt"]


def test_docstrings_come_in_the_order_of_their_handlers():
    docs = read_docstrings([_documented("One."), _documented("Two.")])

    assert [entry.summary for entry in docs] == ["One.", "Two."]


def test_without_pyyaml_a_yaml_block_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)

    with pytest.raises(ConfigurationError, match=r'pip install "webkit\[yaml\]"'):
        documentation_of(broken)


def test_without_pyyaml_prose_is_read_all_the_same(monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)

    assert documentation_of(_documented("Show.\n\n---\n\nMore.")).summary == "Show."


def test_a_docstring_set_by_a_decorator_is_placed_at_its_function():
    handler = _documented("---\ntags: 1")
    line = handler.__code__.co_firstlineno

    with pytest.raises(ConfigurationError, match=rf"test_docstrings.py:{line}\)"):
        documentation_of(handler)


def test_a_handler_without_source_is_named_by_its_module():
    names = {"__name__": "made"}
    exec(compile("async def handler(request): '''---\ntags: 1'''", "<made>", "exec"), names)

    with pytest.raises(ConfigurationError, match=r"^made\.handler: the YAML"):
        documentation_of(names["handler"])


def test_the_function_is_found_behind_partials_decorators_and_objects():
    async def handler(request, flag): ...

    @functools.wraps(handler)
    async def wrapper(request): ...

    class Handler:
        async def __call__(self, request): ...

    assert function_of(functools.partial(wrapper, flag=True)) is handler
    assert function_of(Handler()) is Handler.__call__
    assert function_of(Handler) is Handler
