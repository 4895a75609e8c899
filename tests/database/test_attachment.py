"""The database of an application."""

from msgspec import UNSET, Struct, UnsetType
from sqlalchemy.orm import Mapped, mapped_column

from webkit.application import create_app
from webkit.database import DATABASE, DatabaseConfig, Model, SQLRepository, WithID, attach
from webkit.database.tables import create_tables
from webkit.resources import ResourceViewSet
from webkit.routers import SimpleRouter


class ArtistRow(WithID, Model):
    __tablename__ = "attachment_artist"

    name: Mapped[str] = mapped_column(unique=True)


class NewArtist(Struct):
    name: str


class Artist(NewArtist, kw_only=True):
    id: int


class PatchArtist(Struct):
    name: str | UnsetType = UNSET


class ArtistViewSet(ResourceViewSet[Artist, NewArtist, PatchArtist, int]):
    repository = SQLRepository(ArtistRow, Artist)
    bulk = True


def _app():
    router = SimpleRouter()
    router.register(ArtistViewSet)
    app = create_app(routes=router.routes)
    database = attach(app, DatabaseConfig(url="sqlite://"))

    async def prepare(app):
        await create_tables(database, [ArtistRow])
        yield

    app.cleanup_ctx.append(prepare)
    return app


async def test_a_resource_is_served_from_a_table(aiohttp_client):
    client = await aiohttp_client(_app())

    created = await client.post("/artist/", json={"name": "Nina"})
    assert (created.status, await created.json()) == (201, {"id": 1, "name": "Nina"})
    assert (await client.put("/artist/1/", json={"name": "Eunice"})).status == 200
    assert (await client.patch("/artist/1/", json={})).status == 200
    assert await (await client.get("/artist/1/")).json() == {"id": 1, "name": "Eunice"}
    assert (await client.post("/artist/", json=[{"name": "a"}, {"name": "b"}])).status == 201
    listed = await (await client.get("/artist/?limit=2")).json()
    assert (listed["count"], len(listed["results"])) == (3, 2)
    assert (await client.post("/artist/", json={"name": "a"})).status == 409
    assert (await client.delete("/artist/1/")).status == 204
    assert (await client.get("/artist/1/")).status == 404


async def test_each_application_has_its_own(aiohttp_client):
    one, other = await aiohttp_client(_app()), await aiohttp_client(_app())

    await one.post("/artist/", json={"name": "Nina"})

    assert (await (await other.get("/artist/")).json())["results"] == []


async def test_readiness_asks_the_database(aiohttp_client):
    app = _app()
    client = await aiohttp_client(app)
    assert (await (await client.get("/ready")).json())["checks"] == {"database": "ok"}

    await app[DATABASE].close()

    answer = await client.get("/ready")
    assert (answer.status, (await answer.json())["checks"]) == (503, {"database": "failed"})
