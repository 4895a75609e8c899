"""The contract as typed actions of viewsets, in an application as a generated project makes it."""

from typing import Annotated

from msgspec import Meta, Struct, convert

from benchmarks.servers.items import HELLO, ITEMS, NEW_ID
from benchmarks.servers.serving import serve
from webkit.application import create_app
from webkit.exceptions import NotFound
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet


class Greeting(Struct):
    """A greeting."""

    message: str


class NewItem(Struct):
    """What an item is created from."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    price: Annotated[float, Meta(ge=0)]
    quantity: Annotated[int, Meta(ge=0)]
    description: str | None = None
    active: bool = True
    tags: list[str] = []


class Item(Struct):
    """An item."""

    id: int
    name: str
    description: str | None
    price: float
    quantity: int
    active: bool
    tags: list[str]


class Page(Struct):
    """All items."""

    count: int
    results: list[Item]


store = convert(ITEMS, dict[int, Item])


class GreetingViewSet(BaseViewSet):
    """Greets."""

    async def list(self) -> Greeting:
        """Return a greeting."""
        return Greeting(HELLO)


class ItemViewSet(BaseViewSet):
    """The items."""

    async def list(self) -> Page:
        """Return all items."""
        return Page(len(store), [*store.values()])

    async def create(self, new: NewItem) -> Item:
        """Return the new item."""
        return Item(
            id=NEW_ID,
            name=new.name,
            description=new.description,
            price=new.price,
            quantity=new.quantity,
            active=new.active,
            tags=new.tags,
        )

    async def detail(self, id: int) -> Item:
        """Return an item."""
        item = store.get(id)
        if item is None:
            raise NotFound
        return item


if __name__ == "__main__":
    router = SimpleRouter()
    router.register(GreetingViewSet, basename="json")
    router.register(ItemViewSet, basename="items")
    serve(create_app(routes=router.routespatters))
