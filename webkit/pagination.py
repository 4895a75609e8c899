"""Pages: which part of a list a client wants, as a typed value, and the part as an answer.

1. A style of pages is a model that is filled from the query; its types hold the limits.
2. A page comes from a repository, or from a sequence, and always in an order without ties.
3. Links are absolute and keep all other parameters; the link to the first page has no place in it.
"""

import math
from collections.abc import Callable, Sequence
from typing import (
    Annotated,
    Any,
    ClassVar,
    Generic,
    Literal,
    Protocol,
    Self,
    TypeVar,
    cast,
    get_args,
)
from urllib.parse import quote, unquote_plus

import msgspec
from aiohttp import web
from msgspec import Meta
from msgspec.structs import replace

from webkit.cursors import read_cursor, write_cursor
from webkit.exceptions import NotFound
from webkit.filters import ListQuery, Order, Rows, select
from webkit.models import fields_of
from webkit.repositories import Repository


__all__ = (
    "Cursor",
    "CursorPage",
    "LimitOffset",
    "Listing",
    "Page",
    "PageNumber",
    "PageStyle",
)

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_EVERYTHING = ListQuery()
_FARTHEST = 2**53 - 1  # the greatest number that every reader of JSON understands
_LAST_PAGE = 2**31 - 1

_Size = Annotated[int, Meta(ge=1, le=1000, description="How many results there are on a page.")]


class Listing(Protocol[T_co]):
    """What all pages have: the URLs of those around, and results."""

    @property
    def next(self) -> str | None:
        """The URL of the next page; None on the last."""

    @property
    def previous(self) -> str | None:
        """The URL of the page before; None on the first."""

    @property
    def results(self) -> Sequence[T_co]:
        """What is on the page."""


class Page(msgspec.Struct, Generic[T], kw_only=True):
    """A part of a list. ``count`` is the length of the list, None where nobody counted."""

    count: int | None = None
    next: str | None = None
    previous: str | None = None
    results: list[T]


class CursorPage(msgspec.Struct, Generic[T], kw_only=True):
    """A part of a list that is read in its order; ``count`` is there where it was asked for."""

    next: str | None = None
    previous: str | None = None
    results: list[T]
    count: int | msgspec.UnsetType = msgspec.UNSET


class PageStyle(msgspec.Struct, frozen=True, kw_only=True):
    """A way to ask for a part of a list.

    ``size`` is the name of the field that says how long the part may be, in its type limited by a
    ``Meta``; ``answer`` is the type of what ``of`` returns, and ``counts`` tells whether the length
    of the list is asked for.
    """

    size: ClassVar[str]
    answer: ClassVar[Any]
    counts: ClassVar[bool] = True

    @classmethod
    def sized(cls, size: int | None, *, maximum: int | None) -> type[Self]:
        """Return the style with another size of a page, or another limit for it; None keeps it."""
        if size is None and maximum is None:
            return cls
        field = next(item for item in fields_of(cls) if item.name == cls.size)
        tp, limits = get_args(field.type)
        greatest = maximum or max(size or 1, limits.le or 1)
        annotated: Any = Annotated
        limited = annotated[tp, Meta(ge=1, le=greatest, description=limits.description)]
        fields = [(cls.size, limited, min(size or field.default, greatest))]
        sized: Any = msgspec.defstruct(
            cls.__name__, fields, bases=(cls,), frozen=True, kw_only=True
        )
        return cast("type[Self]", sized)

    async def of(
        self,
        source: Sequence[T] | Repository[T, Any],
        *,
        request: web.Request,
        query: ListQuery = _EVERYTHING,
        count: bool | None = None,
    ) -> Listing[T]:
        """Return the part of what ``query`` finds; ``count`` overrules ``counts``."""
        raise NotImplementedError


class LimitOffset(PageStyle, frozen=True, kw_only=True):
    """``?limit=20&offset=40``: so many results from that place on."""

    size = "limit"
    answer = Page

    limit: _Size = 50
    offset: Annotated[
        int, Meta(ge=0, le=_FARTHEST, description="How many results are passed over.")
    ] = 0

    async def of(
        self,
        source: Sequence[T] | Repository[T, Any],
        *,
        request: web.Request,
        query: ListQuery = _EVERYTHING,
        count: bool | None = None,
    ) -> Page[T]:
        """Return the part; behind the end of the list it is empty."""
        count = self.counts if count is None else count
        query = replace(query, limit=self.limit + 1, offset=self.offset, count=count)
        items, total = await _rows_of(source, _keyed(source, query))
        behind, before = self.offset + self.limit, self.offset - self.limit
        has_next, has_previous = len(items) > self.limit, self.offset > 0
        link = _linker(request, "offset", limit=self.limit)
        return Page(
            count=total,
            next=link(behind) if has_next else None,
            previous=link(before if before > 0 else None) if has_previous else None,
            results=list(items[: self.limit]),
        )


class PageNumber(PageStyle, frozen=True, kw_only=True):
    """``?page=3&page_size=20``: pages counted from 1, or ``last``."""

    size = "page_size"
    answer = Page

    page: Annotated[
        Annotated[int, Meta(ge=1, le=_LAST_PAGE)] | Literal["last"],
        Meta(description="A number, counted from 1, or `last`."),
    ] = 1
    page_size: _Size = 50

    async def of(
        self,
        source: Sequence[T] | Repository[T, Any],
        *,
        request: web.Request,
        query: ListQuery = _EVERYTHING,
        count: bool | None = None,
    ) -> Page[T]:
        """Return the page; the first one may be empty.

        Raises:
            NotFound: the list ends before the page.
        """
        count = self.counts if count is None else count
        number = await self._last_of(source, query) if self.page == "last" else self.page
        offset = (number - 1) * self.page_size
        query = replace(query, limit=self.page_size + 1, offset=offset, count=count)
        items, total = await _rows_of(source, _keyed(source, query))
        if number > 1 and not items:
            raise NotFound("Invalid page.")
        link = _linker(request, "page")
        has_next = len(items) > self.page_size
        return Page(
            count=total,
            next=link(number + 1) if has_next else None,
            previous=link(number - 1 if number > 2 else None) if number > 1 else None,
            results=list(items[: self.page_size]),
        )

    async def _last_of(self, source: Sequence[T] | Repository[T, Any], query: ListQuery) -> int:
        rows = await _rows_of(source, replace(query, limit=0, count=True))
        return max(1, math.ceil((rows.total or 0) / self.page_size))


class Cursor(PageStyle, frozen=True, kw_only=True):
    """``?cursor=...``: what comes behind, or before, a place in the list.

    Nothing is passed over or comes twice when others add and remove while a client reads, also
    where many results are alike in what orders them.
    """

    size = "page_size"
    answer = CursorPage
    counts = False

    cursor: Annotated[str | None, Meta(description="A place, from a link of another page.")] = None
    page_size: _Size = 50

    async def of(
        self,
        source: Sequence[T] | Repository[T, Any],
        *,
        request: web.Request,
        query: ListQuery = _EVERYTHING,
        count: bool | None = None,
    ) -> CursorPage[T]:
        """Return the part at the cursor.

        Raises:
            ParseError: the cursor is broken, or belongs to another order.
        """
        query = query.keyed(getattr(source, "key", "id"))
        orders = query.ordering
        back, place = False, None
        if self.cursor:
            back, place = read_cursor(self.cursor, orders, model=_model_of(source))
        query = replace(
            query,
            ordering=tuple(Order(field, not down) for field, down in orders) if back else orders,
            after=place,
            limit=self.page_size + 1,
            count=self.counts if count is None else count,
        )
        found, total = await _rows_of(source, query)
        items = list(found[: self.page_size])
        has_previous, has_next = place is not None, len(found) > self.page_size
        if back:
            items.reverse()
            has_next, has_previous = has_previous, has_next
        # Without items nothing is before the place, or behind it: the beginning, or the end.
        forward = write_cursor(items[-1], orders) if items else None
        backward = write_cursor(items[0] if items else None, orders, back=True)
        link = _linker(request, "cursor", page_size=self.page_size)
        return CursorPage(
            next=link(forward) if has_next else None,
            previous=link(backward) if has_previous else None,
            results=items,
            count=msgspec.UNSET if total is None else total,
        )


async def _rows_of(source: Sequence[T] | Repository[T, Any], query: ListQuery) -> Rows[T]:
    return select(source, query) if isinstance(source, Sequence) else await source.list(query)


def _model_of(source: Sequence[Any] | Repository[Any, Any]) -> Any:
    return (type(source[0]) if source else None) if isinstance(source, Sequence) else source.model


def _keyed(source: Sequence[T] | Repository[T, Any], query: ListQuery) -> ListQuery:
    """Return the query with an order in which no two are in one place; a sequence has its own."""
    return query if isinstance(source, Sequence) else query.keyed(source.key)


def _linker(request: web.Request, name: str, **others: object) -> Callable[[object], str]:
    """Return what makes the URL of the request with another value of a parameter, or without it."""
    replaced = {name, *others}
    kept = [
        part
        for part in request.rel_url.raw_query_string.split("&")
        if part and unquote_plus(part.partition("=")[0]) not in replaced
    ]
    kept += [f"{other}={value}" for other, value in others.items()]
    base = f"{request.scheme}://{request.host}{request.rel_url.raw_path}"

    def link(value: object) -> str:
        parts = kept if value is None else [*kept, f"{name}={quote(str(value))}"]
        return f"{base}?{'&'.join(parts)}" if parts else base

    return link
