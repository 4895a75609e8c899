import re
import subprocess
import sys

import pytest
from aiohttp import web
from yarl import URL

from webkit.openapi import docs_routes


DOCUMENT = {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "paths": {}}
ADDRESSES = ("/docs", "/docs/", "/swagger", "/swagger/")


@pytest.fixture
def start(aiohttp_client):
    async def start(title="Shop"):
        app = web.Application()
        app.add_routes(docs_routes(lambda: DOCUMENT, title=title))
        return await aiohttp_client(app)

    return start


@pytest.fixture
def without_program(monkeypatch):
    monkeypatch.setitem(sys.modules, "aiohttp_swagger3", None)


async def _linked_paths(client, path):
    """Return the paths of what the page at ``path`` loads or links to, and its text."""
    async with client.get(path) as answer:
        text = await answer.text()
    addresses = re.findall(r'(?:src|href)="([^"]*)"', text)
    return [answer.url.join(URL(address)).path for address in addresses], text


@pytest.mark.parametrize("path", ["/openapi.json", "/swagger/swagger.json"])
async def test_the_document_is_compact_json(start, path):
    client = await start()

    async with client.get(path) as answer:
        assert answer.content_type == "application/json"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert await answer.json() == DOCUMENT
        assert b", " not in await answer.read()


@pytest.mark.parametrize("path", ADDRESSES)
async def test_what_the_page_needs_is_there(start, path):
    client = await start()

    paths, _ = await _linked_paths(client, path)

    assert len(paths) == 5
    for linked in paths:
        async with client.get(linked) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("path", ADDRESSES)
async def test_the_policy_of_the_page_allows_nothing_but_its_own_origin(start, path):
    client = await start()

    async with client.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]

    sources = {word for part in policy.split("; ") for word in part.split(" ")[1:]}
    assert "default-src 'none'" in policy
    assert sources == {"'none'", "'self'", "data:"}


async def test_the_page_has_no_script_or_style_of_its_own(start):
    client = await start()

    _, text = await _linked_paths(client, "/docs")

    assert re.findall("<script(?! src)|<style|style=|onload", text) == []


async def test_development_servers_can_write_into_the_page(start):
    client = await start()

    async with client.get("/docs", headers={"Accept-Encoding": "gzip"}) as answer:
        assert "Content-Encoding" not in answer.headers


async def test_the_title_is_text_and_not_html(start):
    client = await start("<script>{root}</script> & Co")

    _, text = await _linked_paths(client, "/docs")

    assert "<title>&lt;script&gt;{root}&lt;/script&gt; &amp; Co</title>" in text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("swagger-ui-bundle.js", "text/javascript"),
        ("swagger-ui.css", "text/css"),
        ("favicon-32x32.png", "image/png"),
    ],
)
async def test_the_program_is_compressed_and_kept_for_a_day(start, name, kind):
    client = await start()

    async with client.get(f"/docs/{name}", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.content_type == kind
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Cache-Control"] == "public, max-age=86400"
        assert "ETag" in answer.headers


async def test_the_start_of_the_program_asks_no_validator(start):
    client = await start()

    async with client.get("/docs/start.js") as answer:
        text = await answer.text()

    assert "validatorUrl: null" in text
    assert "http" not in text


@pytest.mark.parametrize(
    "name",
    ["VERSION", "LICENSE", "", "..%2f__init__.py", "%2e%2e/swagger.py", "swagger-ui-bundle.js.map"],
)
async def test_no_other_file_of_the_package_is_served(start, name):
    client = await start()

    async with client.get(URL(f"/docs/{name or 'x'}", encoded=True)) as answer:
        assert answer.status == 404


@pytest.mark.usefixtures("without_program")
@pytest.mark.parametrize("path", ADDRESSES)
async def test_without_the_program_the_page_says_how_to_install_it(start, path):
    client = await start()

    paths, text = await _linked_paths(client, path)

    assert "pip install &quot;webkit[docs]&quot;" in text
    assert paths == ["/openapi.json"]


@pytest.mark.usefixtures("without_program")
async def test_without_the_program_the_document_is_served_all_the_same(start):
    client = await start()

    async with client.get("/openapi.json") as answer:
        assert await answer.json() == DOCUMENT


async def test_a_package_without_the_files_does_not_count(start, tmp_path, monkeypatch):
    (tmp_path / "aiohttp_swagger3").mkdir()
    (tmp_path / "aiohttp_swagger3" / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, "aiohttp_swagger3", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    client = await start()

    _, text = await _linked_paths(client, "/docs")

    assert "webkit[docs]" in text


def test_the_package_is_found_and_not_imported():
    code = """
import sys
from webkit.openapi import docs_routes

routes = docs_routes(dict, title="Shop")
assert any(route.path == "/docs/swagger-ui.css" for route in routes)
print(*sys.modules)
"""

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert {"aiohttp_swagger3", "yaml", "fastjsonschema"}.isdisjoint(run.stdout.split())
