import sys

import uvloop

from webkit.workers.loops import loop_factory


def test_uvloop_is_taken_where_it_is_installed():
    assert loop_factory() is uvloop.new_event_loop


def test_without_uvloop_the_loop_is_that_of_asyncio(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvloop", None)

    assert loop_factory() is None
