"""The method of the seed's viewset in a bare application of aiohttp."""

from aiohttp import web

from benchmarks.servers.seed import GreetingViewSet
from benchmarks.servers.serving import serve


if __name__ == "__main__":
    app = web.Application()
    app.router.add_get("/json/", GreetingViewSet.list)
    serve(app)
