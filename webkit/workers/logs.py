"""The logging of a process that webkit owns: one handler, each record printed once."""

import logging
import logging.config
import sys
from typing import Any

from webkit.config import Config, Settings
from webkit.config.logs import FORMAT
from webkit.exceptions import ConfigurationError


__all__ = ("configure_logging",)


def configure_logging(config: Config[Any] | None) -> None:
    """Set up logging as the configuration says.

    Where it says nothing, records of ``log_level`` and above go to stdout, unless somebody has set
    up logging already.

    Raises:
        ConfigurationError: a handler cannot be made: a directory is missing, a host unknown.
    """
    plan = config.plan_logging().settings if config else None
    if plan is None:
        level = (config.settings if config else Settings()).log_level
        logging.basicConfig(level=level, format=FORMAT, stream=sys.stdout)
        return
    try:
        logging.config.dictConfig(plan)
    except ValueError as error:
        raise ConfigurationError([f"logging: {error}: {error.__cause__}"]) from None
