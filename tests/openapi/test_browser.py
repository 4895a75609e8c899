"""The page in a real browser, for which no name resolves but the test's own server."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from aiohttp import web

from webkit.openapi import build_document, docs_routes


pytestmark = pytest.mark.browser

OPTIONS = ("--enable-logging=stderr", "--virtual-time-budget=5000")


class Visit:
    """What a browser made of a page: the text of its DOM, its messages, and what it asked for."""

    def __init__(self, dom: str, log: str, netlog: Path) -> None:
        self.operations = set(re.findall(r'id="operations-[^-"]*-([^"]*)"', dom))
        self.dom = dom
        self.messages = re.findall(r":CONSOLE.*", log)
        self._netlog = json.loads(netlog.read_text())

    def requests_from(self, origin: str) -> list[str]:
        """Return the addresses that pages of ``origin`` asked for, favicon and all."""
        events = (event.get("params", {}) for event in self._netlog["events"])
        return [event["url"] for event in events if event.get("initiator") == origin]


@pytest.fixture
def visit(chromium, tmp_path):
    async def visit(url):
        netlog = tmp_path / "netlog.json"
        browser = await asyncio.create_subprocess_exec(
            *chromium,
            *OPTIONS,
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--log-net-log={netlog}",
            "--dump-dom",
            str(url),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            dom, log = await asyncio.wait_for(browser.communicate(), timeout=60)
        finally:
            if browser.returncode is None:
                browser.kill()
                await browser.wait()
        return Visit(dom.decode(), log.decode(), netlog)

    return visit


@pytest.fixture
def app(actions, artists, route, index):
    served = [route(index), *actions(artists)]
    app = web.Application()
    app.add_routes(
        docs_routes(
            lambda: build_document(served, title="Shop & <Co>", version="1.2.3"),
            title="Shop & <Co>",
        )
    )
    return app


OPERATIONS = {
    "index",
    *(f"artist_{name}" for name in ("list", "create", "detail")),
    *(f"artist_{name}" for name in ("update", "partial_update", "destroy")),
}


async def test_every_operation_is_on_the_page(aiohttp_server, app, visit):
    server = await aiohttp_server(app)

    seen = await visit(server.make_url("/docs"))

    assert seen.operations >= OPERATIONS
    assert "<title>Shop &amp; &lt;Co&gt;</title>" in seen.dom
    assert "OAS 3.1" in seen.dom
    assert seen.messages == []


async def test_the_page_asks_no_other_host(aiohttp_server, app, visit):
    server = await aiohttp_server(app)
    origin = str(server.make_url("/"))

    seen = await visit(server.make_url("/docs"))

    asked = seen.requests_from(origin.rstrip("/"))
    assert {f"{origin}docs/swagger-ui.css", f"{origin}openapi.json"} <= set(asked)
    assert [url for url in asked if not url.startswith((origin, "data:"))] == []


@pytest.mark.parametrize("address", ["docs", "swagger/"])
async def test_the_page_works_behind_a_prefix(aiohttp_server, app, visit, address):
    outer = web.Application()
    outer.add_subapp("/shop/", app)
    server = await aiohttp_server(outer)

    seen = await visit(server.make_url(f"/shop/{address}"))

    assert seen.operations >= OPERATIONS
    assert '<option value="/shop">' in seen.dom
    assert seen.messages == []
