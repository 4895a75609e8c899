"""What a repository is, how one belongs to an application, and the answers that it gives."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, Self, TypeVar
from weakref import WeakKeyDictionary

from aiohttp import web

from webkit.exceptions import APIException, Conflict
from webkit.filters import ListQuery, Rows


__all__ = ("PerApplication", "Repository", "Values", "at_index", "taken")

T_co = TypeVar("T_co", covariant=True)
ID_contra = TypeVar("ID_contra", contravariant=True)

# Values of an object by the names of its fields in Python.
Values = Mapping[str, Any]


class Repository(Protocol[T_co, ID_contra]):
    """Keeps objects of one type by their keys. Fields go by their names in Python.

    1. What comes out is the caller's: changing it changes nothing here.
    2. ``list`` without an ordering has the order of keys; None is lower than every value.
    3. What is taken already, or points to nothing, is a ``Conflict`` that ``taken`` makes. One
       among many names its place in them (``at_index``).
    """

    @property
    def model(self) -> type[T_co]:
        """The type of the objects."""

    @property
    def key(self) -> str:
        """The name of the field by which an object is found."""

    async def get(self, id: ID_contra, /) -> T_co | None:
        """Return the object with this key, if there is one."""

    async def add(self, values: Values, /) -> T_co:
        """Keep a new object and return it; what ``values`` leave out is made here."""

    async def add_many(self, rows: Sequence[Values], /) -> Sequence[T_co]:
        """Keep several new objects, all or none, and return them in their order."""

    async def update(self, id: ID_contra, changes: Values, /) -> T_co | None:
        """Change the fields in ``changes`` and return the object, if there is one."""

    async def remove(self, id: ID_contra, /) -> bool:
        """Forget the object with this key; tell whether there was one."""

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """Do all of what is done in the context, or, if it is left with an error, nothing of it.

        Nobody else sees anything of it before it is done. In another transaction it is a part
        that can fail on its own.
        """

    async def list(self, query: ListQuery, /) -> Rows[T_co]:
        """Return what the query asks for."""


class PerApplication:
    """What is defined on a class, and is another thing in every application that serves it.

    On an instance that has a ``request``, the attribute is the one of the request's outermost
    application; on anything else it is the definition. ``of(app)`` is what a service or a test
    uses. An application that goes away takes its own with it.
    """

    def __init__(self) -> None:
        self._bound: WeakKeyDictionary[web.Application, Self] = WeakKeyDictionary()

    def __get__(self, instance: object, owner: object = None) -> Self:
        request = getattr(instance, "request", None)
        return self if request is None else self.of(request.match_info.apps[0])

    def of(self, app: web.Application) -> Self:
        """Return the one of an application, always the same."""
        found = self._bound.get(app)
        if found is None:
            found = self._bound[app] = self.bound_to(app)
        return found

    def bound_to(self, app: web.Application) -> Self:
        """Return a new one for an application; it must not keep the application alive."""
        raise NotImplementedError


def taken(*names: str) -> Conflict:
    """Return the answer to values of fields that another object has; names are those in JSON."""
    text = f"There is one with this {' and '.join(names)} already."
    errors = [{"pointer": f"#/{name}", "detail": text, "code": "unique"} for name in names]
    return Conflict(text, errors=errors)


@contextlib.contextmanager
def at_index(index: int) -> Iterator[None]:
    """Say of an answer raised in the context that it is about one item of a list in the body."""
    try:
        yield
    except APIException as error:
        error.errors = [
            {**item, "pointer": f"#/{index}{item['pointer'][1:]}"} if "pointer" in item else item
            for item in error.errors
        ]
        raise
