"""The logging of a process that webkit owns: one handler, each record printed once."""

import logging
import sys


__all__ = ("configure_logging",)

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def configure_logging(level: str) -> None:
    """Send records of ``level`` and above to stdout, unless somebody has set up logging already."""
    logging.basicConfig(level=level, format=_FORMAT, stream=sys.stdout)
