"""The zygote: the process of ``webkit dev`` that makes those that serve, by forking itself.

1. It has imported what the project needs and does not own; a fork has only the project to import.
2. It has one thread, so that forking is safe; where something started another, it forks no more.
3. A new process has started before the old one is told to stop, and accepts connections when the
   old one accepts no more: once the new code has answered, the old code is not heard again.
4. It does what its parent says, and ends with it, after all its offspring.
"""

import selectors
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from webkit.workers import reports
from webkit.workers.launching import Process, fork, spawn
from webkit.workers.leaving import LAST_STEPS
from webkit.workers.messages import Inbox, Message, send
from webkit.workers.offspring import work
from webkit.workers.orders import Job, Orders, read
from webkit.workers.preloading import count_threads, preload
from webkit.workers.signals import handle_signals


__all__ = ("Zygote", "main")

_TICK = 0.5  # seconds between two looks for offspring that does not end


@dataclass(slots=True, kw_only=True, eq=False)
class _Child:
    """A process that was launched, because files ``changed``, which was seen at ``since``.

    ``settled_at`` is when it said that it could serve. It is accepting from when it is told so
    until it says that it has closed its sockets. It may take ``limit`` seconds to stop, until
    ``deadline``.
    """

    process: Process
    channel: socket.socket
    inbox: Inbox
    changed: list[str]
    since: float
    settled_at: float = 0.0
    is_accepting: bool = False
    limit: float = 0.0
    deadline: float | None = None


class Zygote:
    """Launches, replaces and ends the processes that serve."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._forks = orders.forks
        self._control = socket.socket(fileno=orders.control)
        self._control.set_inheritable(False)
        self._sockets = [socket.socket(fileno=number) for number in orders.sockets]
        self._inbox = Inbox(self._control)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._control, selectors.EVENT_READ)
        self._children: dict[object, _Child] = {}
        self._newest: _Child | None = None
        self._is_stopping = False
        self._has_greeted = False
        self._waiting: Message | None = None

    def run(self) -> Job | None:
        """Work until the parent has had enough, or is gone, and all offspring has ended.

        Returns a second time in each fork, with the job that is to be done there; that is what the
        methods on the way give back, too.
        """
        while self._children or not self._is_stopping:
            for key, _ in self._selector.select(_TICK):
                child = self._children.get(key.fileobj)
                job = self._hear_parent() if child is None else self._hear_child(child)
                if job is not None:
                    return job
            self._kill_overdue()
            self._hand_over()
        return None

    def _hear_parent(self) -> Job | None:
        messages = self._inbox.receive()
        if messages is None:
            self._selector.unregister(self._control)
            messages = [{"kind": "stop"}]
        for message in messages:
            if message["kind"] != "changed":
                self._stop_all(message["kind"])
            elif job := self._launch(message["paths"], since=message["since"]):
                return job
        return None

    def _hear_child(self, child: _Child) -> Job | None:
        messages = child.inbox.receive()
        if messages is None:
            return self._bury(child)
        for message in messages:
            has_closed = message["kind"] == "closed"
            child.is_accepting = child.is_accepting and not has_closed
            if child is self._newest and not has_closed:
                self._settle(child, message)
        return None

    def _launch(self, changed: list[str], *, since: float, problem: str = "") -> Job | None:
        """Start a process; one that has not got so far as to serve is out of date."""
        if self._newest is not None and not self._newest.settled_at:
            self._stop(self._newest)
        self._waiting = None
        forks = self._can_fork()
        ours, theirs = socket.socketpair()
        job = Job(
            root=self._orders.root,
            app=self._orders.app,
            sockets=self._orders.sockets,
            channel=theirs.fileno(),
            changed=changed,
            problem=problem,
        )
        theirs.set_inheritable(not forks)
        process = fork() if forks else spawn(job)
        if process is None:
            theirs.detach()
            ours.close()
            self._let_go()
            return job
        theirs.close()
        child = _Child(
            process=process, channel=ours, inbox=Inbox(ours), changed=changed, since=since
        )
        self._newest = self._children[ours] = child
        self._selector.register(ours, selectors.EVENT_READ)
        return None

    def _can_fork(self) -> bool:
        if self._forks and count_threads() > 1:
            self._forks = False
            reports.say("An import has started a thread: reloads cannot fork and take longer.")
        return self._forks

    def _let_go(self) -> None:
        """Close in a fork what only the zygote needs: an open copy would hide its end."""
        for sock in self._sockets:
            sock.detach()  # these are for the fork
        self._selector.close()
        self._control.close()
        for child in self._children.values():
            child.channel.close()

    def _settle(self, child: _Child, message: Message) -> None:
        """Let a process that could serve now take the place of the others."""
        child.settled_at = time.monotonic()
        child.limit = message["limit"]
        for other in self._children.values():
            if other is not child:
                self._stop(other)
        self._waiting = message

    def _hand_over(self) -> None:
        """Let the newest process accept connections when the old one does not any more."""
        child, message = self._newest, self._waiting
        if child is None or message is None:
            return
        now = time.monotonic()
        others = [other for other in self._children.values() if other is not child]
        if any(other.is_accepting for other in others) and now < child.settled_at + _TICK:
            return
        self._waiting = None
        child.is_accepting = True
        send(child.channel, {"kind": "accept"})
        self._report(child, message)
        if self._forks:  # what this one had to import need not be imported by those to come
            preload(message["modules"], root=Path(self._orders.root))

    def _report(self, child: _Child, message: Message) -> None:
        """Tell what came of a change."""
        if not self._has_greeted:
            orders, has_docs = self._orders, message["docs"]
            reports.say(reports.greeting(orders.url, remark=orders.remark, has_docs=has_docs))
            self._has_greeted = True
        if child.changed:
            is_broken = message["kind"] == "broken"
            seconds = time.monotonic() - child.since
            reports.say(reports.reload(child.changed, seconds=seconds, is_broken=is_broken))

    def _bury(self, child: _Child) -> Job | None:
        """Take note of the end of a process; the page that tells of one that crashed follows it."""
        self._selector.unregister(child.channel)
        child.channel.close()
        del self._children[child.channel]
        status = child.process.wait()
        if child is not self._newest or self._is_stopping:
            return None
        problem = reports.crash(status)
        reports.say(problem)
        return self._launch([], since=time.monotonic(), problem=problem)

    def _stop(self, child: _Child, kind: str = "stop") -> None:
        send(child.channel, {"kind": kind})
        if child.deadline is None:
            child.deadline = time.monotonic() + child.limit + 2 * LAST_STEPS

    def _stop_all(self, kind: str) -> None:
        self._is_stopping = True
        for sock in self._sockets:
            sock.close()  # else clients would wait in its queue
        for child in self._children.values():
            self._stop(child, kind)

    def _kill_overdue(self) -> None:
        now = time.monotonic()
        for child in self._children.values():
            if child.deadline is not None and now > child.deadline:
                child.process.kill()


def main() -> None:
    """Work as a zygote; in each fork, work as what it was forked for."""
    handle_signals(signal.SIG_IGN)  # the parent says when to stop
    orders = read(Orders, sys.argv[1])
    preload(["uvloop"], root=Path(orders.root))
    job = Zygote(orders).run()
    if job is not None:
        work(job)


if __name__ == "__main__":
    main()
