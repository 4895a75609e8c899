"""How a benchmark ends: 0 measured, 1 answers differ, 2 something that it needs is missing."""

import sys
from collections.abc import Callable
from typing import NoReturn


__all__ = ("Different", "Missing", "finish")


class Different(Exception):
    """Two sides did not do the same work; the text says which, and what each did."""


class Missing(Exception):
    """Something that the benchmark needs is not there; the text says how to get it."""


def finish(main: Callable[[], None]) -> NoReturn:
    """Run a benchmark and end the process with the status that its outcome has."""
    try:
        main()
    except (Different, Missing) as error:
        print(error, file=sys.stderr)
        sys.exit(1 if isinstance(error, Different) else 2)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)
