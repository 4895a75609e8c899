from webkit.scaffold.resources import Target
from webkit.scaffold.tables import references_to, tables_in


MODEL = 'class X(Model):\n    """X."""\n\n    __tablename__ = "{}"\n'
TESTS = "async def {}(\n    api: APIClient, number: int\n) -> dict[str, Any]:\n    pass\n"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_table_is_found_in_the_models_with_what_adds_to_it(tmp_path):
    write(tmp_path / "apps/artists/models.py", MODEL.format("artists"))
    write(tmp_path / "apps/artists/tests/test_artists.py", TESTS.format("add_artist"))

    assert tables_in(tmp_path) == {
        "artists": Target(
            table="artists", tests="apps.artists.tests.test_artists", adding="add_artist"
        )
    }


def test_the_tests_of_a_resource_in_an_app_are_those_of_the_app(tmp_path):
    write(tmp_path / "apps/music/albums/models.py", MODEL.format("albums"))
    write(tmp_path / "apps/music/tests/test_albums.py", TESTS.format("add_album"))

    assert tables_in(tmp_path)["albums"].tests == "apps.music.tests.test_albums"


def test_a_table_that_a_person_wrote_may_have_nothing_that_adds_to_it(tmp_path):
    write(tmp_path / "apps/artists/models.py", MODEL.format("people"))

    assert tables_in(tmp_path) == {"people": Target(table="people")}


def test_models_with_a_foreign_key_to_a_table_are_found(tmp_path):
    for app, key in (("albums", '"artists.id"'), ("songs", "\n'artists.id'"), ("a", '"artist.id"')):
        write(tmp_path / f"apps/{app}/models.py", f"column(sa.ForeignKey({key}))\n")

    found = references_to(tmp_path, "artists")

    assert found == ["apps/albums/models.py", "apps/songs/models.py"]
