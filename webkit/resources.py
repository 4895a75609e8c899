"""Resources: viewsets that serve the objects of a repository, in three lines.

The type arguments of a subclass say what its actions take and return. Its class attributes say how
its list is read; from them come the parameters of ``list``, and the documents.
"""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypedDict, TypeVar, Unpack, cast, overload

from webkit.admissions import check_object_permissions
from webkit.attributes import attribute_problems, patch_problems
from webkit.exceptions import NotFound
from webkit.filters import Condition, ListQuery, conditions_of, orders_of, terms_of, value_of
from webkit.generics import type_arguments
from webkit.models import fields_of, is_model, values_of
from webkit.pagination import (
    Cursor,
    CursorPage,
    LimitOffset,
    Listing,
    Page,
    PageNumber,
    PageStyle,
)
from webkit.repositories import Repository, Values, at_index
from webkit.signatures import ACTIONS, Offer, inherited, offer_action
from webkit.viewsets import BaseViewSet


__all__ = ("ReadOnlyViewSet", "ResourceViewSet", "Wishes")

T = TypeVar("T")
NewT = TypeVar("NewT")
PatchT = TypeVar("PatchT")
ID = TypeVar("ID")


class Wishes(TypedDict, total=False):
    """What a list is asked for: a model of filters, keys of an ordering, and a text."""

    filters: object
    ordering: Iterable[str]
    search: str


class ReadOnlyViewSet(BaseViewSet, Generic[T, ID]):
    """Serves ``list`` and ``detail`` of objects: of type T, and with keys of type ID.

    - ``repository`` has the objects. ``lookup_field`` is the field that the path names, or, where
      T has no such field, a name for the key.
    - ``actions`` names those that are served, if not all, beside what the class itself defines.
    - ``page`` is the style of pages (None: the list is whole), ``page_size`` and ``max_page_size``
      change what it says, and ``counted`` whether the whole list is counted.
    - ``filters`` is a model whose fields are parameters of the query, and conditions on those of T
      (``webkit.filters``); ``search_fields`` are searched for ``?search=``.
    - ``ordering`` is the order of the list, as ``("-born", "name")``; ``ordering_fields`` are those
      by which a client may order it with ``?ordering=``.

    Source: DRF's generic viewsets, for the names.
    """

    repository: Repository[T, ID]
    actions: ClassVar[tuple[str, ...] | None] = None
    page: ClassVar[type[PageStyle] | None] = LimitOffset
    page_size: ClassVar[int | None] = None
    max_page_size: ClassVar[int | None] = None
    counted: ClassVar[bool | None] = None
    filters: ClassVar[type[Any] | None] = None
    search_fields: ClassVar[tuple[str, ...]] = ()
    ordering: ClassVar[tuple[str, ...]] = ()
    ordering_fields: ClassVar[tuple[str, ...]] = ()

    _fields: ClassVar[Mapping[str, str]] = {}  # of T: names in JSON, and those in Python
    _model: ClassVar[Any] = None  # T
    _patch: ClassVar[Any] = None  # PatchT

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__module__ == __name__:
            return
        known = type_arguments(cls)
        arguments = {**known[ReadOnlyViewSet], **known.get(ResourceViewSet, {})}
        if any(isinstance(hint, TypeVar) for hint in arguments.values()):
            arguments = {}  # a base of others, or a mistake that its registration reports
        cls._model = next(iter(arguments.values()), None)
        fields = fields_of(cls._model) if is_model(cls._model) else ()
        cls._fields = {item.alias: item.name for item in fields}
        cls._patch = arguments.get(PatchT)
        is_sound = not any(attribute_problems(cls, cls._model))  # else its registration says why
        for name in ACTIONS if is_sound else ():
            offer_action(cls, name, Offer(arguments, cls._model))

    @classmethod
    def mistakes(cls) -> Iterable[str]:
        """Return what is wrong with the attributes."""
        own = cls.__mro__[: cls.__mro__.index(ReadOnlyViewSet)]
        annotated = any("repository" in inspect.get_annotations(base) for base in own)
        if not annotated and getattr(cls, "repository", None) is None:
            yield "has no repository. Write `repository = MemoryRepository(...)`, or annotate one"
        yield from getattr(getattr(cls, "repository", None), "mistakes", tuple)()
        if cls._model is None:
            base: Any = next(item for item in cls.__mro__ if item.__module__ == __name__)
            names = ", ".join(item.__name__ for item in base.__parameters__)
            yield f"nothing says what it serves. Derive it from {base.__name__}[{names}]"
        yield from attribute_problems(cls, cls._model)
        if getattr(cls, "partial_update", None) is not None:
            yield from patch_problems(cls._patch)

    def scope(self) -> Iterable[Condition]:
        """Return what must be true of an object for this request to know of it: a hook.

        What is out of scope is in no list, and not found.
        """
        return ()

    async def check_object_permissions(self, obj: T, /) -> None:
        """Refuse an object that this request may not have, by the permissions of the action.

        Raises:
            PermissionDenied: a permission says so.
            NotAuthenticated: it does, and nobody is authenticated.
        """
        await check_object_permissions(self, obj)

    async def get_object(self, id: ID, /) -> T:
        """Return the object that the path names.

        Raises:
            NotFound: there is none, or it is out of scope.
            PermissionDenied: this request may not have it.
        """
        repository, scope = self.repository, tuple(self.scope())
        field = self.lookup_field if self.lookup_field in self._fields.values() else repository.key
        if field == repository.key and not scope:
            found = await repository.get(id)
        else:
            conditions = (Condition(field, "exact", id), *scope)
            rows = await repository.list(ListQuery(conditions=conditions, limit=1))
            found = next(iter(rows.items), None)
        if found is None:
            raise NotFound
        await self.check_object_permissions(found)
        return found

    @overload
    async def paginate(
        self, page: LimitOffset | PageNumber, /, **wishes: Unpack[Wishes]
    ) -> Page[T]: ...
    @overload
    async def paginate(self, page: Cursor, /, **wishes: Unpack[Wishes]) -> CursorPage[T]: ...
    @overload
    async def paginate(self, page: PageStyle, /, **wishes: Unpack[Wishes]) -> Listing[T]: ...
    @overload
    async def paginate(self, page: None = ..., /, **wishes: Unpack[Wishes]) -> Sequence[T]: ...
    async def paginate(
        self, page: PageStyle | None = None, /, **wishes: Unpack[Wishes]
    ) -> Listing[T] | Sequence[T]:
        """Return a page of what is in scope and fits the wishes; without a style, all of it."""
        ordering = [_translated(key, self._fields) for key in wishes.get("ordering", ())]
        query = ListQuery(
            conditions=(*conditions_of(wishes.get("filters")), *self.scope()),
            search=terms_of(wishes.get("search", "")),
            search_fields=self.search_fields,
            ordering=orders_of(ordering or self.ordering),
        ).keyed(self.repository.key)
        if page is None:
            return (await self.repository.list(query)).items
        return await page.of(self.repository, request=self.request, query=query, count=self.counted)

    @inherited
    async def detail(self, id: ID, /) -> T:
        """Return one object."""
        return await self.get_object(id)

    @inherited
    async def list(self, *args: Any, **wishes: Any) -> Listing[T] | Sequence[T]:
        """Return a page of objects. What it takes depends on the attributes of the class."""
        (page,) = args or (wishes.pop("page", None),)
        found: Listing[T] | Sequence[T] = await self.paginate(page, **wishes)
        return found


class ResourceViewSet(ReadOnlyViewSet[T, ID], Generic[T, NewT, PatchT, ID]):
    """Serves the objects of a repository, and lets clients add, change and remove them.

    A new object is what ``NewT`` says, and PUT replaces all of that. PATCH changes the fields that
    are there: in ``PatchT`` each is ``name: str | msgspec.UnsetType = msgspec.UNSET``. With
    ``bulk``, ``create`` takes a list as well, up to ``max_bulk_size`` at once, all or nothing.

    Source: DRF, for the hooks.
    """

    bulk: ClassVar[bool] = False
    max_bulk_size: ClassVar[int] = 1000

    async def perform_create(self, values: Values, /) -> T:
        """Add an object: a hook, for what the client does not say."""
        return await self.repository.add(values)

    async def perform_update(self, obj: T, values: Values, /) -> T:
        """Change an object: a hook."""
        changed = await self.repository.update(self._key_of(obj), values)
        if changed is None:
            raise NotFound
        return changed

    async def perform_destroy(self, obj: T, /) -> None:
        """Remove an object: a hook."""
        if not await self.repository.remove(self._key_of(obj)):
            raise NotFound

    async def create_many(self, items: Sequence[NewT], /) -> Sequence[T]:
        """Add several objects, all or none, each as ``perform_create`` does it."""
        rows = [values_of(item) for item in items]
        if type(self).perform_create is ResourceViewSet.perform_create:
            return await self.repository.add_many(rows)
        added = []
        async with self.repository.transaction():
            for index, values in enumerate(rows):
                with at_index(index):
                    added.append(await self.perform_create(values))
        return added

    @inherited
    async def create(self, item: NewT, /) -> T:
        """Add an object; with ``bulk``, or several."""
        if self.bulk and isinstance(item, list):
            several: Any = await self.create_many(item)
            return cast("T", several)
        return await self.perform_create(values_of(item))

    @inherited
    async def update(self, id: ID, item: NewT, /) -> T:
        """Replace what a client says of an object."""
        return await self.perform_update(await self.get_object(id), values_of(item))

    @inherited
    async def partial_update(self, id: ID, changes: PatchT, /) -> T:
        """Change the fields that are given."""
        obj = await self.get_object(id)
        return await self.perform_update(obj, values_of(changes, given=True))

    @inherited
    async def destroy(self, id: ID, /) -> None:
        """Remove an object."""
        await self.perform_destroy(await self.get_object(id))

    def _key_of(self, obj: T) -> Any:
        return value_of(obj, self.repository.key)


def _translated(key: str, fields: Mapping[str, str]) -> str:
    """Return the key of an order by the name in Python of its field."""
    name = key.removeprefix("-")
    return key.removesuffix(name) + fields.get(name, name)
