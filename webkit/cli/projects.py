"""Projects: where the project is that a command was called in, and its application."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from webkit.exceptions import ConfigurationError, UsageError


if TYPE_CHECKING:
    from aiohttp import web

__all__ = ("Project", "find_project", "load_app")

_FILE = "pyproject.toml"
_APP = "main:app"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project: its directory, and the reference of its application, such as ``main:app``."""

    root: Path
    app: str


def find_project(start: Path | None = None) -> Project:
    """Return the project that ``start`` (the working directory) is in: the nearest one upwards.

    Raises:
        UsageError: none has a ``pyproject.toml`` with a table ``[tool.webkit]``.
        ConfigurationError: the ``pyproject.toml`` that decides cannot be read.
    """
    start = (start or Path.cwd()).resolve()
    for root in (start, *start.parents):
        table = _table_in(root / _FILE)
        if table is not None:
            return Project(root=root, app=_app_in(table, root / _FILE))
    raise UsageError(
        f"{start} is in no project: there is no {_FILE} with [tool.webkit] there or above."
        " Change into a project, or make one: webkit startproject NAME"
    )


def load_app(project: Project) -> "web.Application":
    """Return the application of a project, made by its factory if it has one.

    Raises:
        ConfigurationError: the reference names no application.
    """
    import asyncio
    import inspect

    from webkit.workers.loading import load_app as load

    source = load(project.app, root=project.root)
    if inspect.isawaitable(source):

        async def made() -> "web.Application":
            return await source

        return asyncio.run(made())
    return source


def _table_in(path: Path) -> dict[str, Any] | None:
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError([f"{path}: cannot be read: {error}"]) from None
    tools = tree.get("tool")
    table = tools.get("webkit") if isinstance(tools, dict) else None
    return table if isinstance(table, dict) else None


def _app_in(table: dict[str, Any], path: Path) -> str:
    app = table.get("app", _APP)
    if isinstance(app, str):
        return app
    raise ConfigurationError([f'{path}: tool.webkit.app: {app!r} is no text. Write "{_APP}"'])
