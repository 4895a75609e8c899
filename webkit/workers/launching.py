"""Launching: a process for a job, forked from this one or started from nothing."""

import gc
import os
import signal
import subprocess
import sys
from typing import Protocol

from webkit.workers.orders import Job, written


__all__ = ("Process", "fork", "spawn")


class Process(Protocol):
    """A process that was launched."""

    def wait(self) -> int:
        """Wait for its end; return its exit status, or minus the signal that ended it."""

    def kill(self) -> None:
        """End it, whatever it does."""


class _Forked:
    def __init__(self, pid: int) -> None:
        self.pid = pid

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def fork() -> Process | None:
    """Fork this process; returns None in the new one."""
    gc.freeze()  # what is old is not collected: memory stays shared, and a fork ends sooner
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    return _Forked(pid) if pid else None


def spawn(job: Job) -> Process:
    """Start a new interpreter for a job; it inherits the file descriptors that may be inherited."""
    command = [sys.executable, "-P", "-m", "webkit.workers.offspring", written(job)]
    return subprocess.Popen(command, close_fds=False)  # noqa: S603  (the command is ours)
