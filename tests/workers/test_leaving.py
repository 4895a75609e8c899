"""The processes here would stay for a minute."""

LEAVING = """
import asyncio, threading, time
from webkit.workers.leaving import exit_after, leave_in_time
from webkit.workers.stopping import Stop
"""


def test_a_process_that_does_not_end_is_ended(start, tmp_path):
    running = start("-c", f"{LEAVING}\nexit_after(0.1)\ntime.sleep(60)", cwd=tmp_path)

    assert running.wait() == 1
    assert "the process did not end within 0.1 s and leaves now" in running.text()


def test_a_process_that_ends_is_left_alone(start, tmp_path):
    running = start("-c", f"{LEAVING}\nexit_after(10)", cwd=tmp_path)

    assert running.wait() == 0


def test_a_thread_that_python_would_wait_for_does_not_hold_the_end(start, tmp_path):
    code = "threading.Thread(target=time.sleep, args=[60]).start(); exit_after(0.1)"
    running = start("-c", f"{LEAVING}\n{code}", cwd=tmp_path)

    assert running.wait() == 1


WATCHED = """
async def main():
    stop = Stop()
    watch = asyncio.ensure_future(leave_in_time(stop, limit=%s))
    await asyncio.sleep(0)
    stop.%s()
    await asyncio.sleep(60)

asyncio.run(main())
"""


def test_the_time_begins_with_the_wish_to_stop(start, tmp_path):
    running = start("-c", LEAVING + WATCHED % (0.1, "ask"), cwd=tmp_path)

    assert running.wait() == 1
    assert "within 1.6 s" in running.text()


def test_it_is_short_in_a_hurry(start, tmp_path):
    running = start("-c", LEAVING + WATCHED % (30, "ask_to_hurry"), cwd=tmp_path)

    assert running.wait() == 1
    assert "within 1.5 s" in running.text()
