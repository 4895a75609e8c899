"""Failures: why a project could not start, for the terminal and for the browser."""

import html
import traceback
from pathlib import Path

from aiohttp import hdrs, web

from webkit.exceptions import WebkitError
from webkit.workers.sources import is_own


__all__ = ("explain", "failure_app")

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="1">
<title>The project does not start</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ font: 1.05rem/1.6 system-ui, sans-serif; max-width: 60rem; margin: 8vh auto; padding: 0 1.5rem; }}
  h1 {{ font-weight: 650; }}
  pre {{ overflow-x: auto; padding: 1rem; border-radius: .4rem; background: #8882; font-size: .9rem; }}
</style>
</head>
<body>
<h1>The project does not start</h1>
<pre>{problem}</pre>
<p>Save the file that mends it: this page comes back by itself. Only <code>webkit dev</code> shows it.</p>
</body>
</html>
"""  # noqa: E501  (a page)


def explain(error: BaseException, *, root: Path) -> str:
    """Return what a developer needs of an error: its traceback, from the project's own code on.

    Of a ``WebkitError`` only the message, which says it all.
    """
    if isinstance(error, WebkitError):
        return f"Error: {error}\n"
    frames = error.__traceback__
    while frames is not None and not is_own(Path(frames.tb_frame.f_code.co_filename), root=root):
        frames = frames.tb_next
    if frames is None and not isinstance(error, SyntaxError):  # its place is in its message
        frames = error.__traceback__
    return "".join(traceback.format_exception(type(error), error, frames))


def failure_app(problem: str) -> web.Application:
    """Return an application that answers every request with 500 and the problem."""
    page = _PAGE.format(problem=html.escape(problem))

    async def show(request: web.Request) -> web.Response:
        headers = {hdrs.CACHE_CONTROL: "no-store"}
        return web.Response(status=500, text=page, content_type="text/html", headers=headers)

    app = web.Application()
    app.router.add_route(hdrs.METH_ANY, "/{path:.*}", show)
    return app
