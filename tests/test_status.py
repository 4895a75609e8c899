from http import HTTPStatus

import pytest

from webkit import status


NAMES = [name for name in status.__all__ if name.startswith("HTTP_")]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_begins_with_its_number(name):
    assert getattr(status, name) == int(name.split("_")[1])


def test_the_names_are_integers_like_those_of_the_seed():
    assert status.HTTP_200_OK == 200
    assert type(status.HTTP_404_NOT_FOUND) is int


def test_every_status_of_the_standard_library_has_a_name():
    missing = {code.value for code in HTTPStatus} - {getattr(status, name) for name in NAMES}

    assert missing == set()


@pytest.mark.parametrize(
    ("tell", "first", "last"),
    [
        (status.is_informational, 100, 199),
        (status.is_success, 200, 299),
        (status.is_redirect, 300, 399),
        (status.is_client_error, 400, 499),
        (status.is_server_error, 500, 599),
    ],
)
def test_a_kind_of_status_is_one_hundred_numbers(tell, first, last):
    assert [tell(code) for code in (first - 1, first, last, last + 1)] == [False, True, True, False]
