"""The settings that every service has, in the section ``[webkit]``."""

from typing import Annotated, Literal

import msgspec

from webkit.config.secrets import Secret


__all__ = ("SECTION", "Environment", "Settings")

Environment = Literal["local", "testing", "production"]

SECTION = "webkit"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every webkit service can be told, in the section ``[webkit]``. A project adds its own.

    ``stop_wait_time`` is in seconds, and under the ten that ``docker stop`` waits;
    ``client_max_size`` is in bytes. ``docs`` opens the documentation pages; None opens them
    everywhere but in production. ``error_format`` is ``problem`` (RFC 9457), or ``detail`` for
    bodies of ``{"detail": ...}`` alone. ``sentry_dsn`` is where errors are reported.
    """

    title: str = "webkit"
    description: str = ""
    version: str = "0.1.0"
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8080
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    access_log: bool = True
    stop_wait_time: Annotated[float, msgspec.Meta(ge=0)] = 8.0
    client_max_size: Annotated[int, msgspec.Meta(ge=1)] = 1024**2
    docs: bool | None = None
    error_format: Literal["problem", "detail"] = "problem"
    secret_key: Secret = Secret("")
    sentry_dsn: Secret = Secret("")
