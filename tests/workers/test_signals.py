import signal
import threading

import pytest

from webkit.workers.signals import handle_signals, leave_on_signals


@pytest.fixture(autouse=True)
def _restored():
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_before_it_serves_a_signal_ends_the_process_quietly(number):
    leave_on_signals()

    with pytest.raises(SystemExit) as caught:
        signal.raise_signal(number)
    assert caught.value.code == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_handler_gets_the_signal(number):
    received = []
    handle_signals(lambda number, frame: received.append(number))

    signal.raise_signal(number)

    assert received == [number]


def test_outside_the_main_thread_signals_are_left_alone():
    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=leave_on_signals)

    thread.start()
    thread.join()

    assert signal.getsignal(signal.SIGTERM) is before
