from webkit.config.values import Table, Value, leaves, merged, nested, plain, spelling, tabled


def tree(*, file="a.toml", **values):
    return tabled(values, {}, file=file)


def test_a_key_without_a_line_stands_on_that_of_its_table():
    found = tabled({"a": {"b": {"c": 1}, "d": 2}}, {("a",): 3, ("a", "d"): 5}, file="x.toml")

    assert found["a"].origin == "x.toml:3"
    assert found["a"]["b"]["c"].origin == "x.toml:3"
    assert found["a"]["d"].origin == "x.toml:5"


def test_the_upper_of_two_trees_wins_key_by_key():
    found = merged(tree(a={"x": 1, "y": 2}, b=3), tree(file="b.toml", a={"y": 4, "z": 5}, c=6))

    assert plain(found) == {"a": {"x": 1, "y": 4, "z": 5}, "b": 3, "c": 6}
    assert [value.origin for _, value in leaves(found)] == [
        "a.toml",
        "b.toml",
        "b.toml",
        "a.toml",
        "b.toml",
    ]


def test_a_value_takes_the_place_of_a_table_and_the_other_way_round():
    assert plain(merged(tree(a={"x": 1}), tree(a=2))) == {"a": 2}
    assert plain(merged(tree(a=2), tree(a={"x": 1}))) == {"a": {"x": 1}}


def test_what_is_merged_stays_as_it_was():
    base = tree(a={"x": 1})

    merged(base, tree(a={"x": 2}))

    assert plain(base) == {"a": {"x": 1}}


def test_dashes_and_underscores_are_one():
    found = merged(tree(**{"guest-book": {"a": 1}}), tree(guest_book={"b": 2}))

    assert plain(found) == {"guest-book": {"a": 1, "b": 2}}
    assert spelling(found, "guest_book") == "guest-book"
    assert spelling(found, "other") == "other"


def test_a_path_becomes_a_tree():
    node = Value(raw=1, origin="here")

    assert nested(["a", "b"], node) == Table({"a": Table({"b": node})})


def test_leaves_have_dotted_keys():
    assert [(key, value.raw) for key, value in leaves(tree(a={"b": {"c": 1}}, d=2))] == [
        ("a.b.c", 1),
        ("d", 2),
    ]


def test_a_value_does_not_show_what_it_is():
    assert "8061" not in repr(tree(a={"b": 8061}))
