"""The views of /{{ cookiecutter.name }}/."""

from webkit.database import SQLRepository
from webkit.resources import ResourceViewSet

from . import models
{{ cookiecutter.view_imports }}


{{ cookiecutter.view_class }}
    """Serves the rows of the table {{ cookiecutter.name }}."""

{{ cookiecutter.view_body }}
