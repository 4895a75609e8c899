"""Pages for people. For now the one that a fresh project shows at ``/`` until a route claims it."""

import html

from aiohttp import web


__all__ = ("give_way", "routes")

_NAME = "webkit.welcome"

_WELCOME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ font: 1.05rem/1.6 system-ui, sans-serif; }}
  body {{ max-width: 38rem; margin: 12vh auto; padding: 0 1.5rem; }}
  h1 {{ font-weight: 650; margin-bottom: .2rem; }}
  p.what {{ margin-top: 0; opacity: .75; }}
  code {{ font-size: .95em; padding: .15em .4em; border-radius: .3em; background: #8882; }}
  li {{ margin: .4rem 0; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p class="what">{description}</p>
<p>The service runs. This page is here until a route claims <code>/</code>.</p>
<ul>
<li>Make an app: <code>webkit startapp api</code></li>
<li>{docs}</li>
<li>See all routes: <code>webkit routes</code></li>
<li>Ask for its health: <a href="health">/health</a></li>
</ul>
</body>
</html>
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def routes(*, title: str, description: str, has_docs: bool) -> list[web.RouteDef]:
    """Return the route of the welcome page."""
    docs = 'Read the API: <a href="docs">/docs</a>' if has_docs else "The API's pages are closed"
    page = _WELCOME.format(
        title=html.escape(title),
        description="<br>".join(map(html.escape, description.splitlines())),
        docs=docs,
    )

    async def welcome(request: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": _POLICY}
        return web.Response(text=page, content_type="text/html", headers=headers)

    return [web.get("/", welcome, name=_NAME)]


def give_way(app: web.Application) -> list[web.AbstractResource]:
    """Take the welcome page away if something else has its path; return what was taken away."""
    welcome = app.router.named_resources().get(_NAME)
    if welcome is None:
        return []
    paths = [resource.canonical for resource in app.router.resources()]
    if paths.count(welcome.canonical) == 1:
        return []
    app.router.unindex_resource(welcome)
    return [welcome]
