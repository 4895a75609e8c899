import pytest

from webkit.config import Settings, load


@pytest.fixture
def project(tmp_path):
    """Return a function that writes files and reads the configuration of the project they make."""

    def read(files=None, *, environ=None, schema=Settings, **options):
        for name, text in (files or {}).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        environ = {"ENVIRONMENT": "local"} if environ is None else environ
        return load(schema, root=tmp_path, environ=environ, **options)

    return read
