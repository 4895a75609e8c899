"""What a database is told: one URL, and how long to wait for what. Opens nothing.

A password in the URL shows in no print, log or error.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, cast
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import Meta

from webkit.config import Config, Section
from webkit.exceptions import ConfigurationError


__all__ = ("Address", "DatabaseConfig", "Kind", "address_of", "masked", "section_of")

Kind = Literal["sqlite", "postgresql"]

_Seconds = Annotated[float, Meta(gt=0)]
_KINDS = {"sqlite": "sqlite", "postgresql": "postgresql", "postgres": "postgresql"}
_EXAMPLES = "Write sqlite:///db.sqlite3, or postgresql://user:password@host:5432/name"


class DatabaseConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The section ``[database]``. All times are in seconds.

    - ``url``: ``sqlite:///file.sqlite3`` (``sqlite:////`` with an absolute path, ``sqlite://`` is a
      temporary file), or ``postgresql://user:password@host:5432/name``.
    - ``pool_size``: how many connections there are at most, in each process. SQLite writes through
      one, and reads through as many threads as this.
    - ``pool_timeout``: how long a request waits for a connection, or for another one's transaction
      in SQLite, before it is answered with 503.
    - ``connect_timeout``: how long one attempt to connect may take; ``connect_wait``: for how long
      attempts are repeated at start-up.
    - ``statement_timeout``: how long a statement may take in PostgreSQL.
    """

    url: str = "sqlite:///db.sqlite3"
    pool_size: Annotated[int, Meta(ge=1, le=1000)] = 5
    pool_timeout: _Seconds = 5.0
    connect_timeout: _Seconds = 5.0
    connect_wait: Annotated[float, Meta(ge=0)] = 10.0
    statement_timeout: _Seconds = 30.0

    def __repr__(self) -> str:
        others = [name for name in self.__struct_fields__ if name != "url"]
        rest = "".join(f", {name}={getattr(self, name)!r}" for name in others)
        return f"DatabaseConfig(url={masked(self.url)!r}{rest})"


class Address(NamedTuple):
    """Where a database is: its ``kind``, and the file or ``dsn`` for the driver.

    ``path`` is None for PostgreSQL, and for a temporary file. ``shown`` has no password.
    """

    kind: Kind
    path: Path | None
    dsn: str
    name: str
    shown: str


def address_of(url: str, *, root: str | Path = ".") -> Address:
    """Read the URL of a database; a file is looked for from ``root`` on.

    Raises:
        ConfigurationError: it is none, or of a kind that webkit does not know.
    """
    scheme, mark, rest = url.partition("://")
    base = scheme.lower().partition("+")[0]
    kind = _KINDS.get(base)
    if kind is None or not mark:
        problem = f"database.url: {masked(url)!r} is not understood. {_EXAMPLES}"
        raise ConfigurationError([problem])
    if kind == "sqlite":
        text = unquote(rest.removeprefix("/").partition("?")[0])
        path = None if text in ("", ":memory:") else Path(root, text)
        return Address("sqlite", path, "", str(path or ""), masked(url))
    dsn = f"postgresql://{rest}"
    name = unquote(_path_of(dsn).lstrip("/"))
    if not name:
        problem = f"database.url: {masked(url)!r} names no database. {_EXAMPLES}"
        raise ConfigurationError([problem])
    return Address(cast("Kind", kind), None, dsn, name, masked(url))


def section_of(config: Config[Any]) -> Section[DatabaseConfig]:
    """Return the section ``[database]``; a URL that is not understood is one of its mistakes."""
    section = config.section("database", DatabaseConfig)
    try:
        if section.values is not None:
            address_of(section.values.url)
    except ConfigurationError as error:
        problems = tuple(f"{section.origins['url']}: {problem}" for problem in error.problems)
        return replace(section, values=None, problems=problems)
    return section


def masked(url: str) -> str:
    """Return a URL with stars for the password."""
    url = re.sub(r"(://[^/?#@:]*:)[^@]*@", r"\1***@", url)
    return re.sub(r"([?&]password=)[^&]*", r"\1***", url)


def _path_of(dsn: str) -> str:
    try:
        return urlsplit(dsn).path
    except ValueError:
        return ""
