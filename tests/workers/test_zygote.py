"""A zygote without its parent: what it does is seen from here."""

import os
import socket
import time

import pytest

from webkit.workers.messages import send
from webkit.workers.orders import Orders, written


pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this machine cannot fork")

MAIN = """
from aiohttp import web
async def index(request): return web.Response(text="hello")
app = web.Application()
app.router.add_get("/", index)
"""


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    listening = socket.create_server(("127.0.0.1", 0))
    with ours, theirs, listening:
        theirs.set_inheritable(True)
        listening.set_inheritable(True)
        yield ours, theirs, listening


@pytest.fixture
def begin(start, ends, tmp_path):
    def begin(main=MAIN):
        (tmp_path / "main.py").write_text(main)
        orders = Orders(
            root=str(tmp_path),
            app="main:app",
            sockets=[ends[2].fileno()],
            control=ends[1].fileno(),
            url=f"http://127.0.0.1:{ends[2].getsockname()[1]}",
        )
        running = start(
            "-P", "-m", "webkit.workers.zygote", written(orders), cwd=tmp_path, close_fds=False
        )
        ends[1].close()
        return running

    return begin


def change(ends, *paths):
    send(ends[0], {"kind": "changed", "paths": paths, "since": time.monotonic()})


def test_it_waits_for_its_parent_to_start(begin, ends):
    running = begin()
    before = running.children()

    change(ends)
    running.line("Serving http://127.0.0.1")

    assert before == []
    assert len(running.children()) == 1


def test_it_ends_with_its_parent_after_its_offspring(begin, ends, wait_for_end):
    running = begin()
    change(ends)
    running.line("Serving")
    (child,) = running.children()

    ends[0].close()

    assert running.wait() == 0
    assert wait_for_end(child)


def test_the_parent_may_have_gone_before_anything_began(begin, ends):
    running = begin()

    ends[0].close()

    assert running.wait() == 0


def test_the_first_process_that_serves_is_greeted(begin, ends, tmp_path):
    running = begin("print('asleep', flush=True); import time; time.sleep(60)")
    change(ends)
    running.line("asleep")

    (tmp_path / "main.py").write_text(MAIN)
    change(ends, "main.py")

    running.line("Serving")
    running.line("changed main.py -> reloaded")


def test_the_new_code_answers_when_the_old_code_accepts_no_more(begin, ends, exchange, tmp_path):
    running = begin(
        f"{MAIN}\n"
        "import time\n"
        "async def block(request):\n"
        "    print('begun', flush=True)\n"
        "    time.sleep(0.4)\n"
        "    return web.Response(text='old')\n"
        "app.router.add_get('/block', block)"
    )
    change(ends)
    running.line("Serving")
    with socket.create_connection(ends[2].getsockname()) as sock:
        sock.sendall(b"GET /block HTTP/1.1\r\nHost: x\r\n\r\n")
        running.line("begun")

        (tmp_path / "main.py").write_text(MAIN.replace("hello", "new"))
        change(ends, "main.py")
        while not exchange(ends[2].getsockname()[1]).endswith(b"new"):
            pass  # what the old process was given before it heard of the end is its own
        sock.setblocking(False)

        assert sock.recv(1000).endswith(b"old")


def test_a_process_that_hears_nothing_is_killed(begin, ends, tmp_path, wait_for_end):
    """A regular expression keeps the interpreter's lock for longer than anybody lives."""
    running = begin("print('busy', flush=True); import re; re.match('(a+)+$', 'a' * 60 + 'b')")
    change(ends)
    running.line("busy")
    (deaf,) = running.children()

    (tmp_path / "main.py").write_text(MAIN)
    change(ends, "main.py")

    assert wait_for_end(deaf)
    running.line("changed main.py -> reloaded")
    ends[0].close()
    assert running.wait() == 0


def test_an_old_process_that_does_not_answer_does_not_hold_the_report(begin, ends, exchange):
    running = begin(
        f"{MAIN}\n"
        "import time\n"
        "async def block(request):\n"
        "    print('begun', flush=True)\n"
        "    time.sleep(3)\n"
        "app.router.add_get('/block', block)"
    )
    change(ends)
    running.line("Serving")
    with socket.create_connection(ends[2].getsockname()) as sock:
        sock.sendall(b"GET /block HTTP/1.1\r\nHost: x\r\n\r\n")
        running.line("begun")
        start = time.monotonic()

        change(ends, "main.py")
        running.line("changed main.py -> reloaded")

    assert time.monotonic() - start < 2.5
