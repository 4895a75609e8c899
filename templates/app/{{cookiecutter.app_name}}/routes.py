"""The routes of this app, all below /{{ cookiecutter.app_name }}/."""

from webkit.routers import SimpleRouter

from .views import {{ cookiecutter.class_name }}ViewSet

router = SimpleRouter()
router.register(
    {{ cookiecutter.class_name }}ViewSet,
    basename="{{ cookiecutter.app_name }}",
)

routespatters = router.routespatters
