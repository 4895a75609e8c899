"""The routes of a router are also routes for aiohttp-swagger3, for who wants its documents."""

import pytest
from aiohttp import web
from aiohttp_swagger3 import SwaggerDocs, SwaggerUiSettings

from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


class ArtistViewSet(BaseViewSet):
    async def list(request):  # the style of webaio
        return web.json_response([])

    async def detail(self, id):
        """Show one artist.

        ---
        parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        responses:
          "200": {description: The artist}
        """
        return web.json_response({"id": id})


@pytest.mark.filterwarnings("ignore::aiohttp.web.NotAppKeyWarning")
async def test_a_router_can_be_added_to_the_documents_of_aiohttp_swagger3(aiohttp_client):
    router = SimpleRouter()
    router.register(ArtistViewSet, basename="artist")
    app = web.Application()
    docs = SwaggerDocs(app, swagger_ui_settings=SwaggerUiSettings(path="/docs"))

    docs.add_routes(router.routes)

    client = await aiohttp_client(app)
    async with client.get("/artist/") as answer:
        assert await answer.json() == []
    async with client.get("/artist/7/") as answer:
        assert await answer.json() == {"id": "7"}
    async with client.get("/docs/swagger.json") as answer:
        assert [path[:11] for path in (await answer.json())["paths"]] == ["/artist/{id"]
