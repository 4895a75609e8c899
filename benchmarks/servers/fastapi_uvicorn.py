"""The contract as FastAPI's users write it, served by uvicorn with uvloop and httptools."""

from typing import Annotated

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field
from uvicorn import Config, Server

from benchmarks.servers.items import HELLO, ITEMS, NEW_ID
from benchmarks.servers.serving import listen


class Greeting(BaseModel):
    """A greeting."""

    message: str


class NewItem(BaseModel):
    """What an item is created from."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    description: str | None = None
    price: Annotated[float, Field(ge=0)]
    quantity: Annotated[int, Field(ge=0)]
    active: bool = True
    tags: list[str] = []


class Item(NewItem):
    """An item."""

    id: int


class Page(BaseModel):
    """All items."""

    count: int
    results: list[Item]


app = FastAPI()
store = {number: Item(**data) for number, data in ITEMS.items()}


@app.get("/json/")
async def greet() -> Greeting:
    return Greeting(message=HELLO)


@app.get("/items/")
async def list_items() -> Page:
    return Page(count=len(store), results=list(store.values()))


@app.get("/items/{id}/")
async def get_item(id: int) -> Item:
    item = store.get(id)
    if item is None:
        raise HTTPException(404, detail="Not found.")
    return item


@app.post("/items/", status_code=201)
async def create_item(new: NewItem) -> Item:
    return Item(id=NEW_ID, **new.model_dump())


if __name__ == "__main__":
    config = Config(app, loop="uvloop", http="httptools", access_log=False, log_level="error")
    Server(config).run(sockets=[listen()])
