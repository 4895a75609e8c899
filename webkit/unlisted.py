"""Resources that are in the index in which aiohttp looks paths up, and in no list of resources.

Nobody adds routes to them, asks for their URL or puts them below a prefix: they are made when an
application has its place and all of its routes.
"""

from collections.abc import Iterator
from typing import Any

from aiohttp import web
from yarl import URL


__all__ = ("UnlistedResource",)


class UnlistedResource(web.AbstractResource):
    """A resource without routes to show; ``resolve`` is what a subclass says."""

    @property
    def canonical(self) -> str:
        """The path under which aiohttp looks here last."""
        return "/"

    def add_prefix(self, prefix: str) -> None:
        """Refuse: it is made when an application has its place."""
        raise NotImplementedError

    def get_info(self) -> dict[str, Any]:  # type: ignore[override]  # aiohttp keeps the type private
        """Return nothing: no path leads here by name."""
        return {}

    def raw_match(self, path: str) -> bool:
        """Say no: nobody may add a route to it."""
        return False

    def url_for(self, **kwargs: str) -> URL:
        """Refuse: it has no URL of its own."""
        raise NotImplementedError

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[web.AbstractRoute]:
        return iter(())
