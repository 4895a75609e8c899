"""The views of this app. The methods of a viewset are routes; a router gives them their URLs."""

from msgspec import Struct
from webkit.viewsets import BaseViewSet


class Hello(Struct):
    """What the app says of itself."""

    app: str


class {{ cookiecutter.class_name }}ViewSet(BaseViewSet):
    """Serves /{{ cookiecutter.app_name }}/."""

    async def list(self) -> Hello:
        """Say which app this is."""
        return Hello(app="{{ cookiecutter.app_name }}")
