"""The database of an application."""

import pytest
from aiohttp import web
from msgspec import UNSET, Struct, UnsetType
from sqlalchemy.orm import Mapped, mapped_column

from webkit.application import create_app
from webkit.config import Settings, load
from webkit.database import DATABASE, DatabaseConfig, Model, SQLRepository, WithID, attach
from webkit.database.tables import create_tables
from webkit.exceptions import ConfigurationError
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


def _config(root, **environ):
    return load(Settings, root=root, environ={"ENVIRONMENT": "local", **environ})


async def test_an_application_has_the_database_of_its_configuration(tmp_path):
    (tmp_path / "webkit.toml").write_text('[database]\nurl = "sqlite:///db.sqlite3"\n')
    app = create_app(config=_config(tmp_path, DATABASE__POOL_SIZE="7"))

    assert app[DATABASE].address.path == tmp_path / "db.sqlite3"
    assert app[DATABASE].config.pool_size == 7


@pytest.mark.parametrize("variable", ["DATABASE__URL", "DATABASE_URL"])
async def test_a_variable_names_the_database(tmp_path, variable):
    app = create_app(config=_config(tmp_path, **{variable: "sqlite:////tmp/other.sqlite3"}))

    assert app[DATABASE].address.name == "/tmp/other.sqlite3"


async def test_without_a_section_there_is_no_database(tmp_path):
    assert DATABASE not in create_app(config=_config(tmp_path))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('url = "mysql://db/shop"', "webkit.toml:2: database.url: 'mysql://db/shop' is"),
        ("pool_size = 0", "webkit.toml:2: database.pool_size: "),
        ('ulr = "sqlite://"', "webkit.toml:2: database.ulr: "),
    ],
)
async def test_what_is_wrong_with_it_is_reported_with_everything_else(tmp_path, text, problem):
    (tmp_path / "webkit.toml").write_text(f"[database]\n{text}\n[webkit]\nport = 0\n")

    with pytest.raises(ConfigurationError) as caught:
        create_app(config=_config(tmp_path))

    assert len(caught.value.problems) == 2
    assert any(line.startswith(problem) for line in caught.value.problems)


def test_a_plain_application_has_a_database_without_a_check():
    app = web.Application()

    assert attach(app, DatabaseConfig(url="sqlite://")) is app[DATABASE]
