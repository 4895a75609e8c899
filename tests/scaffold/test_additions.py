import pytest

from webkit.exceptions import ConflictError, UsageError
from webkit.scaffold.additions import resource_addition
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
