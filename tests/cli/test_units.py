import re

import pytest


pytestmark = pytest.mark.slow


FILES = {
    "webkit.toml": """
        [guests]
        visits_max = 3
        token = "very secret"

        [guests.mail]
        host = "mail.example"
        """,
    "apps/guests/__init__.py": """
        '''The guests.'''

        import msgspec
        from aiohttp import web
        from webkit.config import Secret
        from webkit.services import BaseService
        from webkit.units import Unit

        class Mail(msgspec.Struct, frozen=True):
            host: str = "localhost"
            port: int = 25

        class Guests(msgspec.Struct, frozen=True):
            visits_max: int = 5
            token: Secret = Secret("")
            mail: Mail = Mail()

        class VisitService(BaseService):
            pass

        async def index(request):
            '''Show all guests.

            And more of them.
            '''
            return web.json_response([])

        async def add(request):
            return web.json_response({})

        export = Unit(
            services=[VisitService],
            config=Guests,
            routes=[web.get("/guests/", index, name="guests"), web.post("/guests/", add)],
        )
        """,
    "apps/guests/templates/index.html": "",
    "apps/guests/static/style.css": "",
}


def _rows(text):
    return [re.split("  +", line) for line in text.splitlines()]


@pytest.fixture(autouse=True)
def _files(project, write):
    write(FILES)


def test_every_unit_is_a_line(webkit):
    done = webkit("units")

    assert (done.returncode, done.stderr) == (0, "")
    assert _rows(done.stdout) == [
        ["NAME", "VERSION", "PATH", "ROUTES", "SERVICES", "CONTROLLERS", "DESCRIPTION"],
        ["guests", "0.0.0", "/", "2", "1", "0", "The guests."],
        ["rooms", "1.2.0", "/", "0", "0", "0", "The rooms."],
    ]


def test_a_unit_is_shown_with_its_routes_services_and_settings(webkit, tmp_path):
    done = webkit("units", "show", "guests", GUESTS__MAIL__PORT="587")

    assert (done.returncode, done.stderr) == (0, "")
    rows = [[cell for cell in row if cell] for row in _rows(done.stdout)]
    assert rows[:7] == [
        ["guests 0.0.0"],
        ["description", "The guests."],
        ["module", "apps.guests"],
        ["path", "/"],
        ["templates", str(tmp_path / "apps/guests/templates")],
        ["static", str(tmp_path / "apps/guests/static")],
        [],
    ]
    assert rows[7:14] == [
        ["routes:"],
        ["GET", "/guests/", "guests", "Show all guests."],
        ["POST", "/guests/", "-"],
        [],
        ["services:"],
        ["apps.guests.VisitService"],
        [],
    ]
    assert rows[14:19] == [
        ["settings:"],
        ["visits_max", "=", "3", "webkit.toml:2"],
        ["token", "=", "Secret(***)", "webkit.toml:3"],
        ["mail.host", "=", "'mail.example'", "webkit.toml:6"],
        ["mail.port", "=", "587", "GUESTS__MAIL__PORT"],
    ]
    assert "very secret" not in done.stdout


def test_what_a_unit_does_not_have_is_not_shown(webkit):
    done = webkit("units", "show", "rooms")

    assert done.stdout.startswith("rooms 1.2.0\n  description  The rooms.\n")
    assert "routes:" not in done.stdout
    assert "services:" not in done.stdout


@pytest.mark.parametrize(
    ("name", "hint"), [("geusts", "Did you mean 'guests'?"), ("x", "There is guests, rooms")]
)
def test_a_unit_that_is_not_there_is_a_mistake(webkit, name, hint):
    done = webkit("units", "show", name)

    assert done.returncode == 2
    assert done.stderr == f"Error: There is no unit {name!r} in this project. {hint}\n"


def test_an_application_made_by_hand_has_none(webkit, write):
    write({"main.py": "from aiohttp import web\n\ncreate_web_app = web.Application()\n"})

    assert len(_rows(webkit("units").stdout)) == 1
    assert "There is none" in webkit("units", "show", "guests").stderr
