from webkit.scaffold.kinds import KINDS, REFERENCE


def test_the_types_are_those_of_the_reference():
    plain = "str text int float decimal bool date datetime time uuid json email url"

    assert list(KINDS) == [*plain.split(), REFERENCE]


def test_clients_are_held_to_the_checked_type_where_there_is_one():
    assert (KINDS["str"].shown, KINDS["date"].shown) == ("Line", "dt.date")
