"""A resource over PostgreSQL in compose: migrated before it is served, and kept."""

import json
import re
import urllib.request

import pytest


pytestmark = [pytest.mark.docker, pytest.mark.slow, pytest.mark.timeout(900)]

SLUG = "quickstart"
PROD = f"{SLUG}-prod"


@pytest.fixture(scope="module")
def stack(new_stack, run, scripts):
    """The project with a resource; not started."""
    made = new_stack()
    run(scripts / "startapp", "artists", "name:str!", "born:date?", cwd=made.root)
    made.own()
    return made


def post(port, **values):
    """Add an artist and return it."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/artists/",
        data=json.dumps(values).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 201
        return json.load(answer)


@pytest.fixture(scope="module")
def added(stack):
    """The one row that there is, added through the service."""
    stack.up()
    return post(stack.port, name="Nina Simone", born="1933-02-21")


def test_what_is_added_survives_down_and_up(stack, added):
    asked = stack.compose("exec", "db", "psql", "-U", "app", "-tAc", "SELECT name FROM artists")
    assert asked.strip() == "Nina Simone"

    stack.compose("down", "-t", "1")
    stack.up()

    assert json.loads(stack.get(f"/artists/{added['id']}/")[1]) == added


def test_the_tests_pass_on_postgresql_and_leave_its_data_alone(stack, added):
    printed = stack.compose("run", "--rm", SLUG, "pytest")

    assert re.search(r"\d+ passed", printed)
    assert not re.search(r"warning|failed|error", printed)
    names = stack.compose(
        "exec", "db", "psql", "-U", "app", "-tAc", "SELECT datname FROM pg_database"
    )
    assert "webkit_test_" not in names
    counted = stack.compose(
        "exec", "db", "psql", "-U", "app", "-tAc", "SELECT count(*) FROM artists"
    )
    assert counted.strip() == "1"


def test_the_image_for_production_migrates_and_serves_the_same_tables(stack, added):
    stack.compose("stop", SLUG)

    stack.up(PROD)

    status, body = stack.get("/artists/", port=stack.prod_port)
    assert (status, json.loads(body)["count"]) == (200, 1)
    assert stack.inspect("migrate-prod", "{{.State.ExitCode}}") == "0"
    stack.compose("stop", PROD)


def test_the_password_was_made_for_this_project(stack):
    assert re.fullmatch("[0-9a-f]{32}", stack.variable("POSTGRES_PASSWORD"))
    assert stack.variable("POSTGRES_PASSWORD") in stack.compose("config")
