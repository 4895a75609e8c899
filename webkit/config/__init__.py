"""Configuration: values from files and the environment become frozen, typed records.

One tree of sections, one precedence for every key, all mistakes at once. Knows no framework.
"""

from webkit.config.loading import environment_of, load
from webkit.config.secrets import Secret
from webkit.config.sections import Config, Section
from webkit.config.settings import Environment, Settings


__all__ = ("Config", "Environment", "Secret", "Section", "Settings", "environment_of", "load")
