"""The service: `python main.py` runs it; servers and tests import `app` or a factory from here."""

from aiohttp import web
from webkit.application import create_app
from webkit.config import load
from webkit.workers import serve

from routes import routespatters
from settings import APPS, BASE_DIR, Settings


def create_web_app() -> web.Application:
    """Return a new application with the settings, the apps and the routes of this project."""
    return create_app(config=load(Settings, root=BASE_DIR), units=APPS, routes=routespatters)


async def get_web_app() -> web.Application:
    """Return a new application, for servers and tests that await their factory."""
    return create_web_app()


app = create_web_app()

if __name__ == "__main__":
    serve(app)
