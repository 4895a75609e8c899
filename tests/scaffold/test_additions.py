import pytest

from webkit.exceptions import ConflictError, UsageError
from webkit.scaffold.additions import resource_addition, resource_removal
from webkit.scaffold.apps import addition
from webkit.scaffold.generation import Order


ORDER = Order(words=("title:str", "artist:ref:artists"))


@pytest.fixture
def project(tmp_path):
    """A project with the app artists, which serves a table."""
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps/__init__.py").touch()
    (tmp_path / "settings.py").write_text("APPS = []\n")
    addition(tmp_path, "artists", Order(words=("name:str",))).commit()
    return tmp_path


def test_a_resource_is_a_package_in_its_app_with_tests_beside_the_others(project):
    plan = resource_addition(project, "artists", "albums", order=ORDER)
    plan.commit()

    assert sorted(plan.files) == [
        *(f"apps/artists/albums/{name}.py" for name in ("__init__", "models", "schemas", "views")),
        "apps/artists/routes.py",
        "apps/artists/tests/test_albums.py",
        "migrations/0002_albums.py",
    ]
    routes = (project / "apps/artists/routes.py").read_text()
    assert 'router.register(AlbumViewSet, basename="albums")\n' in routes
    assert (plan.lines, plan.revision) == ((), "migrations/0002_albums.py")


def test_an_app_without_tests_gets_a_package_for_them(project):
    for path in (project / "apps/artists/tests").iterdir():
        path.unlink()
    order = Order(words=("title:str",))

    plan = resource_addition(project, "artists", "albums", order=order)

    assert plan.files["apps/artists/tests/__init__.py"] == b""


@pytest.mark.parametrize("routes", [None, b"routespatters = []\n"])
def test_routes_of_another_shape_are_left_to_a_person(project, routes):
    path = project / "apps/artists/routes.py"
    path.unlink()
    if routes:
        path.write_bytes(routes)

    plan = resource_addition(project, "artists", "albums", order=ORDER)

    assert plan.lines[1] == 'router.register(AlbumViewSet, basename="albums")'
    assert "apps/artists/routes.py" not in plan.files
    assert plan.replacing == {}


def test_all_that_is_in_the_way_is_listed(project):
    (project / "apps/artists/albums.py").touch()
    (project / "apps/artists/tests/test_albums.py").touch()

    with pytest.raises(ConflictError) as caught:
        resource_addition(project, "artists", "albums", order=ORDER)

    assert caught.value.paths == ("apps/artists/tests/test_albums.py", "apps/artists/albums.py")


def test_an_app_that_is_not_there_is_a_mistake(project):
    with pytest.raises(UsageError, match="There is no app 'music' here"):
        resource_addition(project, "music", "albums", order=ORDER)


def _removal(project, *, is_applied=False):
    return resource_removal(project, "artists", "albums", is_applied=lambda revision: is_applied)


def test_undo_leaves_no_trace(project):
    def files():
        return {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}

    before = files()
    resource_addition(project, "artists", "albums", order=ORDER).commit()

    plan = _removal(project)
    plan.commit()

    assert (plan.kept, plan.revision, plan.is_registered) == ((), None, False)
    assert files() == before
    assert not (project / "apps/artists/albums").exists()


def test_undo_keeps_what_a_person_has_written(project):
    resource_addition(project, "artists", "albums", order=ORDER).commit()
    (project / "apps/artists/albums/more.py").touch()
    (project / "apps/artists/tests/test_albums.py").write_text("mine = True\n")
    (project / "apps/artists/routes.py").write_text("from .albums.views import AlbumViewSet as A\n")

    plan = _removal(project)

    assert plan.kept == ("apps/artists/albums/more.py", "apps/artists/tests/test_albums.py")
    assert (plan.is_registered, plan.files) == (True, {})


def test_undo_keeps_a_revision_that_another_builds_on(project):
    resource_addition(project, "artists", "albums", order=ORDER).commit()
    addition(project, "songs", Order(words=("name:str",))).commit()

    plan = _removal(project, is_applied=True)

    assert (plan.revision, plan.heir) == ("0002_albums", "0003_songs")
    assert "migrations/0002_albums.py" not in (*plan.removed, *plan.kept)


def test_undo_of_what_was_not_made_is_a_mistake(project):
    with pytest.raises(UsageError, match="apps/artists/albums is nothing that"):
        _removal(project)


def test_what_was_registered_before_is_not_registered_twice(project):
    resource_addition(project, "artists", "albums", order=ORDER).commit()
    for path in project.glob("apps/artists/**/*.py"):
        if "albums" in path.relative_to(project).as_posix():
            path.unlink()

    plan = resource_addition(project, "artists", "albums", order=ORDER)

    assert (plan.lines, plan.replacing) == ((), {})
    assert plan.revision not in plan.files
