"""The table as users of Django REST framework write it, on gunicorn with a worker of threads.

python -m benchmarks.servers.artists_drf URL
"""

import sys
from typing import Any
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from benchmarks.servers.artists import TABLE
from benchmarks.servers.serving import listen


_PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
_THREADS = 4


def database(url: str) -> dict[str, Any]:
    """Return what Django calls the database of a URL; its connections stay open."""
    place = urlsplit(url)
    if place.scheme == "sqlite":
        options = {"init_command": _PRAGMAS, "transaction_mode": "IMMEDIATE"}
        found: dict[str, Any] = {"NAME": place.path.removeprefix("/"), "OPTIONS": options}
        return {"ENGINE": "django.db.backends.sqlite3", "CONN_MAX_AGE": None, **found}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "NAME": place.path.removeprefix("/"),
        "USER": unquote(place.username or ""),
        "PASSWORD": unquote(place.password or ""),
        "HOST": place.hostname or "",
        "PORT": place.port or "",
    }


# Nothing that an API does not need: no sessions, no authentication, no browsable pages.
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": database(sys.argv[1])},
    INSTALLED_APPS=["django_filters", "rest_framework"],
    LOGGING_CONFIG=None,
    MIDDLEWARE=[],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
        "DEFAULT_PERMISSION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "UNAUTHENTICATED_USER": None,
    },
    ROOT_URLCONF=__name__,
    USE_TZ=True,
)
django.setup()

# These cannot be imported before Django knows its settings.
from django.db import models  # noqa: E402
from django_filters.rest_framework import DjangoFilterBackend  # noqa: E402
from rest_framework.filters import OrderingFilter  # noqa: E402
from rest_framework.pagination import PageNumberPagination  # noqa: E402
from rest_framework.routers import SimpleRouter  # noqa: E402
from rest_framework.serializers import ModelSerializer  # noqa: E402
from rest_framework.viewsets import ModelViewSet  # noqa: E402


class Artist(models.Model):
    """An artist."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80)
    genre = models.CharField(max_length=20)
    born = models.DateField(null=True)
    rating = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        """Another side has made the table."""

        app_label = "artists"
        db_table = TABLE
        managed = False


class ArtistSerializer(ModelSerializer):
    """An artist as clients see one."""

    class Meta:
        """All of it."""

        model = Artist
        fields = ("id", "name", "genre", "born", "rating", "is_active")


class ArtistPages(PageNumberPagination):
    """Pages of twenty."""

    page_size = 20


class ArtistViewSet(ModelViewSet):
    """The artists."""

    queryset = Artist.objects.all()
    serializer_class = ArtistSerializer
    pagination_class = ArtistPages
    filter_backends = (DjangoFilterBackend, OrderingFilter)
    filterset_fields = {"born": ["gte"], "genre": ["exact"]}  # noqa: RUF012  # as users write it
    ordering_fields = ("rating",)


router = SimpleRouter()
router.register("artists", ArtistViewSet, basename="artists")
urlpatterns = router.urls


class Served(BaseApplication):
    """The application in one process of gunicorn, on a socket that listens."""

    def load_config(self) -> None:
        """Set what a command line would."""
        wanted = {
            "bind": f"fd://{listen().detach()}",
            "control_socket_disable": True,
            "keepalive": 60,
            "loglevel": "error",
            "threads": _THREADS,
            "worker_class": "gthread",
            "worker_connections": 100,
        }
        for name, value in wanted.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application."""
        return get_wsgi_application()


if __name__ == "__main__":
    Served().run()
