"""The routes of the project itself. Every app in settings.APPS brings its own."""

from aiohttp import web

routespatters: list[web.AbstractRouteDef] = []
