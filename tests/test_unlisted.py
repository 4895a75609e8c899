"""A resource that nobody finds by its name."""

import pytest

from webkit.unlisted import UnlistedResource


class Anything(UnlistedResource):
    async def resolve(self, request):
        return None, set()


def test_it_has_nothing_to_show():
    found = Anything()

    assert (len(found), list(found), found.get_info(), found.canonical) == (0, [], {}, "/")


def test_nobody_adds_to_it_or_moves_it_or_asks_for_its_url():
    found = Anything()

    assert not found.raw_match("/")
    for ask in (found.url_for, lambda: found.add_prefix("/x")):
        with pytest.raises(NotImplementedError):
            ask()
