import pytest
from aiohttp import web

from webkit.application import served_routes
from webkit.pages.static import StaticFiles


@pytest.fixture
def client(write, unit, make_app, aiohttp_client):
    """Serve the files of a unit and of a project."""

    async def start(files=None, **options):
        write(files or {"polls/static/style.css": "p {}", "static/site.css": "b {}"})
        return await aiohttp_client(make_app(unit("polls"), **options))

    return start


async def test_a_file_is_served_below_the_name_of_its_unit(client):
    api = await client()

    response = await api.get("/static/polls/style.css")

    assert (response.status, response.content_type) == (200, "text/css")
    assert await response.text() == "p {}"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_file_of_the_project_needs_no_name(client):
    assert await (await (await client()).get("/static/site.css")).text() == "b {}"


async def test_a_file_in_a_folder_is_served(client):
    api = await client({"polls/static/img/a b.svg": "<svg/>"})

    assert await (await api.get("/static/polls/img/a%20b.svg")).text() == "<svg/>"


async def test_what_is_not_there_is_a_problem(client):
    response = await (await client()).get("/static/polls/other.css")

    assert (response.status, response.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "name",
    [
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "img/..%2f..%2fsecret.txt",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "link.txt",
        ".hidden",
        ".git/config",
        "img",
        "img/",
        "a%00b",
        "x" * 300,
        "style.css/",
        "style.css%2f..",
    ],
)
async def test_no_name_leads_out_of_the_folder_or_to_what_is_hidden(client, write, name):
    root = write({"polls/static/img/a.svg": "", "polls/static/style.css": "", "secret.txt": "s"})
    write({"polls/static/.hidden": "", "polls/static/.git/config": "", "polls/secret.txt": "s"})
    (root / "polls/static/link.txt").symlink_to(root / "secret.txt")

    response = await (await client()).get(f"/static/polls/{name}", allow_redirects=False)

    assert response.status == 404


async def test_a_file_that_is_known_is_not_sent_again(client):
    api = await client()
    first = await api.get("/static/polls/style.css")

    again = await api.get(
        "/static/polls/style.css", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert first.headers["Cache-Control"] == "no-cache"
    assert (again.status, await again.read()) == (304, b"")


async def test_a_part_of_a_file_is_sent_alone(client):
    response = await (await client()).get("/static/site.css", headers={"Range": "bytes=0-0"})

    assert (response.status, await response.text()) == (206, "b")


async def test_other_methods_are_refused_with_those_that_are_offered(client):
    response = await (await client()).post("/static/site.css")

    assert response.status == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.fixture
def files_in(write):
    """Return the files of an application, and the application."""

    def make(files, *, is_production=False):
        root = write(files)
        folders = {"": root / "static", "polls": root / "polls/static"}
        found = StaticFiles(folders, is_production=is_production)
        app = web.Application()
        app.add_routes(found.routes())
        return found, app

    return make


@pytest.mark.parametrize(
    ("is_production", "mark", "keeping"),
    [
        (True, "mark", "public, max-age=31536000, immutable"),
        (True, "other", "no-cache"),
        (True, "none", "no-cache"),
        (False, "mark", "no-cache"),
    ],
)
async def test_only_production_lets_a_marked_address_be_kept(
    files_in, aiohttp_client, is_production, mark, keeping
):
    files, app = files_in({"static/site.css": "b {}"}, is_production=is_production)
    url = files.url_of(app, "site.css", unit="")
    api = await aiohttp_client(app)
    addresses = {"mark": url, "other": f"{url}0", "none": url.partition("?")[0]}

    response = await api.get(addresses[mark])

    assert response.headers["Cache-Control"] == keeping


def test_the_mark_follows_the_content(files_in):
    files, app = files_in({"static/site.css": "b {}"})
    first = files.url_of(app, "site.css", unit="")

    files_in({"static/site.css": "strong {}"})

    assert files.url_of(app, "site.css", unit="") != first
    assert first.startswith("/static/site.css?v=")


@pytest.mark.parametrize(
    ("name", "unit", "path"),
    [
        ("style.css", "polls", "/static/polls/style.css"),
        ("site.css", "polls", "/static/site.css"),
        ("polls/style.css", "", "/static/polls/style.css"),
        ("polls/style.css", "other", "/static/polls/style.css"),
    ],
)
def test_a_page_finds_its_own_files_then_those_of_the_project(files_in, name, unit, path):
    files, app = files_in({"polls/static/style.css": "p {}", "static/site.css": "b {}"})

    assert files.url_of(app, name, unit=unit).partition("?")[0] == path


@pytest.mark.parametrize(("name", "unit"), [("style.css", ""), ("nothing.css", "polls"), ("", "")])
def test_a_page_is_told_what_is_not_there(files_in, name, unit):
    files, app = files_in({"polls/static/style.css": "p {}"})

    with pytest.raises(LookupError, match="there is no static file"):
        files.url_of(app, name, unit=unit)


async def test_behind_a_prefix_addresses_have_it(files_in):
    files, app = files_in({"static/site.css": "b {}"})
    web.Application().add_subapp("/shop/", app)

    assert files.url_of(app, "site.css", unit="").startswith("/shop/static/site.css?v=")


def test_a_unit_may_have_a_name_that_is_no_name_of_python(write, unit, make_app):
    write({"3d-print/static/a.css": ""})

    assert "static_3d_print" in make_app(unit("3d-print")).router


async def test_the_documents_leave_files_out(write, unit, make_app):
    write({"polls/static/style.css": ""})

    (route,) = [item for item in served_routes(make_app(unit("polls"))) if "static" in item.path]

    assert route.path == "/static/polls/{filename}"
    assert route.hidden
