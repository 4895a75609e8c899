import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webkit.exceptions import UsageError
from webkit.scaffold.registration import registered, unregistered


LISTS = {
    "as startproject makes it": (
        b"APPS: list[str] = [\n    # The apps.\n]\n",
        b'APPS: list[str] = [\n    # The apps.\n    "apps.x",\n]\n',
    ),
    "empty": (b"APPS: list[str] = []\n", b'APPS: list[str] = ["apps.x"]\n'),
    "empty with a space": (b"APPS = [ ]", b'APPS = [ "apps.x"]'),
    "on one line": (b'APPS = ["apps.a"]  # all\n', b'APPS = ["apps.a", "apps.x"]  # all\n'),
    "on one line with a comma": (b"APPS = ['a',]\n", b"APPS = ['a', 'apps.x',]\n"),
    "a line each": (b'APPS = [\n    "a",\n]\n', b'APPS = [\n    "a",\n    "apps.x",\n]\n'),
    "without the last comma": (b'APPS = [\n  "a"\n  ]\n', b'APPS = [\n  "a",\n  "apps.x"\n  ]\n'),
    "without it but with a comment": (
        b'APPS = [\n    "a"  # first, and last\n]\n',
        b'APPS = [\n    "a",  # first, and last\n    "apps.x"\n]\n',
    ),
    "comments behind and between": (
        b'APPS = [  # open\n    "a",  # a, b\n    # "b",\n]\n',
        b'APPS = [  # open\n    "a",  # a, b\n    # "b",\n    "apps.x",\n]\n',
    ),
    "an empty line at the end": (
        b'APPS = [\n\t"a",\n\n]\n',
        b'APPS = [\n\t"a",\n\n\t"apps.x",\n]\n',
    ),
    "windows": (
        b'# -\r\nAPPS = [\r\n    "a",\r\n]\r\n',
        b'# -\r\nAPPS = [\r\n    "a",\r\n    "apps.x",\r\n]\r\n',
    ),
    "old mac": (b'APPS = [\r    "a",\r]\r', b'APPS = [\r    "a",\r    "apps.x",\r]\r'),
    "hanging": (
        b'APPS = ["a",\n        "b"]\n',
        b'APPS = ["a",\n        "b", "apps.x"]\n',
    ),
    "two on a line": (
        b'APPS = [\n    "a", "b",\n]\n',
        b'APPS = [\n    "a", "b",\n    "apps.x",\n]\n',
    ),
    "a byte order mark": (b'\xef\xbb\xbfAPPS = ["a"]', b'\xef\xbb\xbfAPPS = ["a", "apps.x"]'),
    "letters of two bytes": (
        'é = "é"; APPS = ["é", "a"]  # é\n'.encode(),
        'é = "é"; APPS = ["é", "a", "apps.x"]  # é\n'.encode(),
    ),
    "other expressions in it": (b"APPS = [*MORE, name]\n", b'APPS = [*MORE, name, "apps.x"]\n'),
}
COMPUTED = [
    b"",
    b"OTHER = []\n",
    b"APPS: list[str]\n",
    b'APPS = ("a",)\n',
    b'APPS = ["a"] + MORE\n',
    b"APPS = list(MORE)\n",
    b"APPS = []\nAPPS = []\n",
    b'APPS = ["a"]\nAPPS += ["b"]\n',
    b"if True:\n    APPS = []\n",
    b"class Settings:\n    APPS = []\n",
    b'APPS = [\n    ("a")\n]\n',  # a comma behind "a" would make a tuple
    b"# coding: latin-1\nx = '\xe9'; APPS = ['\xe9']\n",  # positions count other bytes
    b"# coding: latin-1\nAPPS = [f(\n'\xe9\xe9', b'')]\n",
]


@pytest.mark.parametrize(("before", "after"), LISTS.values(), ids=LISTS)
def test_an_app_is_one_more_entry_and_nothing_else_changes(before, after):
    assert registered(before, "apps.x") == after


@pytest.mark.parametrize(("before", "after"), LISTS.values(), ids=LISTS)
def test_taking_it_away_restores_every_byte(before, after):
    assert unregistered(after, "apps.x") == before


@pytest.mark.parametrize(("before", "after"), LISTS.values(), ids=LISTS)
def test_apps_can_be_taken_away_in_any_order(before, after):
    both = registered(after, "apps.y")

    assert unregistered(both, "apps.x") == registered(before, "apps.y")


@pytest.mark.parametrize("source", [after for _, after in LISTS.values()], ids=LISTS)
def test_an_app_that_is_there_stays_as_it_is(source):
    assert registered(source, "apps.x") == source


@pytest.mark.parametrize("source", [before for before, _ in LISTS.values()], ids=LISTS)
def test_an_app_that_is_not_there_is_not_taken_away(source):
    assert unregistered(source, "apps.x") == source


@pytest.mark.parametrize("change", [registered, unregistered])
@pytest.mark.parametrize("source", COMPUTED)
def test_what_is_no_plain_list_is_not_touched(change, source):
    assert change(source, "a" if change is unregistered else "apps.x") in {None, source}


def test_a_computed_list_is_left_to_a_person():
    assert registered(b"APPS = sorted(MORE)\n", "apps.x") is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'APPS = ["apps.x",]', b"APPS = []"),
        (b'APPS = ["apps.x", "b"]', b'APPS = ["b"]'),
        (b'APPS = ["apps.x"  ,\n "b"]', b'APPS = [\n "b"]'),
        (b'APPS = ["a",  # c\n  "apps.x"]', b'APPS = ["a",  # c\n  ]'),
        (b'APPS = [\n  "apps.x",  # mine\n  "b",\n]', b'APPS = [\n  "b",\n]'),
        (b'APPS = [\n  "a" ,\n  "apps.x"\n]', b'APPS = [\n  "a" ,\n]'),
    ],
)
def test_an_entry_that_a_person_wrote_goes_with_its_comma(before, after):
    assert unregistered(before, "apps.x") == after


@pytest.mark.parametrize("source", [b"APPS = [\n", b"\0", b"# coding: nonsense\n"])
def test_a_file_that_is_no_python_is_a_mistake(source):
    with pytest.raises(UsageError, match=r"settings.py cannot be read: .*Repair it first."):
        registered(source, "apps.x")


NAMES = st.from_regex("[a-z]{1,5}", fullmatch=True)


@given(st.lists(NAMES, unique=True), st.sampled_from(["\n", "\r\n"]), st.data())
def test_any_layout_of_a_list_is_kept(names, end, data):
    gap = st.sampled_from(["", " ", end, f"  # a, b ] '{end}", f"{end}{end}    "])
    items = [f"{data.draw(gap)}'{name}'{data.draw(gap)}" for name in names]
    last = data.draw(st.sampled_from([",", ""])) if names else ""
    source = f"# é{end}APPS = [{','.join(items)}{last}{data.draw(gap)}]{end}".encode()

    added = registered(source, "apps.x")

    assert ast.literal_eval(ast.parse(added).body[0].value) == [*names, "apps.x"]
    assert unregistered(added, "apps.x") == source
