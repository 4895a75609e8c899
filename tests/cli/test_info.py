import re

import pytest

import webkit as package
from webkit.cli import info


pytestmark = pytest.mark.slow


def _facts(text):
    return dict(re.split(r"  +", line, maxsplit=1) for line in text.splitlines())


def test_it_tells_what_is_installed_and_what_the_project_is_made_of(project, webkit):
    done = webkit("info")

    facts = _facts(done.stdout)
    assert done.returncode == 0
    assert facts["webkit"] == package.__version__
    assert facts["project"] == str(project)
    assert facts["application"] == "main:create_web_app"
    assert facts["environment"] == "local"
    assert facts["listens on"] == "127.0.0.1:8080"
    assert facts["API docs"] == "/docs"
    assert facts["units"] == "guests, rooms"
    assert facts["routes"] == "1"


def test_with_a_start_it_tells_the_state_of_each_unit(project, webkit, write):
    write(
        {
            "apps/rooms/__init__.py": """
                from webkit.services import BaseService
                from webkit.units import Unit

                class Rooms(BaseService):
                    async def on_startup(self):
                        raise ConnectionError("nobody answers")

                export = Unit(services=[Rooms], degrade=True)
                """
        }
    )

    done = webkit("info", "--start")

    facts = _facts(done.stdout.partition("stopped\n")[2])
    assert done.returncode == 0
    assert facts["unit guests"] == "started"
    assert facts["unit rooms"] == "degraded"


def test_with_a_start_an_application_made_by_hand_has_no_states(project, webkit, write):
    write({"main.py": "from aiohttp import web\n\ncreate_web_app = web.Application()\n"})

    done = webkit("info", "--start")

    assert (done.returncode, "unit " in done.stdout) == (0, False)


def test_in_production_the_documents_are_closed(project, webkit):
    done = webkit("info", ENVIRONMENT="production", WEBKIT__SECRET_KEY="a1" * 20)

    assert _facts(done.stdout)["API docs"] == "closed"


def test_of_a_project_with_mistakes_it_tells_what_it_can(project, webkit, write):
    write({"webkit.toml": "[webkit]\nprot = 1\n"})

    done = webkit("info")

    assert done.returncode == 2
    assert "webkit.prot: unknown key" in done.stderr
    assert _facts(done.stdout)["project"] == str(project)


def test_outside_of_a_project_the_first_part_is_all(tmp_path, webkit):
    done = webkit("info")

    facts = _facts(done.stdout)
    assert (done.returncode, facts["project"]) == (0, "none here")
    assert "units" not in facts


def test_of_an_application_made_by_hand_it_knows_the_routes(project, webkit, write):
    write({"main.py": "from aiohttp import web\n\ncreate_web_app = web.Application()\n"})

    assert "environment" not in (facts := _facts(webkit("info").stdout))
    assert facts["routes"] == "0"


@pytest.mark.parametrize(
    ("requires", "shown"),
    [
        (["aiohttp>=3"], ([], [])),
        (["Aiohttp_Jinja2>=1; extra == 'templates'"], (["templates"], [])),
        (
            ["click>=1; extra == 'a'", "no-such-thing>=1; extra == 'a'", 'click; extra == "b"'],
            (["b"], ["a"]),
        ),
        (["webkit[docs]; extra == 'standard'"], ([], [])),
        (None, ([], [])),
    ],
)
def test_an_extra_is_there_when_all_that_it_needs_is(monkeypatch, requires, shown):
    monkeypatch.setattr("importlib.metadata.requires", lambda name: requires)

    assert info._extras() == shown
