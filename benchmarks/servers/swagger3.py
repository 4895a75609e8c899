"""The contract in the docstrings of aiohttp-swagger3, which validates requests against them."""

from typing import Any

from aiohttp import web
from aiohttp_swagger3 import SwaggerDocs

from benchmarks.servers.items import HELLO, ITEMS, NEW_ID
from benchmarks.servers.serving import serve


async def greet(request: web.Request) -> web.Response:
    """Greet.

    ---
    responses:
      '200':
        description: A greeting.
    """
    return web.json_response({"message": HELLO})


async def list_items(request: web.Request) -> web.Response:
    """Return all items.

    ---
    responses:
      '200':
        description: All items.
    """
    return web.json_response({"count": len(ITEMS), "results": list(ITEMS.values())})


async def get_item(request: web.Request, id: int) -> web.Response:
    """Return an item.

    ---
    parameters:
      - name: id
        in: path
        required: true
        schema:
          type: integer
    responses:
      '200':
        description: The item.
    """
    item = ITEMS.get(id)
    if item is None:
        return web.json_response({"detail": "Not found."}, status=404)
    return web.json_response(item)


async def create_item(request: web.Request, body: dict[str, Any]) -> web.Response:
    """Create an item.

    ---
    requestBody:
      required: true
      content:
        application/json:
          schema:
            type: object
            required: [name, price, quantity]
            properties:
              name: {type: string, minLength: 1, maxLength: 100}
              description: {type: string, nullable: true}
              price: {type: number, minimum: 0}
              quantity: {type: integer, minimum: 0}
              active: {type: boolean, default: true}
              tags: {type: array, items: {type: string}}
    responses:
      '201':
        description: The new item.
    """
    defaults: dict[str, Any] = {"id": NEW_ID, "description": None, "active": True, "tags": []}
    return web.json_response({**defaults, **body}, status=201)


if __name__ == "__main__":
    app = web.Application()
    docs = SwaggerDocs(app)
    docs.add_routes(
        [
            web.get("/json/", greet),
            web.get("/items/", list_items),
            web.post("/items/", create_item),
            web.get(r"/items/{id:\d+}/", get_item),
        ]
    )
    serve(app)
