import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

from webkit.cli import shell
from webkit.exceptions import UsageError


pytestmark = pytest.mark.slow


def test_code_runs_with_the_started_application(project, webkit):
    code = "import asyncio; await asyncio.sleep(0); print(app.frozen, config.settings.title)"

    done = webkit("shell", "-c", code)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "started\nTrue Shop\nstopped\n"


def test_what_is_piped_in_is_run(project, webkit):
    done = webkit("shell", given="for name in units:\n    print(name)\n")

    assert done.stdout == "started\nguests\nrooms\nstopped\n"


def test_an_error_is_shown_from_that_code_on(project, webkit):
    done = webkit("shell", "-c", "print('before')\n1 / 0")

    assert (done.returncode, done.stdout) == (1, "started\nbefore\nstopped\n")
    lines = done.stderr.splitlines()
    assert lines[1] == '  File "<shell>", line 2, in <module>'
    assert lines[-1] == "ZeroDivisionError: division by zero"


def test_code_that_is_no_python_is_an_error(project, webkit):
    done = webkit("shell", "-c", "print(")

    assert done.returncode == 1
    assert done.stderr.endswith("SyntaxError: '(' was never closed\n")


def test_code_may_leave_with_a_status(project, webkit):
    done = webkit("shell", "-c", "raise SystemExit(3)")

    assert (done.returncode, done.stdout) == (3, "started\nstopped\n")


def test_an_application_made_by_hand_is_all_there_is(project, webkit, write):
    write({"main.py": "from aiohttp import web\n\ncreate_web_app = web.Application()\n"})

    assert webkit("shell", "-c", "print('config' in globals())").stdout == "False\n"


def test_a_project_with_mistakes_has_no_shell(project, webkit, write):
    write({"webkit.toml": "[webkit]\nprot = 1\n"})

    done = webkit("shell", "-c", "")

    assert done.returncode == 2
    assert "webkit.prot: unknown key" in done.stderr


PROMPTS = {"python": b">>> ", "ipython": b"]: ", "ptpython": b">>>"}


class Terminal:
    """Somebody at a terminal with webkit shell."""

    def __init__(self, cwd, *arguments):
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        own = {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "HOME": str(cwd)}
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from webkit.cli.main import main; main()", *arguments],
            cwd=cwd,
            env={**os.environ, **own},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self._seen = b""

    def read(self, end):
        """Read on until something is shown, or to the end."""
        deadline, new = time.monotonic() + 60, b""
        while end is None or end not in new:
            ready, _, _ = select.select([self._master], [], [], deadline - time.monotonic())
            assert ready, (end, self._seen)
            try:
                more = os.read(self._master, 65536)
            except OSError:  # the other side is closed
                more = b""
            if not more:
                assert end is None, (end, self._seen)
                break
            new += more
            self._seen += more
        return new

    def type(self, text, end=None):
        os.write(self._master, text + b"\r")
        return self.read(end)

    def interrupt(self):
        os.kill(self._process.pid, signal.SIGINT)

    def close(self):
        os.close(self._master)
        return self._process.wait(60)


@pytest.fixture
def open_shell(project):
    terminals = []

    def start(*arguments):
        terminals.append(Terminal(project, "shell", *arguments))
        return terminals[-1]

    yield start
    assert [terminal.close() for terminal in terminals] == [0] * len(terminals)


@pytest.mark.slow
@pytest.mark.parametrize("repl", PROMPTS)
def test_every_prompt_awaits_and_survives_an_error(open_shell, repl):
    terminal = open_shell("--repl", repl)
    prompt = PROMPTS[repl]
    started = terminal.read(prompt)

    terminal.type(b"import asyncio", prompt)
    terminal.type(b"await asyncio.sleep(0, 6 * 111)", b"666")
    terminal.type(b"1 / 0", b"ZeroDivisionError")
    terminal.type(b"config.settings.title * 2", b"ShopShop")
    left = terminal.type(b"exit()")

    assert b"app, config, units. await works." in started
    assert b"stopped" in left


@pytest.mark.slow
def test_without_a_word_it_is_the_first_that_is_installed(open_shell):
    terminal = open_shell()
    terminal.read(PROMPTS["ptpython"])

    assert b"stopped" in terminal.type(b"get_ptpython().__class__; quit()")


@pytest.mark.slow
def test_ctrl_c_ends_what_runs_and_not_the_shell(open_shell):
    terminal = open_shell("--repl", "python")
    terminal.read(b">>> ")
    terminal.type(b"import asyncio", b">>> ")

    terminal.type(b"print('now', 6 * 7); await asyncio.sleep(60)", b"now 42")
    terminal.interrupt()
    terminal.read(b"KeyboardInterrupt")

    assert b"stopped" in terminal.type(b"exit()")


@pytest.mark.parametrize("name", ["ptpython", "ipython"])
def test_one_that_is_not_installed_is_refused(monkeypatch, name):
    monkeypatch.setattr(shell.importlib.util, "find_spec", lambda module: None)

    with pytest.raises(UsageError, match=f"{name} is not installed. Run: pip install {name}"):
        shell._opener(name)
