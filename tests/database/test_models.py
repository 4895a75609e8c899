"""The base of all tables."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import CreateTable

from webkit.database.dialects import dialect_of
from webkit.database.models import Model, WithID


class Label(WithID, Model):
    __tablename__ = "models_label"

    name: Mapped[str] = mapped_column(unique=True)
    founded: Mapped[dt.datetime | None]


class Album(WithID, Model):
    __tablename__ = "models_album"

    label_id: Mapped[int] = mapped_column(ForeignKey("models_label.id"))


def _ddl(model, kind):
    return str(CreateTable(model.__table__).compile(dialect=dialect_of(kind)))


def test_constraints_have_names_that_migrations_find_again():
    assert {item.name for item in Label.__table__.constraints} == {
        "pk_models_label",
        "uq_models_label_name",
    }
    assert [item.name for item in Album.__table__.foreign_key_constraints] == [
        "fk_models_album_label_id_models_label"
    ]


def test_a_key_is_counted_has_64_bits_and_comes_first():
    assert "id BIGSERIAL NOT NULL" in _ddl(Label, "postgresql").partition(",")[0]
    assert "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT" in _ddl(Label, "sqlite")


def test_what_refers_to_a_key_has_its_type():
    assert "label_id BIGINT NOT NULL" in _ddl(Album, "postgresql")


def test_a_datetime_has_a_time_zone():
    assert "founded TIMESTAMP WITH TIME ZONE" in _ddl(Label, "postgresql")
