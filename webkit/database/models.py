"""Models: the base of all tables, with names for constraints that migrations can rely on."""

import datetime as dt
from typing import ClassVar

from sqlalchemy import BigInteger, DateTime, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


__all__ = ("NAMING", "Model", "WithID")

# Without these a database makes up names, each in its own way, and no migration finds them again.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """The base of the tables of a project.

    ``Mapped[datetime]`` is a column with a time zone: what is kept is the instant, in UTC.
    """

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {dt.datetime: DateTime(timezone=True)}


class WithID:
    """A key ``id``, counted by the database; a number that was given away is not given again.

    It has 64 bits.
    """

    __table_args__: ClassVar = {"sqlite_autoincrement": True}

    # SQLite counts an INTEGER only, which has 64 bits there.
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, sort_order=-1
    )
