"""The seed's viewset in an application as a generated project makes it."""

from benchmarks.servers.seed import GreetingViewSet
from benchmarks.servers.serving import serve
from webkit.application import create_app
from webkit.routers import SimpleRouter


if __name__ == "__main__":
    router = SimpleRouter()
    router.register(GreetingViewSet, basename="json")
    serve(create_app(routes=router.routespatters))
