"""The page at ``/`` until a route claims it: what the project is, and what it serves."""

import html
from collections.abc import Callable, Collection, Iterable

from aiohttp import hdrs, web

from webkit.routes import ServedRoute


__all__ = ("give_way", "routes")

_NAME = "webkit.welcome"
_MOST_PATHS = 20  # as many as fit on a screen

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
  table {{ width: 100%; border-collapse: collapse; margin: 1.2rem 0; }}
  th {{ text-align: left; font-weight: 600; padding: .6rem 0 0; }}
  td {{ padding: .15rem 0; border-top: 1px solid #8883; overflow-wrap: anywhere; }}
  td + td {{ text-align: right; font-size: .8rem; opacity: .75; padding-left: 1rem; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p class="what">{description}</p>
<p>The service runs. This page is here until a route claims <code>/</code>.</p>
{served}<ul>
{first}<li>{docs}</li>
<li>See all routes: <code>webkit routes</code></li>
<li>Ask for its health: <a href="health">/health</a></li>
</ul>
</body>
</html>
"""
_FIRST = "<li>Make an app: <code>webkit startapp api</code></li>\n"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def routes(
    *, title: str, description: str, has_docs: bool, served: Callable[[], Iterable[ServedRoute]]
) -> list[web.RouteDef]:
    """Return the route of the welcome page; ``served`` is asked for what there is besides."""
    docs = 'Read the API: <a href="docs">/docs</a>' if has_docs else "The API's pages are closed"
    facts = {
        "title": html.escape(title),
        "description": "<br>".join(map(html.escape, description.splitlines())),
        "docs": docs,
    }

    async def welcome(request: web.Request) -> web.Response:
        table = _table(served(), base=request.path)
        page = _WELCOME.format(**facts, served=table, first="" if table else _FIRST)
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


def _table(served: Iterable[ServedRoute], *, base: str) -> str:
    """Return a table of the paths of each unit, with links that hold below ``base``, or nothing."""
    verbs: dict[tuple[str, str], list[str]] = {}
    for route in served:
        if not route.hidden:
            verbs.setdefault((route.unit, route.path), []).append(route.method)
    shown = list(verbs.items())[:_MOST_PATHS]
    units: dict[str, list[str]] = {}
    for (unit, path), methods in shown:
        units.setdefault(unit, []).append(_row(path, methods, base=base))
    rows = [row for unit, found in units.items() for row in (_head(unit), *found)]
    if len(verbs) > len(shown):
        rows.append(f'<tr><td colspan="2">and {len(verbs) - len(shown)} more</td></tr>\n')
    return f"<table>\n{''.join(rows)}</table>\n" if rows else ""


def _head(unit: str) -> str:
    return f'<tr><th colspan="2">{html.escape(unit) or "routes.py"}</th></tr>\n'


def _row(path: str, methods: Collection[str], *, base: str) -> str:
    text = f"<code>{html.escape(path)}</code>"
    if hdrs.METH_GET in methods and "{" not in path:
        text = f'<a href="./{html.escape(path.removeprefix(base))}">{text}</a>'
    verbs = " ".join("any method" if verb == hdrs.METH_ANY else verb for verb in methods)
    return f"<tr><td>{text}</td><td>{html.escape(verbs)}</td></tr>\n"
