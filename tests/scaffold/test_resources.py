from webkit.scaffold.fields import fields_in
from webkit.scaffold.resources import Resource, Target, variables_of


def variables(*words, class_name="Artist"):
    resource = Resource(name="artists", class_name=class_name, fields=fields_in(words), targets={})
    return variables_of(resource)


def test_a_column_says_what_its_annotation_does_not():
    found = variables("name:str!", "born:date?", "by:ref:people", "tags:json?", "n:int=3")

    assert found["columns"].splitlines() == [
        "    name: Mapped[str] = mapped_column(sa.String(255), unique=True)",
        "    born: Mapped[dt.date | None] = mapped_column(sa.Date)",
        "    by_id: Mapped[int] = mapped_column(sa.BigInteger,"
        ' sa.ForeignKey("people.id"), index=True)',
        "    tags: Mapped[Any] = mapped_column(sa.JSON, nullable=True)",
        "    n: Mapped[int] = mapped_column(sa.BigInteger, default=3)",
    ]


def test_a_client_is_held_to_limits_and_gets_plain_values():
    found = variables("name:str", "born:datetime?", "n:int=3")

    assert found["kept_fields"] == ("    name: str\n    born: dt.datetime | None\n    n: int")
    assert found["new_fields"] == (
        "    name: Line\n    born: Instant | None = None\n    n: Int64 = 3"
    )
    assert found["patch_fields"] == (
        "    name: Line | UnsetType = UNSET\n"
        "    born: Instant | UnsetType | None = UNSET\n"
        "    n: Int64 | UnsetType = UNSET"
    )


def test_only_what_is_used_is_imported():
    assert variables("a:text")["schema_imports"] == "from msgspec import UNSET, Struct, UnsetType"
    assert variables("a:decimal", "b:uuid", "c:json", "d:date", "e:email")["schema_imports"] == (
        "import datetime as dt\nfrom decimal import Decimal\nfrom typing import Any\n"
        "from uuid import UUID\n\nfrom msgspec import UNSET, Struct, UnsetType\n"
        "from webkit.scalars import Email"
    )


def test_words_of_a_default_import_nothing():
    assert "datetime" not in variables("a:str=dt. Any Decimal")["model_imports"]


def test_a_list_is_filtered_by_what_can_be_compared():
    found = variables("name:str", "at:time", "n:int", "notes:text")["filters"]

    assert [line.partition(":")[0].strip() for line in found.splitlines()[6:]] == [
        *("name", "at__gte", "at__lte", "n", "n__gte", "n__lte"),
    ]


def test_a_field_is_no_filter_where_every_list_has_a_parameter_of_that_name():
    assert "limit:" not in variables("limit:int")["filters"]
    assert variables("search:str")["filters"] == ""


def test_a_view_has_no_attributes_that_say_nothing():
    found = variables("data:json")

    assert found["view_imports"] == "from .schemas import Artist, NewArtist, PatchArtist"
    assert found["view_body"].splitlines() == [
        "    repository = SQLRepository(models.Artist, Artist)",
        '    ordering_fields = ("id",)',
    ]


def test_a_resource_knows_what_adds_to_a_table_it_refers_to():
    fields = fields_in(["a:ref:artists", "b:ref:labels", "c:int"])
    targets = {
        "artists": Target(table="artists", tests="t", adding="add_artist"),
        "labels": Target(table="labels"),
    }
    resource = Resource(name="x", class_name="BlogPost", fields=fields, targets=targets)

    assert [resource.adder_of(field) for field in fields] == [targets["artists"], None, None]
    assert resource.singular == "blog_post"
