"""The views of this app. The methods of a viewset are routes; a router gives them their URLs."""

from msgspec import Struct
from webkit.viewsets import BaseViewSet

from .services import {{ cookiecutter.class_name }}Service


class Hello(Struct):
    """What the app says of itself."""

    app: str
    greeting: str


class {{ cookiecutter.class_name }}ViewSet(BaseViewSet):
    """Serves /{{ cookiecutter.app_name }}/."""

    service: {{ cookiecutter.class_name }}Service

    async def list(self, name: str = "world") -> Hello:
        """Say which app this is, and greet."""
        greeting = self.service.greet(name)
        return Hello(app="{{ cookiecutter.app_name }}", greeting=greeting)
