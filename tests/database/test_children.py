"""Which types are a list of what refers to a row. What it has, all repositories show alike."""

from typing import Annotated

import msgspec
import pydantic
import pytest

from webkit.database.children import child_of, limit_of


class Song(msgspec.Struct):
    id: int


@pytest.mark.parametrize(
    ("hint", "item", "limit"),
    [
        (Annotated[list[Song], msgspec.Meta(max_length=3)], Song, 3),
        (Annotated[list[Song], pydantic.Field(max_length=3).metadata[0]], Song, 3),
        (Annotated[list[Song], msgspec.Meta(min_length=1)], Song, None),
        (list[Song], Song, None),
        (list[int], None, None),
        (list, None, None),
        (Song, None, None),
        (Song | None, None, None),
    ],
    ids=range(8),
)
def test_a_list_of_models_is_one_and_says_how_many_there_are(hint, item, limit):
    assert (child_of(hint), limit_of(hint)) == (item, limit)
