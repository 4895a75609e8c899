"""A small project, and webkit as it is typed in it."""

import os
import subprocess
import sys
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
def webkit(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run webkit in the project: its status, and what it writes."""

    def run(
        *arguments: str, given: str | None = "", cwd: Path = tmp_path, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        clean = {key: value for key, value in os.environ.items() if key != "PORT"}
        return subprocess.run(
            [sys.executable, "-c", "from webkit.cli.main import main; main()", *arguments],
            cwd=cwd,
            env={**clean, "NO_COLOR": "1", **environ},
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
