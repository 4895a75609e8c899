"""Orders: what one process of ``webkit dev`` hands to the next on its command line."""

import dataclasses
import json
from dataclasses import dataclass
from typing import TypeVar


__all__ = ("Job", "Orders", "read", "written")


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """For the zygote: serve ``app`` of ``root`` on ``sockets``, and listen to ``control``.

    ``sockets`` and ``control`` are file descriptors; ``url`` and ``remark`` are for the reader.
    Without ``forks`` every process is started from nothing.
    """

    root: str
    app: str
    sockets: list[int]
    control: int
    url: str
    remark: str = ""
    forks: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """For its offspring: serve ``app`` of ``root`` on ``sockets``, and listen to ``channel``.

    ``changed`` are the files that brought it about, relative to ``root``. With a ``problem`` the
    page of that is served, and the project is not touched.
    """

    root: str
    app: str
    sockets: list[int]
    channel: int
    changed: list[str]
    problem: str = ""


T = TypeVar("T", Orders, Job)


def written(order: Orders | Job) -> str:
    """Return an order as one argument of a command."""
    return json.dumps(dataclasses.asdict(order))


def read(kind: type[T], text: str) -> T:
    """Return the order that was written."""
    return kind(**json.loads(text))
