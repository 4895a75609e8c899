"""The documentation page: Swagger UI over ``/openapi.json``, with no request to any other host.

1. The program of Swagger UI is the one in the installed package aiohttp-swagger3, which is looked
   for and never imported. Where it is missing, the page says how to install it.
2. All addresses are relative, so that the page works behind a prefix too.
3. The page may load and call nothing but its own origin; its policy says so to the browser.
"""

import html
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

from webkit.exceptions import MissingExtraError
from webkit.openapi.contents import Content
from webkit.openapi.mounts import DOCUMENT


__all__ = ("docs_routes",)

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE_HEADERS = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"}
_HTML = "text/html; charset=utf-8"
_JAVASCRIPT = "text/javascript; charset=utf-8"
# One day, in seconds: these files change with the installed package alone.
_FOR_A_DAY = "public, max-age=86400"
# The files of Swagger UI that the page needs; no other name is served.
_FILES = {
    "favicon-32x32.png": "image/png",
    "swagger-ui-bundle.js": _JAVASCRIPT,
    "swagger-ui.css": "text/css; charset=utf-8",
}
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{root}docs/favicon-32x32.png">
<link rel="stylesheet" href="{root}docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript>Without JavaScript there is <a href="{root}openapi.json">openapi.json</a>.</noscript>
<script src="{root}docs/swagger-ui-bundle.js"></script>
<script src="{root}docs/start.js"></script>
</body>
</html>
"""
_PAGE_WITHOUT_PROGRAM = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<h1>{title}</h1>
<p>{reason}</p>
<p>The OpenAPI document itself is at <a href="{root}openapi.json">openapi.json</a>.</p>
</body>
</html>
"""
_START = """\
"use strict";

const documentUrl = new URL("../openapi.json", document.currentScript.src);
const prefix = new URL(".", documentUrl).pathname.replace(/\\/$/, "");

// The document cannot know behind which prefix it is served; without one there is nothing to tell.
function withServer(response) {
  if (prefix && response.url === documentUrl.href && response.ok) {
    response.text = JSON.stringify({ ...JSON.parse(response.text), servers: [{ url: prefix }] });
  }
  return response;
}

SwaggerUIBundle({
  url: documentUrl.href,
  dom_id: "#swagger-ui",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  responseInterceptor: withServer,
  validatorUrl: null,
});
"""


def docs_routes(document: Callable[[], Mapping[str, Any]], *, title: str) -> list[web.RouteDef]:
    """Return the routes of the documents, for one application.

    ``/openapi.json`` is the document, also under the seed's ``/swagger/swagger.json``; ``/docs``
    and ``/swagger`` are the page, with and without a slash at the end; ``/docs/...`` are its files.
    ``document`` is called once, in a thread, when a client first asks.

    Source: webaio for ``/swagger`` and ``/swagger/swagger.json``.
    """
    files = _program()
    written = Content(lambda: msgspec.json.encode(document()), content_type="application/json")
    contents = {DOCUMENT: written, "/swagger/swagger.json": written}
    for path, root in (("", ""), ("/", "../")):
        page = _page(title, root=root, has_program=bool(files))
        contents |= {f"/docs{path}": page, f"/swagger{path}": page}
    contents |= {f"/docs/{name}": content for name, content in files.items()}
    return [web.get(path, content.handler) for path, content in contents.items()]


def _page(title: str, *, root: str, has_program: bool) -> Content:
    reason = str(MissingExtraError("docs", purpose="This page"))
    template = _PAGE if has_program else _PAGE_WITHOUT_PROGRAM
    text = template.format(title=html.escape(title), root=root, reason=html.escape(reason))
    return Content(text.encode, content_type=_HTML, headers=_PAGE_HEADERS, compressed=False)


def _program() -> dict[str, Content]:
    """Return the files of the page by name, none if Swagger UI is not installed."""
    found = importlib.util.find_spec("aiohttp_swagger3")
    folders = (found and found.submodule_search_locations) or ()
    paths = {name: Path(folder, "swagger_ui", name) for folder in folders for name in _FILES}
    if not paths or not all(path.is_file() for path in paths.values()):
        return {}
    files = {
        name: Content(path.read_bytes, content_type=_FILES[name], cache_control=_FOR_A_DAY)
        for name, path in paths.items()
    }
    return {**files, "start.js": Content(_START.encode, content_type=_JAVASCRIPT)}
