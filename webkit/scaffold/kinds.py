"""The types that a field may have, and what each is wherever it appears.

A table and nothing else: a new type is a new row. Its code is text; nothing of it is imported.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from webkit.scaffold import defaults


__all__ = ("KINDS", "REFERENCE", "Kind")

REFERENCE = "ref"

_BOUNDS = ("", "__gte", "__lte")
_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_URL = r"^https?://[^\s/?#]+\S*$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One type.

    - ``annotation`` is the type in Python, ``checked`` what a client's value is held to, ``column``
      the type in the database.
    - ``default`` reads a default from the command line (`webkit.scaffold.defaults`), where there
      can be one.
    - ``sample`` and ``wrong`` are expressions of a test for values in JSON; the former has
      ``{field}``, and ``number`` from 1 to 9.
    - ``filters`` are the operators by which a list is filtered, after those of
      `webkit.filters`; ``is_searched``, ``is_ordered`` and ``is_unique`` say what else can be done.
    """

    annotation: str
    column: str
    sample: str
    default: Callable[[str], str] | None = None
    checked: str = ""
    wrong: str = "[]"
    filters: tuple[str, ...] = ("",)
    is_searched: bool = False
    is_ordered: bool = True
    is_unique: bool = True

    @property
    def shown(self) -> str:
        """The annotation of a field that clients write."""
        return self.checked or self.annotation


KINDS: Mapping[str, Kind] = {
    "str": Kind(
        annotation="str",
        checked="Line",
        column="sa.String(255)",
        default=defaults.text_of(255),
        sample='f"{field} {number}"',
        is_searched=True,
    ),
    "text": Kind(
        annotation="str",
        column="sa.Text",
        default=defaults.text_of(255),
        sample='f"{field} {number}"',
        filters=(),
        is_searched=True,
        is_ordered=False,
        is_unique=False,
    ),
    "int": Kind(
        annotation="int",
        checked="Int64",
        column="sa.BigInteger",
        default=defaults.integer,
        sample="number",
        filters=_BOUNDS,
    ),
    "float": Kind(
        annotation="float",
        column="sa.Double",
        default=defaults.number,
        sample="number + 0.5",
        filters=_BOUNDS,
        is_unique=False,
    ),
    "decimal": Kind(
        annotation="Decimal",
        column="sa.Numeric(15, 2)",
        default=defaults.decimal_number,
        sample='f"{number}.50"',
        filters=_BOUNDS,
    ),
    "bool": Kind(
        annotation="bool",
        column="sa.Boolean",
        default=defaults.boolean,
        sample="number % 2 == 0",
        is_unique=False,
    ),
    "date": Kind(
        annotation="dt.date",
        column="sa.Date",
        default=defaults.date,
        sample='f"2001-01-0{number}"',
        filters=_BOUNDS,
    ),
    "datetime": Kind(
        annotation="dt.datetime",
        checked="Instant",
        column="sa.DateTime(timezone=True)",
        default=defaults.instant,
        sample='f"2001-01-0{number}T12:00:00Z"',
        filters=_BOUNDS[1:],
    ),
    "time": Kind(
        annotation="dt.time",
        checked="WallClock",
        column="sa.Time",
        default=defaults.wall_clock,
        sample='f"0{number}:00:00"',
        filters=_BOUNDS[1:],
    ),
    "uuid": Kind(
        annotation="UUID",
        column="sa.Uuid",
        default=defaults.unique_id,
        sample='f"00000000-0000-4000-8000-00000000000{number}"',
    ),
    "json": Kind(
        annotation="Any",
        column="sa.JSON",
        sample='{"number": number}',
        wrong="",
        filters=(),
        is_ordered=False,
        is_unique=False,
    ),
    "email": Kind(
        annotation="str",
        checked="Email",
        column="sa.String(254)",
        default=defaults.text_of(254, pattern=_EMAIL, such_as="an address such as ann@example.com"),
        sample='f"{field}{number}@example.com"',
        is_searched=True,
    ),
    "url": Kind(
        annotation="str",
        checked="URL",
        column="sa.String(2000)",
        default=defaults.text_of(2000, pattern=_URL, such_as="a URL such as https://example.com"),
        sample='f"https://example.com/{number}"',
        is_searched=True,
        is_unique=False,
    ),
    REFERENCE: Kind(
        annotation="int",
        checked="Int64",
        column="sa.BigInteger",
        sample="",
    ),
}
