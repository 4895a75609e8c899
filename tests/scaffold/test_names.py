import keyword
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from webkit.exceptions import UsageError
from webkit.scaffold import names


PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
WRONG_FOR_BOTH = (
    *("", " ", "1abc", "my app", "a.b", "a/b", "a\\b", "../evil", "/abs/x", "-h2", "class", "None"),
    *("match", "type", "_", "__init__", "con", "NUL", "com1", "apps", "settings", "webkit"),
    *("a" * 51, "new\nline", "nul\0", "'", '"', "{{7*7}}", "$(id)", "é", "ﬁ", "\uff41\uff50\uff49"),
)
WRONG_FOR_PROJECTS = ("django-", "Shop", "a--b", "a_-b", "aiohttp", "db", "migrate", "redis")


@pytest.mark.parametrize("name", [*WRONG_FOR_BOTH, "my-app", "core"])
def test_a_wrong_name_for_an_app_is_refused_with_a_suggestion_that_works(name):
    with pytest.raises(UsageError) as refusal:
        names.app_name(name)

    assert names.app_name(suggestion_in(refusal)) != name


@pytest.mark.parametrize("name", [*WRONG_FOR_BOTH, *WRONG_FOR_PROJECTS])
def test_a_wrong_name_for_a_project_is_refused_with_a_suggestion_that_works(name):
    with pytest.raises(UsageError) as refusal:
        names.project_slug(name)

    assert names.project_slug(suggestion_in(refusal)) != name


@pytest.mark.parametrize(
    "name", ["calendar", "email", "queue", "site", "code", "profile", "types", "api", "a_1", "x__y"]
)
def test_an_app_may_be_called_like_a_module_of_python(name):
    assert names.app_name(name) == name


@pytest.mark.parametrize(
    "name", ["my-shop", "my_shop", "shop2", "a" * 50, "test", "webkit-project"]
)
def test_a_project_has_words_with_single_joints(name):
    assert names.project_slug(name) == name


@given(st.text(max_size=60))
def test_every_text_is_a_name_or_comes_back_as_a_better_one_in_one_line(text):
    for check in (names.app_name, names.project_slug):
        refusal = refusal_of(check, text)
        better = refusal.rpartition("Try ")[2] if refusal else text

        assert check(better) == better
        assert len(refusal.splitlines()) <= 1


@given(st.from_regex("[a-z][a-z0-9_]{0,49}", fullmatch=True))
def test_an_accepted_app_can_be_imported(name):
    assume(not refusal_of(names.app_name, name))

    assert name.isidentifier()
    assert not keyword.iskeyword(name)


def test_no_project_is_called_like_something_that_it_installs():
    tables = tomllib.loads(PYPROJECT.read_text())["project"]
    groups = (tables["dependencies"], *tables["optional-dependencies"].values())
    installed = {re.split(r"[^a-z0-9-]", line.lower())[0] for lines in groups for line in lines}

    assert [name for name in installed if not refusal_of(names.project_slug, name)] == []


def test_underscores_do_not_disguise_the_name_of_a_package():
    assert refusal_of(names.project_slug, "pytest_aiohttp")


@pytest.mark.parametrize(
    "text",
    [
        "A shop",
        "quotes \"double\" and 'single', back\\slash, `tick`",
        "# ] ${X} $HOME {{ 7*7 }} {% raw %} {# c #}",
        "naïve café, 日本語, 👩\u200d💻 👍🏽",
        "two\nlines",
        "non\u00a0breaking",
    ],
)
def test_a_text_is_free(text):
    assert names.free_text(text, label="description") == text


def test_a_line_ends_with_a_newline_wherever_it_was_typed():
    assert names.free_text("a\r\nb\rc", label="description") == "a\nb\nc"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "The name is empty"),
        (" \n ", "The name is empty"),
        ("x" * 501, "has 501 characters. Use at most 500"),
        ("a\tb", "U+0009"),
        ("a\0b", "U+0000"),
        ("\x1b[31mred", "U+001B"),
        ("a\x7fb", "U+007F"),
        ("a\x85b", "U+0085"),
        ("a\u2028b", "U+2028"),
        ("\ud800", "U+D800"),
        ("\ufffe", "U+FFFE"),
        ("abc\u202edcb", "U+202E"),
        ("\ue000", "U+E000"),
    ],
)
def test_a_text_with_something_that_nobody_can_see_is_refused(text, reason):
    with pytest.raises(UsageError, match=re.escape(reason)):
        names.free_text(text, label="name")


@pytest.mark.parametrize("text", ["1", "80", "8080", "65535"])
def test_a_port_is_a_number(text):
    assert names.port_number(text) == text


@pytest.mark.parametrize(
    "text", ["", "0", "65536", "99999", "080", "+80", "8 0", "http", "\uff18\uff10", "٨٠"]
)
def test_anything_else_is_no_port(text):
    with pytest.raises(UsageError, match=r"is not a port\. Write a number from 1 to 65535"):
        names.port_number(text)


@pytest.mark.parametrize(
    ("slug", "name"),
    [("shop", "Shop"), ("my-shop_2", "My Shop 2"), ("webkit-project", "Webkit Project")],
)
def test_a_slug_suggests_a_name(slug, name):
    assert names.project_name_of(slug) == name


@pytest.mark.parametrize(
    ("app", "name"), [("api", "Api"), ("blog_posts", "BlogPosts"), ("a_1", "A1")]
)
def test_a_class_is_called_like_the_app_in_camel_case(app, name):
    assert names.class_name_of(app) == name


def suggestion_in(refusal):
    return str(refusal.value).rpartition("Try ")[2]


def refusal_of(check, name):
    """Return why a name is refused, or nothing."""
    try:
        check(name)
    except UsageError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("plural", "singular"),
    {
        "artists": "artist",
        "cities": "city",
        "boxes": "box",
        "matches": "match",
        "classes": "class",
        "statuses": "status",
        "aliases": "alias",
        "houses": "house",
        "caches": "cache",
        "shoes": "shoe",
        "heroes": "hero",
        "movies": "movie",
        "people": "person",
        "children": "child",
        "women": "woman",
        "news": "news",
        "series": "series",
        "status": "status",
        "analysis": "analysis",
        "glass": "glass",
        "music": "music",
        "keys": "key",
    }.items(),
)
def test_one_of_several_is_called_by_the_rules_of_english(plural, singular):
    assert names.singular_of(plural) == singular


def test_a_class_is_one_of_them_and_a_function_has_its_name():
    assert names.resource_class_name("blog_posts") == "BlogPost"
    assert names.resource_class_name("people") == "Person"
    assert names.snake_case_of("BlogPost") == "blog_post"
