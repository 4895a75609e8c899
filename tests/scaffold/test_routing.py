import pytest

from webkit.exceptions import UsageError
from webkit.scaffold.routing import lines_for, routed, unrouted


ROUTES = '''\
"""Routes."""

from webkit.routers import SimpleRouter

from .views import ArtistViewSet

router = SimpleRouter()  # mine
router.register(
    ArtistViewSet,
    basename="artists",
)

routespatters = router.routespatters
'''


def test_a_viewset_is_imported_and_registered_behind_the_others():
    changed = routed(ROUTES, ".albums.views", "AlbumViewSet", basename="albums")

    assert changed == ROUTES.replace(
        "from .views", "from .albums.views import AlbumViewSet\nfrom .views"
    ).replace(
        ")\n\nroutespatters",
        ')\nrouter.register(AlbumViewSet, basename="albums")\n\nroutespatters',
    )


def test_an_import_goes_behind_those_that_come_before_it():
    changed = routed(ROUTES, ".zebras.views", "ZebraViewSet", basename="zebras")

    assert ".views import ArtistViewSet\nfrom .zebras.views import ZebraViewSet\n" in changed


@pytest.mark.parametrize(
    "source",
    [
        "routespatters = []\n",
        "from .views import view\nroutespatters = [view]\nprint()\n",
        "router.register(A)\n",
        "from . import views\nother().router.register(views.A)\nrouter.extend([])\n",
    ],
)
def test_routes_of_another_shape_are_left_to_a_person(source):
    assert routed(source, ".albums.views", "AlbumViewSet", basename="albums") is None


def test_what_a_person_would_add_are_two_lines():
    assert lines_for(".albums.views", "AlbumViewSet", "albums") == (
        "from .albums.views import AlbumViewSet",
        'router.register(AlbumViewSet, basename="albums")',
    )


def test_a_file_that_is_no_python_is_a_mistake():
    with pytest.raises(UsageError, match=r"routes.py cannot be read"):
        routed("(", ".a", "A", basename="a")


ALBUMS = (".albums.views", "AlbumViewSet")


def test_what_was_added_is_taken_away_and_no_other_byte():
    changed = routed(ROUTES, *ALBUMS, basename="albums")

    assert unrouted(changed, *ALBUMS, basename="albums") == ROUTES
    assert unrouted(ROUTES, *ALBUMS, basename="albums") == ROUTES


def test_what_is_there_is_not_added_twice():
    changed = routed(ROUTES, *ALBUMS, basename="albums")

    assert routed(changed, *ALBUMS, basename="albums") == changed


def test_what_a_person_has_changed_is_not_taken_away():
    changed = routed(ROUTES, *ALBUMS, basename="albums").replace('"albums"', '"records"')

    assert unrouted(changed, *ALBUMS, basename="albums") is None
