"""A small project, and webkit as it is typed in it."""

import os
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest


PROJECT = {
    "pyproject.toml": """
        [tool.webkit]
        app = "main:create_web_app"

        [tool.pytest.ini_options]
        asyncio_mode = "auto"
        pythonpath = ["."]
        """,
    "webkit.toml": "[webkit]\ntitle = 'Shop'\n",
    ".env": "ENVIRONMENT=local\n",
    "main.py": """
        from aiohttp import web
        from webkit.application import create_app
        from webkit.config import Settings, load

        async def lives(app):
            print("started")
            yield
            print("stopped")

        def create_web_app():
            app = create_app(config=load(Settings, root="."), units=["apps.guests", "apps.rooms"])
            app.cleanup_ctx.append(lives)
            return app
        """,
    "apps/__init__.py": "",
    "apps/guests/__init__.py": """
        '''The guests.'''

        from aiohttp import web
        from webkit.units import Unit

        async def index(request):
            '''Show all guests.

            And more of them.
            '''
            return web.json_response([])

        export = Unit(routes=[web.get("/guests/", index, name="guests")])
        """,
    "apps/rooms/__init__.py": """
        from webkit.units import Unit

        export = Unit({"name": "rooms", "version": "1.2.0", "description": "The rooms."})
        """,
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write files into the project, named by their paths there."""

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).lstrip("\n"))
        return tmp_path

    return write


@pytest.fixture
def project(write: Callable[..., Path]) -> Path:
    """A project with two units."""
    return write(PROJECT)


@pytest.fixture
def webkit(tmp_path: Path, warm: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run webkit in the project: its status, and what it writes."""

    def run(
        *arguments: str, given: str | None = "", cwd: Path = tmp_path, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        clean = {key: value for key, value in os.environ.items() if key != "PORT"}
        return subprocess.run(
            [warm / "webkit", *arguments],
            cwd=cwd,
            env={**clean, "NO_COLOR": "1", **environ},
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


MAIN = """
import msgspec
from aiohttp import web

from settings import Settings
from webkit.application import create_app
from webkit.config import Secret, load
from webkit.units import Unit


class Guests(msgspec.Struct, frozen=True):
    visits_max: int = 10
    pin: Secret = Secret("")


units = [Unit({"name": "guest-book"}, config=Guests)]
app = create_app(config=load(Settings, root="."), units=units)
"""

SETTINGS = """
import webkit.config

class Settings(webkit.config.Settings, frozen=True, kw_only=True):
    greeting: str = "Hello"
    most: int | None = None
"""

TOML = """\
# the shop
[webkit]
title = "Shop"   # its name
greeting = "Hi from ${title}"

[guest-book]
pin = "80618061"
"""


@pytest.fixture
def shop(tmp_path):
    """Return a project with a setting of its own, and a unit that has a section."""
    files = {"pyproject.toml": "[tool.webkit]\n", "main.py": MAIN, "settings.py": SETTINGS}
    for name, text in (files | {"webkit.toml": TOML}).items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def config_command(tmp_path, warm):
    """Return a function that runs ``webkit config`` and gives status, output and errors."""

    def run(*arguments, before=(), **environ):
        command = [warm / "webkit", *before, "config", *arguments]
        environ = os.environ | {"ENVIRONMENT": "local"} | environ
        done = subprocess.run(
            command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout, done.stderr

    return run
