import pytest

from webkit.exceptions import ConflictError, UsageError
from webkit.scaffold.generation import (
    Order,
    files_of,
    order_in,
    resource_of,
    revision_again,
    revision_of,
)
from webkit.scaffold.revisions import revisions_in


MODEL = 'class X(Model):\n    __tablename__ = "{}"\n'


@pytest.fixture
def project(tmp_path):
    """A project with two tables that a person wrote."""
    for name in ("artists", "labels"):
        path = tmp_path / "apps" / name / "models.py"
        path.parent.mkdir(parents=True)
        path.write_text(MODEL.format(name))
    tests = tmp_path / "apps/artists/tests/test_artists.py"
    tests.parent.mkdir()
    tests.write_text("async def add_artist(api: APIClient, number: int) -> dict: ...\n")
    return tmp_path


def test_a_resource_has_a_class_named_after_one_of_them(project):
    assert resource_of(project, "blog_posts", Order(words=("a:int",))).class_name == "BlogPost"
    assert resource_of(project, "x", Order(words=("a:int",), model="Other")).class_name == "Other"


@pytest.mark.parametrize(
    ("name", "model", "reason"),
    [
        ("a" * 37, None, "is too long for a table. Use at most 36 characters"),
        ("artists2", "artist", "'artist' cannot name a class. Write --model Artists2"),
        ("structs", None, "would be Struct, which the generated code imports.*--model MyStruct"),
    ],
)
def test_a_name_that_cannot_be_is_refused(project, name, model, reason):
    with pytest.raises(UsageError, match=reason):
        resource_of(project, name, Order(words=("a:int",), model=model))


def test_a_table_that_is_there_is_a_conflict(project):
    order = Order(words=("a:int",))

    with pytest.raises(ConflictError, match="There is a table 'artists' already"):
        resource_of(project, "artists", order)

    assert resource_of(project, "artists", order, is_new=False).name == "artists"


def test_all_references_to_nothing_are_named_together(project):
    words = ("a:ref:nothing", "b:ref:labels", "c:ref:albums", "d:ref:labels?", "e:ref:artists")

    with pytest.raises(UsageError) as caught:
        resource_of(project, "albums", Order(words=words))

    first, second, third = str(caught.value).splitlines()
    assert "a_id: there is no table 'nothing' to refer to. There is artists, labels" in first
    assert "b_id: the tests need a row of labels" in second
    assert "c_id: the first of albums could refer to none. Put a ? behind it" in third


def test_where_there_is_no_table_yet_it_says_so(tmp_path):
    with pytest.raises(UsageError, match="There is none yet"):
        resource_of(tmp_path, "albums", Order(words=("a:ref:artists",)))


def test_one_may_refer_to_another_of_its_kind(project):
    words = ("parent:ref:albums?",)

    assert resource_of(project, "albums", Order(words=words)).fields[0].target == "albums"


def test_its_files_are_modules_of_an_app(project):
    files = files_of(resource_of(project, "albums", Order(words=("a:int",))))

    assert sorted(files) == ["models.py", "schemas.py", "tests/test_albums.py", "views.py"]
    for path, content in files.items():
        compile(content, path, "exec")


def _write_revision(project, resource, command):
    path, files = revision_of(project, resource, command)
    (project / "migrations").mkdir(exist_ok=True)
    (project / path).write_bytes(files[path])
    return files


def test_a_revision_builds_on_the_newest_and_can_be_made_again(project):
    order = Order(words=("a:int",))
    albums, songs = (resource_of(project, name, order) for name in ("albums", "songs"))
    first = _write_revision(project, albums, ("webkit",))

    path, second = revision_of(project, songs, ("webkit",))

    (made,) = revisions_in(project)
    assert (list(first), path) == (["migrations/0001_albums.py"], "migrations/0002_songs.py")
    assert b'down_revision = "0001_albums"' in second[path]
    assert revision_again(project, albums, made) == first


def test_a_table_that_a_revision_creates_already_is_not_created_twice(project):
    albums = resource_of(project, "albums", Order(words=("a:int",)))
    _write_revision(project, albums, ("webkit", "a:int"))

    same = revision_of(project, albums, ("webkit", "a:int"))

    assert same == ("migrations/0001_albums.py", {})
    with pytest.raises(ConflictError, match=r"0001_albums.py creates the table 'albums' already"):
        revision_of(project, albums, ("webkit", "b:int"))


def test_an_order_is_told_as_it_was_given():
    assert Order(words=("a:int",), model="A").command == ("a:int", "--model", "A")
    assert Order(words=("a:int",)).command == ("a:int",)


@pytest.mark.parametrize(
    "order", [Order(words=("a:int", "b:int")), Order(words=("a:int",), model="A"), Order(words=())]
)
def test_an_order_is_found_again_in_its_command(order):
    assert order_in(order.command) == order
