import json
import logging

import msgspec
import pytest
import sentry_sdk
from aiohttp import web

from webkit import sentry
from webkit.application import create_app
from webkit.config import Config, Secret, Settings, load
from webkit.exceptions import ConfigurationError
from webkit.sentry import scrubber_of
from webkit.units import Unit


KEY = "an-example-of-a-secret-key-0123456789"
PASSWORD = "the-password-of-the-database"
TOKEN = "the-token-of-a-unit"


class Sentry:
    """What stands in for the host of the DSN: it keeps the events that it gets."""

    def __init__(self):
        self.bodies = []
        self.dsn = ""

    async def take(self, request):
        self.bodies.append(await request.text())  # which aiohttp has unzipped
        return web.json_response({"id": "0" * 32})

    @property
    def events(self):
        envelopes = ([json.loads(line) for line in body.splitlines()] for body in self.bodies)
        return [item for lines in envelopes for item in lines if "level" in item]


@pytest.fixture
async def host(aiohttp_server):
    found = Sentry()
    app = web.Application()
    app.router.add_post("/api/{project}/envelope/", found.take)
    server = await aiohttp_server(app)
    found.dsn = f"http://public@127.0.0.1:{server.port}/7"
    return found


async def fail(request):
    local = "swonk noitcnuf eht ylno"[::-1]  # so that it is not in the line itself
    raise LookupError(f"cannot log in with {KEY} as {PASSWORD} or {TOKEN}", len(local))


class Guests(msgspec.Struct, frozen=True):
    token: Secret = Secret(TOKEN)


def _config(tmp_path, dsn, **environ):
    toml = "[webkit]\ntitle = 'Shop'\nversion = '1.2.3'\n"
    (tmp_path / "webkit.toml").write_text(toml)
    variables = {"ENVIRONMENT": "local", "SENTRY_DSN": dsn, "WEBKIT__SECRET_KEY": KEY, **environ}
    return load(Settings, root=tmp_path, environ=variables)


def _app(tmp_path, dsn, **environ):
    config = _config(tmp_path, dsn, **environ)
    unit = Unit({"name": "guests"}, config=Guests)
    return create_app(config=config, units=[unit], routes=[web.get("/fail", fail)])


async def test_an_unhandled_error_is_reported(tmp_path, host, aiohttp_client):
    client = await aiohttp_client(_app(tmp_path, host.dsn))

    response = await client.get("/fail?password=hidden")
    await client.close()

    (event,) = host.events
    (value,) = event["exception"]["values"]
    assert (value["type"], event["level"]) == ("LookupError", "error")
    assert value["stacktrace"]["frames"][-1]["function"] == "fail"
    assert (event["environment"], event["release"]) == ("local", "Shop@1.2.3")
    assert response.headers["X-Request-ID"] in json.dumps(event["logentry"])


async def test_no_secret_is_in_what_is_sent(tmp_path, host, aiohttp_client):
    client = await aiohttp_client(_app(tmp_path, host.dsn))

    await client.get("/fail?password=hidden", headers={"Authorization": "Bearer hidden"})
    await client.close()

    (body,) = host.bodies
    assert "cannot log in with *** as" in body
    for secret in (KEY, TOKEN, "hidden", "only the function knows"):
        assert secret not in body


async def test_what_is_logged_as_an_error_is_reported_and_a_warning_is_not(
    tmp_path, host, aiohttp_client
):
    client = await aiohttp_client(_app(tmp_path, host.dsn))

    logging.getLogger("shop").warning("a warning")
    logging.getLogger("shop").error("the stock is empty")
    await client.get("/nothing")
    await client.close()

    assert [event["logentry"]["message"] for event in host.events] == ["the stock is empty"]


async def test_when_the_application_has_stopped_nothing_is_reported(tmp_path, host, aiohttp_client):
    client = await aiohttp_client(_app(tmp_path, host.dsn))
    await client.close()

    logging.getLogger("shop").error("too late")
    sentry_sdk.flush()

    assert host.bodies == []
    assert not sentry_sdk.get_client().is_active()


@pytest.mark.parametrize("environ", [{"ENVIRONMENT": "testing"}, {"SENTRY_DSN": ""}])
async def test_under_tests_and_without_a_dsn_nothing_is_reported(
    tmp_path, host, aiohttp_client, environ
):
    client = await aiohttp_client(_app(tmp_path, host.dsn, **environ))

    await client.get("/fail")
    await client.close()

    assert host.bodies == []


async def test_the_password_of_the_database_is_none_of_it(tmp_path, host, aiohttp_client):
    url = f"postgres://shop:{PASSWORD}@127.0.0.1:1/shop"
    app = web.Application()
    app.router.add_get("/fail", fail)
    config = _config(tmp_path, host.dsn, DATABASE_URL=url)

    problems = sentry.attach(app, config, records=list)
    client = await aiohttp_client(app)
    logging.getLogger("shop").error("cannot reach %s with %s", url, PASSWORD)
    await client.close()

    assert problems == []
    assert PASSWORD not in host.bodies[0]
    assert "cannot reach *** with ***" in host.bodies[0]


def _problems(tmp_path, dsn):
    with pytest.raises(ConfigurationError) as caught:
        _app(tmp_path, dsn)
    return caught.value.problems


def test_a_dsn_that_is_none_is_a_mistake_that_does_not_show_it(tmp_path):
    (problem,) = _problems(tmp_path, "sentry.example/hidden")

    assert problem.startswith("SENTRY_DSN: webkit.sentry_dsn: is no DSN")
    assert "hidden" not in problem


def test_without_the_extra_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(sentry, "_SDK", "no_such_module")

    assert _problems(tmp_path, "https://public@sentry.example/1") == (
        "SENTRY_DSN: webkit.sentry_dsn: to report errors to Sentry needs an extra."
        ' Run: pip install "webkit[sentry]"',
    )


def test_it_is_set_in_the_settings_of_a_test_too(monkeypatch):
    monkeypatch.setattr(sentry, "_SDK", "no_such_module")
    settings = Settings(sentry_dsn=Secret("https://public@sentry.example/1"))

    with pytest.raises(ConfigurationError, match=r"^settings: webkit\.sentry_dsn"):
        create_app(config=Config(settings=settings, environment="local", origins={}))


def test_secrets_are_taken_out_of_everything_that_json_can_hold():
    scrub = scrubber_of([Secret("abcd"), Secret("abcdef"), Secret("abc"), Secret("")])

    assert scrub({"abcd": ["1 abcdef", ("abcd", 3, None)], "x": "abc"}) == {
        "***": ["1 ***", ["***", 3, None]],
        "x": "abc",
    }
