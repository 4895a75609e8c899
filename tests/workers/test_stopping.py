import signal

import pytest

from webkit.workers.stopping import Stop, stop_on_signals


@pytest.fixture(autouse=True)
def _restored():
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_first_signal_asks_for_a_stop(number):
    stop = Stop()

    with stop_on_signals(stop):
        signal.raise_signal(number)
        await stop.wanted.wait()

    assert not stop.hurry.is_set()


@pytest.mark.parametrize(
    ("numbers", "is_urgent"),
    [
        ([signal.SIGTERM, signal.SIGTERM, signal.SIGTERM], False),
        ([signal.SIGTERM, signal.SIGINT], False),
        ([signal.SIGINT, signal.SIGTERM], False),
        ([signal.SIGINT, signal.SIGINT], True),
        ([signal.SIGTERM, signal.SIGINT, signal.SIGINT], True),
    ],
)
def test_only_a_second_interrupt_is_urgent(numbers, is_urgent):
    stop = Stop()

    for number in numbers:
        stop.receive(number)

    assert stop.wanted.is_set()
    assert stop.hurry.is_set() == is_urgent


async def test_after_the_end_signals_are_ignored():
    with stop_on_signals(Stop()):
        pass

    signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGINT)


def test_who_asks_to_hurry_asks_to_stop():
    stop = Stop()

    stop.ask_to_hurry()

    assert stop.wanted.is_set()
