from typing import Annotated, Generic, Literal, TypeVar

import pytest

from webkit.openapi.naming import path_of, readable_name


T = TypeVar("T")


class Page(Generic[T]): ...


class Artist: ...


@pytest.mark.parametrize(
    ("tp", "name"),
    [
        (Artist, "Artist"),
        (Page, "Page"),
        (Page[Artist], "PageOfArtist"),
        (Page[list[Artist]], "PageOfListOfArtist"),
        (dict[str, Page[Artist]], "DictOfStrAndPageOfArtist"),
        (Page[Artist | None], "PageOfArtistOrNoneType"),
        (Page[Literal["a-b", 1]], "PageOfABOr1"),
        (Page[Annotated[Artist, "x"]], "PageOfArtist"),
        (Page[T], "PageOfT"),
    ],
)
def test_a_name_can_be_read_aloud(tp, name):
    assert readable_name(tp) == name


def test_a_path_tells_classes_of_one_name_apart():
    class Artist: ...

    assert path_of(Artist) == f"{__name__}.Artist"
    assert path_of(Page[Artist]) == f"{__name__}.PageOfArtist"
