import io
import sys

from webkit.workers import reports


def test_the_greeting_has_the_addresses():
    text = reports.greeting("http://127.0.0.1:1", remark=" (port from .env: PORT)", has_docs=True)

    assert text.splitlines()[0] == (
        "Serving http://127.0.0.1:1 (port from .env: PORT), API docs at http://127.0.0.1:1/docs"
    )


def test_without_docs_they_are_not_announced():
    assert "docs" not in reports.greeting("http://127.0.0.1:1", remark="", has_docs=False)


def test_a_reload_is_one_line():
    text = reports.reload(["apps/api/views.py"], seconds=0.0412, is_broken=False)

    assert text == "changed apps/api/views.py -> reloaded in 41 ms"


def test_of_many_changes_the_first_is_named():
    text = reports.reload(["a.py", "b.py", "c.py"], seconds=0.1, is_broken=True)

    assert text == "changed a.py and 2 more -> does not start in 100 ms"


def test_a_crash_tells_how_the_process_ended():
    assert "signal 9" in reports.crash(-9)
    assert "status 3" in reports.crash(3)


def test_a_line_is_printed_at_once(capsys):
    reports.say("here")

    assert capsys.readouterr().out == "here\n"


def test_a_reader_that_has_gone_is_no_error(monkeypatch):
    class Broken(io.StringIO):
        def flush(self):
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Broken())

    reports.say("here")
