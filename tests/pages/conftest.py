"""Applications of units whose folders are written by the test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from webkit.application import create_app
from webkit.config import Config, Settings
from webkit.units import Unit


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write files below a directory of the test, named by their paths there."""

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


@pytest.fixture
def unit(tmp_path: Path) -> Callable[..., Unit]:
    """Make a unit whose module is in a directory of the test, which has the unit's name."""

    def make(name: str, **parts: Any) -> Unit:
        made = Unit({"name": name}, **parts)
        made.home = tmp_path / name
        return made

    return make


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[..., web.Application]:
    """Make the application of a project in the directory of the test."""

    def make(*units: Unit, environment: str = "local", **options: Any) -> web.Application:
        config = Config(settings=Settings(), environment=environment, origins={}, root=tmp_path)
        return create_app(config=config, units=units, **options)

    return make
