"""The services of this app: what it does apart from any request."""

from webkit.services import BaseService

from .config import Config


class {{ cookiecutter.class_name }}Service(BaseService):
    """Greets. Each application has one, and starts and stops it."""

    config: Config

    async def on_startup(self) -> None:
        """Open what is needed as long as the application lives; on_shutdown closes it."""

    def greet(self, name: str) -> str:
        """Return a greeting as it is configured."""
        return f"{self.config.greeting}, {name}!"
