from webkit.scaffold.layout import imported, joined, sorted_names, wrapped


def test_what_fits_stands_in_one_line():
    assert joined("call(", ["a", "b"], ")", indent=1) == "    call(a, b)"


def test_what_does_not_fit_has_a_line_for_every_part():
    parts = ["a" * 60, "b" * 60]

    assert joined("call(", parts, ")") == f"call(\n    {parts[0]},\n    {parts[1]},\n)"


def test_a_part_of_several_lines_is_indented_as_a_whole():
    inner = joined("g(", ["a" * 50, "b" * 50], ")")

    assert joined("f(", [inner], ")").splitlines()[1:3] == ["    g(", f"        {'a' * 50},"]


def test_a_margin_is_kept_free():
    line = "f(" + "a" * 94 + ")"

    assert joined("f(", ["a" * 94], ")", margin=3) == line
    assert joined("f(", ["a" * 94], ")", margin=4) != line


def test_an_import_is_sorted_and_broken_where_it_has_to_be():
    names = [f"Name{letter}{'x' * 30}" for letter in "BAC"]

    assert imported("m", ["b", "UNSET", "A", "B"]) == "from m import UNSET, A, B, b"
    assert imported("m", names).splitlines()[:2] == ["from m import (", f"    NameA{'x' * 30},"]


def test_names_go_by_kind_and_then_by_letter():
    assert sorted_names(["NewNews", "News", "b", "X1", "URL"]) == [
        "URL",
        "X1",
        "NewNews",
        "News",
        "b",
    ]


def test_words_are_wrapped_between_words():
    words = ["first", *["x" * 45] * 3, "y" * 120]

    lines = wrapped(words).splitlines()

    assert [len(line) for line in lines] == [97, 49, 124]
    assert lines[1].startswith("    x")
