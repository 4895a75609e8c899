"""The same written by hand, with aiohttp's own access log."""

from aiohttp import web
from aiohttp.web_log import AccessLogger

from benchmarks.servers.aiohttp_by_hand import greet
from benchmarks.servers.serving import serve_logged


if __name__ == "__main__":
    app = web.Application()
    app.router.add_get("/json/", greet)
    serve_logged(app, AccessLogger)
