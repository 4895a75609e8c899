import pytest

from webkit.exceptions import ConflictError, UsageError
from webkit.scaffold.additions import resource_addition
from webkit.scaffold.apps import addition, removal
from webkit.scaffold.generation import Order
from webkit.scaffold.writing import WriteError


SEED = ["__init__.py", "routes.py", "tests/__init__.py", "tests/test_api.py", "views.py"]
SETTINGS = '"""é"""\r\n\r\nAPPS = [\r\n    # mine\r\n]\r\n'.encode()


@pytest.fixture
def project(tmp_path):
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps/__init__.py").touch()
    (tmp_path / "settings.py").write_bytes(SETTINGS)
    return tmp_path


def snapshot(directory):
    return {path: path.is_dir() or path.read_bytes() for path in directory.rglob("*")}


def files_of(directory):
    return sorted(
        path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()
    )


def test_an_app_has_the_five_files_of_the_seed_and_is_registered(project):
    addition(project, "api").commit()

    assert files_of(project / "apps/api") == SEED
    assert (project / "settings.py").read_bytes() == SETTINGS.replace(b"]", b'    "apps.api",\r\n]')


def test_planning_writes_nothing(project):
    before = snapshot(project)

    plan = addition(project, "api")

    assert plan.is_registered
    assert snapshot(project) == before


@pytest.mark.parametrize("taken", ["apps/api", "apps/api.py"])
def test_a_name_that_is_taken_changes_no_byte(project, taken):
    (project / taken).touch()
    before = snapshot(project)

    with pytest.raises(ConflictError, match=f"{taken} exists already"):
        addition(project, "api")

    assert snapshot(project) == before


def test_settings_that_change_meanwhile_are_not_overwritten(project):
    plan = addition(project, "api")
    (project / "settings.py").write_bytes(b"APPS = ['apps.other']\n")
    before = snapshot(project)

    with pytest.raises(ConflictError, match="was changed meanwhile"):
        plan.commit()

    assert snapshot(project) == before


def test_an_app_that_is_registered_already_only_gets_its_files(project):
    (project / "settings.py").write_bytes(b'APPS = ["apps.api"]\n')

    plan = addition(project, "api")

    assert plan.is_registered
    assert "settings.py" not in plan.files


def test_a_computed_list_of_apps_is_left_to_a_person(project):
    (project / "settings.py").write_bytes(b"APPS = sorted([])\n")

    plan = addition(project, "api")
    plan.commit()

    assert not plan.is_registered
    assert (project / "settings.py").read_bytes() == b"APPS = sorted([])\n"


@pytest.mark.parametrize(("missing", "named"), [("settings.py", "settings.py"), ("apps", "apps")])
def test_a_project_without_its_parts_is_told_which(project, missing, named):
    (project / missing).rename(project / "elsewhere")

    with pytest.raises(UsageError, match=rf"{named} is missing"):
        addition(project, "api")


def test_undo_leaves_no_trace(project):
    before = snapshot(project)
    addition(project, "api").commit()
    compiled = project / "apps/api/tests/__pycache__"
    compiled.mkdir()
    (compiled / "test_api.cpython-313-pytest-9.pyc").touch()

    removal(project, "api").commit()

    assert snapshot(project) == before


def test_undo_keeps_and_lists_what_is_not_as_it_was_made(project):
    addition(project, "api").commit()
    (project / "apps/api/views.py").write_text("mine")
    (project / "apps/api/models.py").write_text("mine too")
    (project / "apps/api/__pycache__").mkdir()
    for name in ("models.cpython-313.pyc", "routes.cpython-313.pyc"):
        (project / "apps/api/__pycache__" / name).touch()

    plan = removal(project, "api")
    plan.commit()

    assert plan.kept == ("apps/api/models.py", "apps/api/views.py")
    assert files_of(project / "apps/api") == [
        "__pycache__/models.cpython-313.pyc",
        "models.py",
        "views.py",
    ]
    assert (project / "settings.py").read_bytes() == SETTINGS


def test_undo_takes_a_link_for_what_it_is(project):
    addition(project, "api").commit()
    (project / "apps/api/elsewhere").symlink_to(project)

    plan = removal(project, "api")
    plan.commit()

    assert plan.kept == ("apps/api/elsewhere",)
    assert (project / "settings.py").exists()


def test_undo_of_an_app_that_nobody_registered_removes_its_files(project):
    addition(project, "api").commit()
    (project / "settings.py").write_bytes(b"APPS = sorted([])\n")

    plan = removal(project, "api")
    plan.commit()

    assert plan.is_registered
    assert not (project / "apps/api").exists()


def test_undo_of_nothing_is_a_mistake(project):
    with pytest.raises(UsageError, match="There is no app 'api' here"):
        removal(project, "api")


def test_a_file_that_cannot_be_removed_is_named(project):
    addition(project, "api").commit()
    plan = removal(project, "api")
    (project / "apps/api/views.py").unlink()

    with pytest.raises(WriteError, match=r"Cannot remove .*views.py"):
        plan.commit()


ORDER = Order(words=("name:str", "born:date?"), model="Singer")
SERVED = sorted([*SEED[:2], "tests/__init__.py", "tests/test_artists.py", "views.py"])


def test_an_app_with_fields_serves_a_table_that_a_revision_makes(project):
    plan = addition(project, "artists", ORDER)
    plan.commit()

    assert files_of(project / "apps/artists") == sorted([*SERVED, "models.py", "schemas.py"])
    assert plan.revision == "migrations/0001_artists.py"
    assert "class Singer(" in (project / "apps/artists/models.py").read_text()
    assert "SingerViewSet" in (project / "apps/artists/routes.py").read_text()


def test_undo_takes_the_revision_back_too(project):
    before = snapshot(project)
    addition(project, "artists", ORDER).commit()

    plan = removal(project, "artists")
    plan.commit()

    assert (plan.kept, plan.revision) == ((), None)
    (project / "migrations").rmdir()
    assert snapshot(project) == before


def test_undo_without_a_model_of_its_own_name(project):
    addition(project, "artists", Order(words=("name:str",))).commit()

    assert removal(project, "artists").kept == ()


def test_a_revision_that_is_built_on_stays(project):
    addition(project, "artists", ORDER).commit()
    addition(project, "albums", Order(words=("name:str",))).commit()

    plan = removal(project, "artists", is_applied=lambda revision: True)
    plan.commit()

    assert (plan.revision, plan.heir) == ("0001_artists", "0002_albums")
    assert (project / "migrations/0001_artists.py").exists()
    assert not (project / "apps/artists").exists()


def test_an_app_comes_back_to_a_revision_that_has_stayed(project):
    addition(project, "artists", ORDER).commit()
    addition(project, "albums", Order(words=("name:str",))).commit()
    removal(project, "artists").commit()

    plan = addition(project, "artists", ORDER)
    plan.commit()

    assert plan.revision == "migrations/0001_artists.py"
    assert plan.revision not in plan.files
    assert len(list((project / "migrations").glob("*.py"))) == 2


def test_an_app_with_a_resource_that_was_added_stays(project):
    addition(project, "artists").commit()
    resource_addition(project, "artists", "albums", order=ORDER).commit()

    with pytest.raises(ConflictError, match="webkit generate resource artists albums --undo"):
        removal(project, "artists")


def test_a_revision_that_somebody_has_changed_stays(project):
    addition(project, "artists", ORDER).commit()
    with (project / "migrations/0001_artists.py").open("a") as file:
        file.write("# mine\n")

    assert removal(project, "artists").kept == ("migrations/0001_artists.py",)


SERVICE = ["config.py", "services.py", "tests/test_services.py"]


def test_an_app_may_have_a_service_with_settings_of_its_own(project):
    addition(project, "guest_book", has_service=True).commit()

    app = project / "apps/guest_book"
    own = [name.replace("api", "guest_book") for name in SEED]
    assert files_of(app) == sorted([*own, *SERVICE])
    assert "services=[GuestBookService]" in (app / "__init__.py").read_text()
    config = (app / "config.py").read_text()
    assert "[guest-book]" in config
    assert "GUEST_BOOK__GREETING" in config


def test_the_test_of_a_service_does_not_know_the_greeting_of_the_project(project):
    addition(project, "guest_book", has_service=True).commit()

    app = project / "apps/guest_book"
    default = 'greeting: str = "Hello"'
    assert default in (app / "config.py").read_text()
    assert "Hello" not in (app / "tests/test_guest_book.py").read_text()


def test_an_app_that_serves_a_table_may_have_a_service_too(project):
    order = Order(words=("name:str",))

    addition(project, "artists", order, has_service=True).commit()

    assert {*SERVICE, "models.py", "schemas.py"} <= {*files_of(project / "apps/artists")}
    assert "greet" not in (project / "apps/artists/views.py").read_text()


@pytest.mark.parametrize("words", [(), ("name:str",)])
def test_undo_takes_a_service_away_too(project, words):
    before = snapshot(project)
    order = Order(words=words) if words else None
    addition(project, "artists", order, has_service=True).commit()

    removal(project, "artists").commit()

    left = {path: content for path, content in snapshot(project).items() if not path.is_dir()}
    assert left == {path: content for path, content in before.items() if not path.is_dir()}


def test_undo_keeps_a_service_that_was_changed(project):
    addition(project, "api", has_service=True).commit()
    (project / "apps/api/services.py").write_text("mine = True\n")

    plan = removal(project, "api")

    assert plan.kept == ("apps/api/services.py",)
