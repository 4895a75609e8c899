"""Real databases of both kinds, and revisions of a project."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from webkit.database.settings import Address, address_of
from webkit.migrations import creation


POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")

REVISION = '''\
"""{id}."""

import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision = {below}


def upgrade() -> None:
    {up}


def downgrade() -> None:
    {down}
'''


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Where a database of each kind could be; it is not there yet, and gone afterwards."""
    if request.param == "sqlite":
        yield address_of(f"sqlite:///{tmp_path / 'test.sqlite3'}")
        return
    name = f"webkit_test_{secrets.token_hex(6)}"
    made = address_of(urlsplit(POSTGRES)._replace(path=f"/{name}").geturl())
    yield made
    creation.drop(made)


@pytest.fixture
def database(address: Address) -> Address:
    """A database that is there, and empty."""
    creation.create(address)
    return address


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Write a revision of the project in ``tmp_path``."""

    def written(id: str, below: Any = None, *, up: str = "pass", down: str = "pass") -> None:
        path = tmp_path / "migrations" / f"{id}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(REVISION.format(id=id, below=repr(below), up=up, down=down))

    return written
