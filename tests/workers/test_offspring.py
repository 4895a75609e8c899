import importlib.util
import socket
from pathlib import Path

import pytest

from webkit.workers.messages import Inbox, send
from webkit.workers.offspring import forget_bytecode
from webkit.workers.orders import Job, written


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
    """Start an offspring on its own, without a zygote."""

    def begin(main=MAIN, **options):
        (tmp_path / "main.py").write_text(main)
        job = Job(
            root=str(tmp_path),
            app="main:app",
            sockets=[ends[2].fileno()],
            channel=ends[1].fileno(),
            changed=[],
            **options,
        )
        running = start(
            "-P", "-m", "webkit.workers.offspring", written(job), cwd=tmp_path, close_fds=False
        )
        ends[1].close()
        return running

    return begin


def receive(inbox):
    while not (messages := inbox.receive()):
        assert messages is not None
    return messages


def test_it_accepts_connections_when_it_is_its_turn_and_says_when_it_does_not_any_more(
    begin, ends, exchange
):
    running = begin()
    inbox = Inbox(ends[0])

    (ready,) = receive(inbox)
    send(ends[0], {"kind": "accept"})
    answer = exchange(ends[2].getsockname()[1])
    send(ends[0], {"kind": "stop"})
    (closed,) = receive(inbox)

    assert (ready["kind"], ready["docs"], ready["limit"]) == ("ready", False, 8.0)
    assert "main" not in ready["modules"]
    assert b"hello" in answer
    assert closed == {"kind": "closed"}
    assert running.wait() == 0


def test_connections_wait_until_it_is_its_turn(begin, ends):
    running = begin()
    receive(Inbox(ends[0]))

    with socket.create_connection(ends[2].getsockname()) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        send(ends[0], {"kind": "stop"})
        closed = Inbox(ends[0]).receive()

    assert closed is None
    assert running.wait() == 0
    assert "GET /" not in running.text()


def test_it_tells_of_the_docs_page(begin, ends):
    begin(f"{MAIN}\napp.router.add_get('/docs', index)")

    (ready,) = receive(Inbox(ends[0]))

    assert ready["docs"]


def test_a_problem_is_served_without_the_project(begin, ends, exchange):
    running = begin("print('imported')", problem="it crashed")

    (broken,) = receive(Inbox(ends[0]))
    send(ends[0], {"kind": "accept"})
    answer = exchange(ends[2].getsockname()[1])
    send(ends[0], {"kind": "stop"})

    assert broken["kind"] == "broken"
    assert b"it crashed" in answer
    assert running.wait() == 0
    assert "imported" not in running.text()
    assert "GET" not in running.text()


def test_a_project_that_fails_when_it_should_stop_is_not_served(begin, ends):
    running = begin(
        f"{MAIN}\n"
        "import asyncio\n"
        "async def wait(app):\n"
        "    print('begun', flush=True)\n"
        "    try:\n"
        "        await asyncio.sleep(60)\n"
        "    finally:\n"
        "        raise ValueError('too late')\n"
        "app.on_startup.append(wait)"
    )
    running.line("begun")

    send(ends[0], {"kind": "stop"})

    assert running.wait() == 0
    assert "too late" in running.text()


def test_signals_are_left_to_the_parent_but_not_for_its_own_children(begin, ends):
    running = begin(
        f"{MAIN}\n"
        "import os, signal, subprocess\n"
        "os.kill(os.getpid(), signal.SIGTERM)\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "process = subprocess.Popen(['sleep', '60'])\n"
        "process.terminate()\n"
        "print('ended with', process.wait(), flush=True)"
    )

    running.line("ended with -15")
    (ready,) = receive(Inbox(ends[0]))
    ends[0].close()

    assert ready["kind"] == "ready"
    assert running.wait() == 0


def test_bytecode_of_changed_sources_is_forgotten(tmp_path):
    source = tmp_path / "views.py"
    source.write_text("x = 1")
    compiled = Path(importlib.util.cache_from_source(str(source)))
    compiled.parent.mkdir()
    compiled.write_bytes(b"")

    forget_bytecode([source, tmp_path / "page.html", tmp_path / "gone.py"])

    assert not compiled.exists()
