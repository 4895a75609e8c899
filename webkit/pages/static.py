"""Static files: what a folder has, served as it is.

1. A name leads to a file in the folder or nowhere: not out of it, not through a link, not to a
   file or folder whose name begins with a dot. There are no listings.
2. An address made by ``url_of`` carries a mark of the content. In production such an answer may be
   kept for a year; any other is asked for again, which costs a 304 where nothing has changed.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from webkit.exceptions import NotFound
from webkit.routes import hide


__all__ = ("StaticFiles",)

_FOR_A_YEAR = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_MARK = "v"
_MARK_LENGTH = 12  # hexadecimal digits: 48 bits tell the versions of one file apart


class StaticFiles:
    """The static files of one application: ``folders`` by the unit, those of the project by ""."""

    def __init__(self, folders: Mapping[str, Path], *, is_production: bool) -> None:
        self._folders = {name: folder.resolve() for name, folder in folders.items()}
        self._is_production = is_production
        self._marks: dict[Path, tuple[tuple[int, int], str]] = {}  # by what changes with a file

    def routes(self) -> list[web.RouteDef]:
        """Return a route for each folder."""
        return [
            web.get(_path_of(unit), self._handler_of(unit), name=_route_of(unit))
            for unit in self._folders
        ]

    def find(self, unit: str, name: str) -> Path | None:
        """Return the file that a name leads to, None if to none."""
        folder = self._folders.get(unit)
        if folder is None or any(not part or part[0] == "." for part in name.split("/")):
            return None
        try:
            path = (folder / name).resolve()
            is_served = path.is_relative_to(folder) and path.is_file()
        except (OSError, ValueError):  # too long, or with a NUL
            return None
        return path if is_served else None

    def look_up(self, name: str, *, unit: str) -> tuple[str, str] | None:
        """Return unit and name of the file that a page of ``unit`` means, None if there is none.

        Its own come first, then those of the project, then ``unit/name``.
        """
        other, _, rest = name.partition("/")
        ways = ((unit, name), ("", name), (other, rest))
        return next((way for way in ways if self.find(*way)), None)

    def url_of(self, app: web.Application, name: str, *, unit: str) -> str:
        """Return the path of the file that a page of ``unit`` means.

        Raises:
            LookupError: there is no such file.
        """
        found = self.look_up(name, unit=unit)
        path = found and self.find(*found)
        if not found or not path:
            raise LookupError(f"there is no static file {name!r}")
        url = app.router[_route_of(found[0])].url_for(filename=found[1])
        return str(url.with_query({_MARK: self._mark_of(path)}))

    def _handler_of(self, unit: str) -> Handler:
        async def send_file(request: web.Request) -> web.StreamResponse:
            found = await asyncio.to_thread(self._answer_to, request, unit)
            if found is None:
                raise NotFound
            path, keeping = found
            return web.FileResponse(path, headers={hdrs.CACHE_CONTROL: keeping})

        return hide(send_file)

    def _answer_to(self, request: web.Request, unit: str) -> tuple[Path, str] | None:
        """Return the file, and how long it may be kept. Reads the disk."""
        path = self.find(unit, request.match_info["filename"])
        if path is None:
            return None
        may_be_kept = self._is_production and request.query.get(_MARK) == self._mark_of(path)
        return path, _FOR_A_YEAR if may_be_kept else _ASK_AGAIN

    def _mark_of(self, path: Path) -> str:
        found = path.stat()
        state = (found.st_mtime_ns, found.st_size)
        known = self._marks.get(path)
        if known is None or known[0] != state:
            digest = hashlib.blake2b(path.read_bytes()).hexdigest()
            known = self._marks[path] = (state, digest[:_MARK_LENGTH])
        return known[1]


def _route_of(unit: str) -> str:
    """Return the name of the route that serves the files of a unit."""
    return f"static_{unit.replace('-', '_')}" if unit else "static"


def _path_of(unit: str) -> str:
    return f"/static/{unit}/{{filename:.+}}" if unit else "/static/{filename:.+}"
