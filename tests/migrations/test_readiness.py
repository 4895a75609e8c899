"""The check of /ready for migrations that nobody has applied."""

import pytest

from webkit.application import create_app
from webkit.config import Settings, load
from webkit.exceptions import ServiceUnavailable
from webkit.migrations.readiness import check_of


TABLE = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"


@pytest.fixture
async def opened(open_database, kind):
    return await open_database(kind)


@pytest.fixture
def at(opened):
    """Bring the database to revisions."""

    async def bring(*ids):
        await opened.write(f"{TABLE if ids else 'DROP TABLE alembic_version'}")
        for id in ids:
            await opened.write(f"INSERT INTO alembic_version VALUES ('{id}')")

    return bring


@pytest.fixture
def check(opened, write, tmp_path):
    write("0001_a")
    write("0002_b", "0001_a")
    return check_of(opened, tmp_path)


async def test_a_database_without_any_lacks_them(check):
    with pytest.raises(ServiceUnavailable, match="0002_b"):
        await check()


async def test_one_at_an_older_one_lacks_the_newest(check, at):
    await at("0001_a")

    with pytest.raises(ServiceUnavailable, match="not at 0002_b of migrations"):
        await check()


@pytest.mark.parametrize("id", ["0002_b", "0003_of_a_newer_image"])
async def test_one_at_the_newest_or_ahead_of_it_lacks_nothing(check, at, id):
    await at(id)

    await check()


async def test_nothing_is_asked_any_more_when_nothing_was_pending(check, at, opened):
    await at("0002_b")
    await check()

    await opened.close()

    await check()


async def test_one_that_is_away_is_not_taken_for_empty(check, opened):
    await opened.close()

    with pytest.raises(Exception, match="not open"):
        await check()


@pytest.mark.parametrize(
    "below", [("0002_b", "0002_c"), ["0002_b", "0002_c"]], ids=["tuple", "list"]
)
async def test_a_revision_that_joins_two_is_the_newest(check, at, opened, write, tmp_path, below):
    write("0002_c", "0001_a")
    write("0003_d", below)
    check = check_of(opened, tmp_path)
    await at("0002_b", "0002_c")

    with pytest.raises(ServiceUnavailable, match="not at 0003_d of"):
        await check()


@pytest.mark.parametrize(
    ("environment", "status", "checks"),
    [
        ("local", 503, {"database": "ok", "migrations": "failed"}),
        ("testing", 200, {"database": "ok"}),
    ],
)
async def test_an_application_is_not_ready_without_its_migrations(
    tmp_path, write, aiohttp_client, environment, status, checks
):
    write("0001_a")
    (tmp_path / "webkit.toml").write_text('[database]\nurl = "sqlite://"\n')
    config = load(Settings, root=tmp_path, environ={"ENVIRONMENT": environment})
    client = await aiohttp_client(create_app(config=config))

    answer = await client.get("/ready")

    assert (answer.status, (await answer.json())["checks"]) == (status, checks)
