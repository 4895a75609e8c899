import os
import pty
import subprocess
import sys

import pytest

from webkit.cli import terminal
from webkit.exceptions import UsageError


def test_somebody_is_there_at_a_terminal_only(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert not terminal.is_interactive()

    main, end = pty.openpty()
    with os.fdopen(end) as keyboard:
        monkeypatch.setattr(sys, "stdin", keyboard)
        assert terminal.is_interactive()
    os.close(main)


def test_a_question_is_asked_until_the_answer_is_accepted(monkeypatch, capsys):
    typed = iter(["no\n", "\n"])
    monkeypatch.setattr(sys, "stdin", typed_by(typed))

    def check(answer):
        if answer == "no":
            raise UsageError("Say yes.")
        return answer.upper()

    answer = terminal.ask("really", default="yes", check=check)

    assert answer == "YES"
    assert capsys.readouterr().out == "really [yes]: Error: Say yes.\nreally [yes]: "


@pytest.mark.parametrize("output", ["/dev/full", "a closed pipe"])
def test_what_is_done_is_no_failure_because_nobody_hears_of_it(output):
    code = "from webkit.cli.terminal import say; say('done', 'and more')"
    if output == "/dev/full":
        stdout = os.open(output, os.O_WRONLY)
    else:
        reader, stdout = os.pipe()
        os.close(reader)

    run = subprocess.run(
        [sys.executable, "-c", code], stdout=stdout, stderr=subprocess.PIPE, check=False
    )
    os.close(stdout)

    assert (run.returncode, run.stderr) == (0, b"")


def typed_by(lines):
    class Keyboard:
        def readline(self):
            return next(lines)

    return Keyboard()


def test_a_table_has_columns_as_wide_as_they_have_to_be():
    assert terminal.table(("a", "bb", ""), ("ccc", "d", "e")) == ["a    bb", "ccc  d   e"]
    assert terminal.table() == []
