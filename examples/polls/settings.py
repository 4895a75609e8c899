"""What this project is made of: its settings and its apps. Values are in config/webkit.yaml."""

from pathlib import Path

import webkit.config

BASE_DIR = Path(__file__).resolve().parent


class Settings(webkit.config.Settings, frozen=True, kw_only=True):
    """The settings of this project, on top of those that every service has.

    A field such as `greeting: str = "Hello"` is a key of webkit.toml, and WEBKIT__GREETING in .env
    and in the environment. A `webkit.config.Secret` shows itself nowhere.
    """


APPS: list[str] = [
    # The apps in the order in which they start. startapp adds its line at the end.
    "apps.polls",
]
