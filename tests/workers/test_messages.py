import socket

import pytest

from webkit.workers.messages import Inbox, send


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_messages_arrive_as_they_were_sent(ends):
    ours, theirs = ends
    send(ours, {"kind": "changed", "paths": ["a.py"]})
    send(ours, {"kind": "stop"})

    assert Inbox(theirs).receive() == [{"kind": "changed", "paths": ["a.py"]}, {"kind": "stop"}]


def test_a_part_of_a_message_waits_for_the_rest(ends):
    ours, theirs = ends
    inbox = Inbox(theirs)
    ours.sendall(b'{"kind":')

    first = inbox.receive()
    ours.sendall(b' "stop"}\n')

    assert first == []
    assert inbox.receive() == [{"kind": "stop"}]


def test_the_end_of_the_other_side_is_none(ends):
    ours, theirs = ends
    ours.close()

    assert Inbox(theirs).receive() is None


def test_a_connection_that_broke_is_the_end_too(ends):
    ours, theirs = ends
    send(theirs, {"kind": "unread"})
    ours.close()

    assert Inbox(theirs).receive() is None


def test_a_message_to_a_process_that_has_gone_is_lost(ends):
    ours, theirs = ends
    theirs.close()

    send(ours, {"kind": "stop"})
