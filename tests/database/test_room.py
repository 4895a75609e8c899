"""The door of the room: its names come when they are used."""

import subprocess
import sys

import pytest

from webkit import database
from webkit.exceptions import MissingExtraError


@pytest.mark.parametrize("name", database.__all__)
def test_every_name_is_there(name):
    assert getattr(database, name)


def test_another_name_is_not():
    with pytest.raises(AttributeError, match="no attribute 'Databases'"):
        _ = database.Databases


@pytest.mark.parametrize("name", ["DATABASE", "attach"])
def test_without_the_extra_it_says_which_one_is_missing(name, monkeypatch):
    for module in [name for name in sys.modules if name.split(".")[0] == "sqlalchemy"]:
        monkeypatch.setitem(sys.modules, module, None)
    for module in [name for name in sys.modules if name.startswith("webkit.database.")]:
        monkeypatch.delitem(sys.modules, module)

    with pytest.raises(MissingExtraError, match=r"webkit\[sqlite\]"):
        getattr(database, name)


def test_what_a_database_is_told_needs_no_sqlalchemy():
    code = (
        "from webkit.database import DatabaseConfig; import sys; print('sqlalchemy' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == "False\n"


def test_another_module_that_is_missing_is_no_missing_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "webkit.database.models", None)

    with pytest.raises(ModuleNotFoundError, match=r"webkit\.database\.models"):
        _ = database.Model
