"""Error pages: what a person sees where a program gets a problem.

1. The status stays, and so do the headers that say something about the error.
2. A client gets a page if its ``Accept`` names HTML, and nothing in it that it prefers.
3. What a handler answers itself, and is not plain text, stays as it is.
"""

import json
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from webkit.middlewares import api_exception_handler
from webkit.pages.rendering import render
from webkit.responses import title_of


__all__ = ("PROBLEM", "create_error_middleware", "file_pages", "wants_page")

ErrorPage = Callable[[web.Request], Awaitable[web.StreamResponse]]

PROBLEM = web.RequestKey("PROBLEM", dict[str, object])
_HTML = ("text/html", "application/xhtml+xml")
_OF_THE_BODY = frozenset({hdrs.CONTENT_TYPE, hdrs.CONTENT_LENGTH, hdrs.CONTENT_ENCODING})


def create_error_middleware(pages: Mapping[int, ErrorPage]) -> Middleware:
    """Return a middleware that shows people a page for the errors of these statuses.

    ``pages`` has coroutines of the request that return a response: ``{404: f, 500: g}``. What is
    known of the error is under ``PROBLEM`` on the request. Unhandled exceptions are 500; they are
    logged, as everywhere.

    Source: polls.
    """

    @web.middleware
    async def show_error_page(request: web.Request, handler: Handler) -> web.StreamResponse:
        returned: web.StreamResponse | None = None

        async def noted(request: web.Request) -> web.StreamResponse:
            nonlocal returned
            returned = await handler(request)
            return returned

        response = await api_exception_handler(request, noted)
        page = pages.get(response.status)
        is_own = response is returned and response.content_type != "text/plain"
        if page is None or is_own or response.prepared or not wants_page(request):
            return response
        request[PROBLEM] = _problem_of(response)
        shown = await page(request)
        shown.set_status(response.status)
        for name, value in response.headers.items():
            if name not in _OF_THE_BODY:
                shown.headers.setdefault(name, value)
        return shown

    return show_error_page


def wants_page(request: web.Request) -> bool:
    """Tell whether a client asks for HTML by name, and for JSON no more than for that.

    Browsers do; programs, and scripts in a page, ask for ``*/*`` or JSON.
    """
    weights = {"html": 0.0, "json": 0.0}
    for part in ",".join(request.headers.getall(hdrs.ACCEPT, ())).split(","):
        media_type, *parameters = (text.strip().lower() for text in part.split(";"))
        kind = "html" if media_type in _HTML else "json" if media_type.endswith("json") else ""
        if kind:
            weights[kind] = max(weights[kind], _weight_of(parameters))
    return weights["html"] > 0 and weights["html"] >= weights["json"]


def file_pages(names: Mapping[int, str]) -> dict[int, ErrorPage]:
    """Return pages that are templates, which get what is known of the error.

    The variables are those of a problem: ``status``, ``title``, ``detail``, ``code``.
    """
    return {status: _file_page(name) for status, name in names.items()}


def _file_page(name: str) -> ErrorPage:
    async def page(request: web.Request) -> web.StreamResponse:
        return render(request, name, request[PROBLEM])

    return page


def _problem_of(response: web.StreamResponse) -> dict[str, object]:
    """Return what an error says of itself; of plain text there is only the status."""
    facts: dict[str, object] = {"status": response.status, "title": title_of(response.status)}
    if isinstance(response, web.Response) and response.content_type.endswith("json"):
        facts.update(json.loads(response.body) if isinstance(response.body, bytes) else {})
    return facts


def _weight_of(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
