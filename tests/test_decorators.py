from http import HTTPMethod

import pytest

from webkit.decorators import action, dashed, is_unapplied, options_of


async def google_it(request):
    """Any method of a viewset."""


@pytest.fixture(autouse=True)
def unmarked():
    yield
    vars(google_it).clear()


def test_one_tag_is_one_and_not_its_letters():
    async def method(self): ...

    assert options_of(action(tags="music")(method)).tags == ("music",)


def test_it_returns_the_same_function():
    assert action(detail=True)(google_it) is google_it


def test_a_bare_decorator_is_a_get_of_the_list():
    assert action(google_it) is google_it

    options = options_of(google_it)
    assert (options.methods, options.detail) == (("GET",), False)


def test_the_spelling_of_the_seed_is_recorded():
    action(detail=True, method="get")(google_it)

    options = options_of(google_it)
    assert (options.methods, options.detail) == (("GET",), True)
    assert (options.url_path, options.url_name, options.unknown) == (None, None, ())


def test_the_seed_took_both_by_position():
    action("post", True)(google_it)

    options = options_of(google_it)
    assert (options.methods, options.detail) == (("POST",), True)


@pytest.mark.parametrize(
    ("keywords", "verbs"),
    [
        ({}, ("GET",)),
        ({"method": "post"}, ("POST",)),
        ({"method": "PoSt"}, ("POST",)),
        ({"method": ["get", "post"]}, ("GET", "POST")),
        ({"methods": ["put", "patch"]}, ("PUT", "PATCH")),
        ({"methods": "put"}, ("PUT",)),
        ({"methods": (verb for verb in ("get", "put"))}, ("GET", "PUT")),
        ({"methods": [HTTPMethod.DELETE]}, ("DELETE",)),
        ({"method": HTTPMethod.DELETE}, ("DELETE",)),
        ({"methods": ["get", "GET", "post"]}, ("GET", "POST")),
        ({"methods": []}, ()),
        ({"method": "fetch"}, ("FETCH",)),
    ],
)
def test_verbs_may_be_written_in_many_ways(keywords, verbs):
    action(**keywords)(google_it)

    assert options_of(google_it).methods == verbs


def test_the_names_of_drf_are_recorded():
    action(url_path="search", url_name="seek")(google_it)

    options = options_of(google_it)
    assert (options.url_path, options.url_name) == ("search", "seek")


def test_keywords_that_it_does_not_have_are_kept_for_the_report():
    action(colour=1, detail=True, size=2)(google_it)

    assert options_of(google_it).unknown == ("colour", "size")


@pytest.mark.parametrize(
    ("given", "options", "mistakes"),
    [
        (("get",), {"method": "post"}, ["method is given twice"]),
        (
            ("get", True, "top", 5),
            {},
            [
                "'top' is one too many. Give it by its name, as url_path=...",
                "5 is one too many. Give it by its name, as url_path=...",
            ],
        ),
    ],
)
def test_what_is_wrong_in_its_parentheses_is_kept_for_the_report(given, options, mistakes):
    action(*given, **options)(google_it)

    assert list(options_of(google_it).mistakes) == mistakes


def test_it_knows_whether_it_has_had_a_function():
    posted = action("post")

    assert is_unapplied(posted)
    posted(google_it)
    assert not is_unapplied(posted)


def test_what_cannot_be_marked_leaves_the_decorator_in_its_place():
    marked = action(detail=True)(property(google_it))

    assert is_unapplied(marked)


def test_a_bare_one_marks_a_classmethod_too_so_that_it_is_refused():
    assert options_of(action(classmethod(google_it))).methods == ("GET",)


@pytest.mark.parametrize("order", ["above", "below"])
def test_it_may_stand_above_or_below_staticmethod(order):
    if order == "above":
        marked = action(detail=True)(staticmethod(google_it))
    else:
        marked = staticmethod(action(detail=True)(google_it))

    assert isinstance(marked, staticmethod)
    assert options_of(marked).detail is True


@pytest.mark.parametrize("value", [google_it, None, 5, "text", object()])
def test_what_is_not_marked_has_no_options(value):
    assert options_of(value) is None


def test_a_foreign_attribute_of_that_name_is_not_taken_for_a_mark():
    google_it.__webkit_action__ = "mine"

    assert options_of(google_it) is None


def test_more_methods_can_be_mapped_to_the_path_of_an_action():
    @action(detail=True, url_path="tags", tags=["x"])
    async def tag_list(self): ...

    @tag_list.mapping.delete
    async def tag_clear(self): ...

    found = options_of(tag_clear)

    assert (found.methods, found.detail) == (("DELETE",), True)
    assert (found.url_path, found.url_name, found.tags) == ("tags", "tag-list", ("x",))
    assert not hasattr(tag_clear, "mapping")


def test_a_mapped_method_that_covers_the_action_is_noted():
    @action
    async def tags(self): ...

    @tags.mapping.post
    async def tags(self): ...

    assert options_of(tags).covers == "tags"


@pytest.mark.parametrize("name", ["top_ten", "_top_ten", "top_ten_"])
def test_a_name_has_dashes_in_a_url(name):
    assert dashed(name) == "top-ten"
