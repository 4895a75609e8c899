import signal

import pytest

from webkit.scaffold import interruptions


def test_ctrl_c_waits_until_the_block_is_left():
    steps = []

    def work():
        with interruptions.held() as received:
            signal.raise_signal(signal.SIGINT)
            steps.append(list(received))

    with pytest.raises(KeyboardInterrupt):
        work()

    assert steps == [[signal.SIGINT]]


def test_the_handlers_are_those_of_before():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    with interruptions.held():
        pass

    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_signal_that_the_process_ignores_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interruptions.held() as received:
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)

    assert received == []


def test_an_error_passes_through():
    with pytest.raises(OSError, match="full"), interruptions.held():
        raise OSError("full")
