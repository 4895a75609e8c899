"""A typed action with the access log of ``webkit run``."""

from benchmarks.servers.serving import serve_logged
from benchmarks.servers.webkit_typed import GreetingViewSet
from webkit.application import create_app
from webkit.routers import SimpleRouter
from webkit.workers.access_log import AccessLogger


if __name__ == "__main__":
    router = SimpleRouter()
    router.register(GreetingViewSet, basename="json")
    serve_logged(create_app(routes=router.routespatters), AccessLogger)
