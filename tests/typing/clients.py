# pyright: strict
"""An application, and the tests of one."""

from typing import Any, assert_type

from aiohttp import ClientResponse, web
from yarl import URL

from webkit.application import CONFIG, create_app, served_routes
from webkit.config import Config, Settings, load
from webkit.cors import CORS
from webkit.routes import ServedRoute
from webkit.testing import APIClient, problem
from webkit.units import Unit


class Own(Settings, frozen=True, kw_only=True):
    greeting: str = "Hello"


def make() -> web.Application:
    """Make an application."""
    config = load(Own, root=".")
    assert_type(config, Config[Own])
    assert_type(config.settings.greeting, str)
    unit = Unit({"name": "shop"}, routes=[])
    app = create_app(config=config, units=["apps.api", unit], cors=CORS(origins=("*",)))
    assert_type(app, web.Application)
    assert_type(app[CONFIG].settings, Settings)
    assert_type(served_routes(app), list[ServedRoute])
    return app


async def test_it(api: APIClient) -> None:
    """Ask as a test does."""
    response = await api.get("/artists/", params={"limit": 1}, headers={"X-A": "b"})
    assert_type(response, ClientResponse)
    assert_type(api.as_user({"id": 1}), APIClient)
    assert_type(api.url("artist-detail", id=3), URL)
    await api.as_user("ann").post(api.url("artist-list"), json={"name": "Ella"})
    await api.put("/artists/1/", data=b"{}")
    await api.patch("/artists/1/", json={})
    body = await problem(await api.delete("/artists/1/"), 404, code="not_found")
    assert_type(body, dict[str, Any])
    async with api.ws_connect("/rooms/1/chat/", heartbeat=3) as ws:
        await ws.send_json({"text": "hello"})
    async with APIClient(make()) as other:
        assert_type(other, APIClient)
