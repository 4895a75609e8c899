import pytest

from webkit.givens import Prop, as_dictionary
from webkit.parameters import Body, Header, Path, Query


@pytest.mark.parametrize("kind", [Body, Header, Query])
def test_a_part_of_a_request_may_be_a_dictionary_in_its_place(kind):
    marker = as_dictionary(kind())

    assert (type(marker) is kind, marker.place) == (False, kind.place)
    assert marker.source is not None


@pytest.mark.parametrize("marker", [Path("id"), Prop("host")])
def test_what_has_no_such_form_stays_as_it_is(marker):
    assert as_dictionary(marker) is marker
