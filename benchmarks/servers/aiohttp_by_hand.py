"""The contract written by hand on aiohttp, with ``json`` and no library."""

import json
from typing import Any

from aiohttp import web

from benchmarks.servers.items import HELLO, ITEMS, NEW_ID
from benchmarks.servers.serving import serve


_LONGEST_NAME = 100


async def greet(request: web.Request) -> web.Response:
    return web.json_response({"message": HELLO})


async def list_items(request: web.Request) -> web.Response:
    return web.json_response({"count": len(ITEMS), "results": list(ITEMS.values())})


async def get_item(request: web.Request) -> web.Response:
    item = ITEMS.get(int(request.match_info["id"]))
    if item is None:
        text = json.dumps({"detail": "Not found."})
        raise web.HTTPNotFound(text=text, content_type="application/json")
    return web.json_response(item)


async def create_item(request: web.Request) -> web.Response:
    try:
        data = await request.json()
    except ValueError:
        return web.json_response({"detail": "Malformed JSON."}, status=400)
    if not isinstance(data, dict):
        return web.json_response({"detail": "Not an object."}, status=422)
    errors = _errors_in(data)
    if errors:
        return web.json_response({"detail": "Invalid input.", "errors": errors}, status=422)
    item = {
        "id": NEW_ID,
        "name": data["name"],
        "description": data.get("description"),
        "price": data["price"],
        "quantity": data["quantity"],
        "active": data.get("active", True),
        "tags": data.get("tags", []),
    }
    return web.json_response(item, status=201)


def _errors_in(data: dict[str, Any]) -> dict[str, str]:
    """Return what is wrong with each field."""
    errors = {}
    name = data.get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= _LONGEST_NAME:
        errors["name"] = f"a text of 1 to {_LONGEST_NAME} characters is needed"
    description = data.get("description")
    if description is not None and not isinstance(description, str):
        errors["description"] = "a text or null is needed"
    if not _is_at_least_zero(data.get("price"), int | float):
        errors["price"] = "a number of at least 0 is needed"
    if not _is_at_least_zero(data.get("quantity"), int):
        errors["quantity"] = "an integer of at least 0 is needed"
    if not isinstance(data.get("active", True), bool):
        errors["active"] = "true or false is needed"
    tags = data.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        errors["tags"] = "a list of texts is needed"
    return errors


def _is_at_least_zero(value: Any, kind: Any) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool) and value >= 0


if __name__ == "__main__":
    app = web.Application()
    app.router.add_get("/json/", greet)
    app.router.add_get("/items/", list_items)
    app.router.add_post("/items/", create_item)
    app.router.add_get(r"/items/{id:\d+}/", get_item)
    serve(app)
