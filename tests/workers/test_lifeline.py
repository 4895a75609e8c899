"""A process with a lifeline, whose other end is here."""

import socket

import pytest

from webkit.workers.messages import send


LIFELINE = """
import asyncio, socket, sys, time
from webkit.workers.lifeline import Lifeline
from webkit.workers.stopping import Stop

lifeline = Lifeline(socket.socket(fileno=int(sys.argv[1])))

async def main():
    stop = Stop()
    turn = asyncio.Event()
    lifeline.guard(stop, limit=0.1, turn=turn)
    print("guarded", flush=True)
    await stop.wanted.wait()
    print("hurry" if stop.hurry.is_set() else "stop", flush=True)
"""


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    theirs.set_inheritable(True)
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def begin(start, ends, tmp_path):
    def begin(code):
        path = tmp_path / "process.py"
        path.write_text(LIFELINE + code)
        running = start(str(path), str(ends[1].fileno()), cwd=tmp_path, close_fds=False)
        ends[1].close()
        return running

    return begin


def test_a_process_without_anything_to_stop_ends_at_once(begin, ends):
    running = begin("print('begun', flush=True); time.sleep(60)")
    running.line("begun")

    send(ends[0], {"kind": "stop"})

    assert running.wait() == 0


def test_the_end_of_the_parent_is_a_wish_to_stop(begin, ends):
    running = begin("asyncio.run(main())")
    running.line("guarded")

    ends[0].close()

    assert running.wait() == 0
    assert running.output[-1] == "stop\n"


@pytest.mark.parametrize("kind", ["stop", "hurry"])
def test_what_the_parent_wants_reaches_the_loop(begin, ends, kind):
    running = begin("asyncio.run(main())")
    running.line("guarded")

    send(ends[0], {"kind": kind})

    assert running.wait() == 0
    assert running.output[-1] == f"{kind}\n"


def test_the_parent_says_whose_turn_it_is(begin, ends):
    running = begin(
        "async def wait():\n"
        "    turn = asyncio.Event()\n"
        "    lifeline.guard(Stop(), limit=0.1, turn=turn)\n"
        "    print('begun', flush=True)\n"
        "    await turn.wait()\n"
        "    print('cut' if lifeline.is_cut else 'uncut', flush=True)\n"
        "asyncio.run(wait())"
    )
    running.line("begun")

    send(ends[0], {"kind": "accept"})

    assert running.wait() == 0
    assert running.output[-1] == "uncut\n"


def test_a_loop_that_is_blocked_ends_all_the_same(begin, ends):
    running = begin(
        "async def block():\n"
        "    lifeline.guard(Stop(), limit=0.1, turn=asyncio.Event())\n"
        "    print('begun', flush=True)\n"
        "    time.sleep(60)\n"
        "asyncio.run(block())"
    )
    running.line("begun")

    ends[0].close()

    assert running.wait() == 1


def test_a_loop_that_is_over_has_nothing_to_hear(begin, ends):
    running = begin(
        "async def leave(): lifeline.guard(Stop(), limit=0.1, turn=asyncio.Event())\n"
        "asyncio.run(leave())\n"
        "print('begun', flush=True)\n"
        "time.sleep(60)"
    )
    running.line("begun")

    send(ends[0], {"kind": "stop"})

    assert running.wait() == 1
