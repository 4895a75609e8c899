"""What a document tells of: one endpoint for each method of each path that an application serves.

1. Hidden routes are left out, and HEAD where GET is served.
2. A route for any method is documented as GET, a class-based view by its methods.
3. Paths that differ in the names of their variables alone are one path, as OpenAPI demands; two
   that serve one method (told apart by patterns) keep their names.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from aiohttp import hdrs
from aiohttp.typedefs import Handler

from webkit.openapi.docstrings import Documentation, function_of, read_docstrings
from webkit.routes import ServedRoute


__all__ = ("Endpoint", "check_docstrings", "endpoints_of")

_VARIABLE = re.compile(r"{(\w+)}")
# What a path item of OpenAPI 3.1 can hold, in the order of its specification.
_METHODS = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One method of one path: the route, the user's function, and what its docstring says.

    ``path`` is the one in the document, and ``variables`` are the names in it.
    """

    route: ServedRoute
    method: str
    path: str
    variables: tuple[str, ...]
    function: Callable[..., object]
    docs: Documentation


def endpoints_of(routes: Iterable[ServedRoute]) -> list[Endpoint]:
    """Return the endpoints of ``routes``, in their order.

    Raises:
        ConfigurationError: the YAML in some docstrings is wrong; every mistake is listed.
    """
    documented = list(_documented(routes))
    docstrings = read_docstrings(handler for _, _, handler in documented)
    shapes: dict[str, str] = {}
    found: dict[tuple[str, str], Endpoint] = {}
    for (route, method, handler), docs in zip(documented, docstrings, strict=True):
        path = shapes.setdefault(_VARIABLE.sub("{}", route.path), route.path)
        path = route.path if (path, method) in found else path
        endpoint = Endpoint(
            route=route,
            method=method,
            path=path,
            variables=tuple(_VARIABLE.findall(path)),
            function=function_of(handler),
            docs=docs,
        )
        found.setdefault((path, method), endpoint)
    return list(found.values())


def check_docstrings(routes: Iterable[ServedRoute]) -> None:
    """Refuse wrong YAML in the docstrings of ``routes``, so that start-up finds it.

    Raises:
        ConfigurationError: the YAML in some docstrings is wrong; every mistake is listed.
    """
    read_docstrings(handler for _, _, handler in _documented(routes))


def _documented(routes: Iterable[ServedRoute]) -> Iterator[tuple[ServedRoute, str, Handler]]:
    """Yield every method that is documented: its route, its name, and what serves it."""
    shown = [route for route in routes if not route.hidden]
    readable = {route.path for route in shown if route.method in {hdrs.METH_GET, hdrs.METH_ANY}}
    for route in shown:
        for method, handler in _expanded(route):
            is_twin = method == hdrs.METH_HEAD and route.path in readable
            if method in _METHODS and not is_twin:
                yield route, method, handler


def _expanded(route: ServedRoute) -> list[tuple[str, Handler]]:
    """Return the methods that a route stands for, and what serves each."""
    takes_any = route.method == hdrs.METH_ANY
    if not isinstance(route.handler, type):
        return [(hdrs.METH_GET if takes_any else route.method, route.handler)]
    methods = _METHODS if takes_any else (route.method,)
    served = [(method, getattr(route.handler, method.lower(), None)) for method in methods]
    return [(method, handler) for method, handler in served if handler is not None]
