"""Rendering: a template and its context become an answer."""

from collections.abc import Mapping
from typing import Any, Protocol

from aiohttp import web

from webkit.models import values_of
from webkit.responses import LeanResponse
from webkit.tables import origin_of


__all__ = ("TEMPLATES", "Renderer", "render")


class Renderer(Protocol):
    """The templates of an application."""

    def text(self, name: str, context: Mapping[str, Any], *, unit: str = "") -> str:
        """Return what a template makes of a context; ``unit`` is who asks for it."""
        ...


TEMPLATES: web.AppKey[Renderer] = web.AppKey("TEMPLATES", Renderer)


def render(
    request: web.Request,
    name: str,
    context: Any = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Return the page that a template makes of a context.

    ``context`` is a mapping or a model, whose fields are the variables of the template; the
    variable ``request`` is there as well. ``name`` is looked up in the templates of the unit that
    serves the request, then in those of the project, then as ``unit/name``.

    Raises:
        LookupError: the application has no templates, or not this one.
    """
    templates = request.config_dict.get(TEMPLATES)
    if templates is None:
        raise LookupError(f"template {name!r}: the application has no templates")
    values = context if isinstance(context, Mapping) else values_of(context or {})
    unit = origin_of(request.match_info.route).unit
    text = templates.text(name, {"request": request, **values}, unit=unit)
    return LeanResponse(
        text.encode(), status, media_type="text/html; charset=utf-8", headers=headers
    )
