"""What a repository knows of its table."""

import uuid

import msgspec
import pytest
from sqlalchemy import Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from webkit.database.dialects import dialect_of
from webkit.database.models import Model, WithID
from webkit.database.plans import Plan
from webkit.exceptions import ConfigurationError


class LabelRow(WithID, Model):
    __tablename__ = "plans_label"

    name: Mapped[str] = mapped_column("label_name", String(50))
    rating: Mapped[int] = mapped_column(default=5)
    city: Mapped[str | None] = mapped_column(server_default="Paris")
    tags: Mapped[str | None]


class SongRow(Model):
    __tablename__ = "plans_song"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    price: Mapped[float] = mapped_column(Numeric(20, 2))


class Label(msgspec.Struct, rename="camel"):
    id: int
    name: str
    city: str = "London"
    tags: str = msgspec.field(default_factory=lambda: "none")


class Song(msgspec.Struct):
    id: uuid.UUID


def _plan(table, model, kind="sqlite"):
    return Plan.of(table, model, key="id", hidden=None, dialect=dialect_of(kind))


def test_what_is_not_given_is_made_by_the_column_the_key_or_the_type():
    label, song = _plan(LabelRow, Label), _plan(SongRow, Song, "postgresql")

    assert {name: make() for name, make in label.made.items()} == {"rating": 5, "tags": "none"}
    assert [type(make()) for make in song.made.values()] == [uuid.UUID]


def test_a_column_has_the_name_that_clients_know():
    plan = _plan(LabelRow, Label)

    assert [plan.alias(name) for name in ("label_name", "name", "rating", "x")] == [
        "name",
        "name",
        "rating",
        "x",
    ]


def test_what_a_dialect_cannot_keep_is_a_mistake():
    with pytest.raises(ConfigurationError, match=r"plans_song\.price"):
        _plan(SongRow, Song)
