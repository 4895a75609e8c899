"""What the services of this app do, and what its settings change."""

import pytest
from aiohttp import web
from webkit.application import create_app
from webkit.config import load
from webkit.exceptions import ConfigurationError
from webkit.services import service_of

from apps.{{ cookiecutter.app_name }}.services import (
    {{ cookiecutter.class_name }}Service,
)
from settings import APPS, BASE_DIR, Settings


def app_with(setting: str) -> web.Application:
    """Return an application of the project with one setting of this app: `key=value`."""
    overrides = [f"{{ cookiecutter.unit_name }}:{setting}"]
    return create_app(config=load(Settings, root=BASE_DIR, overrides=overrides), units=APPS)


def test_it_greets_as_it_is_configured() -> None:
    service = service_of(
        app_with("greeting=Welcome"),
        {{ cookiecutter.class_name }}Service,
    )

    assert service.greet("Ann") == "Welcome, Ann!"


def test_an_unknown_setting_is_a_mistake() -> None:
    with pytest.raises(ConfigurationError, match="greting"):
        app_with("greting=Welcome")
