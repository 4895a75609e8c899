import signal
import subprocess
import sys

import pytest


FORKING = """
import os, sys, time
from webkit.workers.launching import fork
print("said once")
process = fork()
if process is None:
    %s
    sys.exit(3)
%s
print(process.wait())
"""


@pytest.mark.parametrize(
    ("in_child", "in_parent", "status"),
    [("pass", "pass", 3), ("time.sleep(60)", "process.kill()", -signal.SIGKILL)],
)
def test_a_fork_is_waited_for(in_child, in_parent, status):
    code = FORKING % (in_child, in_parent)

    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=True
    )

    assert run.stdout == f"said once\n{status}\n"
