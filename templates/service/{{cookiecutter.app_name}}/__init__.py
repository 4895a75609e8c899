"""The app {{ cookiecutter.app_name }}: a unit with what it serves."""

from webkit.units import Unit

from .config import Config
from .routes import routespatters
from .services import {{ cookiecutter.class_name }}Service

export = Unit(
    services=[{{ cookiecutter.class_name }}Service],
    config=Config,
    routes=routespatters,
)
