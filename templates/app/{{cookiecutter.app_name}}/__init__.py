"""The app {{ cookiecutter.app_name }}: a unit with what it serves."""

from webkit.units import Unit

from .routes import routespatters

export = Unit(routes=routespatters)
